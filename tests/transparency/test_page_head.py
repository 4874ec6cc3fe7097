"""What a page says of itself to search engines and where people share its link: its own words, and no more."""

import re
from html import unescape
from pathlib import Path

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.text import cut_at_word
from registry.services.publication import withdraw_publication
from registry.services.withholding import withhold_system
from tests.factories.publications import public_organization, published, publisher_of
from tests.factories.solutions import public_user, solution_of
from tests.transparency.conftest import page_of

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "transparency"
LONGEST = 160
META = re.compile(r'<meta (?:name|property)="(description|og:[a-z]+)" content="([^"]*)">')


@pytest.fixture(autouse=True)
def empty_cache():
    caches["pages"].clear()


def told(visitor, path, status=200) -> dict[str, str]:
    answer = visitor.get(path)
    assert answer.status_code == status, path
    return {name: unescape(text) for name, text in META.findall(answer.content.decode())}


def test_every_template_of_the_site_describes_its_page():
    for path in TEMPLATES.glob("*.html"):
        assert path.name == "base.html" or "{% block description %}" in path.read_text(encoding="utf-8"), path.name


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_kind_of_page_says_its_own(everything, public_body, visitor, language):
    solution = solution_of(public_body)
    public_user(solution, public_body)
    paths = [
        "", "recherche/", "organismes/", "organismes/mpub/", f"systemes/{everything.reference}/",
        f"systemes/{everything.reference}/fiche-complete/", f"systemes/{everything.reference}/differences/",
        f"systemes/{everything.reference}/signaler/", f"solutions/{solution.uuid}/", "donnees/",
        "donnees/dictionnaire/", "donnees/corrections/", "strategie/", "glossaire/", "api/", "ailleurs/",
        "suis-je-vise/", "signalements/", "a-propos/", "accessibilite/", "avis/",
    ]  # fmt: skip
    found = {path: told(visitor, f"/{language}/{path}") for path in paths}
    descriptions = [page["description"] for page in found.values()]
    assert len(set(descriptions)) == len(paths)
    assert all(0 < len(each) <= LONGEST for each in descriptions)
    for path, page in found.items():
        assert set(page) <= {"description", "og:title", "og:description"}
        assert page.get("og:description", page["description"]) == page["description"], path
        assert page.get("og:title", "x"), path


def test_a_sheet_says_its_summary_in_the_language_of_the_page(visitor, db):
    body = public_organization(publishes_in_english=True)
    both = published(body, summary_fr="Trie les demandes.", summary_en="Sorts requests.")
    french = published(public_organization(), name_fr="Repérage de nids", summary_fr="Repère les nids.")
    assert told(visitor, f"/fr/systemes/{both.reference}/")["description"] == "Trie les demandes."
    assert told(visitor, f"/en/systemes/{both.reference}/")["description"] == "Sorts requests."
    page = told(visitor, f"/en/systemes/{french.reference}/")
    assert "Repérage de nids" in page["description"] and "Repère les nids" not in page["description"]
    assert page["og:title"] == "Repérage de nids"


def test_a_long_or_hostile_summary_is_cut_and_escaped(public_body, visitor):
    system = published(public_body, summary_fr='"><script>alert(1)</script> ' + "mot " * 40 + "é" * 30)
    answer = visitor.get(f"/fr/systemes/{system.reference}/").content.decode()
    (content,) = re.findall(r'<meta name="description" content="([^"]*)">', answer)
    assert "<script>" not in content and len(unescape(content)) <= LONGEST
    assert unescape(content).startswith('"><script>alert(1)') and content.endswith("mot…")


def test_a_cut_text_ends_with_a_whole_word():
    assert cut_at_word("un deux trois", 40) == "un deux trois"
    assert cut_at_word("un deux trois", 9) == "un deux…"
    assert cut_at_word("anticonstitutionnellement", 10) == "anticonst…"


def test_a_line_a_stub_and_a_trace_tell_what_their_page_tells(sheet, everything, public_body, visitor):
    line = published(public_body, name_fr="Analyse des avis", summary_fr="Rien de public", data_description_fr="")
    by = publisher_of(public_body)
    withhold_system(system=everything, ground="investigation", by=by)
    withdraw_publication(system=sheet, reason="Une erreur.", by=by)
    assert "Rien de public" not in str(told(visitor, f"/fr/systemes/{line.reference}/"))
    assert "Analyse des avis" in told(visitor, f"/fr/systemes/{line.reference}/")["description"]
    stub, trace = (told(visitor, f"/en/systemes/{each.reference}/") for each in (everything, sheet))
    assert "on a ground of the law" in stub["description"] and stub["og:title"] == "System not disclosed"
    assert everything.name_fr not in str(stub) and everything.summary_fr not in str(stub)
    assert "withdrawn this sheet" in trace["description"] and sheet.summary_fr not in str(trace)
    assert "og:title" not in trace, "nobody is led there"
    gone = told(visitor, f"/en/systemes/{sheet.reference}/v/1/", status=410)
    assert sheet.summary_fr not in str(gone)


def test_the_words_of_a_visitor_are_not_told_again(sheet, visitor):
    assert "permis" not in str(told(visitor, "/fr/recherche/?q=permis"))


def test_it_asks_the_database_nothing(sheet, visitor, monkeypatch):
    path = f"/fr/systemes/{sheet.reference}/"
    page_of(visitor, path)
    asked = []
    for is_told in (True, False):
        if not is_told:
            monkeypatch.setattr("core.templatetags.page_head.strip_tags", lambda text: "")
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as queries:
            page_of(visitor, path)
        asked.append(len(queries))
    assert asked[0] == asked[1]
