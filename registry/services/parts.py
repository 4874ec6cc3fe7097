"""Rows of a system (data sets, hosting sites, recourses…): added, corrected, removed. The catalogue says how."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.audit import record, record_many
from core.services import InvalidInput, NotAllowed, NotPossibleNow, created_once
from core.text import reader_language
from organizations.models import User
from registry import permissions
from registry.field_catalogue import CATALOGUE, Part
from registry.models import AISystem, Benefit, SystemPart
from registry.models.parts import PART_MODELS
from registry.services.answers import Answers, clean_answer, merged, record_change_by_program
from registry.services.days import check_days, check_year

MOST_ROWS = 200
MEASURES = "measures"


@transaction.atomic
def add_part(*, system: AISystem, part: str, answers: Answers, by: User, request_key: UUID | None = None) -> SystemPart:
    """Add one row. Raises `InvalidInput` for a mandatory answer that is missing and for a second row of what is one."""
    system = _locked(system, by)
    check_not_put_away(system)
    shape, model = CATALOGUE.part(part), PART_MODELS[part]

    def create() -> SystemPart:
        if _rows(model, system).count() >= MOST_ROWS:
            raise NotPossibleNow(_("This system has %(most)d of them already: remove one first.") % {"most": MOST_ROWS})
        moment = clock.now()
        row = model(system=system, created_at=moment, created_by=by, updated_at=moment, updated_by=by)
        _write(row, _cleaned(shape, answers, system))
        _check_whole(shape, row, typed=answers)
        row.save(force_insert=True)
        _touch(system, by)
        record(by=by, verb="add_part", thing=row, organization=system.organization, facts={"part": part})
        return row

    return created_once(key=request_key, by=by, model=model, create=create)


@transaction.atomic
def save_part(*, row: SystemPart, part: str, answers: Answers, version: int, by: User) -> SystemPart:
    """Correct one row. What somebody else changed since `version` is shown beside what was typed (`EditConflict`)."""
    system = _locked(row.system, by)
    shape, model = CATALOGUE.part(part), PART_MODELS[part]
    found: SystemPart | None = _rows(model, system).select_for_update(of=("self",)).filter(pk=row.pk).first()
    if found is None:
        raise NotPossibleNow(_("Somebody removed this line meanwhile. Your text is still in the form: add it again."))
    sent = _cleaned(shape, answers, system)
    typed = {code: value for code, value in sent.items() if not shape.field(code).is_same(value, getattr(found, code))}
    if typed:
        check_not_put_away(system)
    typed = merged(found, typed, version, field=shape.field)
    if not typed:
        return found
    _write(found, typed)
    _check_whole(shape, found, typed=typed)
    found.version += 1
    found.updated_at, found.updated_by = clock.now(), by
    found.save()
    record_change_by_program(thing=found, organization=system.organization, by=by)
    _touch(system, by)
    return found


@transaction.atomic
def remove_part(*, row: SystemPart, part: str, by: User) -> None:
    """Take one row away, with those that belong to it; history keeps what each said, the ledger who removed it."""
    system = _locked(row.system, by)
    check_not_put_away(system)
    found = _rows(PART_MODELS[part], system).filter(pk=row.pk).first()
    if found is None:
        return
    facts = {"part": part, "system": str(system.uuid)}
    record(by=by, verb="remove_part", thing=found, organization=system.organization, facts=facts)
    leaving = [(each, facts | {"part": MEASURES}) for each in rows_leaving_with(found)]
    record_many(by=by, verb="remove_part", things=leaving, organization=system.organization)
    found.delete()
    _touch(system, by)


def rows_leaving_with(row: SystemPart) -> list[SystemPart]:
    """What the database removes with this row: the measures of a benefit, and nothing of any other part."""
    return list(row.measures.order_by("year")) if isinstance(row, Benefit) else []


def _locked(system: AISystem, by: User) -> AISystem:
    if not permissions.can_edit(by, system):
        raise NotAllowed(_("Your functions in this body do not let you change this system."))
    return AISystem.objects.select_for_update(of=("self",)).select_related("organization").get(pk=system.pk)


def check_not_put_away(system: AISystem) -> None:
    """A record that was put away is read, no longer written."""
    if system.put_away_at:
        raise NotPossibleNow(_("This record was put away: bring it back before you change it."))


def _touch(system: AISystem, by: User) -> None:
    """The system was written to: who gives the second look must not be who wrote its rows."""
    system.version += 1
    system.updated_at, system.updated_by = clock.now(), by
    system.save(update_fields=["version", "updated_at", "updated_by"])


def _rows(model: type[SystemPart], system: AISystem) -> Any:
    return model._default_manager.filter(system=system)


def _cleaned(shape: Part, answers: Answers, system: AISystem) -> dict[str, Any]:
    known = {field.code: field for field in shape.columns}
    found = {code: clean_answer(known[code], value) for code, value in answers.items() if code in known}
    if "benefit" in found:
        found["benefit"] = _benefit_of(system, found["benefit"])
    return found


def _benefit_of(system: AISystem, given: Any) -> Benefit:
    """A measure is of a benefit of the same system."""
    benefit = Benefit.objects.filter(system=system, pk=given.pk).first() if isinstance(given, Benefit) else None
    if benefit is None:
        raise InvalidInput(_("Choose one of the benefits of this system."), field="benefit")
    return benefit


def _write(row: SystemPart, typed: Mapping[str, Any]) -> None:
    for code, value in typed.items():
        setattr(row, code, value)


def _check_whole(shape: Part, row: SystemPart, *, typed: Answers) -> None:
    for field in shape.fields:
        if "row" in field.mandatory_for and getattr(row, field.code, None) in (None, "", []):
            label = field.label[reader_language()]
            raise InvalidInput(_("%(label)s: this answer is missing.") % {"label": label}, field=field.code)
    days = {field.code: field for field in shape.fields if field.kind == "date"}
    check_days(days, {code: getattr(row, code) for code in days}, typed.keys())
    for field in shape.fields:
        if field.kind == "year" and field.code in typed:
            check_year(field, getattr(row, field.code))
    _check_once(row)


def _check_once(row: SystemPart) -> None:
    """One answer for each principle, one measure of a benefit for each year: the database refuses a second."""
    for constraint in type(row)._meta.total_unique_constraints:
        same = {name: getattr(row, name) for name in constraint.fields}
        if type(row)._default_manager.filter(**same).exclude(pk=row.pk).exists():
            raise InvalidInput(
                _("There is one already: correct it instead of adding another."), field=constraint.fields[-1]
            )
