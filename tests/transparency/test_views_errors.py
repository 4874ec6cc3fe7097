"""«Signaler une erreur»: nothing typed is lost, robots are asked again, the answer is read under a code."""

import re
from datetime import datetime
from html import unescape

import pytest
from django.utils import timezone

from registry.models import ErrorReport
from registry.services import intake
from tests.transparency.conftest import form_key

MESSAGE = "Le numéro de téléphone n'existe plus."


@pytest.fixture
def address(sheet) -> str:
    return f"/en/systemes/{sheet.reference}/signaler/"


def send(client, address: str, *, form: str = "ErrorReportForm", age: int = 30, **changes):
    data = {"message": MESSAGE, "email": "", "site": "", "request_key": form_key(form, age=age)} | changes
    return client.post(address, data)


def test_a_person_gets_a_code_and_a_page_to_come_back_to(address, visitor):
    answer = send(visitor, address)
    report = ErrorReport.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/en/signalements/{report.code}/?recu=1")
    page = visitor.get(answer.headers["Location"]).content.decode()
    assert report.code in page and "Thank you" in page and "Waiting for an answer" in page
    assert MESSAGE not in unescape(page), "only the body reads the message"
    assert (report.message, report.language) == (MESSAGE, "en")


def test_the_form_works_as_it_is_shown(address, visitor, monkeypatch):
    monkeypatch.setattr("transparency.forms.SentByAPerson.SHORTEST", 0)
    page = visitor.get(address).content.decode()
    key = unescape(re.search(r'name="request_key" value="([^"]+)"', page)[1])
    assert send(visitor, address, request_key=key).status_code == 303


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"message": " "}, "Write what is wrong"),
        ({"message": "x" * 2001}, "2000 characters at most"),
        ({"email": "moi"}, "Write the e-mail in full"),
        ({"site": "https://spam.example"}, "must stay empty"),
        ({"request_key": "faux"}, "came back incomplete"),
        ({"request_key": ""}, "came back incomplete"),
        ({"form": "ScopeForm"}, "came back incomplete"),
        ({"age": 90_000}, "more than a day"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(address, visitor, changes, sentence):
    answer = send(visitor, address, **({"message": MESSAGE, "email": "moi@exemple.example"} | changes))
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert sentence in page
    assert "govuk-error-summary" in page and "<title>Error:" in page
    assert changes.get("message", MESSAGE).strip() in page
    assert not ErrorReport.objects.exists()


def test_a_browser_that_fills_in_at_once_is_asked_to_wait_and_told_of_no_mistake(address, visitor):
    key = form_key("ErrorReportForm", age=0)
    answer = send(visitor, address, request_key=key, email="moi@exemple.example")
    page = unescape(answer.content.decode())
    assert answer.status_code == 422 and not ErrorReport.objects.exists()
    assert "Wait a few seconds, then send again." in page and MESSAGE in page and "moi@exemple.example" in page
    assert "govuk-error-summary" not in page and "<title>Error:" not in page and "govuk-input--error" not in page
    assert f'name="request_key" value="{key}"' in page, "the same key, now old enough"


def test_quick_and_incomplete_is_told_only_what_is_missing(address, visitor):
    page = unescape(send(visitor, address, age=0, message="").content.decode())
    assert "Write what is wrong" in page and "Wait a few seconds" not in page


@pytest.mark.parametrize(
    ("received", "due"), [("2026-11-20 15:00", "December 4, 2026"), ("2026-11-21 15:00", "December 4, 2026")]
)
def test_the_delay_is_told_before_and_after(address, visitor, received, due):
    assert "within 10 working days" in visitor.get(address).content.decode()
    send(visitor, address)
    ErrorReport.objects.update(received_at=datetime.fromisoformat(f"{received}+00:00"))
    code = ErrorReport.objects.get().code
    assert f"by {due} at the latest" in visitor.get(f"/en/signalements/{code}/?recu=1").content.decode()


@pytest.mark.parametrize("typed", ["ABCD-EFGH-2346", "ABCD", "ABCD-EFG", "ABCD-EFGH-2345-6", "<b>", "é" * 300])
def test_an_address_with_a_mistyped_code_asks_for_the_code_again(db, visitor, typed):
    answer = visitor.get(f"/en/signalements/{typed}/")
    page = answer.content.decode()
    assert answer.status_code == 404 and "No report has this code" in page and 'name="code"' in page
    assert "colleague" not in page and "<b>/" not in page


@pytest.mark.parametrize("path", ["signalements/a/b/", "systemes/QC-RIEN-0001/", "rien/", "organismes/rien/"])
def test_a_public_address_that_leads_nowhere_says_what_a_citizen_may_do(db, visitor, path):
    answer = visitor.get(f"/en/{path}")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "Nothing is published at this address" in page and "colleague" not in page
    assert 'href="/en/signalements/"' in page and 'href="/en/organismes/"' in page and 'name="q"' in page


@pytest.mark.parametrize("changes", [{"request_key": "faux"}, {"site": "x"}, {"age": 90_000}])
def test_a_page_that_asks_again_carries_a_new_key(address, visitor, changes, monkeypatch):
    monkeypatch.setattr("transparency.forms.SentByAPerson.SHORTEST", 0)
    page = send(visitor, address, **changes).content.decode()
    key = unescape(re.search(r'name="request_key" value="([^"]+)"', page)[1])
    assert send(visitor, address, request_key=key).status_code == 303


def test_pressed_twice_it_is_sent_once(address, visitor):
    key = form_key("ErrorReportForm")
    first, second = (send(visitor, address, request_key=key) for _time in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert ErrorReport.objects.count() == 1


def test_too_many_open_reports_are_refused_with_the_text_kept(address, visitor, monkeypatch):
    monkeypatch.setattr(intake, "MOST_OPEN_REPORTS", 0)
    answer = send(visitor, address)
    assert answer.status_code == 409
    assert MESSAGE in unescape(answer.content.decode())


def test_the_answer_of_the_body_is_read_under_the_code(address, visitor, editor):
    send(visitor, address)
    report = ErrorReport.objects.get()
    report.state, report.answer_fr = "answered", "Merci, c'est corrigé. <b>"
    report.answered_at, report.answered_by = timezone.now(), editor
    report.save()
    page = visitor.get(f"/en/signalements/{report.code}/").content.decode()
    assert "Merci, c&#x27;est corrigé. &lt;b&gt;" in page and "Answered" in page
    assert editor.name not in page and editor.email not in page


@pytest.mark.parametrize("change", [str, str.lower, lambda code: code.replace("-", " "), lambda code: f" {code} "])
def test_a_code_is_found_however_it_was_copied(address, visitor, change):
    send(visitor, address)
    report = ErrorReport.objects.get()
    answer = visitor.get("/en/signalements/", {"code": change(report.code)})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/en/signalements/{report.code}/")


@pytest.mark.parametrize("code", ["ABCD", "\0", "é" * 50, "'; --", "<script>"])
def test_an_unknown_code_gets_a_sentence(db, visitor, code):
    answer = visitor.get("/en/signalements/", {"code": code})
    assert answer.status_code == 200
    assert "No report has this code" in answer.content.decode()
    assert "<script>" not in re.sub(r"<script (type|src)[^>]*>", "", answer.content.decode())


def test_report_pages_are_not_for_search_engines(address, visitor):
    send(visitor, address)
    report = ErrorReport.objects.get()
    for path in (address, f"/en/signalements/{report.code}/"):
        assert '<meta name="robots" content="noindex">' in visitor.get(path).content.decode()
