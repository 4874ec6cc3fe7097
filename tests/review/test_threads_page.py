"""The threads of a place in a page: what is shown, to whom, and what the form understands."""

import re
import uuid

import pytest
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override
from playwright.sync_api import expect

from core.audit import Guest
from review.forms import CommentForm
from review.models import CommentThread
from review.services import add_comment, people_to_mention, resolve_thread
from tests.core.test_page_scripts import AXE, ROOT, SITE, WORKPLACE, Site

pytestmark = pytest.mark.django_db

TAG = (
    "{% load comment_threads %}{% comment_threads threads place=place comment_url='/commenter/' "
    "may_comment=may_comment may_resolve=may_resolve people=people refused=refused level=2 %}"
)
PAGE = (
    '{% extends "staff.html" %}{% block content %}<h1 class="govuk-heading-l">Question</h1>'
    "{% error_summary refused %}" + TAG + "{% endblock %}"
)


def values(thread, user, **given):
    threads = CommentThread.objects.of(thread.subject_uuid).at(thread.place).with_comments()
    people = list(people_to_mention(thread.organization, but=user))
    rights = {"may_comment": True, "may_resolve": True}
    return {"threads": threads, "place": thread.place, "people": people, "refused": None, **rights, **given}


def html(thread, user, **given) -> str:
    request = RequestFactory().get("/")
    request.user = user
    context = {"request": request, "csrf_token": "token", **values(thread, user, **given)}
    return Template(TAG).render(Context(context))


def sent(people=(), **fields) -> CommentForm:
    data = QueryDict(mutable=True)
    for name, value in {"place": "b3_purposes", "request_key": str(uuid.uuid4()), **fields}.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return CommentForm(data, people=people)


# --- The form --------------------------------------------------------------------------------------------------------
def test_what_the_form_says_is_what_the_services_take(thread, editor, reviewer):
    form = sent(
        [reviewer], thread=str(thread.uuid), action="comment", text="Oui,\r\net non.", mentions=[str(reviewer.uuid)]
    )
    assert form.is_valid()
    comment = add_comment(thread=thread, by=editor, **form.said)
    assert (comment.text, list(comment.mentions.all())) == ("Oui,\net non.", [reviewer])
    assert add_comment(thread=thread, by=editor, **form.said) == comment


@pytest.mark.parametrize("action", ["open", "comment"])
@pytest.mark.parametrize("text", ["", "   ", "\x00\u200b"])
def test_a_comment_needs_a_word(thread, action, text):
    form = sent(action=action, text=text, thread=str(thread.uuid))
    assert not form.is_valid() and list(form.errors) == ["text"]


@pytest.mark.parametrize("action", ["resolve", "reopen"])
def test_resolving_and_reopening_need_none_unless_somebody_is_mentioned(thread, reviewer, action):
    assert sent(action=action, thread=str(thread.uuid), text="").is_valid()
    form = sent([reviewer], action=action, thread=str(thread.uuid), text="", mentions=[str(reviewer.uuid)])
    assert not form.is_valid() and list(form.errors) == ["text"]


@pytest.mark.parametrize(
    "fields, wrong",
    [
        ({"action": "delete"}, "action"),
        ({"action": ""}, "action"),
        ({"action": "comment", "thread": ""}, "thread"),
        ({"action": "comment", "thread": "x' OR 1=1"}, "thread"),
        ({"action": "open", "place": "<script>"}, "place"),
        ({"action": "open", "place": "b3\n"}, "place"),
        ({"action": "open", "place": "b" * 61}, "place"),
        ({"action": "open", "request_key": "x"}, "request_key"),
        ({"action": "open", "mentions": ["not-a-uuid"]}, "mentions"),
        ({"action": "open", "mentions": [str(uuid.uuid4())]}, "mentions"),
        ({"action": "open", "text": "x" * 4001}, "text"),
    ],
)
def test_what_the_page_never_sends_is_refused(fields, wrong):
    form = sent(**{"text": "Texte", **fields})
    assert not form.is_valid() and list(form.errors) == [wrong]
    assert re.fullmatch(r"[\w.-]+", form.anchor), "an id of the page is made of nothing that was sent"


def test_a_text_is_counted_as_it_is_stored():
    assert sent(action="open", text="\r\n".join(["x" * 99] * 40)).is_valid()


# --- The page --------------------------------------------------------------------------------------------------------
def test_a_place_without_a_thread_says_what_comments_are_for(thread, editor):
    page = html(thread, editor, threads=[], place="b4")
    assert "Begin a thread" in page or "Commencez" in page
    assert page.count("<form") == 1
    page = html(thread, editor, threads=[], place="b4", may_comment=False, may_resolve=False)
    assert "<form" not in page and "govuk-hint" in page


def test_who_when_and_what_are_shown(thread, editor, reviewer):
    add_comment(thread=thread, text="Première ligne\n\nDeuxième", by=reviewer, mentions=[editor])
    page = html(thread, reviewer)
    assert f"<strong>{editor}</strong>" in page and f"<strong>{reviewer}</strong>" in page
    assert "<p>Première ligne</p>" in page and "<p>Deuxième</p>" in page
    assert page.count("<time") == 2
    assert f'id="{thread.anchor}-2"' in page


def test_an_invited_person_is_marked(thread, editor):
    add_comment(thread=thread, text="Réponse", by=Guest(ref="r", name="Soutien du <fournisseur>"))
    with override("en"):
        assert "<strong>Soutien du &lt;fournisseur&gt;</strong> (invited person)" in html(thread, editor)


def test_hostile_texts_are_shown_as_texts(begin, editor):
    thread = begin(text="<script>alert(1)</script>\n<img src=x onerror=alert(1)> {{ x }} javascript:alert(1)")
    page = html(thread, editor)
    assert "<script" not in page and "<img" not in page and "&lt;script&gt;" in page and "{{ x }}" in page


def test_each_state_has_its_buttons(begin, thread, editor, reviewer):
    def actions(**given) -> list[str]:
        return re.findall(r'name="action" value="(\w+)"', html(thread, editor, **given))

    assert actions() == ["comment", "resolve", "open"]
    assert actions(may_resolve=False) == ["comment", "open"]  # a guest
    assert actions(may_comment=False, may_resolve=False) == []
    resolve_thread(thread=thread, by=reviewer)
    assert actions() == ["reopen", "open"]
    assert actions(may_resolve=False) == ["open"]


def test_open_threads_come_first_and_resolved_ones_are_folded(begin, thread, editor, reviewer):
    last = begin(subject_uuid=thread.subject_uuid)
    resolve_thread(thread=thread, by=reviewer)
    page = html(thread, editor)
    assert page.index(last.anchor) < page.index("<details") < page.index(thread.anchor)


def test_each_form_has_its_own_ids_and_its_own_key(begin, thread, editor, reviewer):
    begin(subject_uuid=thread.subject_uuid)
    page = html(thread, editor)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids)) and page.count("<form") == 3
    assert len(set(re.findall(r'name="request_key" value="([^"]+)"', page))) == 3
    assert set(re.findall(r'aria-labelledby="([^"]+)"', page)) <= set(ids)
    assert set(" ".join(re.findall(r'aria-describedby="([^"]+)"', page)).split()) <= set(ids)


def test_without_people_to_mention_nobody_is_offered(thread, editor):
    assert 'name="mentions"' in html(thread, editor, people=[editor])
    assert 'name="mentions"' not in html(thread, editor, people=[])


def test_a_refused_form_takes_its_place_again_with_what_was_typed(begin, thread, editor, reviewer):
    begin(subject_uuid=thread.subject_uuid)
    people = [reviewer]
    typed = {"text": "y" * 4001, "mentions": [str(reviewer.uuid)]}
    form = sent(people, thread=str(thread.uuid), action="comment", **typed)
    assert not form.is_valid()
    page = html(thread, editor, people=people, refused=form)
    assert page.count("y" * 4001) == 1 and page.count("govuk-error-message") == 1
    assert page.index(f'id="answer-{thread.uuid}"') < page.index("y" * 4001) < page.index("</form>")
    assert page.count(" checked") == 1
    form = sent(people, thread="", action="open", **typed)
    assert not form.is_valid()
    page = html(thread, editor, people=people, refused=form)
    assert page.index('id="new-thread-b3_purposes"') < page.index("y" * 4001)


def test_a_refused_form_of_a_resolved_thread_is_not_hidden(thread, editor, reviewer):
    resolve_thread(thread=thread, by=reviewer)
    form = sent(thread=str(thread.uuid), action="reopen", text="z" * 4001)
    assert not form.is_valid()
    page = html(thread, editor, refused=form)
    assert page.index('<details class="govuk-details" open>') < page.index("z" * 4001)


def test_as_many_queries_however_many_threads(begin, thread, editor, reviewer, django_assert_num_queries):
    for _number in range(5):
        other = begin(subject_uuid=thread.subject_uuid, mentions=[reviewer])
        resolve_thread(thread=other, by=reviewer, text="Fait.", mentions=[editor])
    with django_assert_num_queries(4):  # threads, comments, mentions; the people, once for the page
        html(thread, editor)


# --- In a browser ----------------------------------------------------------------------------------------------------
@pytest.fixture
def busy(begin, thread, editor, reviewer):
    add_comment(thread=thread, text="Mot" * 90, by=reviewer, mentions=[editor])
    begin(subject_uuid=thread.subject_uuid)
    resolve_thread(thread=begin(subject_uuid=thread.subject_uuid), by=reviewer)
    return thread


def show(site: Site, thread, user, **given) -> None:
    request = RequestFactory().get("/question")
    request.user = user
    context = {"request": request, "csrf_token": "token", "workplace": WORKPLACE, **values(thread, user, **given)}
    site.pages["/question"] = Template(PAGE).render(Context(context))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
@pytest.mark.parametrize(("width", "theme", "is_refused"), [(1280, "light", False), (320, "dark", True)])
def test_the_threads_have_no_accessibility_fault(browser, busy, editor, width, theme, is_refused):
    refused = sent(thread=str(busy.uuid), action="comment", text="") if is_refused else None
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=theme, base_url=SITE, reduced_motion="reduce"
    )
    site = Site(context)
    show(site, busy, editor, refused=refused or CommentForm())
    tab = context.new_page()
    tab.goto("/question")
    tab.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.evaluate((ROOT / "node_modules/axe-core/axe.min.js").read_text())
    found = tab.evaluate("(options) => axe.run(document, options)", AXE)["violations"]
    assert not found, [(fault["id"], [node["html"][:120] for node in fault["nodes"]]) for fault in found]
    if is_refused:
        tab.locator(".govuk-error-summary a").click()
        expect(tab.locator(f"#answer-{busy.uuid}-text")).to_be_focused()
    context.close()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_what_is_typed_comes_back_to_its_own_thread(browser, busy, editor):
    """Several forms of one page go to one address: each keeps its own text, even folded."""
    context = browser.new_context(viewport={"width": 800, "height": 800}, base_url=SITE)
    show(site := Site(context), busy, editor, refused=CommentForm())
    tab = context.new_page()
    tab.on("dialog", lambda dialog: dialog.accept())
    tab.goto("/question")
    first, new = tab.locator(f"#answer-{busy.uuid}-text"), tab.locator("#new-thread-b3_purposes-text")
    first.fill("Une réponse")
    tab.locator("details:has(#new-thread-b3_purposes) > summary").first.click()
    new.fill("Un autre fil")
    tab.goto("/question")
    expect(first).to_have_value("Une réponse")
    expect(new).to_be_visible()
    expect(new).to_have_value("Un autre fil")
    others = tab.locator("textarea[name=text]")
    assert [others.nth(number).input_value() for number in range(others.count())].count("") == 2
    assert site.refused == []
    context.close()
