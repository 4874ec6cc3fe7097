"""The set-up list of a body: what its administration does first, and how far it is."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from organizations.models import Invitation, Organization, User
from organizations.permissions import Permission, organizations_where
from organizations.services.members import held, vacant_functions
from organizations.workflow import SecondLook


@dataclass(frozen=True)
class Step:
    """One line of the list. `note` says what is missing, or what was chosen."""

    title: str
    is_done: bool
    note: str
    address: str


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


def setup_lists_of(user: User) -> list[SetupList]:
    """For each open body this person administers and that is not ready yet."""
    bodies = organizations_where(user, Permission.EDIT_ORGANIZATION).filter(closed_on__isnull=True)
    found = [setup_list(organization) for organization in bodies.order_by("sort_key", "pk")]
    return [one for one in found if not one.is_done]


def setup_list(organization: Organization) -> SetupList:
    return SetupList(
        organization, (_sheet(organization), _contacts(organization), _functions(organization), _people(organization))
    )


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


def _functions(organization: Organization) -> Step:
    vacant = [str(role.label) for role in vacant_functions(organization)]
    note = _("Nobody holds: %(functions)s.") % {"functions": ", ".join(vacant)} if vacant else ""
    return Step(_("Give the functions"), not vacant, note, reverse("organizations:members", args=[organization.uuid]))


def _people(organization: Organization) -> Step:
    """One person is enough where nobody else could look; elsewhere a second one is invited at least."""
    people = held(organization).order_by().values("user_id").distinct().count()
    invited = Invitation.objects.filter(organization=organization, withdrawn_at__isnull=True).exists()
    is_done = people > 1 or invited or organization.second_look == SecondLook.IMPOSSIBLE
    note = "" if is_done else _("You are alone: in a very small body, say so under «second look» in the sheet.")
    return Step(_("Invite people"), is_done, note, reverse("organizations:invite", args=[organization.uuid]))


def _missing(labels: list[str]) -> str:
    return _("Missing: %(answers)s.") % {"answers": ", ".join(labels)} if labels else ""
