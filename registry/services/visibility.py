"""What of a system the public reads: the catalogue proposes, the body may decide otherwise, with its reason."""

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.audit import record
from core.services import InvalidInput, NotAllowed, check_length
from core.text import clean_line, reader_language
from organizations.models import User
from registry import permissions
from registry.field_catalogue import CATALOGUE, Field
from registry.models import AISystem, FieldVisibility
from registry.services.parts import check_not_put_away

CHOICES = ("public", "on_request", "internal")


@transaction.atomic
def set_visibility(*, system: AISystem, field: str, visibility: str, reason: str, by: User) -> FieldVisibility | None:
    """Show one field otherwise than proposed; what the catalogue proposes needs no row, so the row then goes.

    Those who may publish decide. What a citizen's sheet cannot do without stays public; names of staff, security and
    suppliers' prices never become so.
    """
    if not permissions.can_publish(by, system):
        raise NotAllowed(_("Your functions in this body do not let you decide what the public reads."))
    system = AISystem.objects.select_for_update(of=("self",)).select_related("organization").get(pk=system.pk)
    check_not_put_away(system)
    shape, note = CATALOGUE.field(field), clean_line(reason)
    _check_may_be(shape, visibility)
    chosen = FieldVisibility.objects.filter(system=system, field=field).first()
    if visibility == shape.visibility:
        if chosen:
            chosen.delete()
        made = None
    else:
        if not note:
            raise InvalidInput(_("Say why: those who check the sheet will read it."), field="reason")
        check_length(note, FieldVisibility, "reason", field="reason")
        made = chosen or FieldVisibility(system=system, field=field)
        made.visibility, made.reason, made.set_at, made.set_by = visibility, note, clock.now(), by
        made.save()
    system.version += 1
    system.updated_at, system.updated_by = clock.now(), by
    system.save(update_fields=["version", "updated_at", "updated_by"])
    facts = {"field": field, "visibility": visibility}
    record(by=by, verb="set_visibility", thing=system, organization=system.organization, facts=facts)
    return made


def _check_may_be(field: Field, visibility: str) -> None:
    if visibility not in CHOICES:
        raise InvalidInput(_("Choose public, on request or internal."), field="visibility")
    if visibility == "public" and not field.may_be_public:
        raise InvalidInput(_("This answer is never made public: %(reason)s") % _why(field), field="visibility")
    if visibility != "public" and field.mandatory_for:
        raise InvalidInput(
            _("A sheet cannot do without this answer. To keep the whole system from the public, withhold its sheet."),
            field="visibility",
        )


def _why(field: Field) -> dict[str, str]:
    return {"reason": field.visibility_reason[reader_language()]}


def visibility_of(field: Field, chosen: dict[str, str]) -> str:
    """`chosen`: field → what the body decided for this system."""
    return chosen.get(field.code, field.visibility)


def chosen_visibilities(system: AISystem) -> dict[str, str]:
    """Field → what the body decided; the fields it left as proposed are not there."""
    return {row.field: row.visibility for row in system.visibilities.all()}
