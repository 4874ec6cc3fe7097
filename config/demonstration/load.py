"""Loading the demonstration: each act is done by the fictional person who would do it, so the ledger is true."""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from config.demonstration import PASSWORD, read
from config.demonstration.assessments import load_assessments
from core import clock
from core.audit import NamedJob, Visitor
from organizations.models import Organization, User
from organizations.services.accounts import open_account
from organizations.services.members import give_role
from organizations.services.sheets import SHEET_FIELDS, create_organization
from organizations.services.succession import merge_organization, rename_organization
from organizations.workflow import Role
from registry.field_catalogue import CATALOGUE
from registry.models import (
    AISystem,
    ErrorReport,
    PublicationRequest,
    ScopeAnswer,
    Solution,
    SystemPart,
)
from registry.models.parts import PART_MODELS
from registry.services.citizens import answer_error_report
from registry.services.intake import keep_scope_answer, report_error
from registry.services.no_ai import attest_no_ai
from registry.services.parts import add_part, save_part
from registry.services.publication import answer_publication_request, publish_system
from registry.services.solutions import add_claim, enter_solution, use_solution
from registry.services.systems import begin_system, declare_system, save_answers

JOB = NamedJob("demonstration")

Bodies = dict[str, Organization]
People = dict[str, User]
Systems = dict[str, AISystem]


def is_loaded() -> bool:
    return Organization.objects.filter(is_demonstration=True).exists()


@transaction.atomic
def load_demonstration() -> dict[str, int]:
    """Everything or nothing; how much of each."""
    rows = read("organizations")
    bodies = _bodies(rows)
    people = _people(read("people")["people"], bodies)
    _successions(rows["successions"], bodies, people)
    solutions = {row["key"]: _solution(row, bodies, people) for row in read("solutions")["solutions"]}
    systems = {row["key"]: _system(row, bodies, people, solutions) for row in read("systems")["systems"]}
    for row in rows["attestations"]:
        _attestation(row, bodies, people)
    citizens = read("citizens")
    for row in citizens["error_reports"]:
        _error_report(row, systems, people)
    for row in citizens["scope_answers"]:
        _scope_answer(row, people)
    assessments = load_assessments(systems, people)
    found = {"organizations": len(bodies), "people": len(people), "systems": len(systems)}
    return found | {"assessments": assessments}


def _bodies(rows: dict[str, Any]) -> Bodies:
    """Each body, first under the name it bore where it was renamed since."""
    former = {row["successor"]: row for row in rows["successions"] if row["kind"] == "renamed"}
    bodies: Bodies = {}
    for row in rows["organizations"]:
        named = former.get(row["sigle"])
        bodies[row["sigle"]] = create_organization(
            sigle=named["former_sigle"] if named else row["sigle"],
            name_fr=named["former_name_fr"] if named else row["name_fr"],
            name_en=(named or row).get("former_name_en" if named else "name_en", ""),
            values={name: row[name] for name in SHEET_FIELDS if name in row},
            parent=bodies.get(row["parent"]),
            is_demonstration=True,
            by=JOB,
        )
    return bodies


def _people(rows: list[dict[str, Any]], bodies: Bodies) -> People:
    people: People = {}
    for row in rows:
        user = open_account(
            user=User(),
            email=row["login"],
            name=row["name_fr"],
            language=row.get("language", "fr"),
            password=None,
            by=JOB,
            is_verified=True,
            is_demonstration=True,
        )
        for role in row["roles"]:
            give_role(organization=bodies[row["organization"]], user=user, role=role, by=JOB)
        people[row["login"]] = user
    # One slow hash for all: a password that is printed on a screen protects nobody.
    User.objects.filter(is_demonstration=True).update(password=make_password(PASSWORD))
    return people


def _holder(role: Role, rows: list[dict[str, Any]], people: People, sigle: str = "") -> User:
    """The fictional person who holds this function, in that body when it matters."""
    return next(people[row["login"]] for row in rows if role in row["roles"] and sigle in {"", row["organization"]})


def _successions(rows: list[dict[str, Any]], bodies: Bodies, people: People) -> None:
    accounts = read("people")["people"]
    final = {row["sigle"]: row for row in read("organizations")["organizations"]}
    for row in rows:
        successor = bodies[row["successor"]]
        if row["kind"] == "renamed":
            now = final[row["successor"]]
            bodies[row["successor"]] = rename_organization(
                organization=successor,
                sigle=now["sigle"],
                name_fr=now["name_fr"],
                name_en=now.get("name_en", ""),
                effective_on=row["effective_on"],
                by=_holder(Role.ORGANIZATION_ADMIN, accounts, people, row["successor"]),
            )
        else:
            former = create_organization(
                sigle=row["former_sigle"],
                name_fr=row["former_name_fr"],
                values={"kind": successor.kind, "regimes": successor.regimes},
                parent=successor.parent,
                is_demonstration=True,
                by=JOB,
            )
            operator = _holder(Role.PLATFORM_ADMIN, accounts, people)
            merge_organization(organization=former, into=successor, effective_on=row["effective_on"], by=operator)
            bodies[row["successor"]] = Organization.objects.get(pk=successor.pk)


def _solution(row: dict[str, Any], bodies: Bodies, people: People) -> Solution:
    """Described by one body, with what its supplier claims."""
    by = people[row["by"]]
    solution = enter_solution(organization=bodies[row["organization"]], answers=row["fields"], by=by)
    for claim in row["claims"]:
        add_claim(solution=solution, answers=claim, by=by)
    return solution


def _system(row: dict[str, Any], bodies: Bodies, people: People, solutions: dict[str, Solution]) -> AISystem:
    """Begun, declared and published as far as its row says, by the people it names."""
    by = people[row["by"]]
    system = begin_system(organization=bodies[row["organization"]], answers=row["fields"], by=by)
    if "solution" in row:
        system = use_solution(system=system, solution=solutions[row["solution"]], seen=None, by=by)
    system = _parts(system, row.get("parts", {}), by)
    if row["status"] == "draft":
        return system
    system = declare_system(system=system, by=by)
    if row["publish"] == "nothing":
        return system
    _publish(system, row, people)
    if revision := row.get("revision"):
        system = save_answers(system=system, answers=revision["fields"], version=system.version, by=by)
        system = _parts(system, revision.get("parts", {}), by)
        _publish(system, row, people, revision=revision)
    return system


def _attestation(row: dict[str, Any], bodies: Bodies, people: People) -> None:
    attested_on = clock.civil_date(clock.now()) - timedelta(days=row["days_ago"])
    body, by = bodies[row["organization"]], people[row["by"]]
    attest_no_ai(organization=body, attested_on=attested_on, note=row["note_fr"], by=by)


def _parts(system: AISystem, parts: dict[str, list[dict[str, Any]]], by: User) -> AISystem:
    """The rows of the system, written by the person who answers for it; the system as they leave it."""
    for part, rows in parts.items():
        for row in rows:
            answers = {code: _cell(system, part, code, value) for code, value in row.items() if code != "replaces"}
            if former := row.get("replaces"):
                found = _named(system, part, former)
                save_part(row=found, part=part, answers=answers, version=found.version, by=by)
            else:
                add_part(system=system, part=part, answers=answers, by=by)
    return AISystem.objects.select_related("organization").get(pk=system.pk) if parts else system


def _cell(system: AISystem, part: str, code: str, value: Any) -> Any:
    """As a form hands it over: an exact number, and the benefit that a measure names."""
    kind = CATALOGUE.part(part).field(code).kind
    if kind == "row":
        return _named(system, "benefits", value)
    return Decimal(str(value)) if kind == "decimal" else value


def _named(system: AISystem, part: str, name: str) -> SystemPart:
    rows: Any = PART_MODELS[part]._default_manager
    found: SystemPart = rows.get(system=system, name_fr=name)
    return found


def _publish(system: AISystem, row: dict[str, Any], people: People, *, revision: dict[str, Any] | None = None) -> None:
    """Where the body requires a second look, the person of `approved_by` gives it, or it waits for theirs."""
    change = {"change_note": revision["change_note_fr"], "is_major": revision["is_major"]} if revision else {}
    asked = publish_system(system=system, by=people[row["by"]], **change)
    if isinstance(asked, PublicationRequest) and not (revision or {}).get("waits"):
        answer_publication_request(request=asked, move="approve", by=people[row["approved_by"]])


def _error_report(row: dict[str, Any], systems: Systems, people: People) -> None:
    """A visitor's report, set back in time so that the queue has something old and something new."""
    report = report_error(
        reference=str(systems[row["system"]].reference),
        message=row["message_fr"],
        email=row["email"],
        by=Visitor(),
        request_key=uuid.uuid4(),
    )
    received_at = clock.now() - timedelta(days=row["days_ago"])
    ErrorReport.objects.filter(pk=report.pk).update(received_at=received_at)
    if row.get("answer_fr"):
        answer_error_report(report=report, answer=row["answer_fr"], by=people[row["answered_by"]])


def _scope_answer(row: dict[str, Any], people: People) -> None:
    kept = keep_scope_answer(
        answers=row["answers"], tool=row["tool_fr"], by=people[row["by"]], request_key=uuid.uuid4()
    )
    asked_at = clock.now() - timedelta(days=row["days_ago"])
    ScopeAnswer.objects.filter(pk=kept.pk).update(asked_at=asked_at)


def shown_accounts() -> list[tuple[str, str, str]]:
    """E-mail, function and what to try, of the accounts that `make start` prints."""
    return [(row["login"], row["name_fr"], row["try_fr"]) for row in read("people")["people"] if row.get("shown")]
