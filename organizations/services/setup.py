"""The set-up list of a body: what its administration does first, and how far it is."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from core import clock
from organizations.models import Invitation, Membership, Organization, User
from organizations.permissions import Permission, organizations_where
from organizations.services.members import REQUIRED_FUNCTIONS, nobody_answers
from organizations.workflow import Role, SecondLook


@dataclass(frozen=True)
class Step:
    """One line of the list. `note` says what is missing, or what was chosen. `ways`: words and address of each thing
    that the reader may do, when there are several.
    """

    title: str
    is_done: bool
    note: str
    address: str
    ways: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class SetupList:
    organization: Organization
    steps: tuple[Step, ...]

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def is_done(self) -> bool:
        return self.done == len(self.steps)


@dataclass
class Held:
    """What is held in one body today: functions, people, and whether somebody was invited."""

    roles: set[str] = field(default_factory=set)
    people: set[int] = field(default_factory=set)
    has_invited: bool = False
    offered: set[str] = field(default_factory=set)  # by an invitation that waits for its answer


def setup_lists_of(user: User) -> list[SetupList]:
    """For each open body this person administers and that is not ready yet: as many queries, however many bodies."""
    scope = organizations_where(user, Permission.EDIT_ORGANIZATION).filter(closed_on__isnull=True)
    bodies = list(scope.order_by("sort_key", "pk"))
    held, others = _held_in(bodies), _other_steps(bodies, user)
    found = [_list_of(organization, held[organization.pk], others[organization.pk]) for organization in bodies]
    return [one for one in found if not one.is_done]


def setup_list(organization: Organization, reader: User) -> SetupList:
    others = _other_steps([organization], reader)[organization.pk]
    return _list_of(organization, _held_in([organization])[organization.pk], others)


def _list_of(organization: Organization, held: Held, others: list[Step]) -> SetupList:
    own = (
        _sheet(organization),
        _contacts(organization),
        _functions(organization, held),
        _people(organization, held),
        _visitors(organization, held),
    )
    return SetupList(organization, (*own, *others))


def _other_steps(bodies: list[Organization], reader: User) -> dict[int, list[Step]]:
    """Key of a body → what the rooms above have to add (SETUP_STEPS)."""
    found: dict[int, list[Step]] = {organization.pk: [] for organization in bodies}
    for path in settings.SETUP_STEPS if bodies else ():
        source: Callable[[list[Organization], User], dict[int, list[Step]]] = import_string(path)
        for body, steps in source(bodies, reader).items():
            found[body] += steps
    return found


def _held_in(bodies: list[Organization]) -> dict[int, Held]:
    found = {organization.pk: Held() for organization in bodies}
    rows = Membership.objects.filter(organization__in=bodies).in_force(clock.civil_date(clock.now()))
    for body, role, person in rows.order_by("pk").values_list("organization_id", "role", "user_id"):
        found[body].roles.add(role)
        found[body].people.add(person)
    invitations = Invitation.objects.filter(organization__in=bodies, withdrawn_at__isnull=True)
    told = invitations.order_by("pk").values_list("organization_id", "roles", "accepted_at", "expires_at")
    for body, roles, accepted_at, expires_at in told:
        found[body].has_invited = True
        if not accepted_at and expires_at > clock.now():
            found[body].offered.update(roles)
    return found


def _sheet(organization: Organization) -> Step:
    missing = [
        label
        for label, value in (
            (_("person with the highest authority"), organization.highest_authority_fr),
            (_("legal regimes"), organization.regimes),
            (_("number of employees"), organization.employees),
        )
        if not value
    ]
    address = reverse("organizations:edit", args=[organization.uuid])
    return Step(_("Complete the sheet of the body"), not missing, _missing(missing), address)


def _contacts(organization: Organization) -> Step:
    missing = [
        label
        for label, value in (
            (_("telephone"), organization.contact_phone),
            (_("postal address"), organization.postal_address),
            (_("e-mail"), organization.contact_email),
        )
        if not value
    ]
    address = reverse("organizations:edit", args=[organization.uuid]) + "#contacts"
    return Step(_("Say how citizens reach the body"), not missing, _missing(missing), address)


def _functions(organization: Organization, held: Held) -> Step:
    vacant = [role for role in REQUIRED_FUNCTIONS if role not in held.roles]
    note = _named(_("Nobody holds: %(functions)s."), [role for role in vacant if role not in held.offered])
    offered = _named(_("A person is invited to: %(functions)s."), [role for role in vacant if role in held.offered])
    note = " ".join([note, offered]).strip()
    if nobody_answers(held.roles):
        note = " ".join([note, _("Nobody can answer visitors.")]).strip()
    return Step(_("Give the functions"), not vacant, note, reverse("organizations:members", args=[organization.uuid]))


def _named(sentence: str, roles: list[Role]) -> str:
    return sentence % {"functions": ", ".join(str(role.label) for role in roles)} if roles else ""


def _people(organization: Organization, held: Held) -> Step:
    """One person is enough where nobody else could look; elsewhere a second one is invited at least."""
    is_done = len(held.people) > 1 or held.has_invited or organization.second_look == SecondLook.IMPOSSIBLE
    note = "" if is_done else _("You are alone: in a very small body, say so under “second look” in the sheet.")
    return Step(_("Invite people"), is_done, note, reverse("organizations:invite", args=[organization.uuid]))


def _visitors(organization: Organization, held: Held) -> Step:
    """Errors that visitors report must reach somebody who may answer."""
    is_done = not nobody_answers(held.roles)
    note = "" if is_done else _("Nobody may answer the errors that visitors report: give one of these functions.")
    return Step(
        _("Say who answers visitors"), is_done, note, reverse("organizations:members", args=[organization.uuid])
    )


def _missing(labels: list[str]) -> str:
    return _("Missing: %(answers)s.") % {"answers": ", ".join(labels)} if labels else ""
