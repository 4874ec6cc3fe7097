"""«Classer»: a record that nobody works on any more leaves the lists. It is never erased, and it comes back."""

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.audit import record
from core.services import InvalidInput, NotAllowed, NotPossibleNow, check_length
from core.text import clean_line
from organizations.models import User
from registry import permissions
from registry.models import AISystem
from registry.services.coverage import follow_register
from registry.services.parts import check_not_put_away
from registry.services.publication import waiting_request
from registry.workflow import PublicationKind


@transaction.atomic
def put_away_system(*, system: AISystem, reason: str, by: User) -> AISystem:
    """Out of the default lists and of «À faire»; read, no longer written. Raises `NotPossibleNow` while the public
    site shows it or a publication waits for its second look.
    """
    system = _locked(system, by)
    check_not_put_away(system)
    latest = system.publications.first()
    if latest is not None and latest.kind != PublicationKind.WITHDRAWN:
        raise NotPossibleNow(_("This system is on the public site: withdraw its sheet first."))
    if waiting_request(system):
        raise NotPossibleNow(_("A publication of this system waits for its second look: settle it first."))
    note = clean_line(reason)
    if not note:
        raise InvalidInput(_("Say why: who finds this record later will read it."), field="reason")
    check_length(note, AISystem, "put_away_reason", field="reason")
    system.put_away_at, system.put_away_by, system.put_away_reason = clock.now(), by, note
    return _written(system, "put_away", by)


@transaction.atomic
def bring_back_system(*, system: AISystem, by: User) -> AISystem:
    """Back into the lists, as it was."""
    system = _locked(system, by)
    if not system.put_away_at:
        raise NotPossibleNow(_("This record is in the lists already."))
    system.put_away_at, system.put_away_by, system.put_away_reason = None, None, ""
    return _written(system, "bring_back", by)


def _locked(system: AISystem, by: User) -> AISystem:
    if not permissions.can_edit(by, system):
        raise NotAllowed(_("Your functions in this body do not let you change this system."))
    return AISystem.objects.select_for_update(of=("self",)).select_related("organization").get(pk=system.pk)


def _written(system: AISystem, verb: str, by: User) -> AISystem:
    system.version += 1
    system.updated_at, system.updated_by = clock.now(), by
    system.save()
    record(by=by, verb=verb, thing=system, organization=system.organization)
    if system.is_declared:
        follow_register(organization=system.organization, by=by)
    return system
