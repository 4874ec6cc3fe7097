"""What programs write, with the conditions that programs know: nothing is merged behind their back."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from core.services import EditConflict
from organizations.models import User
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem
from registry.services.answers import difference
from registry.services.systems import save_answers


@transaction.atomic
def save_version(*, system: AISystem, answers: Mapping[str, Any], version: int, by: User) -> AISystem:
    """As `save_answers`, when `version` is still the stored one; sent twice, the second finds its work done.

    Raises `EditConflict` with both values of each field that differs as soon as somebody else wrote since: a program
    has read nothing but what it was given, and a person must look.
    """
    locked = AISystem.objects.select_for_update(of=("self",)).select_related("organization").get(pk=system.pk)
    if version == locked.version:
        return save_answers(system=locked, answers=answers, version=version, by=by)
    found = [(CATALOGUE.field(code), locked.value(code), value) for code, value in answers.items()]
    different = [difference(field, stored=stored, typed=typed) for field, stored, typed in found if stored != typed]
    if different:
        raise EditConflict(locked.version, different)
    return locked
