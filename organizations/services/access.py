"""«Demander l'accès à mon organisme»: a person with an account asks, the administration of the body answers once."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.audit import record
from core.services import InvalidInput, NotAllowed, NotPossibleNow, check_length
from core.text import clean_line
from organizations.models import AccessRequest, Membership, Organization, User
from organizations.services.accounts import has_verified
from organizations.services.members import add_membership, givable_roles, held
from organizations.services.messages import send_later
from organizations.workflow import AccessRequestState, Role

# A person belongs to one body, sometimes to two: more waiting requests than this are a mistake or a nuisance.
MOST_WAITING = 3


@transaction.atomic
def request_access(*, organization: Organization, function: str, by: User) -> AccessRequest:
    """Ask to belong to a body, saying what one does there. Raises `NotPossibleNow` when a request is waiting."""
    by = User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    if not has_verified(by, by.email):
        raise NotAllowed(_("Confirm your e-mail first: the message we sent you has the link."))
    function = clean_line(function)
    if not function:
        raise InvalidInput(_("Say what you do in this body, so that its administration knows you."), field="function")
    check_length(function, AccessRequest, "function")
    _check_may_ask(organization, by)
    moment = clock.now()
    request = AccessRequest.objects.create(
        organization=organization, user=by, function=function, requested_at=moment, requested_by=by
    )
    record(by=by, verb="request_access", thing=request, organization=organization)
    for reader in answerers(organization):
        send_later("access_requested", uuid=str(request.uuid), to=str(reader.uuid))
    return request


@transaction.atomic
def grant_access(*, request: AccessRequest, roles: Sequence[str], by: User) -> AccessRequest:
    """Let the person in with these functions; they are told by mail."""
    request = _to_answer(request, by)
    if not roles:
        raise InvalidInput(_("Choose at least one function, or refuse the request."), field="roles")
    if not set(roles) <= set(givable_roles(by, request.organization)):
        raise NotAllowed(_("Only the administration of this body may give these functions."))
    have = set(held(request.organization, user=request.user).order_by("pk").values_list("role", flat=True))
    for role in roles:
        if role not in have:
            add_membership(organization=request.organization, user=request.user, role=role, by=by)
    return _answer(request, AccessRequestState.GRANTED, "grant_access", by, {"roles": sorted(roles)})


@transaction.atomic
def refuse_access(*, request: AccessRequest, by: User) -> AccessRequest:
    """Say no; the person is told by mail whom to ask."""
    return _answer(_to_answer(request, by), AccessRequestState.REFUSED, "refuse_access", by, {})


def answerers(organization: Organization) -> list[User]:
    """Who is told: the administration of the body; while it has none, the operation of the platform."""
    administration = held(organization, Role.ORGANIZATION_ADMIN).filter(user__is_active=True)
    keys = list(administration.order_by("pk").values_list("user_id", flat=True))
    if not keys:
        today = clock.civil_date(clock.now())
        operators = Membership.objects.filter(role=Role.PLATFORM_ADMIN, user__is_active=True).in_force(today)
        keys = list(operators.order_by("pk").values_list("user_id", flat=True))
    return list(User.objects.filter(pk__in=keys).order_by("pk"))


def can_answer(user: User, organization: Organization) -> bool:
    """The administration of the body; whoever may name one, while it has none."""
    return user in answerers(organization)


def _check_may_ask(organization: Organization, by: User) -> None:
    today = clock.civil_date(clock.now())
    if not Organization.objects.open_on(today).filter(pk=organization.pk).exists():
        raise NotPossibleNow(_("This body is closed: look for the one that carries on its work."))
    if held(organization, user=by).exists():
        raise NotPossibleNow(_("You belong to this body already: its administration can give you other functions."))
    waiting = AccessRequest.objects.filter(user=by, state=AccessRequestState.WAITING)
    if waiting.filter(organization=organization).exists():
        raise NotPossibleNow(_("Your request to this body is waiting: its administration will answer by e-mail."))
    if waiting.count() >= MOST_WAITING:
        raise NotPossibleNow(_("Several of your requests are waiting: let them be answered first."))


def _to_answer(request: AccessRequest, by: User) -> AccessRequest:
    rows = AccessRequest.objects.select_for_update(of=("self",)).select_related("organization", "user")
    request = rows.get(pk=request.pk)
    if not can_answer(by, request.organization):
        raise NotAllowed(_("Only the administration of this body may answer this request."))
    if request.state != AccessRequestState.WAITING:
        raise NotPossibleNow(_("Somebody already answered this request."))
    return request


def _answer(request: AccessRequest, state: str, verb: str, by: User, facts: dict[str, object]) -> AccessRequest:
    request.state, request.answered_at, request.answered_by = state, clock.now(), by
    request.save()
    record(by=by, verb=verb, thing=request, organization=request.organization, facts=facts)
    send_later("access_answered", once=f"access_answered:{request.uuid}", uuid=str(request.uuid))
    return request
