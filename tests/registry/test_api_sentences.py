"""What a program is told of its mistakes: one clear sentence each, that says what to send, with no technical word."""

import re
from typing import Any

import pytest

from registry.field_catalogue import CATALOGUE
from registry.services.systems import begin_system
from tests.registry.api import Program, at, refused

pytestmark = pytest.mark.django_db
TECHNICAL = re.compile(
    r"\b(str|int|float|bool|dict|list of items|NoneType|tuple|boolean|dictionary|integer|string|array|YYYY|MM|DD|"
    r"datetime|UUID|null characters?|not a valid|may not be|is required|e308)\b|&lt;|Traceback"
)
# Of another kind than what each field waits for, whichever it is.
WRONG: list[Any] = [
    None,
    True,
    3,
    1.5,
    -1,
    10**40,
    10**25,
    "x",
    "",
    "a\0b",
    "x" * 20_000,
    "2026-13-45",
    [],
    [3],
    ["x"],
    {},
    {"a": 1},
]


@pytest.fixture
def program(editor) -> Program:
    return Program(editor, language="en")


@pytest.fixture
def draft(body, editor):
    return begin_system(organization=body, answers={"name_fr": "Brouillon"}, by=editor)


def sentences(answer: Any) -> list[str]:
    told = answer.json()
    return [told.get("detail", ""), *(one["detail"] for one in told.get("errors", []))]


def test_an_address_that_takes_no_member_says_so(program, draft):
    told = program.act(at("declare", draft.uuid), {"zzz": 1})
    assert told.status_code == 422 and sentences(told)[-1] == "This address takes no member: send an empty object."


def check(answer: Any) -> None:
    assert answer.status_code < 500, answer.content
    if answer.status_code >= 400:
        for sentence in sentences(answer):
            assert re.search(r"[.…:]$", sentence) and not TECHNICAL.search(sentence), sentence


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: repr(wrong)[:20])
def test_no_sentence_is_technical(program, draft, system, wrong):
    codes = [field.code for field in (*CATALOGUE.fields, *CATALOGUE.twins)]
    check(program.patch(at("system", draft.uuid), dict.fromkeys(codes, wrong), If_Match="*"))
    check(program.patch(at("system", draft.uuid), wrong, If_Match="*"))
    check(program.post(at("systems"), {"body": wrong, "answers": {"name_fr": "x"}}))
    for part in CATALOGUE.parts:
        fields = dict.fromkeys([field.code for field in part.fields], wrong)
        check(program.post(at("parts", draft.uuid, part.code), {"answers": fields}))
    check(program.act(at("phase", system.uuid), dict.fromkeys(("to", "on", "reason"), wrong)))
    check(program.act(at("publish", system.uuid), dict.fromkeys(("change_note", "is_major"), wrong)))
    address, members = at("field_visibility", draft.uuid, "risks_fr"), dict.fromkeys(("visibility", "reason"), wrong)
    check(program.send("PUT", address, members, If_Match="*"))


@pytest.mark.parametrize(
    ("field", "sent", "said"),
    [
        ("started_on", "23/11/2026", "Write the date like this: 2026-11-23."),
        ("started_on", 2026, "Write the date like this: 2026-11-23."),
        ("affected", "staff", "Send a list: its elements between square brackets."),
        ("need_fr", 3, "Send a text, between quotation marks."),
        ("need_fr", "a\0b", "This text holds a control character: send its words alone."),
        ("contract_amount", "12", "Send a whole number, without quotation marks."),
    ],
)
def test_each_mistake_says_what_to_send(program, draft, field, sent, said):
    told = refused(program.patch(at("system", draft.uuid), {field: sent}, If_Match="*"), 422, "invalid")
    assert told["errors"] == [{"field": f"answers.{field}", "detail": said}]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            '{"body": "MTEST", "body": "AUTRE"}',
            "The member “body” is there twice in the same object: send it once.",
        ),
        ('{"a": {"b\x00\x1b": 1, "c": 1, "c": 2}}', "The request is not JSON: look at line 1, character 10."),
        ('{"a": [{"c": 1, "c": 2}]}', "The member “c” is there twice in the same object: send it once."),
        ('{"body": NaN}', "“NaN” is no number in JSON: send a number, or null for none."),
        (b'{"body": "\xff"}', "The request holds characters that are not UTF-8: send it in UTF-8."),
        ('{"body": "\\ud800"}', "The request holds characters that are not UTF-8: send it in UTF-8."),
        ('{\n  "body": \n}', "The request is not JSON: look at line 3, character 1."),
        ('{"n": ' + "9" * 5_000 + "}", "The request holds a number of more than 30 digits: send a shorter one."),
        ("[" * 100_000, "The request has too many levels: send 20 at most."),
        ('{"body": ' + "[" * 30 + "]" * 30 + "}", "The request has too many levels: send 20 at most."),
    ],
    ids=lambda each: repr(each)[:24],
)
def test_what_cannot_be_read_is_told_by_its_cause(program, content, said):
    assert refused(program.post(at("systems"), content), 400, "malformed")["detail"] == said


@pytest.mark.parametrize("length", ["9" * 5_000, "²", "-1", "", "1e9"])
def test_a_length_that_is_none_is_no_fault(program, length):
    answer = program.post(at("systems"), {"body": "MTEST", "answers": {}}, Content_Length=length)
    assert 400 <= answer.status_code < 500
