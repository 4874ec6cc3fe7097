"""Publications and bodies read by programs: what the public site shows, and nothing else."""

import hashlib
import json

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organizations.models import PublicBodyName
from registry.models import PublicRecord
from registry.public.sheet import find_sheet
from registry.services.publication import withdraw_publication
from registry.services.systems import save_answers
from tests.factories.organizations import person
from tests.factories.publications import published, published_again
from tests.registry.api import refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uncounted() -> None:
    cache.clear()


def at(name: str, *arguments: object) -> str:
    return reverse(f"public_api:{name}", args=arguments)


@pytest.fixture
def addresses(sheet) -> list[str]:
    reference = sheet.reference
    return [
        at("entry"),
        at("publications"),
        at("publication", reference),
        at("versions", reference),
        at("version", reference, 1),
        at("bodies"),
        at("body", "mpub"),
        at("openapi"),
    ]


# --- Reading --------------------------------------------------------------------------------------------------------
def test_a_program_that_knows_one_address_finds_the_others(sheet, visitor):
    told = visitor.get("/api/v1/").json()
    assert told.pop("licence") == "https://creativecommons.org/licenses/by/4.0/"
    assert told == {
        "publications": "/api/v1/publications/",
        "bodies": "/api/v1/bodies/",
        "systems": "/api/v1/systems/",
        "assessments": "/api/v1/assessments/",
        "openapi": "/api/v1/openapi.json",
        "documentation": "/fr/api/",
    }
    for name in ("systems", "assessments"):
        assert refused(visitor.get(told.pop(name)), 401, "signed-out")
    assert {visitor.get(address).status_code for address in told.values()} == {200}
    assert visitor.get("/api/v1/", headers={"Accept-Language": "en"}).json()["documentation"] == "/en/api/"
    refused(visitor.get("/api/v1/?phase=pilot"), 400, "invalid-query")


def test_the_document_is_given_with_its_digest(sheet, visitor):
    told = visitor.get(at("publication", sheet.reference)).json()
    canonical = json.dumps(told["document"], sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    assert hashlib.sha256(canonical).hexdigest() == told["digest"]
    assert (told["reference"], told["number"], told["kind"]) == (sheet.reference, 1, "sheet")
    assert visitor.get(at("version", sheet.reference, 1)).json() == told


def test_the_list_says_where_each_document_is_read(sheet, visitor):
    told = visitor.get(at("publications")).json()
    (row,) = told["results"]
    assert (told["count"], told["page"], told["pages"], told["page_size"]) == (1, 1, 1, 20)
    assert visitor.get(row["url"]).json()["reference"] == row["reference"] == sheet.reference
    assert row["body"]["slug"] == "mpub" and row["phase"]["label"] and row["kind"] == "sheet"


def test_every_version_is_listed_and_read(sheet, visitor):
    published_again(sheet, summary_fr="Trie autrement les demandes.")
    rows = visitor.get(at("versions", sheet.reference)).json()["results"]
    assert [row["number"] for row in rows] == [2, 1] and rows[0]["change_note"]
    assert visitor.get(at("publication", sheet.reference)).json()["number"] == 2
    assert visitor.get(at("version", sheet.reference, 1)).json()["digest"] == rows[1]["digest"]
    for number in (0, 3, 10**30):
        refused(visitor.get(at("version", sheet.reference, number)), 404, "not-found")


def test_of_a_withdrawn_sheet_only_the_last_version_is_told(sheet, visitor):
    by = person(sheet.organization, "privacy_officer")
    withdraw_publication(system=sheet, reason="Une erreur.", by=by)
    assert visitor.get(at("publication", sheet.reference)).json()["kind"] == "withdrawn"
    told = refused(visitor.get(at("version", sheet.reference, 1)), 410, "gone")
    assert told["number"] == 1 and len(told["digest"]) == 64
    assert visitor.get(at("publications")).json()["count"] == 0


def test_a_body_is_read_and_an_old_sigle_leads_to_it(public_body, sheet, visitor):
    told = visitor.get(at("body", "mpub")).json()
    assert (told["sigle"], told["systems"], told["kind"]["code"]) == ("MPUB", 1, "ministry")
    assert visitor.get(at("bodies")).json()["results"][0]["slug"] == "mpub"
    assert visitor.get(at("bodies") + "?q=rien").json()["count"] == 0
    public = PublicBodyName._meta.get_field("body").related_model.objects.get(slug="mpub")
    PublicBodyName.objects.create(body=public, slug="vieux", name_fr="Vieux nom", until="2026-01-01")
    answer = visitor.get(at("body", "vieux"))
    assert (answer.status_code, answer.headers["Location"]) == (301, at("body", "mpub"))
    assert visitor.get(at("body", "mpub")).json()["old_names"][0]["slug"] == "vieux"


def test_the_demonstration_says_so_everywhere(visitor):
    from tests.factories.publications import public_organization

    body = public_organization(sigle="FICTIF", name_fr="Ministère fictif", is_demonstration=True)
    system = published(body, reference="DÉMO-FICTIF-0001")
    for address in (at("publications"), at("publication", system.reference), at("bodies"), at("body", "fictif")):
        told = visitor.get(address).json()
        assert told["is_demonstration"] is True, address
        assert all(row["is_demonstration"] for row in told.get("results", []))


def test_the_languages_of_labels_and_refusals_are_those_of_the_reader(sheet, visitor):
    def label(language: str) -> str:
        answer = visitor.get(at("publications"), headers={"Accept-Language": language})
        assert "Accept-Language" in answer.headers["Vary"]
        return answer.json()["results"][0]["phase"]["label"]

    assert label("en") != label("fr") == label("de")


@pytest.mark.parametrize("address", ["entry", "publications", "bodies"])
def test_a_method_that_no_address_takes_is_refused_as_such(visitor, address):
    answer = visitor.generic("TRACE", f"{at(address)}?rien=1")
    refused(answer, 405, "method")


def test_a_body_is_asked_for_in_any_capitals(sheet, visitor):
    for sigle in ("mpub", "MPUB", "Mpub"):
        assert visitor.get(f"{at('publications')}?body={sigle}").json()["count"] == 1
        assert visitor.get(at("body", sigle)).json()["slug"] == "mpub"
    refused(visitor.get(f"{at('publications')}?body="), 400, "invalid-query")


def test_the_description_gives_the_limits_that_are_kept(visitor):
    asked = visitor.get("/api/v1/openapi.json").json()["paths"]["/api/v1/publications/"]["get"]["parameters"]
    limits = {each["name"]: each["schema"] for each in asked}
    assert limits["body"]["items"]["minLength"] == 1
    last = limits["page"]["maximum"]
    refused(visitor.get(f"{at('publications')}?page={last}"), 404, "not-found")
    refused(visitor.get(f"{at('publications')}?page={last + 1}"), 400, "invalid-query")


# --- Search ---------------------------------------------------------------------------------------------------------
def test_filters_are_those_of_the_site(public_body, sheet, visitor):
    other = published(public_body, reference="QC-MPUB-0002", name_fr="Traduction de lettres", phase="retired")

    def found(query: str) -> set[str]:
        return {row["reference"] for row in visitor.get(f"{at('publications')}?{query}").json()["results"]}

    both = {sheet.reference, other.reference}
    assert found("q=lettres") == {other.reference} and found("") == both
    assert found("phase=retired") == {other.reference}
    assert found(f"phase=retired&phase={PublicRecord.objects.get(reference=sheet.reference).phase}") == both
    assert found("body=mpub&kind=sheet&ordering=name") == both


@pytest.mark.parametrize(
    "query",
    [
        "phase__contains=p",
        "body_slug=mpub",
        "publication__document__contains=x",
        "system__created_by__password=x",
        "phase=x",
        "phase=",
        "body=inconnu",
        "kind=withdrawn",
        "ordering=",
        "ordering=-reference",
        "ordering=publication__published_by",
        "page=0",
        "page=x",
        "page_size=0",
        "page_size=1000",
        "format=html",
        "q=" + "mot " * 2_500,
        "ailleurs=1",
    ],
)
def test_what_is_not_on_the_list_is_refused_with_the_list(sheet, visitor, query):
    told = refused(visitor.get(f"{at('publications')}?{query}"), 400, "invalid-query")
    assert told.get("allowed") or told["parameter"] in {"page", "page_size", "q"}
    for address in (at("bodies"), at("publication", sheet.reference), at("versions", sheet.reference)):
        refused(visitor.get(f"{address}?phase__contains=p"), 400, "invalid-query")


@pytest.mark.parametrize(
    "text",
    [
        "'",
        '"',
        "\\",
        "%",
        "_",
        "-- ; DROP",
        "a & | ! ( ) : * < >",
        "%00",
        "\U0001f989",
        "é" * 200,
        "\u202eabc",
        "()",
        "*",
    ],
)
def test_hostile_searches_find_or_find_nothing(sheet, visitor, text):
    assert visitor.get(at("publications"), {"q": text}).status_code == 200
    assert visitor.get(at("bodies"), {"q": text}).status_code == 200


def test_past_the_last_page_there_is_nothing(sheet, visitor):
    refused(visitor.get(f"{at('publications')}?page=2"), 404, "not-found")
    refused(visitor.get(f"{at('bodies')}?page=2"), 404, "not-found")


# --- Caches, conditions ---------------------------------------------------------------------------------------------
def test_what_the_reader_has_is_not_sent_again(addresses, visitor):
    for address in addresses:
        first = visitor.get(address)
        assert set(first.headers["Cache-Control"].split(", ")) == {"max-age=60", "public"}, address
        tag = first.headers["ETag"]
        again = visitor.get(address, headers={"If-None-Match": f'"autre", W/{tag}'})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag), address
        assert visitor.get(address, headers={"If-None-Match": '"autre"'}).content == first.content
        assert visitor.head(address).headers["ETag"] == tag


def test_the_etag_of_a_document_is_its_digest(sheet, visitor):
    answer = visitor.get(at("publication", sheet.reference))
    assert answer.headers["ETag"] == f'"{answer.json()["digest"]}"'
    published_again(sheet, summary_fr="Trie autrement les demandes.")
    assert visitor.get(at("publication", sheet.reference)).headers["ETag"] != answer.headers["ETag"]


# --- The role, the same for everybody, and nothing more -------------------------------------------------------------
def test_every_answer_is_read_under_the_public_role_and_knows_nobody(addresses, as_user, editor, visitor):
    signed_in = as_user(editor)
    for address in addresses:
        with CaptureQueriesContext(connection) as queries:
            answer = signed_in.get(address, headers={"Authorization": "Bearer vigie_x"})
        statements = [one["sql"] for one in queries if "SAVEPOINT" not in one["sql"]]
        assert statements[0].startswith("SET LOCAL ROLE vigie_public;"), address
        assert statements[-1].startswith("RESET ROLE;"), address
        assert answer.status_code == 200 and answer.content == visitor.get(address).content
        assert "Cookie" not in answer.headers.get("Vary", "")


def test_nothing_is_written(addresses, visitor):
    for address in addresses:
        for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
            refused(visitor.generic(method, address, b"{}", content_type="application/json"), 405, "method")


def test_nothing_of_a_draft_is_told(sheet, addresses, visitor):
    secret = "Secret de demain"
    save_answers(
        system=sheet, answers={"need_fr": secret, "supplier": secret}, version=sheet.version, by=sheet.created_by
    )
    for address in [*addresses, at("publications") + "?q=demain"]:
        assert secret not in visitor.get(address).content.decode()


def test_lists_cost_the_same_whatever_their_length(public_body, sheet, visitor):
    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            visitor.get(address)
        return len(queries)

    lists = [at("publications") + "?page_size=100&q=permis", at("bodies"), at("versions", sheet.reference)]
    before = [cost(address) for address in lists]
    for number in range(2, 8):
        published(public_body, reference=f"QC-MPUB-{number:04}", name_fr="Permis")
        published_again(sheet, summary_fr=f"Version {number}.")
    assert [cost(address) for address in lists] == before and max(before) <= 12


def test_hostile_texts_come_back_as_data(public_body, visitor):
    hostile = "=cmd|'/c'!A1 <script>alert(1)</script> \U0001f9ff"
    system = published(public_body, reference="QC-MPUB-0666", name_fr=hostile, need_fr=hostile)
    answer = visitor.get(at("publication", system.reference))
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.json()["document"]["system"]["need"]["fr"] == hostile
    assert visitor.get(at("publications")).json()["results"][0]["name"]["text"] == hostile


def test_a_visitor_who_asks_too_often_is_told_to_wait(sheet, monkeypatch):
    from core.rest.throttling import VisitorThrottle

    monkeypatch.setattr(VisitorThrottle, "rate", "1/min", raising=False)
    assert Client().get(at("bodies")).status_code == 200
    refused(Client().get(at("bodies")), 429, "too-often")
    assert find_sheet(sheet.reference)


def test_a_method_that_says_nothing_is_not_offered(visitor, db):
    answer = visitor.options("/api/v1/publications/")
    assert answer.status_code == 405 and answer["Allow"] == "GET, HEAD"
