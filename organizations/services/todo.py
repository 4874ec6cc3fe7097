"""«À faire»: what waits for this person, gathered from every room that has something to say (TODO_SOURCES)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from core.models import Intent
from organizations.models import AccessRequest, Invitation, Membership, User
from organizations.permissions import Permission, can_operate_platform, organizations_where
from organizations.services import links
from organizations.workflow import AccessRequestState, Role


@dataclass(frozen=True)
class TodoItem:
    """One thing that waits: what to do, about what, why this person, until when, and where it is done."""

    what: str
    about: str
    why_me: str
    due_on: date | None
    address: str


def everything_waiting(user: User) -> list[TodoItem]:
    """What every room has for this person: the oldest due first, what has no date after."""
    items: list[TodoItem] = []
    for path in settings.TODO_SOURCES:
        source: Callable[[User], list[TodoItem]] = import_string(path)
        items += source(user)
    return sorted(items, key=lambda item: (item.due_on is None, item.due_on or date.max, item.what, item.about))


def waiting_for(user: User) -> list[TodoItem]:
    """Named in TODO_SOURCES: invitations, requests for access, invitations without an answer, jobs that failed."""
    return [*_invitations_to(user), *_requests(user), *_unanswered_invitations(user), *_failed_jobs(user)]


def _invitations_to(user: User) -> list[TodoItem]:
    found = Invitation.objects.open_at(clock.now()).filter(email__iexact=user.email).select_related("organization")
    return [
        TodoItem(
            what=_("Accept an invitation"),
            about=str(one.organization.name),
            why_me=_("It was sent to your e-mail."),
            due_on=clock.civil_date(one.expires_at),
            address=reverse("account_invitation", kwargs={"secret": links.invitation_secret(one.uuid, one.expires_at)}),
        )
        for one in found.order_by("pk")
    ]


def _requests(user: User) -> list[TodoItem]:
    """To the administration of the body; while it has none, to the operation of the platform."""
    waiting = AccessRequest.objects.filter(state=AccessRequestState.WAITING).select_related("organization", "user")
    mine = waiting.filter(organization__in=organizations_where(user, Permission.MANAGE_MEMBERS).values("pk"))
    reason = _("You administer this body.")
    items = [_request_item(one, reason) for one in mine.order_by("pk")]
    if can_operate_platform(user):
        today = clock.civil_date(clock.now())
        administration = Membership.objects.filter(role=Role.ORGANIZATION_ADMIN, organization=OuterRef("organization"))
        orphans = waiting.filter(~Exists(administration.in_force(today)))
        reason = _("You operate the platform, and nobody administers this body yet.")
        items += [_request_item(one, reason) for one in orphans.order_by("pk")]
    return items


def _request_item(request: AccessRequest, reason: str) -> TodoItem:
    return TodoItem(
        what=_("Answer a request for access"),
        about=f"{request.user} – {request.organization.name}",
        why_me=reason,
        due_on=None,
        address=reverse("organizations:access_request", args=[request.uuid]),
    )


def _unanswered_invitations(user: User) -> list[TodoItem]:
    """Past their fourteen days: sent again or withdrawn."""
    bodies = organizations_where(user, Permission.MANAGE_MEMBERS).values("pk")
    found = Invitation.objects.filter(
        organization__in=bodies, accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__lte=clock.now()
    )
    return [
        TodoItem(
            what=_("Send again or withdraw an invitation without an answer"),
            about=f"{one.email} – {one.organization.name}",
            why_me=_("You administer this body."),
            due_on=clock.civil_date(one.expires_at),
            address=reverse("organizations:members", args=[one.organization.uuid]) + "#invitations",
        )
        for one in found.select_related("organization").order_by("expires_at", "pk")
    ]


def _failed_jobs(user: User) -> list[TodoItem]:
    if not can_operate_platform(user) or not (count := Intent.objects.failed().count()):
        return []
    return [
        TodoItem(
            what=_("Look at the jobs that failed"),
            about=ngettext("%(count)d job", "%(count)d jobs", count) % {"count": count},
            why_me=_("You operate the platform."),
            due_on=None,
            address=reverse("organizations:failed_jobs"),
        )
    ]
