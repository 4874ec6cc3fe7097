"""Pages of reports: who reaches them, what they answer, how many queries they cost."""

import hashlib
import uuid
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.html import parse_html
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from core.models import AuditEvent
from organizations.workflow import Role
from reports.models import Report
from reports.services import fail_report
from reports.tasks import JOB, make_report
from tests.factories.organizations import person
from tests.factories.registry import SystemFactory
from tests.reports.conftest import bytes_of

pytestmark = pytest.mark.django_db


def page(name, *arguments):
    return reverse(f"reports:{name}", args=arguments)


# --- Asking ---------------------------------------------------------------------------------------------------------
def asked(client, system, **changes):
    form = {"language": "fr", "request_key": str(uuid.uuid4()), **changes}
    return client.post(page("request", system.uuid), form)


def test_asking_leads_to_the_page_of_the_report(as_user, editor, system):
    response = asked(as_user(editor), system)
    assert response.status_code == 303
    assert response.url == page("report", Report.objects.get().uuid)


def test_the_form_pressed_twice_leads_to_one_report(as_user, editor, system):
    client, key = as_user(editor), str(uuid.uuid4())
    assert asked(client, system, request_key=key).url == asked(client, system, request_key=key).url
    assert Report.objects.count() == 1


def test_the_form_stands_on_a_page_of_its_own(as_user, editor, system):
    text = as_user(editor).get(page("request", system.uuid)).content.decode()
    assert system.name_fr in text and 'name="request_key"' in text and text.count("<h1") == 1


@pytest.mark.parametrize("wrong", [{"language": "de"}, {"language": ""}])
def test_a_wrong_choice_comes_back_with_what_to_do(as_user, editor, system, wrong):
    response = asked(as_user(editor), system, **wrong)
    assert response.status_code == 422
    assert "Choisissez le français ou l'anglais" in unescape(response.content.decode())


def test_a_forged_key_is_refused(as_user, editor, system):
    assert asked(as_user(editor), system, request_key="x").status_code == 422


def test_another_body_s_system_does_not_exist(as_user, outsider, system):
    client = as_user(outsider)
    assert asked(client, system).status_code == client.get(page("request", system.uuid)).status_code == 404


def test_seeing_without_the_function_is_forbidden(as_user, member, system):
    client = as_user(member)
    assert asked(client, system).status_code == client.get(page("request", system.uuid)).status_code == 403
    assert not Report.objects.exists()


# --- One report -----------------------------------------------------------------------------------------------------
def test_while_it_is_made_the_page_asks_again_and_has_a_link_without_javascript(as_user, editor, waiting):
    text = as_user(editor).get(page("report", waiting.uuid)).content.decode()
    assert f'data-hx-get="{page("report", waiting.uuid)}"' in text and 'data-hx-trigger="every 1s"' in text
    assert "Actualiser" in text and 'href="' + page("page", waiting.uuid) in text
    assert page("file", waiting.uuid) not in text


@pytest.mark.parametrize("state", ["waiting", "ready", "failed"])
@pytest.mark.slow
def test_the_part_asked_for_by_htmx_is_that_of_the_page(as_user, editor, waiting, state):
    if state == "ready":
        make_report(report=waiting.pk)
    elif state == "failed":
        fail_report(report=waiting, by=JOB)
    client, url = as_user(editor), page("report", waiting.uuid)
    part = client.get(url, headers={"HX-Request": "true", "HX-Request-Type": "partial"}).content.decode()
    whole = client.get(url).content.decode()
    assert "<html" not in part and 'class="vg-job"' in part

    def squeezed(text):
        return " ".join(line for line in text.split() if "csrfmiddlewaretoken" not in line and "value=" not in line)

    assert squeezed(part) in squeezed(whole)
    if state == "waiting":  # a second element would be added again at each answer
        assert parse_html(part).name == "div"


@pytest.mark.slow
def test_a_ready_report_offers_its_page_first_then_its_file_with_the_proof(as_user, editor, ready):
    text = as_user(editor).get(page("report", ready.uuid)).content.decode()
    assert text.index(page("page", ready.uuid)) < text.index(page("file", ready.uuid))
    assert ready.file.sha256 in text and "data-hx-get" not in text
    assert "L'empreinte numérique prouve que le fichier n'a pas changé" in unescape(text)
    assert "conforme" not in text


def test_a_failed_report_offers_to_begin_again(as_user, editor, waiting):
    fail_report(report=waiting, by=JOB)
    client = as_user(editor)
    text = client.get(page("report", waiting.uuid)).content.decode()
    assert "Recommencer" in text and page("restart", waiting.uuid) in text
    assert client.post(page("restart", waiting.uuid)).status_code == 303
    waiting.refresh_from_db()
    assert waiting.state == "requested"
    assert client.post(page("restart", waiting.uuid)).status_code == 409


# --- Content and file -----------------------------------------------------------------------------------------------
def test_the_content_is_a_page_before_the_file_is_ready(as_user, editor, waiting, system):
    text = as_user(editor).get(page("page", waiting.uuid)).content.decode()
    assert system.need_fr in text and "Brouillon – non publié" in text and text.count("<h1") == 1
    assert "style=" not in text


def test_the_page_of_an_english_sheet_read_in_french_says_its_language(as_user, editor, ask):
    report = ask(language="en")
    text = as_user(editor).get(page("page", report.uuid)).content.decode()
    assert '<div lang="en">' in text and "What is this system for?" in text


@pytest.mark.slow
def test_the_file_is_an_attachment_whose_bytes_have_the_digest_shown(as_user, reader, ready):
    response = as_user(reader).get(page("file", ready.uuid))
    content = b"".join(response.streaming_content)
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert f"fiche-QC-MTEST-0900-{clock.civil_date(ready.requested_at)}.pdf" in response.headers["Content-Disposition"]
    assert response.headers["Content-Type"] == "application/pdf"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert hashlib.sha256(content).hexdigest() == ready.file.sha256
    assert content == bytes_of(ready)
    assert AuditEvent.objects.filter(verb="download", actor_ref=str(reader.uuid)).count() == 1


def test_no_file_before_it_is_ready(as_user, editor, waiting):
    assert as_user(editor).get(page("file", waiting.uuid)).status_code == 409


@pytest.mark.parametrize("name", ["report", "page", "file"])
def test_outsiders_and_those_without_the_function_find_nothing(as_user, outsider, member, operator, waiting, name):
    for someone in (outsider, member, operator):
        assert as_user(someone).get(page(name, waiting.uuid)).status_code == 404
        assert as_user(someone).post(page("restart", waiting.uuid)).status_code == 404


def test_a_report_on_a_draft_is_closed_to_those_who_read_no_draft(as_user, ask, body, editor, reader):
    report = ask(system=SystemFactory(organization=body, draft=True, created_by=editor))
    for name in ("report", "page", "file"):
        assert as_user(reader).get(page(name, report.uuid)).status_code == 404


@pytest.mark.parametrize("name", ["report", "page", "file"])
def test_reading_pages_take_no_post(as_user, editor, waiting, name):
    assert as_user(editor).post(page(name, waiting.uuid)).status_code == 405


def test_beginning_again_is_no_link(as_user, editor, waiting):
    assert as_user(editor).get(page("restart", waiting.uuid)).status_code == 405


def test_nobody_comes_in_without_an_account(client, waiting):
    for name in ("report", "page", "file"):
        assert client.get(page(name, waiting.uuid)).status_code == 302


# --- The list -------------------------------------------------------------------------------------------------------
def test_the_list_holds_my_bodies_reports_and_no_others(as_user, ask, editor, waiting, other_body):
    neighbour = SystemFactory(organization=other_body, name_fr="Système du voisin")
    ask(system=neighbour, by=person(other_body, Role.SYSTEM_OWNER))
    text = as_user(editor).get(page("reports")).content.decode()
    assert page("report", waiting.uuid) in text and "Système du voisin" not in text


@pytest.fixture
def two(ask, body, editor, waiting):
    """`waiting`, and a report that failed about «Éclairage des rues»."""
    street = SystemFactory(
        organization=body, name_fr="Éclairage des rues", reference="QC-MTEST-0777", created_by=editor
    )
    failed = ask(system=street)
    Report.objects.filter(pk=failed.pk).update(requested_at=clock.now() + timedelta(minutes=1))
    fail_report(report=failed, by=JOB)
    return waiting, failed


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [1, 0]),
        ("system=eclairage", [1]),
        ("system=%C3%89CLAIRAGE", [1]),
        ("system=mtest-0900", [0]),
        ("state=failed", [1]),
        ("state=requested&state=failed", [1, 0]),
        ("kind=system_sheet", [1, 0]),
        ("state=ready", []),
        ("sort=requested", [0, 1]),
        ("sort=title", [1, 0]),
        ("sort=-title", [0, 1]),
        ("sort=nonsense", [1, 0]),
        ("page=99", [1, 0]),
    ],
)
def test_the_list_filters_and_sorts(as_user, editor, two, query, found):
    response = as_user(editor).get(f"{page('reports')}?{query}")
    assert [report.pk for report in response.context["page"]] == [two[index].pk for index in found]


@pytest.mark.parametrize("query", ["state=nonsense", "kind=x", "system=" + "a" * 500])
def test_a_filter_that_means_nothing_finds_nothing_and_says_so(as_user, editor, waiting, query):
    response = as_user(editor).get(f"{page('reports')}?{query}")
    assert response.status_code == 200 and not response.context["page"].object_list
    assert "Retirer tous les filtres" in response.content.decode()


def test_an_empty_list_teaches(as_user, editor, operator, system):
    assert "Produire le PDF de la fiche" in as_user(editor).get(page("reports")).content.decode()
    assert "Vos fonctions" in as_user(operator).get(page("reports")).content.decode()


def queries_of(client, url):
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.slow
def test_pages_cost_the_same_queries_whatever_the_number_of_reports(as_user, ask, body, editor, waiting):
    client, urls = as_user(editor), [page("reports"), page("report", waiting.uuid)]
    before = [queries_of(client, url) for url in urls]
    for _one in range(12):
        ask(system=SystemFactory(organization=body, created_by=editor))
    assert [queries_of(client, url) for url in urls] == before
    assert max(before) <= 12


@pytest.mark.parametrize("name", ["reports", "report", "page"])
def test_pages_are_whole_in_english(as_user, editor, waiting, name):
    url = page(name) if name == "reports" else page(name, waiting.uuid)
    response = as_user(editor).get(url.replace("/fr/", "/en/", 1))
    assert response.status_code == 200 and '<html lang="en-CA"' in response.content.decode()
