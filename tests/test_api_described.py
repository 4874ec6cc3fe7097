"""What the API does is what its description says, both ways: parameters, codes, ETag, conditions."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from assessments.questionnaires import DEPTHS
from assessments.serializers.words import CERTAINTY_WORDS, ORIGIN_WORDS, RESULT_WORDS
from assessments.services.words import RULE_WORDS
from assessments.workflow import AnswerOrigin, AssessmentState, ResidualLevel
from core.rest.schema import description
from registry.field_catalogue import CATALOGUE
from registry.rules.gates import Certainty, RuleOrigin
from registry.services.visibility import CHOICES
from registry.workflow import Affected, Autonomy, Origin, Phase, PublicationKind, Status, YesNoUnsure
from reports.workflow import ReportKind, ReportState
from tests.access.addresses import asked_for
from tests.access.table import Row, read_table
from tests.access.world import World, built_once

pytestmark = pytest.mark.django_db
world = pytest.fixture(scope="module")(built_once)

API = [row for row in read_table() if row.page.split(":")[0].endswith("_api")]
READ = [row for row in API if row.method == "GET" and dict(row.cells)["every_function"].startswith("200")]
CREATIONS = {"begin_system", "add_row", "begin_assessment", "add_evidence", "deposit_assessment", "open_deposit"}
CREATIONS |= {"open_thread", "add_comment", "invite_guest", "ask_for_assessment_pdf"}
WRITING = ("post", "put", "patch", "delete")


def reader(world: World, row: Row) -> Client:
    cache.clear()
    client = Client()
    (visitor, *_others) = world.crowd.of(row.page, "every_function")
    client.cookies[settings.SESSION_COOKIE_NAME] = visitor.session
    return client


def operation_of(path: str) -> Mapping[str, Any]:
    """That of the description whose address this is; the most exact one."""
    paths = description()["paths"]
    fitting = [each for each in paths if re.fullmatch(re.sub(r"{[a-z_]+}", "[^/]+", each), path)]
    found: Mapping[str, Any] = paths[min(fitting, key=lambda each: each.count("{"))]["get"]
    return found


def documented(path: str) -> dict[str, Any]:
    """Name of each parameter → its schema; the description itself has none."""
    if path.endswith("openapi.json"):
        return {}
    return {one["name"]: one["schema"] for one in operation_of(path).get("parameters", []) if one["in"] == "query"}


# --- Parameters -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("row", READ, ids=str)
def test_the_parameters_that_are_read_are_those_that_are_described(row: Row, world: World) -> None:
    path, client = asked_for(row, world).path, reader(world, row)
    told = client.get(path, {"nothing_of_ours": "1"})
    assert told.status_code == 400 and set(told.json()["allowed"]) == documented(path).keys(), told.content
    for name, schema in documented(path).items():
        codes = schema.get("enum") or schema.get("items", {}).get("enum")
        refused = client.get(path, {name: "nothing of ours"})
        if codes:
            assert refused.status_code == 400 and refused.json()["allowed"] == codes, (name, refused.content)
            assert client.get(path, {name: codes[-1]}).status_code == 200, name
        else:
            assert refused.status_code in ({200} if name == "q" else {400}), name


@pytest.mark.parametrize("row", READ, ids=str)
@pytest.mark.parametrize("text", ["\x00", "a\x1bb", "\x85"])
def test_a_control_character_is_refused_in_every_parameter(row: Row, world: World, text: str) -> None:
    path, client = asked_for(row, world).path, reader(world, row)
    for name in documented(path):
        told = client.get(path, {name: text})
        assert told.status_code == 400 and told.json()["parameter"] == name, name


def test_what_writes_takes_no_parameter(world: World) -> None:
    rows = [row for row in API if row.method != "GET"]
    for row in rows:
        asked = asked_for(row, world)
        answer = reader(world, row).generic(asked.method, f"{asked.path}?version=1")
        assert answer.status_code == 400 and answer.json()["allowed"] == [], str(row)


# --- ETag -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("row", READ, ids=str)
def test_what_was_read_has_an_etag_and_is_not_sent_again(row: Row, world: World) -> None:
    path, client = asked_for(row, world).path, reader(world, row)
    first = client.get(path)
    tag = first.headers["ETag"]
    for known in (tag, f"W/{tag}", f'"autre", {tag}', "*"):
        again = client.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag), known
        assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    assert client.head(path).headers["ETag"] == tag
    # A file is handed out piece by piece.
    assert client.get(path, headers={"If-None-Match": '"autre"'}).getvalue() == first.getvalue()
    if not row.page.startswith("public_api:"):
        assert first.headers["Cache-Control"] == "private, no-store"


def test_the_etag_of_words_is_of_their_language(world: World) -> None:
    row = next(row for row in READ if row.page == "registry_api:phase" and row.case == "declared")
    path, client = asked_for(row, world).path, reader(world, row)
    french = client.get(path, headers={"Accept-Language": "fr"}).headers["ETag"]
    answer = client.get(path, headers={"Accept-Language": "en", "If-None-Match": french})
    assert answer.status_code == 200 and answer.headers["ETag"] != french


def test_every_reading_is_described_with_its_etag_and_304() -> None:
    for path, by_method in description()["paths"].items():
        one = by_method.get("get")
        if one:
            assert "If-None-Match" in {each["name"] for each in one["parameters"]}, path
            assert "304" in one["responses"] and "ETag" in one["responses"]["200"]["headers"], path


# --- Conditions -----------------------------------------------------------------------------------------------------
def test_every_change_of_what_exists_demands_if_match_and_no_creation_does() -> None:
    for path, by_method in description()["paths"].items():
        for method in by_method.keys() & set(WRITING):
            one = by_method[method]
            asked = {each["name"]: each.get("required", False) for each in one["parameters"] if each["in"] == "header"}
            if one["operationId"] in CREATIONS:
                assert "If-Match" not in asked and not {"412", "428"} & one["responses"].keys(), path
            else:
                assert asked["If-Match"] and {"412", "428"} <= one["responses"].keys(), path


# --- Codes ----------------------------------------------------------------------------------------------------------
KINDS = {each.value for each in PublicationKind}
ENUMS: dict[str, set[str]] = {
    # What was withdrawn is in no list.
    "Card.kind": KINDS - {"withdrawn"},
    "Version.kind": KINDS,
    "Publication.kind": KINDS,
    "Published.kind": KINDS,
    "Published.state": {"public", "second_look"},
    "System.status": {each.value for each in Status},
    "Gate.origin": {each.value for each in RuleOrigin},
    "Gate.certainty": {each.value for each in Certainty},
    "PhaseChange.to": {each.value for each in Phase},
    "FieldVisibility.visibility": set(CHOICES),
    "FieldVisibility.proposed": set(CHOICES),
    "FieldVisibility.allowed": set(CHOICES),
    "VisibilityChoice.visibility": set(CHOICES),
    "AssessmentRow.state": {each.value for each in AssessmentState},
    "Assessment.state": {each.value for each in AssessmentState},
    **{f"Depth.{name}": set(DEPTHS) for name in ("asked", "recommended", "floor", "chosen")},
    "DepthChoice.depth": set(DEPTHS),
    "RiskProblem.rule": set(RULE_WORDS),
    "Decision.move": {"approve", "send_back"},
    "Outcome.result": set(RESULT_WORDS),
    "Source.origin": set(ORIGIN_WORDS),
    "Source.certainty": set(CERTAINTY_WORDS),
    "Deposit.residual_level": {each.value for each in ResidualLevel},
    "DepositSent.residual_level": {each.value for each in ResidualLevel},
    "Thread.state": {"open", "resolved"},
    "Guest.state": {"open", "finished", "past", "withdrawn"},
    "Guest.language": {"fr", "en"},
    "Invited.state": {"open", "finished", "past", "withdrawn"},
    "Invited.language": {"fr", "en"},
    "Invitation.language": {"fr", "en"},
    "Report.kind": {each.value for each in ReportKind},
    "Report.state": {each.value for each in ReportState},
    "Report.language": {"fr", "en"},
    "ReportAsked.language": {"fr", "en"},
    "AnswerChange.origin": {each.value for each in AnswerOrigin},
    **{f"Answers.{one.code}": {choice.code for choice in one.choices} for one in CATALOGUE.fields if one.choices},
}
OF_THE_WORKFLOW = {
    "phase": Phase,
    "affected": Affected,
    "autonomy": Autonomy,
    "personal_information": YesNoUnsure,
    "origin": Origin,
}


def enums() -> Iterator[tuple[str, set[str]]]:
    for name, schema in description()["components"]["schemas"].items():
        for member, shape in schema.get("properties", {}).items():
            codes = shape.get("enum") or shape.get("items", {}).get("enum")
            if codes:
                yield f"{name}.{member}", set(codes) - {"", None}


def test_every_enum_of_the_description_is_that_of_the_program() -> None:
    assert dict(enums()) == ENUMS
    for field, workflow in OF_THE_WORKFLOW.items():
        assert ENUMS[f"Answers.{field}"] == {each.value for each in workflow}, field


# Decisions are a person's: no token opens them.
BY_HAND = {"decide_assessment", "accept_risk", "sign_screening"}


# --- Scopes ---------------------------------------------------------------------------------------------------------
def test_every_operation_of_staff_says_which_scope_a_token_needs_and_reading_needs_that_of_reading() -> None:
    for path, by_method in description()["paths"].items():
        for method, one in by_method.items():
            scopes = [scope for way in one.get("security", ()) for scope in way.get("token", ())]
            if one["operationId"] in BY_HAND:
                assert not scopes and one["security"], (method, path)
            elif tag := {"systems", "assessments"} & {*one["tags"]}:
                assert len(scopes) == 1, (method, path)
                assert (scopes == [f"read_{tag.pop()}"]) == (method == "get"), (method, path)
            else:
                assert not scopes, (method, path)
