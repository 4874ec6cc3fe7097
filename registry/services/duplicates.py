"""A new draft that begins with the answers of another record."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.audit import record
from core.services import NotAllowed, created_once
from organizations.models import Organization, User
from registry import permissions
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem, FieldVisibility
from registry.models.parts import PART_MODELS
from registry.services.systems import check_open
from registry.workflow import Phase

# What describes the thing itself. What happened to the other one (events, measures, opinions) is not the copy's.
COPIED_PARTS = ("datasets", "hosting", "recourses", "benefits")
# Somebody accepted this for the other system, and for it alone.
NEVER_COPIED = frozenset({"phase", "departure_accepted_by_fr"})
# Who answers for it, where to reach them, what was signed: of one body only.
OF_ONE_BODY = frozenset({
    "unit_fr", "unit_en", "contact_email", "contact_phone", "accountable_function_fr", "accountable_function_en",
    "accountable_name", "cost_planned", "cost_actual", "contract_amount", "contract_reference", "contract_url",
    "contract_clauses_fr", "information_file_fr", "security_fr",
})  # fmt: skip


@transaction.atomic
def duplicate_system(
    *, system: AISystem, by: User, organization: Organization | None = None, request_key: UUID | None = None
) -> AISystem:
    """Open a draft named «Copie de …» in the same body or in another. No number, no date, no event, no measure, and
    nothing public goes along. The caller has checked that the person may read the record.
    """
    target = organization or system.organization
    if not AISystem.objects.visible_to(by).filter(pk=system.pk).exists():
        raise NotAllowed(_("Your functions do not let you read this record."))
    if not permissions.can_declare(by, target):
        raise NotAllowed(_("Your functions in this body do not let you declare a system. Ask its administration."))
    check_open(target)

    def create() -> AISystem:
        source = AISystem.objects.select_for_update(of=("self",)).select_related("organization").get(pk=system.pk)
        copy = _copied(source, target, by)
        _copy_rows(source, copy, by)
        facts = {"of": str(source.uuid)}
        record(by=by, verb="duplicate", thing=copy, organization=target, facts=facts)
        return copy

    return created_once(key=request_key, by=by, model=AISystem, create=create)


def _stamps(by: User) -> dict[str, Any]:
    moment = clock.now()
    return {"created_at": moment, "created_by": by, "updated_at": moment, "updated_by": by}


def _copied(source: AISystem, target: Organization, by: User) -> AISystem:
    left_out = NEVER_COPIED | (OF_ONE_BODY if target.pk != source.organization_id else frozenset())
    fields = (field for field in (*CATALOGUE.fields, *CATALOGUE.twins) if field.kind != "date")
    answers = {field.code: getattr(source, field.code) for field in fields if field.code not in left_out}
    most = AISystem._meta.get_field("name_fr").max_length
    answers["name_fr"] = f"Copie de {source.name_fr}"[:most]
    answers["name_en"] = f"Copy of {source.name_en}"[:most] if source.name_en else ""
    answers["phase"] = Phase.IDEA if source.phase in {"", Phase.IDEA} else Phase.DEVELOPMENT
    is_same_world = source.organization.is_demonstration == target.is_demonstration
    solution_id = source.solution_id if is_same_world else None
    copy = AISystem(organization=target, solution_id=solution_id, lead=by, **answers, **_stamps(by))
    copy.save(force_insert=True)
    return copy


def _copy_rows(source: AISystem, copy: AISystem, by: User) -> None:
    """Rows of the copied parts; what the body decided about who may read a field, unless the copy is another body's."""
    for part in COPIED_PARTS:
        model = PART_MODELS[part]
        codes = [field.code for field in CATALOGUE.part(part).columns]
        rows = model._default_manager.filter(system=source).order_by("pk").values(*codes)
        model._default_manager.bulk_create([model(system=copy, **row, **_stamps(by)) for row in rows])
    if copy.organization_id == source.organization_id:
        chosen = FieldVisibility.objects.filter(system=source).order_by("pk").values("field", "visibility", "reason")
        marks = {"set_at": clock.now(), "set_by": by}
        FieldVisibility.objects.bulk_create([FieldVisibility(system=copy, **row, **marks) for row in chosen])
