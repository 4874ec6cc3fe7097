"""Which system an address is about, for whoever calls."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.request import Request

from core.services import NotAllowed
from organizations.authentication.staff import person
from registry import permissions
from registry.models import AISystem


def system_in_scope(request: Request, uuid: UUID) -> AISystem:
    """The system, if this person may see it; else 404, as if there were none."""
    seen = AISystem.objects.visible_to(person(request)).select_related("organization")
    return get_object_or_404(seen, uuid=uuid)


def editable_system(request: Request, uuid: UUID) -> AISystem:
    """The system, for somebody who may change it."""
    system = system_in_scope(request, uuid)
    if not permissions.can_edit(person(request), system):
        raise NotAllowed(_("Your functions in this body do not let you change this system."))
    return system
