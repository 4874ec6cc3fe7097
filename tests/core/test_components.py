"""The component kit: what a screen reader, a keyboard and a hostile text meet."""

import json
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override

from core.services import Difference, EditConflict
from core.templatetags.components import PHASE_COLOURS
from core.templatetags.gallery import SampleForm
from core.text import Localized
from registry.workflow import Phase

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "<script>alert(1)</script>\"' onfocus=x"


@pytest.fixture(autouse=True)
def english() -> Any:
    """Message ids are English: the tests read them as they are written."""
    with override("en"):
        yield


class Elements(HTMLParser):
    """Every element of a page: its name and attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _value in attrs]
        assert len(names) == len(set(names)), f"<{tag}> says {names} twice"
        self.all.append((tag, dict(attrs)))

    def ids(self) -> list[str]:
        return [attrs["id"] or "" for _tag, attrs in self.all if "id" in attrs]

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.all if tag == name]


def render(source: str, path: str = "/en/", **context: Any) -> str:
    return Template(source).render(Context({"request": RequestFactory().get(path), **context}))


def page(name: str, path: str = "/en/", **context: Any) -> str:
    """A whole page, as a visitor without account gets it."""
    return render_to_string(name, context, request=RequestFactory().get(path))


# --- Fields -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", SampleForm.base_fields)
@pytest.mark.parametrize("data", [None, {}], ids=["empty", "refused"])
def test_a_field_is_named_and_described(name, data):
    """One label or legend; every id it points to exists; a refused field says so to assistive technology."""
    bound = SampleForm(data)[name]
    html = render("{% field bound %}", bound=bound)
    elements = Elements(html)
    ids = elements.ids()
    assert len(ids) == len(set(ids))
    pointed = [i for _tag, attrs in elements.all for i in (attrs.get("aria-describedby") or "").split()]
    assert set(pointed) <= set(ids)
    assert all(label["for"] in ids for label in elements.named("label"))
    assert str(bound.label) in html
    if bound.errors:
        assert f"{bound.auto_id}_error" in pointed
        assert 'aria-invalid="true"' in html
        assert "Error:" in html


def test_a_group_is_a_fieldset_and_each_choice_may_have_its_hint():
    html = render("{% field form.autonomy %}", form=SampleForm())
    assert html.index("<legend") < html.index("How far does it decide alone?") < html.index("</legend>")
    assert '<div id="id_autonomy_0_hint" class="govuk-hint govuk-radios__hint">A person decides.</div>' in html
    assert "required" not in html.replace("required_", "")


def test_no_browser_cuts_a_pasted_text():
    form = SampleForm()
    html = render("{% field form.name %}{% field form.summary %}", form=form)
    assert not re.search(r'\smaxlength="', html)
    assert 'data-maxlength="200"' in html
    assert "You can write up to 200 characters" in html


def test_optional_is_said_required_is_not():
    assert "(optional)" in render("{% field form.share %}", form=SampleForm())
    assert "(optional)" not in render("{% field form.name %}", form=SampleForm())
    assert "(optional)" not in render("{% field form.share optional=False %}", form=SampleForm())


def test_options_reach_the_control():
    html = render(
        '{% field form.email label_size="l" heading=True width=20 autocomplete="email" lang="fr" example="a@b.c" %}',
        form=SampleForm(),
    )
    control = next(a for a in Elements(html).named("input") if a["name"] == "email")
    assert control["autocomplete"] == "email"
    assert control["lang"] == "fr"
    assert control["spellcheck"] == "false"
    assert "govuk-input--width-20" in (control["class"] or "")
    assert html.count("<h1") == 1
    assert "a@b.c" in html


def test_a_date_that_no_browser_understands_stays_visible():
    html = render("{% field form.started_on %}", form=SampleForm({"started_on": "hier"}))
    assert 'type="text"' in html
    assert 'value="hier"' in html
    html = render("{% field form.started_on %}", form=SampleForm(initial={"started_on": date(2026, 11, 5)}))
    assert 'type="date"' in html
    assert 'value="2026-11-05"' in html


def test_what_is_missing_is_named():
    html = render("{% error_summary form %}", form=SampleForm({"email": "x"}))
    assert "Fill in “Name of the system”." in html
    assert (
        "This field is required." not in html.replace("I have read", "") or html.count("This field is required.") == 1
    )


def test_the_summary_leads_to_each_field():
    form = SampleForm({"email": "x", "started_on": "x"})
    form.add_error(None, "Both together cannot be.")
    html = render("{% error_summary form %}{{ form }}", form=form)
    elements = Elements(html)
    targets = [(a["href"] or "")[1:] for a in elements.named("a")]
    assert len(targets) == 8
    assert set(targets) <= set(elements.ids())
    assert "9 answers need your attention" in html
    assert render("{% error_summary form %}", form=SampleForm()).strip() == ""


def test_a_refused_page_says_so_in_its_title():
    assert render("{% error_prefix form %}Declare", form=SampleForm({})) == "Error: Declare"
    assert render("{% error_prefix form %}Declare", form=SampleForm()) == "Declare"


def test_pages_of_other_applications_get_our_fields():
    class Odd(forms.Form):
        token = forms.CharField(widget=forms.HiddenInput, initial="t")
        when = forms.DateField(widget=forms.SelectDateWidget(years=[2026]))

    for source in ("{{ form }}", "{{ form.as_p }}"):
        html = render(source, form=Odd())
        assert 'type="hidden"' in html
        assert html.count("<select") == 3
        assert "<legend" in html


# --- Hostile and awkward texts ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "source",
    [
        "{% tag text text %}",
        "{% phase_tag text text %}",
        "{% button text %}{% button text href=text kind=text %}",
        "{% summary_list rows title=text %}",
        "{% summary_row text url=text action=text lang=text %}{{ text }}{% endsummary_row %}",
        "{% result_card text text eyebrow=text lang=text %}{{ text }}{% endresult_card %}",
        "{% timeline rows %}{% steps rows label=text %}{% task_list rows %}",
        "{% contact name=text unit=text phone=text email=text address=text hours=text %}",
        "{% download text text kind=text %}{% stat text text url=text %}",
        "{% data_table heads cells caption=text %}",
        "{% localized both %}",
        "{% word_diff text cells.0.0 lang=text %}",
        "{% notification text title=text %}{{ text }}{% endnotification %}",
        "{% empty_state text url=text action=text %}{{ text }}{% endempty_state %}",
        "{% details text %}{{ text }}{% enddetails %}{% progress 1 2 label=text unit=text %}",
        "{% job_status text %}{{ text }}{% endjob_status %}",
        "{% breadcrumbs text text text %}{% sub_navigation rows text %}{% page_heading text caption=text lead=text %}",
        "{% search_box text value=text label=text hint=text %}",
        "{% sort_header text text %}",
    ],
)
def test_no_text_escapes(source):
    row = {"label": HOSTILE, "value": HOSTILE, "title": HOSTILE, "text": HOSTILE, "url": HOSTILE, "action": HOSTILE}
    row |= {"by": HOSTILE, "hint": HOSTILE, "status": HOSTILE, "note": HOSTILE, "count": HOSTILE, "lang": HOSTILE}
    both = {"fr": HOSTILE}
    html = render(source, text=HOSTILE, rows=[{**row, "state": "done"}], heads=[HOSTILE], cells=[[HOSTILE]], both=both)
    elements = Elements(html)
    assert "script" not in {tag for tag, _attrs in elements.all}
    assert not [name for _tag, attrs in elements.all for name in attrs if name.startswith("on")]


def test_what_is_empty_says_so_and_zero_is_a_value():
    html = render("{% summary_list rows %}", rows=[{"label": "a", "value": ""}, {"label": "b", "value": 0}])
    assert html.count("Not filled in") == 1
    assert re.search(r"<dd[^>]*>0</dd>", html)


def test_a_text_in_the_other_language_says_which():
    body = SimpleNamespace(name_fr="Ministère", name_en="")
    assert render('{% localized body "name" %}', body=body) == '<span lang="fr">Ministère</span>'
    assert render("{% localized both %}", both={"fr": "Oui", "en": "Yes"}) == "Yes"
    assert render("{% localized text %}", text=Localized("Ja", "nl")) == '<span lang="nl">Ja</span>'
    assert render("{% localized none %}", none=None) == ""


def test_every_phase_has_its_colour():
    assert set(PHASE_COLOURS) == {phase.value for phase in Phase}


def test_a_postal_code_is_never_cut_in_two():
    told = "1, rue Z, bureau A1A\nQuébec (Québec) Z1A 0B2"
    assert "Z1A\xa00B2" in render("{% contact address=text %}", text=told)
    assert "bureau A1A<br>" in render("{% contact address=text %}", text=told)


def test_a_contact_dials_without_the_extension():
    html = render('{% contact phone="418 555-0199, poste 2" email="ia@organisme.example" %}')
    assert 'href="tel:4185550199"' in html
    assert "ia@<wbr>organisme.example" in html
    assert "By post" not in html
    with pytest.raises(TemplateSyntaxError, match="fax"):
        render("{% contact fax='1' %}")


@pytest.mark.parametrize(("size", "said"), [(12, "1 KB"), (245_000, "245 KB"), (3_400_000, "3.4 MB")])
def test_a_download_says_its_weight(size, said):
    assert f"(PDF, {said})" in render('{% download "/x" "Sheet" kind="PDF" size=size %}', size=size)


# --- Finding one's way ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("/en/?q=aide&page=2", "/fr/?q=aide&page=2"),
        ("/en/this-leads-nowhere?q=1", "/fr/this-leads-nowhere?q=1"),
        ("/elsewhere", "/fr/"),
    ],
)
def test_the_language_switch_stays_on_the_page(here, there):
    link = Elements(render("{% language_link %}", path=here)).named("a")[0]
    assert link["href"] == there
    assert link["lang"] == link["hreflang"] == "fr"


def test_pages_keep_the_search():
    html = render("{% pagination page %}", "/en/?q=a%26b&page=4&phase=x&phase=y", page=Paginator(range(90), 10).page(4))
    links = Elements(html).named("a")
    assert {link["href"] for link in links} >= {"?q=a%26b&phase=x&phase=y&page=3", "?q=a%26b&phase=x&phase=y&page=5"}
    assert [link["aria-label"] for link in links if link.get("aria-current") == "page"] == ["Page 4"]
    assert render("{% pagination page %}", page=Paginator([1], 10).page(1)).strip() == ""


@pytest.mark.parametrize(
    ("path", "order", "target"),
    [
        ("/en/", "ascending", "?sort=-name"),
        ("/en/?sort=-name&page=3", "descending", "?sort=name"),
        ("/en/?sort=x", None, "?sort=name"),
    ],
)
def test_a_column_sorts_and_says_how(path, order, target):
    elements = Elements(render('{% sort_header "name" "Name" default="name" %}', path))
    assert elements.named("th")[0].get("aria-sort") == order
    assert elements.named("a")[0]["href"] == target


def test_each_filter_comes_off_alone():
    path = "/en/?q=x&affected=public&affected=staff&page=2"
    form = SampleForm(RequestFactory().get(path).GET)
    html = render("{% active_filters form %}", path, form=form)
    assert [link["href"] for link in Elements(html).named("a")] == [
        "?q=x&affected=staff",
        "?q=x&affected=public",
        "/en/",
    ]
    assert "The public" in html


def test_a_facet_opens_when_something_is_chosen_in_it():
    assert "open" not in Elements(render("{% facet form.affected %}", form=SampleForm())).named("details")[0]
    form = SampleForm({"affected": ["staff"]})
    assert "open" in Elements(render("{% facet form.affected %}", form=form)).named("details")[0]


def test_a_finished_job_asks_no_more():
    waiting = render('{% job_status "/x" %}<p>Soon</p>{% endjob_status %}')
    assert 'data-hx-get="/x"' in waiting
    assert "Refresh" in waiting
    finished = render('{% job_status "/x" is_finished=True %}<p>Here</p>{% endjob_status %}')
    assert "data-hx" not in finished
    assert "Refresh" not in finished


# --- Pages ------------------------------------------------------------------------------------------------------------
PAGES = ["400.html", "403.html", "404.html", "409.html", "500.html", "components/gallery.html"]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_stands_without_inline_code(name, language):
    """What the content security policy would refuse is not there; ids are unique; there is one h1 and one main."""
    with override(language):
        elements = Elements(page(name, f"/{language}/"))
    assert not [a for _tag, a in elements.all if "style" in a or any(key.startswith("on") for key in a)]
    assert all("src" in script for script in elements.named("script"))
    assert not elements.named("style")
    assert len(elements.ids()) == len(set(elements.ids()))
    assert len(elements.named("h1")) == len(elements.named("main")) == 1
    assert elements.named("html")[0]["lang"] == f"{language}-CA"


def test_the_page_of_last_resort_asks_nothing_of_anybody():
    """No request, no session, no database: Django renders 500.html like this."""
    assert "The fault is ours" in Template(Path(ROOT / "templates/500.html").read_text()).render(Context())


def test_a_conflict_shows_both_texts_and_drops_nothing():
    conflict = EditConflict(7, [Difference("need_fr", "Need", stored="Theirs", typed="Mine")])
    sent = {
        "need_fr": "Mine",
        "name_fr": "Kept",
        "affected": ["public", "staff"],
        "version": "6",
        "csrfmiddlewaretoken": "t",
    }
    html = render_to_string("409.html", {"conflict": conflict}, request=RequestFactory().post("/en/?step=2", sent))
    hidden = [(a["name"], a["value"]) for a in Elements(html).named("input") if a["type"] == "hidden"]
    assert ("name_fr", "Kept") in hidden
    assert [value for name, value in hidden if name == "affected"] == ["public", "staff"]
    assert [value for name, value in hidden if name == "version"] == ["7"]
    assert "need_fr" not in dict(hidden)
    assert "Theirs" in html
    assert ">\nMine</textarea>" in html
    assert 'action="/en/?step=2"' in html


@pytest.mark.parametrize("name", ["400.html", "403.html", "409.html"])
def test_a_refusal_says_its_sentence(name):
    assert "Ask your body." in page(name, sentence="Ask your body.")


# --- What is built ----------------------------------------------------------------------------------------------------
def test_no_brand_of_others_and_nothing_from_elsewhere():
    css = (ROOT / "static/dist/vigie.css").read_text()
    assert "GDS Transport" not in css
    assert "crown" not in css
    # One thing sticks, the word of the last save: tests/e2e/test_save_status.py measures it.
    assert css.count("position:sticky") == 1
    assert "form[data-autosave] .vg-autosave-bar:has([data-state]){position:sticky" in css
    assert "position:fixed" not in css
    for address in re.findall(r"url\(([^)]*)\)", css):
        assert (ROOT / "static/dist" / address.strip("\"'")).is_file(), address


def test_the_licences_travel_along():
    notices = (ROOT / "static/dist/notices.txt").read_text()
    shipped = json.loads((ROOT / "package.json").read_text())["dependencies"]
    for name in set(shipped) - {"esbuild", "sass"}:
        assert f"{name} {shipped[name]} –" in notices


def test_the_lock_names_no_address():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


@pytest.mark.parametrize(("language", "said"), [("fr", "5\xa0542 fiches"), ("en", "5,542 fiches")])
def test_a_count_has_its_thousands_apart_and_agrees(language, said):
    told = "{{ counter }} fiche{% plural %}{{ counter }} fiches"
    source = f"{{% load i18n %}}{{% blocktrans count counter=n|counted %}}{told}{{% endblocktrans %}}"
    with override(language):
        assert Template(source).render(Context({"n": 5542})) == said
        assert Template("{{ n|counted }}").render(Context({"n": 5542})) == said.removesuffix(" fiches")
        assert Template(source).render(Context({"n": 1})) == "1 fiche"
        assert Template("{{ a|counted }}{{ b|counted }}").render(Context({"a": "1 %", "b": True})) == "1 %True"


def test_every_sentence_that_counts_has_its_thousands_apart():
    templates = Path(__file__).parents[2] / "templates"
    counting = re.compile(r"\{% blocktrans\b[^%]*?\bcount \w+=([^ %]+)")
    counts = [(path.name, found) for path in templates.rglob("*.html") for found in counting.findall(path.read_text())]
    assert len(counts) > 50 and [each for each in counts if not each[1].endswith("|counted")] == []
