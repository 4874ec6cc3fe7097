"""A system that the law keeps from the public: its number, its body, the ground and the date stay, and nothing else."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.services import InvalidInput, NotAllowed, NotPossibleNow, check_length
from core.text import clean_line
from organizations.models import User
from registry import permissions
from registry.models import AISystem, Publication
from registry.rules.withholding import GROUNDS
from registry.services.documents import withheld_facts
from registry.services.parts import check_not_put_away
from registry.services.publication import publish_version, says_the_same


@transaction.atomic
def withhold_system(*, system: AISystem, ground: str, note: str = "", by: User) -> Publication:
    """Replace what the public reads by a stub with its ground, whether or not a sheet was public before.

    Publishing again lifts it. `note` is public: it may name the Act, never what the Act protects.
    """
    system = AISystem.objects.select_for_update(of=("self",)).select_related("organization").get(pk=system.pk)
    if not permissions.can_approve_publication(by, system.organization):
        raise NotAllowed(_("Your functions in this body do not let you keep a system from the public."))
    check_not_put_away(system)
    if not system.is_declared:
        raise NotPossibleNow(_("Declare the system first: the public will read its number in place of the sheet."))
    frozen = withheld_facts(system, ground, _checked(ground, note))
    latest = system.publications.first()
    if latest and says_the_same(latest, frozen):
        raise NotPossibleNow(_("This system is already kept from the public on this ground."))
    sentence = GROUNDS[ground].label["fr"]
    return publish_version(system=system, frozen=frozen, is_major=True, note=sentence, by=by)


def _checked(ground: str, note: str) -> dict[str, Any]:
    """The note as the document holds it, when the ground is one of the list and says enough."""
    if ground not in GROUNDS:
        raise InvalidInput(_("Choose one of the grounds of the list."), field="ground")
    text = clean_line(note)
    if GROUNDS[ground].needs_note and not text:
        raise InvalidInput(_("Name the Act that forbids it: the public will read it."), field="note")
    check_length(text, Publication, "change_note_fr", field="note")
    return {"fr": text} if text else {}
