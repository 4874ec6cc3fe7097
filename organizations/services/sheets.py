"""The sheet of a body: made, corrected, moved in the tree. What is saved is public at once."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import Actor, record
from core.models import AuditEvent
from core.models.audit import ActorKind
from core.services import (
    Difference,
    EditConflict,
    InvalidInput,
    NotAllowed,
    NotPossibleNow,
    Signature,
    contested,
    created_once,
)
from core.text import clean_line, clean_text
from organizations import permissions
from organizations.models import Organization, User
from organizations.services.actors import is_program
from organizations.services.invitations import invite
from organizations.services.locks import Lock, hold
from organizations.services.members import give_to_founder
from organizations.services.public_copy import publish_body
from organizations.services.sigles import check_sigle
from organizations.workflow import Role, SecondLook

Values = Mapping[str, Any]
# Of one sheet, looked at to tell who wrote what is in dispute.
MOST_EDITS = 200

# Name, sigle and place in the tree have their own acts: a change of these leaves a trace that others follow.
SHEET_FIELDS = (
    "kind",
    "country",
    "regimes",
    "employees",
    "highest_authority_fr",
    "is_committee_exempt",
    "publishes_in_english",
    "second_look",
    "second_look_reason_fr",
    "contact_email",
    "contact_phone",
    "postal_address",
    "website",
)


@transaction.atomic
def create_organization(
    *,
    sigle: str,
    name_fr: str,
    values: Values,
    by: Actor,
    name_en: str = "",
    parent: Organization | None = None,
    is_demonstration: bool = False,
    administrator: str = "",
    request_key: UUID | None = None,
) -> Organization:
    """Enter a body in the tree, and in public. The administration of its parent administers it until it gives the
    function to another; `administrator`: the e-mail of who is invited to administer it.

    Raises `NotAllowed`, or `InvalidInput` for a sigle that another body bears or bore.
    """
    _check_may_create(by, parent)

    def create() -> Organization:
        organization = Organization(
            sigle=check_sigle(sigle),
            name_fr=clean_line(name_fr),
            name_en=clean_line(name_en),
            parent=parent,
            is_demonstration=is_demonstration or _is_demonstration(parent, by),
        )
        _write(organization, values)
        _enter(organization, by)
        if administrator and isinstance(by, User):
            roles = [Role.ORGANIZATION_ADMIN]
            invite(organization=organization, email=administrator, roles=roles, language=by.language, by=by)
        return organization

    return created_once(key=request_key, by=by, model=Organization, create=create)


@transaction.atomic
def edit_sheet(*, organization: Organization, values: Values, version: int, by: User) -> Organization:
    """Save the sheet as the person typed it since they read `version`.

    What another person changed meanwhile in other fields stands; where both changed the same field, `EditConflict`
    shows both and nothing is written.
    """
    if not permissions.can_edit_organization(by, organization):
        raise NotAllowed(_("Only the administration of this body may change its sheet."))
    organization = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    check_open(organization)
    typed = {name: value for name, value in _clean(values).items() if value != getattr(organization, name)}
    typed = _merged(organization, typed, version)
    if not typed:
        return organization
    _write(organization, typed)
    organization.version += 1
    organization.save()
    record(by=by, verb="edit", thing=organization, organization=organization, facts={"fields": sorted(typed)})
    publish_body(organization=organization, by=by)
    return organization


@transaction.atomic
def move_organization(*, organization: Organization, parent: Organization | None, by: User) -> Organization:
    """Put a body under another one, or under none. Those above read what the bodies below declare, so both ends say
    yes. Raises `InvalidInput` when the tree would become a ring.
    """
    hold(Lock.TREE)
    organization = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    if not (permissions.can_change_place(by, organization) and permissions.can_create_organization(by, parent)):
        raise NotAllowed(_("Only those who may create a body at both places may move one from here to there."))
    check_open(organization)
    if parent and parent.pk in Organization.objects.filter(pk=organization.pk).descendant_keys():
        raise InvalidInput(
            _("%(body)s is below this body already: choose another one.") % {"body": parent.sigle}, field="parent"
        )
    organization.parent = parent
    organization.version += 1
    organization.save()
    facts = {"under": parent.sigle if parent else ""}
    record(by=by, verb="move", thing=organization, organization=organization, facts=facts)
    publish_body(organization=organization, by=by)
    return organization


def check_open(organization: Organization) -> None:
    """A closed body is what it was: its old sigle may lead elsewhere by now."""
    if organization.closed_on:
        raise NotPossibleNow(_("This body is closed: its sheet stays as it was."))


def _is_demonstration(parent: Organization | None, by: Actor) -> bool:
    """What people of the demonstration create, and what stands under one of its bodies, is of the demonstration."""
    return bool(parent and parent.is_demonstration) or (isinstance(by, User) and by.is_demonstration)


def _check_may_create(by: Actor, parent: Organization | None) -> None:
    if is_program(by) or (isinstance(by, User) and permissions.can_create_organization(by, parent)):
        return
    raise NotAllowed(
        _("Only the operation of the platform, a central agency or the administration of the body above may do it.")
    )


def _enter(organization: Organization, by: Actor) -> None:
    organization.save(force_insert=True)
    organization.refresh_from_db(fields=["sort_key"])
    record(by=by, verb="create", thing=organization, organization=organization, facts={"kind": organization.kind})
    give_to_founder(organization=organization, by=by)
    publish_body(organization=organization, by=by)


def _clean(values: Values) -> dict[str, Any]:
    return {name: _clean_value(name, value) for name, value in values.items() if name in SHEET_FIELDS}


def _clean_value(name: str, value: Any) -> Any:
    if name == "regimes":
        return sorted({*value})
    if not isinstance(value, str):
        return value
    return clean_text(value) if name == "postal_address" else clean_line(value)


def _write(organization: Organization, values: Values) -> None:
    for name, value in _clean(values).items():
        setattr(organization, name, value)
    if organization.second_look != SecondLook.IMPOSSIBLE:
        return
    if not organization.second_look_reason_fr:
        raise InvalidInput(
            _("Say why a second look is impossible: the reason is shown."), field="second_look_reason_fr"
        )


def _merged(organization: Organization, typed: dict[str, Any], version: int) -> dict[str, Any]:
    """Three texts meet: what the person had read, what they typed, what is stored now."""
    changed, both = contested(organization, typed, version)
    if both:
        wrote = _signatures(organization, both)
        raise EditConflict(organization.version, [_difference(organization, n, changed[n], wrote[n]) for n in both])
    return changed


def _signatures(organization: Organization, names: list[str]) -> dict[str, Signature]:
    """Who wrote these fields of the sheet last, as the ledger has it; nobody for what came with the sheet."""
    about = AuditEvent.objects.filter(object_type="organizations.organization", object_ref=str(organization.uuid))
    edits = list(about.filter(verb="edit").order_by("-at", "-id")[:MOST_EDITS])
    refs = {edit.actor_ref for edit in edits if edit.actor_kind == ActorKind.PERSON}
    people = {str(one.uuid): str(one) for one in User.objects.filter(uuid__in=refs)}
    found = dict.fromkeys(names, Signature())
    for edit in reversed(edits):
        here = {name for name in names if name in edit.facts.get("fields", [])}
        found |= dict.fromkeys(here, Signature(people.get(edit.actor_ref, ""), edit.at, edit.actor_ref))
    return found


def _difference(organization: Organization, name: str, typed: Any, wrote: Signature) -> Difference:
    stored = getattr(organization, name)
    return Difference(
        field=name,
        label=str(Organization._meta.get_field(name).verbose_name),  # type: ignore[union-attr]
        stored=shown_value(name, stored),
        typed=shown_value(name, typed),
        stored_value=stored,
        typed_value=typed,
        by=wrote.by,
        at=wrote.at,
        by_ref=wrote.ref,
    )


def sheet_labels(view: str, _given: Mapping[str, Any]) -> dict[str, str]:
    """Named in FIELD_LABELS: the questions of the sheet of a body."""
    if not view.startswith("organizations:"):
        return {}
    return {name: str(Organization._meta.get_field(name).verbose_name) for name in SHEET_FIELDS}  # type: ignore[union-attr]


def shown_value(name: str, value: Any) -> str:
    """The value as a reader sees it: words for codes, yes and no for answers."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    field: Any = Organization._meta.get_field(name)
    labels = dict((field.base_field if name == "regimes" else field).choices or [])
    if isinstance(value, list):
        return ", ".join(str(labels.get(code, code)) for code in value)
    return str(labels.get(value, "" if value is None else value))
