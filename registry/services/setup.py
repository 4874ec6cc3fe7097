"""First things to do in the register of a body, told from facts: named in SETUP_STEPS."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from organizations.models import Organization, User
from organizations.permissions import can_manage_members
from organizations.services.setup import Step
from organizations.workflow import Role
from registry import permissions
from registry.models import AISystem, CommonToolUse, ImportRun, NoAIAttestation
from registry.rules.common_tools import COMMON_TOOLS
from registry.workflow import RunKind, RunState, Status


def first_things(bodies: list[Organization], reader: User) -> dict[int, list[Step]]:
    """Key of a body → its inventory, its first system, its common tools. Four queries, however many bodies.

    A body that attests to use no AI has neither an inventory to bring nor a system to declare.
    """
    systems = _counted(AISystem.objects.filter(organization__in=bodies, status=Status.DECLARED))
    imports = _counted(
        ImportRun.objects.filter(
            organization__in=bodies, kind=RunKind.INVENTORY, state=RunState.DONE, undone_at__isnull=True
        )
    )
    attested = _counted(NoAIAttestation.objects.filter(organization__in=bodies, ended_at__isnull=True))
    answered = _counted(CommonToolUse.objects.filter(~Q(is_used=""), organization__in=bodies))
    return {
        body.pk: [
            _inventory(imports.get(body.pk, 0), systems.get(body.pk, 0), attested.get(body.pk, 0)),
            _first_system(body, reader, systems.get(body.pk, 0), attested.get(body.pk, 0)),
            _common_tools(body, answered.get(body.pk, 0)),
        ]
        for body in bodies
    }


def _counted(rows: object) -> dict[int, int]:
    """Key of a body → how many of these rows it has."""
    return dict(rows.order_by().values_list("organization").annotate(count=Count("pk")))  # type: ignore[attr-defined]


def _inventory(imports: int, systems: int, attested: int) -> Step:
    """A body that has declared needs no inventory any more."""
    is_done = bool(imports or systems or attested)
    note = "" if is_done else _("An Excel or CSV list of your systems becomes drafts; without one, go on.")
    return Step(_("Import your inventory"), is_done, note, reverse("registry:import_inventory"))


def _first_system(body: Organization, reader: User, systems: int, attested: int) -> Step:
    """Either way the public learns where the body stands. Who may not declare can give the function that does."""
    title = _("Declare a first system, or attest that the body uses no AI")
    no_ai = reverse("registry:no_ai", args=[body.uuid])
    if systems:
        return Step(title, True, "", reverse("registry:systems"))
    if attested:
        return Step(title, True, _("The body attests that it uses no AI."), no_ai)
    note, ways = _("Neither is done: on the public site the body is “silent”."), []
    if permissions.can_declare(reader, body):
        ways.append((_("Declare a system"), reverse("registry:begin")))
    elif can_manage_members(reader, body):
        ways += _giving_the_function(body, reader)
        told = {"function": Role.SYSTEM_OWNER.label}
        note += " " + _("Administering does not let you declare: the function “%(function)s” does.") % told
    if permissions.can_attest_no_ai(reader, body):
        ways.append((_("Attest that the body uses no AI"), no_ai))
    address = ways[0][1] if ways else reverse("registry:systems")
    return Step(title, False, note, address, tuple(ways))


def _giving_the_function(body: Organization, reader: User) -> list[tuple[str, str]]:
    return [
        (
            _("Give yourself a function that declares"),
            reverse("organizations:give_role", args=[body.uuid, reader.uuid]),
        ),
        (_("Invite a person who will declare"), reverse("organizations:invite", args=[body.uuid])),
    ]


def _common_tools(body: Organization, answered: int) -> Step:
    total = len(COMMON_TOOLS.tools)
    told = {"done": answered, "total": total}
    note = "" if answered >= total else _("%(done)d of %(total)d everyday uses have an answer.") % told
    address = reverse("registry:common_tools_of", args=[body.uuid])
    return Step(_("Fill in the page of common tools"), answered >= total, note, address)
