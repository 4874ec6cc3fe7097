"""Finding a system: words forgiven, filters, order, pages; and no search, however hostile, breaks the page."""

import re
import string
from html import unescape
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.services.publication import withdraw_publication
from tests.factories.publications import copies, foreign, public_organization, published, publisher_of

SEARCH = "/fr/recherche/"


def found(client: Client, **query) -> list[str]:
    """References of the results, in their order."""
    answer = client.get(SEARCH, query)
    assert answer.status_code == 200
    return re.findall(r'class="vg-card__link" href="/fr/systemes/([^/]+)/"', answer.content.decode())


@pytest.mark.parametrize(
    "words",
    ["demande", "DEMANDES", "permis", "tri permis", '"demandes de permis"', "tri -radar", "mpub", "QC-MPUB-0001"],
)
def test_a_system_is_found_by_its_words_its_body_or_its_number(sheet, visitor, words):
    assert found(visitor, q=words) == [sheet.reference]


def test_a_result_shows_where_the_word_is_when_its_name_does_not(public_body, visitor):
    """«enfants» finds a system about pools because its sheet speaks of children: the reader sees it at once."""
    need = "Une piscine sans clôture est un danger pour les enfants. Une inspection sur quatre en trouve une."
    published(public_body, name_fr="Repérage des piscines", need_fr=need)
    page = unescape(visitor.get("/en/recherche/", {"q": "Enfant"}).content.decode())
    assert 'On the sheet: “<span lang="fr">Une piscine sans clôture est un danger pour les enfants.</span>”' in page
    for words in ("piscine", "clotur <b>", "", "classe"):
        assert "On the sheet" not in visitor.get("/en/recherche/", {"q": words}).content.decode(), words


@pytest.mark.parametrize("words", ["evaluation", "évaluations", "ÉVALUATION", "Evaluations"])
def test_accents_capitals_and_plurals_do_not_matter(public_body, visitor, words):
    system = published(public_body, name_fr="Aide à l'évaluation")
    assert found(visitor, q=words) == [system.reference]


def test_english_pages_search_english_words_and_labels(public_body, visitor):
    system = published(public_body, name_fr="Réponses par clavardage", category="conversational")
    page = visitor.get("/en/recherche/", {"q": "conversational assistant"}).content.decode()
    assert f"/en/systemes/{system.reference}/" in page


@pytest.mark.parametrize("words", ["radar", "tri -permis", '"permis de demandes"', "le", "-", "zzzz"])
def test_nothing_found_says_what_to_try(sheet, visitor, words):
    answer = visitor.get(SEARCH, {"q": words})
    assert "vg-empty-state" in answer.content.decode()
    assert found(visitor, q=words) == []


@pytest.mark.parametrize("typed", ["qc-mpub-1", "QC MPUB 1", " qc-mpub-0001 ", "Qc-Mpub-01"])
def test_a_number_as_people_type_it_leads_to_its_page(sheet, visitor, typed):
    assert found(visitor, q=typed) == [sheet.reference]
    assert "vg-empty-state" not in visitor.get(SEARCH, {"q": typed}).content.decode()


@pytest.mark.parametrize("typed", ["DÉMO-FICT-0001", "demo-fict-1", "De\u0301mo-fict-1"])
def test_the_number_of_the_demonstration_needs_no_accent_and_brings_its_banner(db, visitor, typed):
    body = public_organization(sigle="FICT", is_demonstration=True)
    system = published(body, reference="DÉMO-FICT-0001")
    assert [unquote(one) for one in found(visitor, q=typed)] == [system.reference]
    assert "vg-demonstration" in visitor.get(SEARCH, {"q": typed}).content.decode()


@pytest.mark.parametrize("typed", ["QC-MPUB-0001", "qc-mpub-1"])
def test_the_number_of_a_withdrawn_sheet_leads_to_its_notice(sheet, public_body, visitor, typed):
    withdraw_publication(system=sheet, reason="Erreur de personne.", by=publisher_of(public_body))
    page = visitor.get("/en/recherche/", {"q": typed}).content.decode()
    assert f'href="/en/systemes/{sheet.reference}/"' in page and "Sheet withdrawn" in page
    assert "vg-empty-state" not in page and "vg-result-count" not in page and sheet.summary_fr not in page
    assert found(visitor, q=f"{typed} permis") == [], "only a number and nothing else"


@pytest.mark.parametrize("typed", ["QC-MPUB-0009", "QC-MPUB-0", "QC-0001", "QC-MPUB-1234567890", "MPUB-0001"])
def test_a_number_that_nobody_bears_finds_nothing(sheet, visitor, typed):
    page = visitor.get(SEARCH, {"q": typed}).content.decode()
    assert "vg-card__link" not in page or typed == "MPUB-0001"


def test_filters_add_up_and_each_can_be_taken_off(sheet, public_body, visitor):
    other = published(public_body, phase="pilot", autonomy="alone", personal_information="yes")
    elsewhere = published(public_organization(sigle="LOIN"), phase="pilot")
    assert set(found(visitor, phase="pilot")) == {other.reference, elsewhere.reference}
    assert found(visitor, phase="pilot", body="mpub") == [other.reference]
    assert found(visitor, phase=["pilot", "in_service"], personal="yes") == [other.reference]
    assert found(visitor, autonomy="alone") == [other.reference]
    assert found(visitor, phase="nowhere") == []
    page = visitor.get(SEARCH, {"phase": "pilot", "body": "mpub"}).content.decode()
    assert 'href="?phase=pilot"' in page and 'href="?body=mpub"' in page


def test_systems_without_a_full_sheet_can_be_listed_apart(sheet, public_body, visitor):
    line = published(public_body, data_description_fr="")
    assert found(visitor, kind="line") == [line.reference]
    assert found(visitor, kind="sheet") == [sheet.reference]


def test_order_by_name_by_latest_change_and_by_relevance(public_body, visitor):
    first = published(public_body, name_fr="Écoute", summary_fr="Classe des permis, des permis et des permis.")
    second = published(public_body, name_fr="Arbres et permis")
    third = published(public_body, name_fr="Zones")
    assert found(visitor, sort="name") == [second.reference, first.reference, third.reference]
    assert found(visitor) == [third.reference, second.reference, first.reference]
    assert found(visitor, q="permis")[0] == second.reference, "a word of the name weighs most"
    assert found(visitor, q="permis", sort="name")[:2] == [second.reference, first.reference]
    assert found(visitor, sort="relevance") == found(visitor, sort="recent")
    assert found(visitor, sort="-name; drop table") == found(visitor)


def test_a_withdrawn_sheet_leaves_the_lists(sheet, public_body, visitor):
    withdraw_publication(system=sheet, reason="Erreur de personne.", by=publisher_of(public_body))
    assert found(visitor) == [] and found(visitor, q="permis") == []
    assert found(visitor, kind="withdrawn") == []


def test_pages_keep_the_search(public_body, visitor):
    for _number in range(21):
        published(public_body, name_fr="Tri des permis")
    page = visitor.get(SEARCH, {"q": "permis", "sort": "name"}).content.decode()
    assert "21 systèmes" in page or "21 systems" in page
    assert 'href="?q=permis&amp;sort=name&amp;page=2"' in page
    assert len(found(visitor, q="permis", sort="name", page="2")) == 1
    for odd in ("0", "-1", "99", "x", "9" * 30, "1" * 5000, ""):
        assert visitor.get(SEARCH, {"page": odd}).status_code == 200


def test_registers_from_elsewhere_are_off_apart_and_never_counted(sheet, visitor):
    foreign(names={"fr": "Permis de travail", "en": "Work permits"})
    page = visitor.get(SEARCH, {"q": "permis"}).content.decode()
    assert "Permis de travail" not in page
    page = visitor.get(SEARCH, {"q": "permis", "ailleurs": "1"}).content.decode()
    assert page.index("Tri des demandes de permis") < page.index('id="ailleurs"') < page.index("Permis de travail")
    assert re.search(r"vg-result-count[^>]*>1 syst", page)


def test_a_search_without_result_says_what_is_known_elsewhere(sheet, visitor):
    foreign(names={"fr": "Visas", "en": "Visas"})
    assert "/fr/ailleurs/?q=visa" in visitor.get(SEARCH, {"q": "visa"}).content.decode()


@pytest.mark.slow
def test_the_number_of_queries_is_the_same_at_20_and_200_systems(sheet, visitor):
    addresses = [
        SEARCH,
        f"{SEARCH}?q=permis",
        f"{SEARCH}?q=permis&ailleurs=1&phase=in_service",
        f"{SEARCH}?sort=name&body=mpub",
        f"{SEARCH}?q=rien",
        f"{SEARCH}?q=demnade+premis",
        f"{SEARCH}?q=qc-mpub-1",
        "/fr/",
        "/fr/organismes/",
        "/fr/organismes/mpub/",
        f"/fr/systemes/{sheet.reference}/",
    ]

    def counts() -> dict[str, int]:
        found = {}
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert visitor.get(address).status_code == 200
            found[address] = len(queries)
        return found

    foreign(names={"fr": "Permis"})
    copies(sheet, 19)
    few = counts()
    copies(sheet, 180)
    assert counts() == few
    assert max(few.values()) <= 12, few


HOSTILE = [
    "\0", "a\0b", "&|!():*<->", "'; drop table registry_publicrecord; --", "\\", "%", "_%", '"', '""""', "((((", "!!!",
    "-", "- -", "or or or", "😀", "👩‍👩‍👧‍👦", "é" * 10_000,
    "a" * 10_000, "a " * 5_000, "\u202e\u2066", "\ufeff", "ﷺ" * 200,
    "\ud800", "${jndi:ldap://x}", "<script>alert(1)</script>", "{{ 7 }}", "{% load x %}", "a:*", "a <-> b", "\t\r\n",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_hostile_searches_get_a_page(sheet, visitor, text):
    for address in ("/fr/recherche/", "/en/recherche/", "/fr/organismes/", "/fr/ailleurs/"):
        for name in ("q", "body", "phase", "sort", "page", "ailleurs", "registre", "avec"):
            raw = f"{address}?{name}=".encode() + text.encode("utf-8", "surrogatepass")
            answer = visitor.get(raw.decode("latin-1").replace("\0", "%00").replace(" ", "%20").replace("#", "%23"))
            assert answer.status_code == 200
            assert b"<script>alert" not in answer.content


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.one_of(
        st.text(max_size=300),
        st.text(alphabet=string.punctuation + " àoru", max_size=40),
        st.lists(st.sampled_from(['"', "-", "or", "permis", "(", "&", "*", ":", "tri"]), max_size=12).map(" ".join),
    )
)
def test_any_text_at_all_gets_a_page(sheet, visitor, text):
    assert visitor.get(SEARCH, {"q": text}).status_code == 200


def test_a_long_search_says_that_it_was_cut(sheet, visitor):
    page = visitor.get(SEARCH, {"q": "permis " * 100}).content.decode()
    assert "200" in page and sheet.reference in page


def test_words_typed_by_a_visitor_are_shown_as_text(visitor, sheet):
    page = visitor.get(SEARCH, {"q": '"><img src=x onerror=alert(1)>'}).content.decode()
    assert "<img src=x" not in page
