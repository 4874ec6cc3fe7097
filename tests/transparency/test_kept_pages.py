"""A public page is made once and kept until something public changes: never older than that, never another's."""

import re
from collections.abc import Callable
from threading import Event, Thread

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from core.models import PublicEdition
from core.services import fold_public_editions, public_edition
from core.services.database_rights import public_tables
from organizations.services.public_copy import publish_body
from registry.models import AISystem
from registry.public.edition import current_edition
from registry.services.publication import withdraw_publication
from tests.factories.organizations import person
from tests.factories.publications import copies, foreign, public_organization, published, published_again, publisher_of
from tests.sources import ROOT
from transparency.middleware.kept_pages import KEPT
from transparency.urls import crawlers, urlpatterns

# Pages of one visitor, and addresses that lead to another.
NEVER_KEPT = {
    "report_error", "follow_report", "reported", "scope", "scope_answer", "system_as_typed", "system_page_as_typed",
    "api", "data", "dictionary_file", "search_file", "version_file", "whole_register",
}  # fmt: skip


@pytest.fixture(autouse=True)
def empty_cache():
    caches["pages"].clear()


def queries_of(act: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as told:
        act()
    return [query["sql"] for query in told]


def test_every_page_is_kept_or_says_why_not():
    assert set(KEPT) | NEVER_KEPT == {pattern.name for pattern in (*urlpatterns, *crawlers.urlpatterns)}


def test_what_a_kept_page_asks_of_its_address_reaches_it():
    """A parameter that its view reads and the table leaves out would be dropped before the view."""
    known = {name for names in KEPT.values() for name in names}
    for view in ("home", "search", "systems", "elsewhere", "texts", "differences", "feeds"):
        text = (ROOT / "transparency" / "views" / f"{view}.py").read_text(encoding="utf-8")
        names = set(re.findall(r"""GET(?:\.get(?:list)?\(|\[)["'](\w+)""", text))
        assert names <= known, view
        if view in KEPT:
            assert names <= set(KEPT[view]), view


def test_a_page_is_made_once(sheet, visitor):
    for address in ("/fr/", "/fr/recherche/?q=permis", f"/fr/systemes/{sheet.reference}/", "/fr/organismes/mpub/"):
        first = visitor.get(address)
        asked = queries_of(lambda address=address: visitor.get(address))
        assert len(asked) == 1 and "core_publicedition" in asked[0], asked
        again = visitor.get(address)
        assert again.content == first.content and again.status_code == 200
        for header in ("Content-Type", "Cache-Control", "ETag", "Content-Language"):
            assert again.headers[header] == first.headers[header], header


def renamed(body, name: str = "Nom d'aujourd'hui") -> None:
    body.name_fr = name
    body.save()
    publish_body(organization=body, by=person())


CHANGES = {
    "published": lambda sheet: published(sheet.organization),
    "published again": lambda sheet: published_again(sheet, name_fr="Autre nom"),
    "withdrawn": lambda sheet: withdraw_publication(
        system=sheet, reason="Erreur.", by=publisher_of(sheet.organization)
    ),
    "in bulk": lambda sheet: copies(sheet, 2),
    "body": lambda sheet: renamed(sheet.organization),
    "elsewhere": lambda sheet: foreign(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_public_change_makes_another_edition(sheet, visitor, change):
    before, address = current_edition(), "/fr/recherche/?q=permis"
    mark = visitor.get(address).headers["ETag"]
    CHANGES[change](sheet)
    assert current_edition() != before
    answer = visitor.get(address, headers={"If-None-Match": mark})
    assert answer.status_code == 200 and answer.headers["ETag"] != mark


def test_a_withdrawn_sheet_is_gone_at_once(sheet, visitor):
    address = f"/fr/systemes/{sheet.reference}/"
    assert sheet.summary_fr in visitor.get(address).content.decode()
    withdraw_publication(system=sheet, reason="Erreur.", by=publisher_of(sheet.organization))
    assert sheet.summary_fr not in visitor.get(address).content.decode()
    assert sheet.reference not in visitor.get("/fr/recherche/").content.decode()


def test_work_that_is_not_public_makes_no_other_edition(sheet):
    before = current_edition()
    AISystem.objects.filter(pk=sheet.pk).update(name_fr="Brouillon")
    assert current_edition() == before


def test_a_change_that_is_given_up_changes_nothing(sheet):
    before = current_edition()
    with pytest.raises(RuntimeError), transaction.atomic():
        published(sheet.organization)
        raise RuntimeError
    assert current_edition() == before
    published(sheet.organization)
    assert current_edition() != before


def test_each_table_that_public_pages_read_has_its_trigger(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'vigie_public_changed'")
        assert {name for (name,) in cursor.fetchall()} == set(public_tables()) - {"core_publicedition"}


def test_the_demonstration_says_so_on_every_page_at_once(sheet, visitor):
    assert "vg-demonstration" not in visitor.get("/fr/a-propos/").content.decode()
    public_organization(sigle="FICT", is_demonstration=True)
    assert "vg-demonstration" in visitor.get("/fr/a-propos/").content.decode()


# --- Transactions that end in any order ------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_whoever_began_first_and_ends_last_is_seen():
    """A counter or the highest number would miss it: both transactions drew theirs before either ended."""
    first, second = public_organization(sigle="PREM"), public_organization(sigle="DEUX")
    drawn, may_end = Event(), Event()

    def slow() -> None:
        with transaction.atomic():
            renamed(first)
            drawn.set()
            may_end.wait(10)
        connection.close()

    thread = Thread(target=slow)
    thread.start()
    assert drawn.wait(10)
    before = current_edition()
    renamed(second)
    between = current_edition()
    may_end.set()
    thread.join()
    after = current_edition()
    assert len({before, between, after}) == 3


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_folding_gives_back_no_older_edition(monkeypatch):
    monkeypatch.setattr(public_edition, "FEW", 1)
    body, seen = public_organization(sigle="PREM"), []
    for time in range(3):
        renamed(body, f"Nom {time}")
        seen.append(current_edition())
    fold_public_editions()
    assert PublicEdition.objects.count() == 1
    assert current_edition() not in seen
    kept = current_edition()
    fold_public_editions()
    assert current_edition() == kept, "nothing to fold: kept pages stay"


# --- What a visitor has already ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "head"])
def test_an_unchanged_page_is_not_made_again(sheet, visitor, method):
    address = "/fr/recherche/?q=permis"
    mark = visitor.get(address).headers["ETag"]
    caches["pages"].clear()
    asked = []
    answer = None

    def ask() -> None:
        nonlocal answer
        answer = getattr(visitor, method)(address, headers={"If-None-Match": f'"autre", {mark}'})

    asked = queries_of(ask)
    assert answer.status_code == 304 and answer.content == b"" and len(asked) == 1
    assert answer.headers["ETag"] == mark and "max-age=60" in answer.headers["Cache-Control"]
    assert "public" in answer.headers["Cache-Control"]
    assert visitor.get("/en/recherche/?q=permis", headers={"If-None-Match": mark}).status_code == 200
    assert visitor.get("/fr/recherche/?q=zone", headers={"If-None-Match": mark}).status_code == 200


def test_a_document_keeps_its_own_mark(sheet, visitor):
    address = f"/fr/systemes/{sheet.reference}/v/1.json"
    first = visitor.get(address)
    assert first.headers["ETag"] == f'"{sheet.public_record.publication.digest}"'
    for _kept in range(2):
        answer = visitor.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert answer.status_code == 304
    assert visitor.get(address).content == first.content


def test_head_is_answered_like_get(sheet, visitor):
    first = visitor.head("/fr/recherche/")
    assert first.status_code == 200 and first.headers["ETag"] == visitor.get("/fr/recherche/").headers["ETag"]


@pytest.mark.parametrize("mark", ["*", "W/", "x" * 5000, '"é"', "\x7f", '"', "W/*"])
def test_odd_marks_get_the_page(sheet, visitor, mark):
    assert visitor.get("/fr/", headers={"If-None-Match": mark}).status_code in {200, 304}


# --- Nobody gets the page of another ----------------------------------------------------------------------------------


def test_what_an_address_adds_is_in_no_page_of_another(sheet, visitor):
    odd = visitor.get("/fr/recherche/?q=permis&utm=%22%3E%3Cscript%3E&page=1").content
    plain = visitor.get("/fr/recherche/?q=permis").content
    assert odd == plain and b"utm" not in plain


def test_order_and_empty_parameters_do_not_matter_but_values_do(sheet, visitor):
    marks = {
        visitor.get(f"/fr/recherche/{question}").headers["ETag"]
        for question in ("?q=permis&phase=pilot", "?phase=pilot&q=permis", "?q=x&q=permis&phase=pilot&sort=&page=1")
    }
    assert len(marks) == 1
    others = {
        visitor.get(f"/fr/recherche/{question}").headers["ETag"]
        for question in ("", "?q=permis", "?q=permis&phase=idea", "?phase=pilot", "?q=permis&phase=pilot&page=2")
    }
    assert len(others) == 5 and not others & marks


def test_languages_and_hosts_are_apart(sheet, visitor, settings):
    settings.ALLOWED_HOSTS = ["un.example", "deux.example"]
    marks = {
        visitor.get(f"/{language}/", headers={"Host": host}).headers["ETag"]
        for language in ("fr", "en")
        for host in settings.ALLOWED_HOSTS
    }
    assert len(marks) == 4


def test_a_signed_in_person_neither_gets_nor_leaves_a_page_of_their_own(sheet, visitor, as_user, editor):
    signed_in = as_user(editor)
    made = signed_in.get("/fr/recherche/")
    kept = visitor.get("/fr/recherche/")
    assert kept.content == made.content and not kept.cookies
    assert editor.email.encode() not in kept.content


def test_pages_of_one_visitor_and_refusals_are_not_kept(sheet, visitor):
    for address in ("/fr/suis-je-vise/", f"/fr/systemes/{sheet.reference}/signaler/", "/fr/signalements/"):
        assert visitor.get(address).content != visitor.get(address).content or "ETag" not in visitor.get(address)
        assert "ETag" not in visitor.get(address).headers
    assert "ETag" not in visitor.get("/fr/systemes/QC-RIEN-0001/").headers


def test_a_question_too_long_is_answered_and_not_kept(sheet, visitor):
    answer = visitor.get("/fr/recherche/", {"q": "permis " * 200})
    assert answer.status_code == 200 and "ETag" not in answer.headers


def test_a_cache_that_does_not_answer_stops_no_page(sheet, visitor, monkeypatch):
    def fail(*_arguments, **_words):
        raise ConnectionError

    for name in ("get", "set"):
        monkeypatch.setattr(type(caches["pages"]), name, fail)
    assert visitor.get("/fr/recherche/").status_code == 200


def test_sign_in_counts_are_kept_apart_from_pages(settings):
    assert settings.CACHES["pages"].get("LOCATION") != settings.CACHES["default"].get("LOCATION")


# --- A question that takes too long -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_search_that_takes_too_long_is_given_up_politely(sheet, visitor, settings, monkeypatch):
    from transparency.views import search

    def sleep(*_arguments, **_words):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(3)")

    settings.PUBLIC_QUERY_SECONDS = 1
    monkeypatch.setattr(search, "answer_search", sleep)
    answer = visitor.get("/en/recherche/", {"q": "permis"})
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "30"
    assert "The search took too long" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    monkeypatch.undo()
    assert visitor.get("/en/recherche/", {"q": "permis"}).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout'), current_user")
        told = cursor.fetchone()
    assert told[0] == "0" and told[1] != "vigie_public"
