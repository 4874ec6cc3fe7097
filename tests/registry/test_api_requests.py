"""Requests that no program should send: each gets a problem, none a page nor a fault."""

import json

import pytest
from django.test import Client

from organizations.workflow import Role
from registry.models import AISystem
from tests.factories.organizations import person
from tests.registry.api import PROBLEM, Program, at, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(editor) -> Program:
    return Program(editor)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "null",
        "[]",
        "3",
        '"texte"',
        '{"body": NaN}',
        '{"body": Infinity}',
        '{"body": "MTEST", "body": "AUTRE"}',
        '{"body": "\\ud800"}',
        b'{"body": "\xff"}',
        b'{"body": "\x00"}',
        b"\xef\xbb\xbf{}",
        "[" * 100_000,
        '{"a":' * 5_000 + "1" + "}" * 5_000,
        '{"body": ' + "[" * 30 + "]" * 30 + "}",
        '{"n": ' + "9" * 5_000 + "}",
    ],
    ids=lambda content: repr(content[:12]),
)
def test_what_is_not_one_json_object_is_malformed(program, content):
    refused(
        program.post(at("systems"), content), 422 if content == "" else 400, "invalid" if content == "" else "malformed"
    )
    assert not AISystem.objects.exists()


def test_a_request_that_is_too_large_is_refused_before_it_is_read(program):
    large = json.dumps({"body": "MTEST", "answers": {"name_fr": "x" * 1_100_000}})
    refused(program.post(at("systems"), large), 413, "too-large")


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x"])
def test_only_json_is_read(program, media_type):
    headers = {"Authorization": f"Bearer {program.secret}"}
    answer = Client().generic("POST", at("systems"), b"a=1", content_type=media_type, headers=headers)
    refused(answer, 415, "media-type")


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/png;q=0.8", ";", "application/json;q"])
def test_only_json_is_given(program, accept):
    answer = program.get(at("systems"), Accept=accept)
    assert answer.status_code in {200, 406} and "json" in answer.headers["Content-Type"]
    if "application/json" not in accept:
        refused(answer, 406, "not-json")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "PATCH"])
def test_a_method_that_is_not_there_is_refused(program, method):
    answer = program.send(method, at("systems"))
    refused(answer, 405, "method")
    assert set(answer.headers["Allow"].split(", ")) >= {"GET", "POST"}


@pytest.mark.parametrize(
    "path",
    [
        "/api/v2/systems/",
        "/api/v1/systems",
        "/api/v1/systems/1/",
        "/api/v1/systems/%00/",
        "/api/v1/publications/%00/",
        "/api/v1/publications/..%2f..%2fetc/",
        "/api/v1/" + "x" * 5_000 + "/",
        "/api/v1/%F0%9F%A6%89",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_nothing_at_an_address_is_a_problem_too(path, method):
    refused(Client().generic(method, path), 404, "not-found")


def test_a_host_that_is_not_ours_is_told_to_a_program_as_a_problem():
    refused(
        Client(raise_request_exception=False).get("/api/v1/bodies/", headers={"Host": "ailleurs.example"}),
        400,
        "malformed",
    )


def test_a_fault_is_a_problem_without_its_cause(program, system, monkeypatch):
    monkeypatch.setattr(AISystem, "value", lambda self, field: 1 // 0)
    told = refused(program.get(at("system", system.uuid)), 500, "fault")
    assert "division" not in json.dumps(told)


def test_too_many_requests_are_told_to_wait(program, monkeypatch):
    from core.rest.throttling import StaffThrottle

    monkeypatch.setattr(StaffThrottle, "rate", "2/min", raising=False)
    program.get(at("systems"))
    program.get(at("systems"))
    answer = program.get(at("systems"))
    refused(answer, 429, "too-often")
    assert 0 < int(answer.headers["Retry-After"]) <= 60


def test_each_token_is_counted_apart(program, body, monkeypatch):
    from core.rest.throttling import StaffThrottle

    other = Program(person(body, Role.AI_LEAD))
    monkeypatch.setattr(StaffThrottle, "rate", "1/min", raising=False)
    assert program.get(at("systems")).status_code == other.get(at("systems")).status_code == 200


def test_pages_of_people_stay_pages(client):
    answer = client.get("/fr/rien/")
    assert answer.status_code == 404 and answer.headers["Content-Type"].startswith("text/html")
    assert PROBLEM not in answer.headers["Content-Type"]
