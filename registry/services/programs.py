"""What programs write, with the conditions that programs know: nothing is merged behind their back."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.services import Difference, EditConflict, NotPossibleNow
from core.text import clean_line, reader_language
from organizations.models import User
from registry.field_catalogue import CATALOGUE, Field
from registry.models import AISystem, FieldVisibility, SystemPart
from registry.services.answers import clean_answer, difference
from registry.services.parts import remove_part, save_part
from registry.services.systems import save_answers
from registry.services.visibility import set_visibility


@transaction.atomic
def save_version(*, system: AISystem, answers: Mapping[str, Any], version: int, by: User) -> AISystem:
    """As `save_answers`, when `version` is still the stored one; sent twice, the second finds its work done.

    Raises `EditConflict` with both values of each field that differs as soon as somebody else wrote since: a program
    has read nothing but what it was given, and a person must look.
    """
    locked = AISystem.objects.select_for_update(of=("self",)).select_related("organization").get(pk=system.pk)
    if version == locked.version:
        return save_answers(system=locked, answers=answers, version=version, by=by)
    _check_done(locked.version, [(CATALOGUE.field(c), locked.value(c), value) for c, value in answers.items()])
    return locked


@transaction.atomic
def save_row_version(*, row: SystemPart, part: str, answers: Mapping[str, Any], version: int, by: User) -> SystemPart:
    """As `save_part`, under the conditions of `save_version`."""
    locked = _locked_row(row)
    if version == locked.version:
        return save_part(row=locked, part=part, answers=answers, version=version, by=by)
    shape = CATALOGUE.part(part)
    _check_done(locked.version, [(shape.field(c), getattr(locked, c), value) for c, value in answers.items()])
    return locked


@transaction.atomic
def remove_row_version(*, row: SystemPart, part: str, version: int, by: User) -> None:
    """As `remove_part`, when nobody changed the row since it was read."""
    locked = _locked_row(row)
    if version != locked.version:
        raise EditConflict(locked.version)
    remove_part(row=locked, part=part, by=by)


@transaction.atomic
def set_visibility_version(
    *, system: AISystem, field: str, visibility: str, reason: str, version: int, by: User
) -> None:
    """As `set_visibility`, when nobody wrote to the system since it was read; what is decided so already stays."""
    locked = AISystem.objects.select_for_update(of=("self",)).get(pk=system.pk)
    chosen = FieldVisibility.objects.filter(system=locked, field=field).first()
    proposed = CATALOGUE.field(field).visibility
    stored = {"visibility": chosen.visibility if chosen else proposed, "reason": chosen.reason if chosen else ""}
    sent = {"visibility": visibility, "reason": "" if visibility == proposed else clean_line(reason)}
    if stored == sent:
        return
    if version != locked.version:
        label = CATALOGUE.label(field, reader_language())
        told = [Difference(name, label, stored[name], sent[name], stored[name], sent[name]) for name in sent]
        raise EditConflict(locked.version, [one for one in told if one.stored != one.typed])
    set_visibility(system=locked, field=field, visibility=visibility, reason=reason, by=by)


def _locked_row(row: SystemPart) -> SystemPart:
    """Every write of a row locks its system first."""
    system = AISystem.objects.select_for_update(of=("self",)).select_related("organization").get(pk=row.system_id)
    found: SystemPart | None = type(row)._default_manager.filter(pk=row.pk).first()
    if found is None:
        raise NotPossibleNow(_("Somebody removed this row meanwhile."))
    found.system = system
    return found


def _check_done(current: int, found: Iterable[tuple[Field, Any, Any]]) -> None:
    """Each field with what is stored and what was sent: the same, or somebody must look."""
    cleaned = [(field, stored, clean_answer(field, sent)) for field, stored, sent in found]
    different = [difference(f, stored=_told(s), typed=_told(t)) for f, s, t in cleaned if not f.is_same(s, t)]
    if different:
        raise EditConflict(current, different)


def _told(value: Any) -> Any:
    """A row is told by the name that programs give it."""
    return str(value.uuid) if isinstance(value, SystemPart) else value
