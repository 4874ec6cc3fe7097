"""People of a body: who holds which function, what nobody holds, who is invited, who asks to come in."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.services import NotAllowed
from organizations.forms.people import GiveRoleForm, InviteForm
from organizations.models import AccessRequest, Invitation, Membership, Organization, User
from organizations.permissions import can_manage_members, organizations_in_scope
from organizations.services import invitations
from organizations.services.handover import holdings
from organizations.services.members import check_may_give, end_role, functions_to_fill, givable_roles, give_roles, held
from organizations.services.messages import mail_folder
from organizations.views.answers import body_in_scope, is_accepted, page, person_of, see_other, sent
from organizations.workflow import AccessRequestState, Role


@dataclass(frozen=True)
class Colleague:
    """One person and the functions they hold in this body."""

    person: User
    functions: list[Membership]


@require_safe
def members(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Everybody who belongs to the body; for its administration, invitations and requests too."""
    organization, person = body_in_scope(request, uuid), person_of(request)
    roles = givable_roles(person, organization)
    vacant, invited = functions_to_fill(organization)
    open_invitations = Invitation.objects.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)
    requests = AccessRequest.objects.filter(state=AccessRequestState.WAITING).select_related("user")
    context = {
        "organization": organization,
        "colleagues": _colleagues(organization),
        "vacant": vacant,
        "invited": invited,
        "may_manage": bool(roles),
        "givable": set(roles),
        "may_hand_over": can_manage_members(person, organization),
        "invitations": open_invitations.filter(organization=organization) if roles else [],
        "requests": requests.filter(organization=organization) if roles else [],
        "now": clock.now(),
        "mail_folder": mail_folder() if roles else "",
    }
    return render(request, "organizations/members.html", context)


def _colleagues(organization: Organization) -> list[Colleague]:
    by_person: dict[int, Colleague] = {}
    order = {role: place for place, role in enumerate(Role)}
    for membership in held(organization).select_related("user").order_by("user__name", "user_id", "pk"):
        by_person.setdefault(membership.user_id, Colleague(membership.user, [])).functions.append(membership)
    for colleague in by_person.values():
        colleague.functions.sort(key=lambda membership: order[Role(membership.role)])
    return list(by_person.values())


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A person to invite by mail."""
    organization, person = body_in_scope(request, uuid), person_of(request)
    form = InviteForm(sent(request), roles=_roles_or_refusal(person, organization))
    made: list[Invitation] = []
    if form.is_valid() and is_accepted(
        form, lambda: made.append(invitations.invite(organization=organization, by=person, **form.cleaned_data))
    ):
        messages.success(request, _leaves(made[0]))
        return see_other("organizations:members", uuid, anchor="invitations")
    return page(request, "organizations/invite.html", form, organization=organization)


@require_POST
def resend(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The message once more, with another link."""
    invitation = _invitation(request, uuid)
    invitations.resend_invitation(invitation=invitation, by=person_of(request))
    messages.success(request, _leaves(invitation))
    return see_other("organizations:members", invitation.organization.uuid, anchor="invitations")


@require_POST
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The link opens nothing any more."""
    invitation = _invitation(request, uuid)
    invitations.withdraw_invitation(invitation=invitation, by=person_of(request))
    messages.success(request, _("The invitation to %(email)s is withdrawn.") % {"email": invitation.email})
    return see_other("organizations:members", invitation.organization.uuid, anchor="invitations")


@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, uuid: UUID, person_uuid: UUID) -> HttpResponse:
    """One or several more functions to a person of the body."""
    organization, by = body_in_scope(request, uuid), person_of(request)
    colleague = _colleague(organization, person_uuid)
    has = set(held(organization, user=colleague).order_by("pk").values_list("role", flat=True))
    roles = [role for role in _roles_or_refusal(by, organization) if role not in has]
    form = GiveRoleForm(sent(request), roles=roles, person=colleague)
    if form.is_valid() and is_accepted(
        form, lambda: give_roles(organization=organization, user=colleague, by=by, **form.cleaned_data)
    ):
        count = len(form.cleaned_data["roles"])
        messages.success(request, ngettext("The function is given.", "The functions are given.", count))
        return see_other("organizations:members", uuid)
    return page(request, "organizations/give_role.html", form, organization=organization, person=colleague)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, uuid: UUID, person_uuid: UUID, role: str) -> HttpResponse:
    """Take a function away, after a page that says which and from whom."""
    organization, by = body_in_scope(request, uuid), person_of(request)
    check_may_give(by, organization, role)
    rows = held(organization, role, user=_colleague(organization, person_uuid)).select_related("user", "organization")
    membership = get_object_or_404(rows)
    if request.method == "POST":
        end_role(membership=membership, by=by)
        messages.success(request, _("The function is ended."))
        if not held(organization, user=membership.user).exists() and holdings(membership.user, organization):
            return see_other("organizations:handover", uuid, person_uuid)
        return see_other("organizations:members", uuid)
    context = {
        "organization": organization,
        "membership": membership,
        "person": membership.user,
        "holdings": holdings(membership.user, organization) if can_manage_members(by, organization) else [],
    }
    return render(request, "organizations/end_role.html", context)


def _leaves(invitation: Invitation) -> str:
    """What becomes of the message: without a mail server it leaves for nobody."""
    if folder := mail_folder():
        said = _("The invitation to %(email)s is written in the folder %(folder)s: no mail leaves this server.")
        return said % {"email": invitation.email, "folder": folder}
    return _("The invitation leaves for %(email)s.") % {"email": invitation.email}


def _invitation(request: HttpRequest, uuid: UUID) -> Invitation:
    bodies = organizations_in_scope(request.user)
    rows = Invitation.objects.filter(organization__in=bodies).select_related("organization")
    return get_object_or_404(rows, uuid=uuid)


def _colleague(organization: Organization, uuid: UUID) -> User:
    people = User.objects.filter(memberships__in=held(organization)).distinct()
    return get_object_or_404(people, uuid=uuid)


def _roles_or_refusal(person: User, organization: Organization) -> list[Role]:
    if roles := givable_roles(person, organization):
        return roles
    raise NotAllowed(_("Only the administration of this body invites people and gives the functions."))
