"""Declaring a system: begun, saved as one types, then declared under a number that never changes."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.audit import record
from core.services import InvalidInput, NotAllowed, NotPossibleNow, check_unchanged, created_once
from core.text import reader_language
from organizations.models import Organization, User
from registry import permissions
from registry.field_catalogue import CATALOGUE, Field
from registry.models import AISystem
from registry.services.answers import Answers, clean_answer, merged, record_change_by_program
from registry.services.coverage import follow_register
from registry.services.days import check_days
from registry.services.parts import check_not_put_away
from registry.workflow import Phase, Status

DAYS = {field.code: field for field in CATALOGUE.fields if field.kind == "date"}
EDITABLE = frozenset(field.code for field in (*CATALOGUE.fields, *CATALOGUE.twins))


@transaction.atomic
def begin_system(
    *, organization: Organization, answers: Answers, by: User, request_key: UUID | None = None
) -> AISystem:
    """Open a draft. A name is enough; everything else may come later."""
    check_may_declare(by, organization)
    check_open(organization)
    typed = _clean(answers)
    if not typed.get("name_fr"):
        raise InvalidInput(_("Give the system a name: the rest can wait."), field="name_fr")

    def create() -> AISystem:
        moment = clock.now()
        stamps = {"created_at": moment, "created_by": by, "updated_at": moment, "updated_by": by}
        system = AISystem(organization=organization, lead=by, **stamps)
        _write(system, typed)
        system.save(force_insert=True)
        record(by=by, verb="begin", thing=system, organization=organization)
        return system

    return created_once(key=request_key, by=by, model=AISystem, create=create)


@transaction.atomic
def save_answers(
    *, system: AISystem, answers: Answers, version: int, by: User, unsettled: Collection[str] = ()
) -> AISystem:
    """Keep what a person typed since they read `version`. An autosave: kept by history, without an event
    but for a program's.

    Another person's answers to other fields stand; where both changed the same field, `EditConflict` shows both texts
    and nothing is written (`save_undisputed` then saves the rest). `unsettled`: told to be in dispute already.
    """
    if not permissions.can_edit(by, system):
        raise NotAllowed(_("Your functions in this body do not let you change this system."))
    system = AISystem.objects.select_for_update(of=("self",)).select_related("organization").get(pk=system.pk)
    typed = {c: each for c, each in _clean(answers).items() if not CATALOGUE.field(c).is_same(each, system.value(c))}
    if typed:
        check_not_put_away(system)
    typed = merged(system, typed, version, field=CATALOGUE.field, unsettled=unsettled)
    if not typed:
        return system
    _check_keeps_answers(system, typed)
    _write(system, typed)
    system.version += 1
    system.updated_at, system.updated_by = clock.now(), by
    system.save()
    record_change_by_program(thing=system, organization=system.organization, by=by)
    return system


@transaction.atomic
def declare_system(*, system: AISystem, by: User, version: int | None = None) -> AISystem:
    """Enter the draft in the register: its twelve answers are there and it gets its number. Raises `InvalidInput`.
    `version`: that of the draft that a program read.
    """
    check_may_declare(by, system.organization)
    # The body first, as when a whole inventory is declared: two people who lock in two orders wait for each other.
    organization = Organization.objects.select_for_update().get(pk=system.organization_id)
    system = AISystem.objects.select_for_update(of=("self",)).get(pk=system.pk)
    check_unchanged(system, version)
    check_not_put_away(system)
    if system.organization_id != organization.pk:
        raise NotPossibleNow(_("Somebody gave this draft to another body meanwhile. Open it again."))
    if system.is_declared:
        raise NotPossibleNow(
            _("This system is declared already, under the number %(number)s.") % {"number": system.reference}
        )
    if missing := missing_answers(system):
        labels = ", ".join(field.label[reader_language()] for field in missing)
        raise InvalidInput(
            _("Answer these questions before declaring: %(labels)s.") % {"labels": labels}, field=missing[0].code
        )
    check_open(organization)
    system.reference = reference_of(organization)
    organization.next_number += 1
    organization.save(update_fields=["next_number"])
    system.status, system.declared_at, system.declared_by = Status.DECLARED, clock.now(), by
    system.version += 1
    system.save()
    record(by=by, verb="declare", thing=system, organization=organization, facts={"phase": system.phase})
    follow_register(organization=organization, by=by)
    return system


def check_may_declare(by: User, organization: Organization) -> None:
    if not permissions.can_declare(by, organization):
        raise NotAllowed(_("Your functions in this body do not let you declare a system. Ask its administration."))


def check_open(organization: Organization) -> None:
    """A closed body gives out no number any more."""
    if organization.closed_on:
        raise NotPossibleNow(_("This body is closed: declare the system in the one that carries on its work."))


def _check_keeps_answers(system: AISystem, typed: Answers) -> None:
    """A draft keeps its name; once declared, a system keeps its twelve answers: they may change, never go."""
    for field in kept_answers(system):
        if field.code in typed and not typed[field.code]:
            raise InvalidInput(kept_sentence(field), field=field.code)


def kept_answers(system: AISystem) -> tuple[Field, ...]:
    """The answers of this system that may not be emptied any more."""
    return CATALOGUE.mandatory("declaration") if system.is_declared else (CATALOGUE.field("name_fr"),)


def kept_sentence(field: Field) -> str:
    if field.code == "name_fr":
        return _("A system keeps a name: type it, then save.")
    label = field.label[reader_language()]
    return _("“%(label)s”: a declared system keeps an answer to this question. Correct it, do not empty it.") % {
        "label": label
    }


def missing_answers(system: AISystem) -> list[Field]:
    """The mandatory questions of the declaration that wait for an answer, in the order of the form."""
    return [field for field in CATALOGUE.mandatory("declaration") if not system.value(field.code)]


def reference_of(organization: Organization) -> str:
    """The next number the body gives out: `QC-SIGLE-0001`; the demonstration says so in its numbers."""
    return f"{'DÉMO' if organization.is_demonstration else 'QC'}-{organization.sigle}-{organization.next_number:04d}"


def _clean(answers: Answers) -> dict[str, Any]:
    """Known fields only; texts without control characters and within their column, codes of the catalogue."""
    return {code: clean_answer(CATALOGUE.field(code), value) for code, value in answers.items() if code in EDITABLE}


def _write(system: AISystem, typed: Answers) -> None:
    if "phase" in typed:
        _check_phase(system, typed["phase"])
    for code, value in typed.items():
        setattr(system, code, value)
    check_days(DAYS, {code: system.value(code) for code in (*DAYS, "phase")}, typed.keys())


def _check_phase(system: AISystem, phase: str) -> None:
    """Rule 4: being in service is decided, never typed; a demonstration begins in the middle of the story. Once
    declared, a system changes phase by `change_phase`, which asks the gates, and by no other door.
    """
    if phase == system.phase:
        return
    if system.is_declared:
        raise NotPossibleNow(
            _("The phase of a declared system is not an answer to type: use “Change the phase” on its page.")
        )
    if phase == Phase.IN_SERVICE and not system.organization.is_demonstration:
        raise NotPossibleNow(by_decision_sentence())


def by_decision_sentence() -> str:
    return _(
        "A system enters service by a decision, which this version of Vigie does not take yet. If it already serves,"
        " choose “in service – being regularized”: the register tells things as they are."
    )
