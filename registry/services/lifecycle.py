"""The life of a declared system, from one phase to the next: permitted moves, gates, and what stays of each move."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.audit import record
from core.services import InvalidInput, NotAllowed, NotPossibleNow, check_length, check_unchanged
from core.text import clean_line, reader_language
from organizations.models import User
from registry import permissions
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem, PhaseChange
from registry.models.rows import prefetch_rows
from registry.rules.days import PLAUSIBLE_YEARS, DayRefusal, refused_day
from registry.rules.gates import GateRefusal
from registry.services.coverage import follow_register
from registry.services.gates import refusals_before
from registry.services.parts import check_not_put_away
from registry.services.systems import by_decision_sentence
from registry.workflow import SERVING, Phase, PhaseMove, phase_move, phase_moves


@dataclass(frozen=True)
class PossibleMove:
    """One phase that the system may go to, as its page shows it, with what the gates say before."""

    move: PhaseMove
    label: str
    explanation: str
    refusals: tuple[GateRefusal, ...]

    @property
    def is_open(self) -> bool:
        return not self.move.by_decision and not any(refusal.blocks for refusal in self.refusals)


def possible_moves(system: AISystem) -> list[PossibleMove]:
    """Every move that the table permits from here, those that a gate or a decision keeps closed included."""
    language, field = reader_language(), CATALOGUE.field("phase")
    prefetch_rows([system])
    found = []
    for move in phase_moves(system.phase):
        choice = field.choice(move.target)
        refusals = tuple(refusals_before(system, move.target))
        found.append(PossibleMove(move, choice.label[language], choice.explanation[language], refusals))
    return found


@transaction.atomic
def change_phase(
    *,
    system: AISystem,
    to: str,
    by: User,
    reason: str = "",
    on: date | None = None,
    seen: str = "",
    version: int | None = None,
) -> AISystem:
    """Take a declared system to another phase. `on`: the day it happened, today when nothing is said. `seen`: the
    phase that the person was shown; `version`: that of the system that a program read.

    Raises `NotPossibleNow` for a move that the table does not permit, that needs a decision, or that a gate closes.
    """
    if not permissions.can_edit(by, system):
        raise NotAllowed(_("Your functions in this body do not let you change this system."))
    system = AISystem.objects.select_for_update(of=("self",)).select_related("organization").get(pk=system.pk)
    check_unchanged(system, version)
    check_not_put_away(system)
    move = _permitted(system, to, seen)
    day, note = _told(system, move, reason, on)
    change = PhaseChange.objects.create(
        system=system,
        source=move.source,
        target=move.target,
        happened_on=day,
        reason=note,
        warnings=_through_the_gates(system, to),
        changed_at=clock.now(),
        changed_by=by,
    )
    _enter(system, move, day, is_day_told=on is not None)
    system.version += 1
    system.updated_at, system.updated_by = change.changed_at, by
    system.save(update_fields=["phase", "started_on", "ended_on", "version", "updated_at", "updated_by"])
    record(by=by, verb="change_phase", thing=system, organization=system.organization, facts=_facts(change))
    if change.source == Phase.RETIRED:
        follow_register(organization=system.organization, by=by)
    return system


def _facts(change: PhaseChange) -> dict[str, Any]:
    told = {"from": change.source, "to": change.target, "on": change.happened_on.isoformat()}
    return {**told, "warnings": change.warnings, "change": str(change.uuid)}


def _through_the_gates(system: AISystem, to: str) -> list[str]:
    """The codes of what only warns."""
    refusals = refusals_before(system, to)
    if blocking := [refusal.sentence for refusal in refusals if refusal.blocks]:
        raise NotPossibleNow(" ".join(blocking))
    return [refusal.code for refusal in refusals]


def _permitted(system: AISystem, to: str, seen: str) -> PhaseMove:
    if not system.is_declared:
        raise NotPossibleNow(_("This system is not declared yet: choose its phase in the declaration."))
    if seen and seen != system.phase:
        raise NotPossibleNow(_("Somebody changed the phase since you opened the page. Open it again."))
    move = phase_move(system.phase, to)
    if move is None:
        told = {
            "here": _label(system.phase),
            "possible": ", ".join(_label(m.target) for m in phase_moves(system.phase)),
        }
        raise NotPossibleNow(_("From “%(here)s”, a system may go to: %(possible)s.") % told)
    if move.by_decision:
        raise NotPossibleNow(by_decision_sentence())
    return move


def _told(system: AISystem, move: PhaseMove, reason: str, on: date | None) -> tuple[date, str]:
    today = clock.civil_date(clock.now())
    refusal = refused_day(on, has_happened=True, today=today) if on else None
    if refusal == DayRefusal.TO_COME:
        raise InvalidInput(_("This day is in the future: come back then, or correct the date."), field="on")
    if refusal:
        first = PLAUSIBLE_YEARS[0]
        raise InvalidInput(
            _("Give a day from %(first)d on, or leave it empty for today.") % {"first": first}, field="on"
        )
    note = clean_line(reason)
    if on and move.target == Phase.RETIRED and system.started_on and on < system.started_on:
        raise InvalidInput(_("The system cannot end before it began: correct the date."), field="on")
    if move.with_reason and not note:
        raise InvalidInput(_("Say why: the history of the system keeps it."), field="reason")
    check_length(note, PhaseChange, "reason", field="reason")
    return on or today, note


def _enter(system: AISystem, move: PhaseMove, day: date, *, is_day_told: bool) -> None:
    """The dates follow: since when it serves, until when. One that serves already began on a day that only the body
    knows, so today is not put there for it.
    """
    system.phase = move.target
    is_known = is_day_told or move.target != Phase.REGULARIZING
    if move.target in SERVING and system.started_on is None and is_known:
        system.started_on = day
    if move.target == Phase.RETIRED:
        system.ended_on = system.ended_on or day
    elif move.source == Phase.RETIRED or move.target in SERVING:
        system.ended_on = None


def _label(phase: str) -> str:
    return CATALOGUE.field("phase").choice(phase).label[reader_language()]
