"""What every page of this room begins with: who reads, which system it is about, where a form leads."""

from typing import cast
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from core.services import NotAllowed
from organizations.models import Organization, User
from organizations.permissions import Permission, is_permitted_anywhere, organizations_where
from registry import permissions
from registry.models import AISystem
from registry.services.parts import check_not_put_away


def person(request: HttpRequest) -> User:
    """Who is signed in; the middleware let nobody else come here."""
    return cast(User, request.user)


def not_your_function(request: HttpRequest, refusal: str) -> NotAllowed:
    """The refusal with whom to ask: nobody is sent to herself."""
    if is_permitted_anywhere(person(request), Permission.MANAGE_MEMBERS):
        way = _("You administer a body: on its page of people, give the function to yourself or to somebody else.")
    else:
        way = _("Ask the administration of your body.")
    return NotAllowed(f"{refusal} {way}")


def body_in_scope(request: HttpRequest, uuid: UUID) -> Organization:
    """The body, if this person reads its drafts."""
    return get_object_or_404(organizations_where(person(request), Permission.READ_DRAFTS), uuid=uuid)


def system_in_scope(request: HttpRequest, uuid: UUID) -> AISystem:
    """The system, if this person may see it."""
    seen = AISystem.objects.visible_to(person(request)).select_related(
        "organization", "solution", "put_away_by", "lead"
    )
    return get_object_or_404(seen, uuid=uuid)


def file_in_scope(request: HttpRequest, uuid: UUID) -> AISystem:
    """The system and everything kept about it: for those who hold a function in the body."""
    system = system_in_scope(request, uuid)
    if not permissions.can_read_file(person(request), system):
        raise NotAllowed(_("Your functions let you read the sheet of this system, not its file."))
    return system


def editable_system(request: HttpRequest, uuid: UUID) -> AISystem:
    """The system, for somebody who may change it."""
    system = system_in_scope(request, uuid)
    if not permissions.can_edit(person(request), system):
        raise NotAllowed(_("Your functions in this body do not let you change this system."))
    check_not_put_away(system)
    return system
