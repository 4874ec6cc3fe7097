"""«Suis-je visé?» from the four questions to a page one can print."""

import re
import uuid
from html import unescape

import pytest
from django.core import signing
from django.urls import reverse

from registry.models import ScopeAnswer
from registry.public.scope import SCOPE
from tests.transparency.conftest import form_key
from transparency.views.scope import SALT

ADDRESS = "/en/suis-je-vise/"


def send(client, answers, **changes):
    return client.post(ADDRESS, {"request_key": form_key("ScopeForm"), "tool": "Copilot"} | dict(answers) | changes)


def test_the_four_questions_and_their_answers_come_from_the_data_file(db, visitor):
    page = unescape(visitor.get(ADDRESS).content.decode())
    for question in SCOPE.questions:
        assert question.question["en"] in page and question.help["en"] in page
        assert len(re.findall(rf'type="radio" value="\w+"|name="{question.code}"', page)) >= 3
    for example in SCOPE.examples:
        assert example.name["en"] in page


@pytest.mark.parametrize("example", SCOPE.examples, ids=lambda example: example.code)
def test_the_answer_gives_its_reason_origin_and_certainty(db, visitor, example):
    answer = send(visitor, example.answers)
    assert answer.status_code == 303
    page = unescape(visitor.get(answer.headers["Location"]).content.decode())
    kept = ScopeAnswer.objects.get()
    assert kept.result == example.verdict
    assert SCOPE.verdicts[example.verdict].label["en"] in page
    assert "Origin:" in page and "official text" in page
    assert str(kept.uuid) in page and "Copilot" in page
    assert ("Sign in and declare" in page) == (example.verdict != "no")


def test_what_would_change_the_answer_is_said(db, visitor):
    answer = send(visitor, {"used": "yes", "ai": "yes", "decides": "no", "personal": "no"})
    page = unescape(visitor.get(answer.headers["Location"]).content.decode())
    assert "If you answered no, the result would be: No" in page
    assert "To be checked with your AI lead" in page, "for a body that is not under the LGGRI"


def test_a_missing_answer_is_asked_for_and_the_others_are_kept(db, visitor):
    answer = send(visitor, {"used": "yes", "ai": "no"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count('<a href="#id_') == 2
    assert re.search(r'name="used" type="radio" value="yes" checked', page)
    assert not ScopeAnswer.objects.exists()


def test_the_answer_of_a_signed_in_person_is_kept_under_their_name(as_user, editor):
    send(as_user(editor), SCOPE.examples[0].answers)
    assert ScopeAnswer.objects.get().user == editor


def test_the_address_of_an_answer_cannot_be_made_up(db, visitor):
    answer = send(visitor, SCOPE.examples[0].answers)
    address = answer.headers["Location"]
    assert visitor.get(address).status_code == 200
    assert visitor.get(address[:-3] + "x/").status_code == 404
    other = signing.dumps({"answers": {}}, salt="elsewhere")
    assert visitor.get(f"{ADDRESS}reponse/{other}/").status_code == 404


def test_an_answer_under_older_rules_says_so(db, visitor):
    told = {
        "number": "0" * 32,
        "day": "2025-01-02",
        "tool": "",
        "answers": dict(SCOPE.examples[0].answers),
        "result": "no",
        "rules": "0.9",
    }
    page = visitor.get(f"{ADDRESS}reponse/{signing.dumps(told, salt=SALT)}/").content.decode()
    assert "The rules have changed since" in page and "0.9" in page


@pytest.mark.parametrize(("decides", "shown"), [("no", True), ("yes", False)])
def test_an_assistant_leads_to_the_page_of_common_tools(db, visitor, decides, shown):
    told = {
        "number": uuid.uuid4().hex, "day": "2026-11-22", "tool": "", "result": "yes", "rules": "1.0",
        "answers": {"used": "yes", "ai": "yes", "decides": decides, "personal": "no"},
    }  # fmt: skip
    address = reverse("transparency:scope_answer", args=[signing.dumps(told, salt=SALT, compress=True)])
    page = visitor.get(address).content.decode()
    assert (reverse("registry:common_tools") in page) == shown
