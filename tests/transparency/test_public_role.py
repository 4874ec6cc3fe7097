"""Public pages read under a database role that sees publications and nothing else, and know nobody."""

import uuid

import pytest
from django.contrib.messages import get_messages
from django.core import signing
from django.core.cache import caches
from django.db import ProgrammingError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.audit import NamedJob, Visitor
from core.services.database_rights import public_tables
from registry.models import AISystem
from registry.services.intake import report_error
from registry.services.public_files import make_public_files
from tests.factories.publications import foreign, published
from tests.factories.solutions import public_user, solution_of
from transparency.middleware import PublicRoleMiddleware
from transparency.urls import urlpatterns
from transparency.views.scope import SALT


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """A page that another test left there would be given without a question to any view."""
    caches["pages"].clear()


@pytest.fixture
def addresses(sheet) -> dict[str, str]:
    """One address for each name of the public site."""
    report = report_error(reference=sheet.reference, message="Faux.", by=Visitor(), request_key=uuid.uuid4())
    told = {
        "number": uuid.uuid4().hex,
        "day": "2026-11-22",
        "tool": "",
        "answers": {"used": "yes", "ai": "yes", "decides": "no", "personal": "no"},
        "result": "yes",
        "rules": "1.0",
    }
    record = foreign()
    solution = solution_of(sheet.organization)
    public_user(solution, sheet.organization)
    make_public_files(by=NamedJob("test"))
    arguments = {
        "body": ["mpub"],
        "system": [sheet.reference],
        "version": [sheet.reference, 1],
        "full": [sheet.reference],
        "search_file": ["xlsx"],
        "version_file": [sheet.reference, 1, "xlsx"],
        "dictionary_file": ["csv"],
        "coverage_file": ["csv"],
        "whole_register": ["portrait.csv"],
        "body_feed": ["mpub"],
        "system_feed": [sheet.reference],
        "full_version": [sheet.reference, 1],
        "differences": [sheet.reference],
        "version_json": [sheet.reference, 1],
        "report_error": [sheet.reference],
        "reported": [report.code],
        "scope_answer": [signing.dumps(told, salt=SALT, compress=True)],
        "solution": [solution.uuid],
        "foreign_system": [record.register, record.source_id],
    }
    names = [pattern.name for pattern in urlpatterns if not pattern.name.endswith("_as_typed")]
    return {name: reverse(f"transparency:{name}", args=arguments.get(name, [])) for name in names}


def read_to_the_end(answer) -> None:
    """A file is closed when the last of it was read."""
    if answer.streaming:
        list(answer.streaming_content)


def test_every_page_works_in_both_languages_under_the_public_role(addresses, visitor):
    for name, address in addresses.items():
        for language in ("fr", "en"):
            with CaptureQueriesContext(connection) as queries:
                answer = visitor.get(address.replace("/fr/", f"/{language}/", 1))
                read_to_the_end(answer)
            assert answer.status_code == 200, f"{name} {language}"
            assert any("SET LOCAL ROLE vigie_public" in query["sql"] for query in queries), name


def test_every_page_is_read_only_but_the_two_forms(addresses, visitor):
    for name, address in addresses.items():
        refused = ["delete", "put", "patch"] + ([] if name in {"report_error", "scope"} else ["post"])
        for method in refused:
            assert getattr(visitor, method)(address).status_code == 405, f"{method} {name}"


def test_a_signed_in_person_gets_the_same_page_and_no_session_is_read(addresses, as_user, visitor, editor):
    signed_in = as_user(editor)
    for name in ("home", "search", "system", "body"):
        with CaptureQueriesContext(connection) as queries:
            answer = signed_in.get(addresses[name])
        assert answer.content == visitor.get(addresses[name]).content, name
        asked = " ".join(query["sql"] for query in queries)
        assert "django_session" not in asked and "organizations_user" not in asked, name
        assert "Cookie" not in answer.headers.get("Vary", ""), name


def test_pages_may_be_kept_a_minute_but_not_those_of_one_visitor(addresses, visitor):
    answers = {name: visitor.get(address) for name, address in addresses.items()}
    read_to_the_end(answers["whole_register"])
    kept = {name: answer.headers["Cache-Control"] for name, answer in answers.items()}
    private = {name for name, value in kept.items() if "no-store" in value}
    assert private == {"report_error", "reported", "follow_report", "scope", "scope_answer"}
    assert all("public" in value and "max-age=60" in value for name, value in kept.items() if name not in private)


def test_an_unknown_address_is_a_page_also_for_a_signed_in_person(as_user, editor, settings):
    answer = as_user(editor).get("/fr/systemes/QC-RIEN-0001/")
    assert answer.status_code == 404
    assert "Page introuvable" in answer.content.decode() or "Page not found" in answer.content.decode()


def read_under_the_public_role(view):
    """What the middleware answers around a view of the public site that does this."""
    request = RequestFactory().get("/fr/")
    request.user = object()
    return PublicRoleMiddleware(view)(request)


@pytest.mark.django_db
def test_a_view_that_touches_a_private_table_fails():
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        read_under_the_public_role(lambda request: list(AISystem.objects.order_by("pk")))


@pytest.mark.django_db
def test_the_role_is_left_behind_the_page():
    read_under_the_public_role(lambda request: HttpResponse())
    assert AISystem.objects.count() == 0


@pytest.mark.django_db
def test_a_page_writes_nothing():
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        read_under_the_public_role(lambda request: foreign())


@pytest.mark.django_db
def test_only_publications_can_be_read():
    """SQL, table by table and column by column: what is not listed is refused."""
    opened = public_tables()
    assert opened.keys() == {
        "core_publicedition",
        "organizations_publicbody",
        "organizations_publicbodyname",
        "registry_errorreport",
        "registry_facetcount",
        "registry_foreignsystem",
        "registry_foreignword",
        "registry_indicatorofyear",
        "registry_publicfile",
        "registry_publication",
        "registry_publiccommontools",
        "registry_publiccoverage",
        "registry_publicrecord",
        "registry_searchword",
        "registry_wholetext",
    }
    for table, column in every_column():
        allowed = opened.get(table)
        may_read = allowed is not None and (not allowed or column in allowed)
        assert can_select(table, column) == may_read, f"{table}.{column}"


def every_column() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'")
        return cursor.fetchall()


def can_select(table: str, column: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_column_privilege('vigie_public', %s, %s, 'SELECT')", [table, column])
        return bool(cursor.fetchone()[0])


def test_nothing_of_a_draft_is_ever_shown(sheet, visitor):
    """The words of a draft, of an unpublished change and of internal fields are on no page."""
    published(sheet.organization, name_fr="Autre système public")
    sheet.name_fr, sheet.need_fr, sheet.supplier = "Nom de demain", "Secret de demain", "Fournisseur secret"
    sheet.save()
    draft = AISystem.objects.get(pk=sheet.pk)
    draft.pk, draft.uuid, draft.reference, draft.name_fr = None, uuid.uuid4(), None, "Brouillon secret"
    draft.status, draft.declared_at, draft.declared_by = "draft", None, None
    draft._state.adding = True
    draft.save()
    reference = sheet.reference
    for path in (
        "",
        "recherche/",
        "recherche/?q=secret",
        "recherche/?q=demain",
        "organismes/",
        "organismes/mpub/",
        f"systemes/{reference}/",
        f"systemes/{reference}/v/1/",
        f"systemes/{reference}/v/1.json",
    ):
        text = visitor.get(f"/fr/{path}").content.decode().replace("secret&quot;", "").replace('value="secret"', "")
        for word in ("Nom de demain", "Secret de demain", "Fournisseur secret", "Brouillon secret"):
            assert word not in text, f"{word} on {path}"


@pytest.mark.django_db
def test_messages_wait_for_the_next_staff_page():
    request = RequestFactory().get("/fr/")
    request.user, request._messages = object(), ["Enregistré"]
    seen = []

    def view(inner):
        seen.append(list(get_messages(inner)))
        return HttpResponse()

    PublicRoleMiddleware(view)(request)
    assert seen == [[]]
    assert request._messages == ["Enregistré"]
