"""Who may do what, where: the one table from roles to permissions, and the scope that follows from memberships.

A role holds in the body where it was given. Two roles look down the tree: the central agency and the auditor read
what the bodies below have declared. Exceptions to all this are rows (`organizations/grants.py`), never lines of code.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

from core import clock
from organizations.models import Membership, Organization, User
from organizations.workflow import Role, Scope

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models.organization import OrganizationQuerySet

Person = User | AnonymousUser


class Permission(StrEnum):
    """One thing a person may do in a body."""

    READ_DRAFTS = "read_drafts"
    READ_DECLARED = "read_declared"
    DECLARE = "declare"
    EDIT_SYSTEMS = "edit_systems"
    PUBLISH = "publish"
    APPROVE_PUBLICATION = "approve_publication"
    ANSWER_CITIZENS = "answer_citizens"
    ATTEST_NO_AI = "attest_no_ai"
    ADVISE_ON_PRIVACY = "advise_on_privacy"
    ASSESS = "assess"
    LEAD_ASSESSMENT = "lead_assessment"
    DECIDE_ASSESSMENT = "decide_assessment"
    ACCEPT_RISK = "accept_risk"
    IMPORT_INVENTORY = "import_inventory"
    GRANT_EXCEPTION = "grant_exception"
    MAKE_REPORT = "make_report"
    EDIT_ORGANIZATION = "edit_organization"
    MANAGE_MEMBERS = "manage_members"
    READ_AUDIT = "read_audit"
    CREATE_ORGANIZATION = "create_organization"
    OPERATE_PLATFORM = "operate_platform"
    IMPORT_REGISTER = "import_register"


P = Permission
# «Aucune IA» engages the body before the public: its deciding authority, who knows its systems, and its administration,
# in a body without AI often the only account, and one that could give itself either function.
_READ = frozenset({P.READ_DRAFTS, P.READ_DECLARED, P.MAKE_REPORT})
_WRITE = _READ | {P.DECLARE, P.EDIT_SYSTEMS, P.ASSESS, P.LEAD_ASSESSMENT}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.READER: frozenset({P.READ_DECLARED, P.MAKE_REPORT}),
    Role.CONTRIBUTOR: _WRITE,
    Role.SYSTEM_OWNER: _WRITE | {P.PUBLISH, P.ANSWER_CITIZENS, P.GRANT_EXCEPTION, P.IMPORT_INVENTORY},
    Role.PRIVACY_OFFICER: _READ
    | {
        P.APPROVE_PUBLICATION,
        P.ANSWER_CITIZENS,
        P.ADVISE_ON_PRIVACY,
        P.ASSESS,
        P.LEAD_ASSESSMENT,
        P.DECIDE_ASSESSMENT,
    },
    Role.AI_LEAD: _WRITE
    | {P.PUBLISH, P.APPROVE_PUBLICATION, P.ANSWER_CITIZENS, P.GRANT_EXCEPTION, P.IMPORT_INVENTORY, P.ATTEST_NO_AI},
    # They answer what they know of an assessment (measures, clauses, data sets); others begin, submit or leave it.
    Role.SECURITY_OFFICER: _READ | {P.ASSESS},
    Role.LEGAL_ADVISER: _READ | {P.ASSESS},
    Role.DATA_STEWARD: _READ | {P.ASSESS},
    Role.DECIDING_AUTHORITY: _READ | {P.APPROVE_PUBLICATION, P.ATTEST_NO_AI, P.DECIDE_ASSESSMENT, P.ACCEPT_RISK},
    Role.COMMITTEE_MEMBER: frozenset({P.READ_DECLARED}),
    Role.COMMITTEE_CHAIR: frozenset({P.READ_DECLARED}),
    Role.COMMITTEE_SECRETARY: frozenset({P.READ_DECLARED}),
    Role.ORGANIZATION_ADMIN: _READ
    | {P.EDIT_ORGANIZATION, P.MANAGE_MEMBERS, P.IMPORT_INVENTORY, P.READ_AUDIT, P.GRANT_EXCEPTION, P.ATTEST_NO_AI},
    Role.CENTRAL_AGENCY: frozenset({P.READ_DECLARED, P.MAKE_REPORT, P.IMPORT_REGISTER, P.CREATE_ORGANIZATION}),
    Role.AUDITOR: frozenset({P.READ_DECLARED, P.READ_AUDIT, P.MAKE_REPORT}),
    # Operates the platform and does not read the files of the bodies.
    Role.PLATFORM_ADMIN: frozenset({P.OPERATE_PLATFORM, P.CREATE_ORGANIZATION, P.IMPORT_REGISTER}),
}

# Roles that look down the tree, and what they may do there.
REACHING_DOWN: dict[Role, frozenset[Permission]] = {
    Role.CENTRAL_AGENCY: frozenset({P.READ_DECLARED, P.MAKE_REPORT}),
    Role.AUDITOR: frozenset({P.READ_DECLARED, P.READ_AUDIT, P.MAKE_REPORT}),
}

# What each scope of an access token leaves of the rights of its person. Whatever is not here, no token may do.
SCOPE_PERMISSIONS: dict[Scope, frozenset[Permission]] = {
    Scope.READ_SYSTEMS: frozenset({P.READ_DRAFTS, P.READ_DECLARED}),
    Scope.WRITE_SYSTEMS: frozenset({P.READ_DRAFTS, P.READ_DECLARED, P.DECLARE, P.EDIT_SYSTEMS}),
    Scope.PUBLISH: frozenset({P.READ_DRAFTS, P.READ_DECLARED, P.PUBLISH}),
    # A document of an assessment is read like the assessment itself; asking for one takes the scope that writes.
    Scope.READ_ASSESSMENTS: frozenset({P.READ_DRAFTS, P.READ_DECLARED, P.MAKE_REPORT}),
    Scope.WRITE_ASSESSMENTS: frozenset({P.READ_DRAFTS, P.READ_DECLARED, P.MAKE_REPORT, P.ASSESS, P.LEAD_ASSESSMENT}),
}

_KNOWN = "_permissions_by_body"


def permissions_by_body(user: Person) -> dict[int, frozenset[Permission]]:
    """Key of a body → what this person may do there. Read once per person object, that is once per request."""
    if not isinstance(user, User) or not user.is_active:
        return {}
    known: dict[int, frozenset[Permission]] | None = user.__dict__.get(_KNOWN)
    if known is not None:
        return known
    held = Membership.objects.filter(user=user).in_force(clock.civil_date(clock.now()))
    found: dict[int, frozenset[Permission]] = {}
    for organization_id, role in held.order_by("pk").values_list("organization_id", "role"):
        found[organization_id] = found.get(organization_id, frozenset()) | ROLE_PERMISSIONS[Role(role)]
        if role in REACHING_DOWN:
            for below in Organization.objects.filter(pk=organization_id).descendant_keys():
                found[below] = found.get(below, frozenset()) | REACHING_DOWN[Role(role)]
    if user.through:
        found = {body: held & _left_by(user.through.scopes) for body, held in found.items()}
    user.__dict__[_KNOWN] = found
    return found


def _left_by(scopes: Iterable[str]) -> frozenset[Permission]:
    return frozenset().union(*(SCOPE_PERMISSIONS[Scope(scope)] for scope in scopes))


def forget_known_permissions(user: User) -> None:
    """After a function was given or ended, in the same request."""
    user.__dict__.pop(_KNOWN, None)


def organizations_where(user: Person, permission: Permission) -> "OrganizationQuerySet":
    """The bodies in which this person holds this permission: the scope of every staff list."""
    return Organization.objects.filter(pk__in=keys_where(user, permission))


def keys_where(user: Person, permission: Permission) -> list[int]:
    """Their keys, for lists of what belongs to them: a list is counted in an index, a subquery is not."""
    return [key for key, permissions in permissions_by_body(user).items() if permission in permissions]


def is_permitted(user: Person, permission: Permission, organization: Organization) -> bool:
    return permission in permissions_by_body(user).get(organization.pk, frozenset())


def is_permitted_anywhere(user: Person, permission: Permission) -> bool:
    return any(permission in permissions for permissions in permissions_by_body(user).values())


def people_who_may(permission: Permission, organization: Organization) -> "QuerySet[User]":
    """The people whose functions in this very body, today, let them do this."""
    roles = [role for role, allowed in ROLE_PERMISSIONS.items() if permission in allowed]
    held = Membership.objects.filter(organization=organization, role__in=roles)
    held = held.in_force(clock.civil_date(clock.now()))
    return User.objects.filter(pk__in=held.values("user_id"), is_active=True).order_by("name", "pk")


def organizations_in_scope(user: Person) -> "OrganizationQuerySet":
    """The bodies whose sheet and people this person may see: their own, those they look down on; all, for those who
    create bodies. Seeing a sheet opens no system.
    """
    if is_permitted_anywhere(user, P.CREATE_ORGANIZATION):
        return Organization.objects.all()
    return Organization.objects.filter(pk__in=permissions_by_body(user))


def can_create_organization(user: Person, parent: Organization | None) -> bool:
    """The operator of the platform or the central agency; an administration may create below its own body."""
    if is_permitted_anywhere(user, P.CREATE_ORGANIZATION):
        return True
    return parent is not None and is_permitted(user, P.MANAGE_MEMBERS, parent)


def can_change_place(user: Person, organization: Organization) -> bool:
    """Move, close or merge a body: those who could have created it where it stands."""
    return can_create_organization(user, organization.parent)


def can_edit_organization(user: Person, organization: Organization) -> bool:
    return is_permitted(user, P.EDIT_ORGANIZATION, organization)


def can_manage_members(user: Person, organization: Organization) -> bool:
    return is_permitted(user, P.MANAGE_MEMBERS, organization)


def can_operate_platform(user: Person) -> bool:
    return is_permitted_anywhere(user, P.OPERATE_PLATFORM)


def can_give_role(user: Person, organization: Organization, role: str) -> bool:
    """The administration gives every role of its body; only the platform's operator gives roles over the platform."""
    if role in {Role.PLATFORM_ADMIN, Role.CENTRAL_AGENCY}:
        return can_operate_platform(user)
    return can_manage_members(user, organization)
