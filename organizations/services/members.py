"""Functions: given, ended, and which of them nobody holds. One person may hold several, and it shows."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.audit import Actor, record
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from organizations import permissions
from organizations.models import Invitation, Membership, Organization, User
from organizations.models.membership import MembershipQuerySet
from organizations.services.actors import is_program, person_or_none
from organizations.services.locks import Lock, hold
from organizations.workflow import Role

# A body that declares needs somebody for each; one person may be all five.
REQUIRED_FUNCTIONS = (
    Role.ORGANIZATION_ADMIN,
    Role.SYSTEM_OWNER,
    Role.PRIVACY_OFFICER,
    Role.AI_LEAD,
    Role.DECIDING_AUTHORITY,
)
# Somebody must always be able to give the others.
NEVER_EMPTY = {
    Role.ORGANIZATION_ADMIN: gettext_lazy(
        "Nobody would administer this body any more: give the function to another person first."
    ),
    Role.PLATFORM_ADMIN: gettext_lazy(
        "Nobody would operate the platform any more: give the function to another person first."
    ),
}


@transaction.atomic
def give_role(
    *, organization: Organization, user: User, role: str, by: Actor, ends_on: date | None = None
) -> Membership:
    """Give a function to a person who already belongs to the body; anybody else is invited.

    Raises `NotPossibleNow` when they hold it already.
    """
    organization = _lock(organization)
    if not is_program(by):
        check_may_give(by, organization, role)
        if not _belongs(user, organization):
            raise InvalidInput(_("This person does not belong to the body yet: invite them by e-mail."), field="user")
    if held(organization, role, user=user).exists():
        raise NotPossibleNow(_("This person holds the function “%(role)s” already.") % {"role": Role(role).label})
    today = clock.civil_date(clock.now())
    if ends_on and ends_on < today:
        raise InvalidInput(_("The function would end before it begins: correct the date."), field="ends_on")
    return add_membership(organization=organization, user=user, role=role, by=by, ends_on=ends_on)


@transaction.atomic
def give_roles(
    *, organization: Organization, user: User, roles: Sequence[str], by: User, ends_on: date | None = None
) -> list[Membership]:
    """Several functions at once: all of them, or none."""
    if not roles:
        raise InvalidInput(_("Choose at least one function."), field="roles")
    return [give_role(organization=organization, user=user, role=role, by=by, ends_on=ends_on) for role in roles]


@transaction.atomic
def end_role(*, membership: Membership, by: User) -> Membership:
    """Take a function away, at once. The row stays. Raises `NotPossibleNow` for the last administration."""
    organization = _lock(membership.organization)
    if membership.role == Role.PLATFORM_ADMIN:
        hold(Lock.PLATFORM)
    membership = Membership.objects.select_for_update(of=("self",)).select_related("user").get(pk=membership.pk)
    check_may_give(by, organization, membership.role)
    if membership.ended_at:
        raise NotPossibleNow(_("This function was ended already."))
    _check_not_last(membership)
    membership.ended_at, membership.ended_by = clock.now(), by
    membership.save()
    permissions.forget_known_permissions(membership.user)
    permissions.forget_known_permissions(by)
    facts = {"role": membership.role, "person": str(membership.user.uuid)}
    record(by=by, verb="end_role", thing=organization, organization=organization, facts=facts)
    return membership


def add_membership(
    *,
    organization: Organization,
    user: User,
    role: str,
    by: Actor,
    ends_on: date | None = None,
    taken_by: User | None = None,
) -> Membership:
    """The row and its event. The service that calls has locked the body and checked who may. `taken_by`: the person
    who accepts what `by` offered.
    """
    moment = clock.now()
    membership = Membership.objects.create(
        user=user,
        organization=organization,
        role=role,
        starts_on=clock.civil_date(moment),
        ends_on=ends_on,
        given_at=moment,
        given_by=person_or_none(by),
        given_by_ref=by.actor_ref,
    )
    permissions.forget_known_permissions(user)
    facts = {"role": role, "person": str(user.uuid)}
    record(by=taken_by or by, verb="give_role", thing=organization, organization=organization, facts=facts)
    return membership


def give_to_founder(*, organization: Organization, by: Actor) -> None:
    """An administration that creates a body below its own administers it too, until it names somebody else. The
    operation of the platform and a central agency do not: they invite whoever will.
    """
    if isinstance(by, User) and not permissions.is_permitted_anywhere(by, permissions.Permission.CREATE_ORGANIZATION):
        add_membership(organization=organization, user=by, role=Role.ORGANIZATION_ADMIN, by=by)
        permissions.forget_known_permissions(by)


def take_over_administration(*, of: Organization, to: Organization, by: Actor) -> None:
    """After a merger, those who administer the successor also administer what the former body leaves."""
    for membership in held(to, Role.ORGANIZATION_ADMIN).select_related("user").order_by("pk"):
        if not held(of, Role.ORGANIZATION_ADMIN, user=membership.user).exists():
            add_membership(organization=of, user=membership.user, role=Role.ORGANIZATION_ADMIN, by=by)


def held(organization: Organization, *roles: str, user: User | None = None) -> MembershipQuerySet:
    """Functions of this body in force today."""
    rows = Membership.objects.filter(organization=organization).in_force(clock.civil_date(clock.now()))
    rows = rows.filter(role__in=roles) if roles else rows
    return rows.filter(user=user) if user else rows


def vacant_functions(organization: Organization) -> list[Role]:
    """The functions a body needs and that nobody holds today."""
    found = set(held(organization).order_by("pk").values_list("role", flat=True))
    return [role for role in REQUIRED_FUNCTIONS if role not in found]


def functions_to_fill(organization: Organization) -> tuple[list[Role], list[Role]]:
    """The vacant functions: those that nobody is invited to, and those to which an invitation waits for its answer."""
    waiting = Invitation.objects.open_at(clock.now()).filter(organization=organization)
    invited = {role for roles in waiting.order_by("pk").values_list("roles", flat=True) for role in roles}
    vacant = vacant_functions(organization)
    return [role for role in vacant if role not in invited], [role for role in vacant if role in invited]


def nobody_answers(roles: Collection[str]) -> bool:
    """None of these functions lets anyone answer a visitor."""
    return not any(permissions.Permission.ANSWER_CITIZENS in permissions.ROLE_PERMISSIONS[Role(role)] for role in roles)


def givable_roles(by: User, organization: Organization) -> list[Role]:
    """What this person may give in this body: all of its functions, or its administration while nobody has it."""
    roles = [role for role in Role if permissions.can_give_role(by, organization, role)]
    if Role.ORGANIZATION_ADMIN not in roles and may_name_first_administration(by, organization):
        roles.append(Role.ORGANIZATION_ADMIN)
    return roles


def may_name_first_administration(by: User, organization: Organization) -> bool:
    """Whoever may create a body may name its administration, as long as it has none."""
    return permissions.can_change_place(by, organization) and Role.ORGANIZATION_ADMIN in vacant_functions(organization)


def check_may_give(by: Actor, organization: Organization, role: str) -> None:
    if not isinstance(by, User) or role not in givable_roles(by, organization):
        raise NotAllowed(_("Only the administration of this body may give or end this function."))


def _belongs(user: User, organization: Organization) -> bool:
    return held(organization, user=user).exists()


def _check_not_last(membership: Membership) -> None:
    role = Role(membership.role)
    if role not in NEVER_EMPTY:
        return
    today = clock.civil_date(clock.now())
    others = Membership.objects.filter(role=role).in_force(today).exclude(pk=membership.pk)
    if role == Role.ORGANIZATION_ADMIN:
        others = others.filter(organization_id=membership.organization_id)
    # A function that ends on a day still to come leaves nobody then: only one without an end counts.
    if not others.filter(ends_on__isnull=True, user__is_active=True).exists():
        raise NotPossibleNow(str(NEVER_EMPTY[role]))


def _lock(organization: Organization) -> Organization:
    """Two people who end each other's function at the same moment must not both succeed."""
    return Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
