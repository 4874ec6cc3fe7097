"""What becomes of a body: another name, another sigle, merged into another one, closed.

The systems a body declared keep their numbers for ever; those it declares later carry its new sigle, counted on from
where it was. An old name or sigle goes on leading to the body that bears its work.
"""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core import clock
from core.audit import Actor, record
from core.outbox import ask
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from core.text import clean_line
from organizations import permissions
from organizations.models import Organization, PublicBody, Succession, User
from organizations.services.actors import is_program
from organizations.services.locks import Lock, hold
from organizations.services.members import take_over_administration
from organizations.services.public_copy import keep_old_name, publish_body
from organizations.services.sheets import check_open
from organizations.services.sigles import check_sigle
from organizations.workflow import SuccessionKind


@transaction.atomic
def correct_name(*, organization: Organization, name_fr: str, name_en: str, by: User) -> Organization:
    """Mend a spelling: the body never bore the other one, so it is not kept as an old name."""
    organization = _to_rename(organization, by)
    organization.name_fr, organization.name_en = clean_line(name_fr), clean_line(name_en)
    _save(organization)
    record(by=by, verb="correct_name", thing=organization, organization=organization)
    publish_body(organization=organization, by=by)
    _tell_rooms(organization)
    return organization


@transaction.atomic
def rename_organization(
    *, organization: Organization, sigle: str, name_fr: str, name_en: str = "", effective_on: date, by: User
) -> Organization:
    """The body bears another name or sigle since that day. The old ones still resolve."""
    organization = _to_rename(organization, by)
    _check_past(effective_on, "effective_on")
    sigle = check_sigle(sigle, of=organization)
    if (sigle, clean_line(name_fr)) == (organization.sigle, organization.name_fr):
        raise InvalidInput(_("Neither the name nor the sigle changes: there is nothing to save."), field="name_fr")
    old = organization.sigle, organization.name_fr, organization.name_en
    organization.sigle, organization.name_fr, organization.name_en = sigle, clean_line(name_fr), clean_line(name_en)
    _save(organization)
    record(
        by=by,
        verb="rename",
        thing=organization,
        organization=organization,
        facts={"from": old[0], "to": sigle, "effective_on": effective_on.isoformat()},
    )
    publish_body(organization=organization, by=by)
    _follow(old, organization, SuccessionKind.RENAMED, effective_on, by)
    # A child that was merged elsewhere has no public page of its own any more.
    for below in organization.children.filter(Q(closed_on__isnull=True) | Q(public_body__isnull=False)):
        publish_body(organization=below, by=by)
    return organization


@transaction.atomic
def merge_organization(*, organization: Organization, into: Organization, effective_on: date, by: User) -> Succession:
    """The body closes and another carries on its work: its old name and sigle lead there, its systems stay under their
    numbers, and the administration of the other body administers what it leaves. The bodies below it move along.
    """
    hold(Lock.TREE)
    pair = {one.pk: one for one in _lock(organization, into)}
    organization, into = pair[organization.pk], pair[into.pk]
    if not permissions.can_change_place(by, organization) or not permissions.can_change_place(by, into):
        raise NotAllowed(_("Only those who may create both bodies may merge them."))
    check_open(organization)
    _check_past(effective_on, "effective_on")
    if into.closed_on or into.pk in Organization.objects.filter(pk=organization.pk).descendant_keys():
        raise InvalidInput(_("Choose an open body that is not below this one."), field="into")
    organization.closed_on = effective_on
    _save(organization)
    for below in organization.children.filter(closed_on__isnull=True):
        below.parent = into
        _save(below)
        publish_body(organization=below, by=by)
    _lead_to(organization, into, by)
    old = organization.sigle, organization.name_fr, organization.name_en
    succession = _follow(old, into, SuccessionKind.MERGED, effective_on, by, predecessor=organization)
    take_over_administration(of=organization, to=into, by=by)
    facts = {"into": into.sigle, "effective_on": effective_on.isoformat()}
    record(by=by, verb="merge", thing=organization, organization=organization, facts=facts)
    return succession


@transaction.atomic
def close_organization(*, organization: Organization, closed_on: date, by: User) -> Organization:
    """The body exists no more and nobody carries on its work. Its public page says so; its people can still read."""
    organization = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    if not permissions.can_change_place(by, organization):
        raise NotAllowed(_("Only those who may create this body may close it."))
    check_open(organization)
    _check_past(closed_on, "closed_on")
    if organization.children.filter(closed_on__isnull=True).exists():
        raise NotPossibleNow(_("Bodies are still open below this one: move them or close them first."))
    organization.closed_on = closed_on
    _save(organization)
    record(by=by, verb="close", thing=organization, organization=organization, facts={"on": closed_on.isoformat()})
    publish_body(organization=organization, by=by)
    return organization


@transaction.atomic
def record_former_name(
    *, organization: Organization, sigle: str, name_fr: str, name_en: str = "", kind: str, until: date, by: Actor
) -> Succession:
    """A name from before Vigie, of the body or of one it took in: people who know it find their way."""
    organization = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    if not is_program(by) and not (isinstance(by, User) and permissions.can_edit_organization(by, organization)):
        raise NotAllowed(_("Only the administration of this body may add one of its old names."))
    check_open(organization)
    _check_past(until, "until")
    old = check_sigle(sigle, of=organization), clean_line(name_fr), clean_line(name_en)
    succession = _follow(old, organization, kind, until, by)
    facts = {"sigle": old[0], "kind": kind, "until": until.isoformat()}
    record(by=by, verb="record_former_name", thing=organization, organization=organization, facts=facts)
    return succession


def _to_rename(organization: Organization, by: User) -> Organization:
    organization = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    if not permissions.can_edit_organization(by, organization):
        raise NotAllowed(_("Only the administration of this body may change its name."))
    check_open(organization)
    return organization


def _lock(*organizations: Organization) -> list[Organization]:
    """Always in the same order, so that two merges never wait for each other."""
    keys = [organization.pk for organization in organizations]
    return list(Organization.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))


def _check_past(day: date, field: str) -> None:
    if day > clock.civil_date(clock.now()):
        raise InvalidInput(_("This day is in the future: come back then, or correct the date."), field=field)


def _save(organization: Organization) -> None:
    organization.version += 1
    organization.save()
    organization.refresh_from_db(fields=["sort_key"])


def _follow(
    old: tuple[str, str, str],
    successor: Organization,
    kind: str,
    effective_on: date,
    by: Actor,
    predecessor: Organization | None = None,
) -> Succession:
    """Keep the old sigle and name, and where they lead. One row per old name and sigle."""
    sigle, name_fr, name_en = old
    succession, _is_new = Succession.objects.update_or_create(
        former_sigle=sigle,
        former_name_fr=name_fr,
        successor=successor,
        defaults={
            "former_name_en": name_en,
            "kind": kind,
            "effective_on": effective_on,
            "predecessor": predecessor,
        },
    )
    body = publish_body(organization=successor, by=by)
    keep_old_name(body=body, sigle=sigle, name_fr=name_fr, name_en=name_en, until=effective_on)
    _tell_rooms(successor)
    return succession


def _tell_rooms(organization: Organization) -> None:
    """What other rooms keep of a body's names follows (`SUCCESSION_JOBS`)."""
    for task in settings.SUCCESSION_JOBS:
        ask(task, organization=organization.pk)


def _lead_to(organization: Organization, into: Organization, by: Actor) -> None:
    """The public page of the closed body gives way: its own old names lead to the other body too."""
    target = publish_body(organization=into, by=by)
    former = PublicBody.objects.filter(organization=organization).first()
    if former is None:
        return
    former.old_names.update(body=target)
    former.delete()
