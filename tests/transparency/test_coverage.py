"""Coverage of bodies on the public site: four states, told from public facts, in a number of queries that stays."""

import csv
import io
import json
import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from organizations.models import Organization, PublicBody
from organizations.services.public_copy import publish_body
from organizations.services.succession import close_organization, merge_organization, rename_organization
from organizations.workflow import Kind, Role
from registry.models import AISystem, NoAIAttestation, PublicCoverage
from registry.public.coverage import coverage, coverage_figures
from registry.public.open_data.coverage_table import COLUMNS
from registry.rules.coverage import Coverage, is_to_renew, renew_on, state_of
from registry.services.lifecycle import change_phase
from registry.services.no_ai import attest_no_ai
from registry.services.publication import withdraw_publication
from registry.services.systems import declare_system
from registry.services.withholding import withhold_system
from registry.tasks.bodies import follow_body
from registry.workflow import Phase
from tests.factories.organizations import person
from tests.factories.publications import public_organization, published, published_again, publisher_of
from tests.factories.registry import SystemFactory


def today() -> date:
    return clock.civil_date(clock.now())


def declared(body: Organization) -> AISystem:
    draft = SystemFactory(organization=body, status="draft", reference=None, declared_at=None, declared_by=None)
    return declare_system(system=draft, by=publisher_of(body))


def attested(body: Organization, note: str = "", days_ago: int = 0) -> NoAIAttestation:
    made = attest_no_ai(organization=body, attested_on=today(), by=person(body, Role.DECIDING_AUTHORITY), note=note)
    if days_ago:
        day = today() - timedelta(days=days_ago)
        NoAIAttestation.objects.filter(pk=made.pk).update(attested_on=day)
        PublicCoverage.objects.filter(organization=body).update(attested_on=day)
    return made


def states() -> dict[str, str | None]:
    return {row.body.facts.sigle: row.state and str(row.state) for row in coverage()}


def listed(client, **query) -> list[str]:
    answer = client.get("/fr/organismes/", query)
    assert answer.status_code == 200
    return re.findall(r'class="vg-card__link" href="/fr/organismes/([^/]+)/"', answer.content.decode())


def text_of(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


@pytest.fixture(autouse=True)
def empty_cache():
    caches["pages"].clear()


@pytest.fixture
def four(db) -> dict[str, Organization]:
    """One body in each state."""
    bodies = {sigle: public_organization(sigle=sigle, name_fr=f"Organisme {sigle}") for sigle in "AA BB CC DD".split()}
    published(bodies["AA"])
    published(bodies["AA"], data_description_fr="")  # a line: its sheet is to come
    declared(bodies["BB"])
    attested(bodies["CC"], "Vérifié par la direction.")
    return bodies


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ((2, False, True, True), Coverage.PUBLISHED),
        ((0, False, False, True), Coverage.IN_PROGRESS),
        ((0, True, False, False), Coverage.NONE),
        ((1, True, False, True), Coverage.NONE),
        ((1, True, True, True), Coverage.PUBLISHED),
        ((0, False, False, False), Coverage.SILENT),
    ],
)
def test_what_is_published_speaks_before_an_attestation(facts, state):
    systems, is_attested, shows_use, has_declared = facts
    assert state is state_of(systems=systems, is_attested=is_attested, shows_use=shows_use, has_declared=has_declared)


def test_an_attestation_is_worth_a_year():
    assert renew_on(date(2024, 2, 29)) == date(2025, 3, 1)
    assert renew_on(date(2026, 11, 23)) == date(2027, 11, 23)
    assert not is_to_renew(date(2026, 11, 23), date(2027, 11, 23))
    assert is_to_renew(date(2026, 11, 23), date(2027, 11, 24))


def test_each_body_is_in_one_state_and_the_table_counts_them(four, visitor):
    assert states() == {"AA": "published", "BB": "in_progress", "CC": "none", "DD": "silent"}
    figures = coverage_figures(coverage())
    assert (figures.total, figures.published, [one.bodies for one in figures.states]) == (4, 1, [1, 1, 1, 1])
    page = text_of(visitor, "/en/organismes/")
    assert "Where the 4 public bodies stand" in page
    assert "2 systems, 1 with its sheet to come" in page
    assert "It has told nothing here. That does not mean that it uses no AI." in page


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ({"etat": "published"}, ["aa"]),
        ({"etat": "in_progress"}, ["bb"]),
        ({"etat": "none"}, ["cc"]),
        ({"etat": "silent"}, ["dd"]),
        ({"etat": "silent", "q": "organisme"}, ["dd"]),
        ({"etat": "silent", "q": "rien"}, []),
        ({"avec": "1"}, ["aa"]),
        ({"renouveler": "1"}, []),
        ({"etat": "<script>"}, ["aa", "bb", "cc", "dd"]),
        ({"etat": "\x00", "renouveler": "oui"}, ["aa", "bb", "cc", "dd"]),
    ],
)
def test_the_list_is_filtered_by_state(four, visitor, query, slugs):
    assert listed(visitor, **query) == slugs


def test_an_empty_state_teaches(db, visitor):
    public_organization(sigle="SEUL")
    assert "No body is in this state" in text_of(visitor, "/en/organismes/?etat=none")


def test_the_page_of_a_body_says_its_state(four, visitor):
    assert "It has declared a system; none is on this site yet." in text_of(visitor, "/en/organismes/bb/")
    assert "It has told nothing here." in text_of(visitor, "/en/organismes/dd/")
    page = text_of(visitor, "/en/organismes/cc/")
    assert "attests that it used neither an AI system nor an automated decision system" in page
    assert "Function of who attests it: Deciding authority." in page and "Vérifié par la direction." in page
    assert "If you met one there, tell the body" in page


def test_nothing_but_the_state_is_told_of_what_is_declared(four, visitor):
    """Neither how many, nor a name, nor a number."""
    system = four["BB"].systems.get()
    for path in ("/fr/organismes/", "/fr/organismes/bb/", "/fr/donnees/couverture.csv", "/api/v1/bodies/bb/"):
        told = visitor.get(path).content.decode()
        assert system.name_fr not in told and str(system.reference) not in told, path
    assert set(PublicCoverage.public_columns) == {
        "id", "organization_id", "has_declared", "attested_on", "function", "note_fr",
    }  # fmt: skip


def test_nobody_is_named(four, visitor):
    name = NoAIAttestation.objects.get().attested_by.name
    for path in ("/fr/organismes/cc/", "/fr/organismes/", "/fr/donnees/couverture.json"):
        assert name not in visitor.get(path).content.decode(), path


def test_a_hostile_note_is_a_text(db, visitor):
    body = public_organization(sigle="XX")
    attested(body, "=cmd|' /C calc'!A0 <script>alert(1)</script> {{ 7*7 }}")
    page = visitor.get("/fr/organismes/xx/").content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }}" in page
    line = next(row for row in rows_of(visitor) if row["body"] == "xx")
    assert line["no_ai_note_fr"].startswith("'=cmd")


def test_an_old_attestation_is_shown_to_be_renewed(db, visitor):
    attested(public_organization(sigle="VIEUX"), days_ago=400)
    assert listed(visitor, renouveler="1") == ["vieux"]
    assert "1 is older and to be renewed." in text_of(visitor, "/en/organismes/")
    page = text_of(visitor, "/en/organismes/vieux/")
    assert "To renew" in page and "the body has not renewed it" in page


def test_a_withdrawn_sheet_leaves_its_body_in_progress(db):
    body = public_organization(sigle="RETIRE")
    declared(body)
    system = published(body)
    assert states() == {"RETIRE": "published"}
    withdraw_publication(system=system, reason="Une erreur.", by=publisher_of(body))
    assert states() == {"RETIRE": "in_progress"}


def test_a_withheld_system_is_published_and_told_apart(db, visitor):
    body = public_organization(sigle="SECRET")
    withhold_system(system=declared(body), ground="security_measure", by=publisher_of(body))
    assert states() == {"SECRET": "published"}
    assert "1 system, 1 not disclosed" in text_of(visitor, "/en/organismes/")


def test_sheets_of_retired_systems_stand_beside_an_attestation(db, visitor):
    body = public_organization(sigle="FINI")
    system = published(body)
    change_phase(system=system, to=Phase.RETIRED, reason="Remplacé.", by=publisher_of(body))
    system.refresh_from_db()
    published_again(system)
    attested(body)
    assert states() == {"FINI": "none"}
    assert "1 system, no longer used" in text_of(visitor, "/en/organismes/")


# --- Names, mergers, closed bodies, demonstration ---------------------------------------------------------------------


def test_a_renamed_body_keeps_its_state_at_once(four, visitor):
    rename_organization(
        organization=four["CC"], sigle="NEUF", name_fr="Organisme neuf", effective_on=date(2026, 1, 1),
        by=person(four["CC"], Role.ORGANIZATION_ADMIN),
    )  # fmt: skip
    assert states()["NEUF"] == "none"
    assert listed(visitor, etat="none", q="cc") == ["neuf"]


def test_a_body_answers_for_what_it_took_in(four):
    central = person(four["DD"], Role.CENTRAL_AGENCY)
    merge_organization(organization=four["BB"], into=four["CC"], effective_on=date(2026, 1, 1), by=central)
    follow_body(organization=four["CC"].pk)
    assert states() == {"AA": "published", "CC": "in_progress", "DD": "silent"}
    merge_organization(organization=four["AA"], into=four["DD"], effective_on=date(2026, 1, 1), by=central)
    follow_body(organization=four["DD"].pk)
    assert states() == {"CC": "in_progress", "DD": "published"}


def test_a_closed_body_is_neither_silent_nor_counted_unless_it_published(four):
    central = person(four["DD"], Role.CENTRAL_AGENCY)
    for body in four.values():
        body.refresh_from_db()
        close_organization(organization=body, closed_on=date(2026, 1, 1), by=central)
    assert states() == {"AA": "published", "BB": None, "CC": None, "DD": None}
    assert coverage_figures(coverage()).total == 1


def test_a_company_is_not_expected_to_declare(db):
    public_organization(sigle="INC", kind=Kind.COMPANY)
    assert states() == {"INC": None}


def test_bodies_of_the_demonstration_are_not_counted_with_real_ones(four, visitor):
    fictitious = public_organization(sigle="DEMO", is_demonstration=True)
    assert coverage_figures(coverage()).total == 4
    assert listed(visitor, etat="silent") == ["dd"]
    assert "demo" in listed(visitor)
    page = text_of(visitor, "/en/organismes/")
    assert "Bodies of the demonstration are not counted." in page
    Organization.objects.filter(pk__in=[body.pk for body in four.values()]).update(is_demonstration=True)
    for body in four.values():
        body.refresh_from_db()
        publish_body(organization=body, by=person())
    assert fictitious and coverage_figures(coverage()).total == 5


# --- Files, API, home, number of queries ------------------------------------------------------------------------------


def rows_of(client) -> list[dict[str, str]]:
    answer = client.get("/fr/donnees/couverture.csv")
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_table_is_open_data(four, visitor):
    rows = {row["sigle"]: row for row in rows_of(visitor)}
    assert list(rows["AA"]) == list(COLUMNS)
    assert (rows["AA"]["state"], rows["AA"]["systems"], rows["AA"]["lines"]) == ("published", "2", "1")
    assert (rows["CC"]["no_ai_attested_on"], rows["CC"]["no_ai_function"], rows["CC"]["no_ai_to_renew"]) == (
        today().isoformat(), "deciding_authority", "false",
    )  # fmt: skip
    assert rows["DD"]["state"] == "silent" and rows["DD"]["no_ai_to_renew"] == ""
    told = json.loads(visitor.get("/fr/donnees/couverture.json").content)
    assert [row["state"] for row in told["bodies"]] == ["published", "in_progress", "none", "silent"]
    assert [row["no_ai_to_renew"] for row in told["bodies"]] == [None, None, False, None]
    assert {row["is_demonstration"] for row in told["bodies"]} == {False}
    assert visitor.get("/fr/donnees/couverture.xlsx").content.startswith(b"PK")
    assert visitor.get("/fr/donnees/couverture.pdf").status_code == 404
    assert "/fr/donnees/couverture.csv" in visitor.get("/fr/donnees/").content.decode()
    assert all(column in visitor.get("/fr/donnees/dictionnaire/").content.decode() for column in COLUMNS)


def test_programs_read_it_too(four, visitor):
    told = {row["sigle"]: row for row in visitor.get("/api/v1/bodies/").json()["results"]}
    assert [told[sigle]["coverage"]["code"] for sigle in "AA BB CC DD".split()] == [
        "published", "in_progress", "none", "silent",
    ]  # fmt: skip
    one = visitor.get("/api/v1/bodies/cc/").json()
    assert (one["coverage"]["code"], one["no_ai_attested_on"]) == ("none", today().isoformat())


def test_the_home_page_says_how_many_published_of_how_many(four, visitor):
    page = visitor.get("/en/").content.decode()
    assert 'href="/en/organismes/?etat=published">public body has published here</a> of 4</dt>' in page


PATHS = ("/fr/organismes/", "/fr/organismes/cc/", "/fr/", "/fr/donnees/couverture.csv", "/api/v1/bodies/")


def test_no_more_queries_for_many_bodies_than_for_few(four, visitor):
    def counted() -> list[int]:
        found = []
        for path in PATHS:
            caches["pages"].clear()
            with CaptureQueriesContext(connection) as queries:
                assert visitor.get(path).status_code == 200
            found.append(len(queries))
        return found

    few = counted()
    for number in range(60):
        body = public_organization(sigle=f"LOT{number}")
        PublicCoverage.objects.create(
            organization=body, has_declared=not number % 2, attested_on=None if number % 3 else today(),
            function="" if number % 3 else "ai_lead",
        )  # fmt: skip
    assert counted() == few
    assert PublicBody.objects.count() == 64 and len(listed(visitor)) == 50, "by pages of fifty"
