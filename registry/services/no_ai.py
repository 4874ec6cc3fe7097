"""«Aucune IA»: a body attests, for a year, that it uses no AI system and no automated decision system."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from core.audit import record
from core.services import InvalidInput, NotAllowed, NotPossibleNow, check_length, created_once
from core.text import clean_line
from organizations.models import Membership, Organization, User
from organizations.workflow import Role
from registry import permissions
from registry.models import NoAIAttestation
from registry.models.coverage import ATTESTING_ROLES
from registry.public.coverage import shown_in_use
from registry.rules.coverage import is_to_renew
from registry.services.coverage import (
    attestations_in_force,
    bodies_carried_on_by,
    end_attestation,
    records_in_use,
    show_coverage,
    uses_common_tools,
)
from registry.workflow import AttestationEnd

NAMED = 3


@transaction.atomic
def attest_no_ai(
    *, organization: Organization, attested_on: date, by: User, note: str = "", request_key: UUID | None = None
) -> NoAIAttestation:
    """The body uses none on that day: public at once, under the function of who attests. One in force is renewed.

    Raises `NotPossibleNow` while something of the body says otherwise, `InvalidInput` for a day that will not do.
    """
    body = _locked(organization, by)

    def create() -> NoAIAttestation:
        day, text = _checked(body, attested_on, note)
        if obstacle := obstacle_to_attest(body):
            raise NotPossibleNow(obstacle)
        before = attestations_in_force([body.pk]).first()
        if before:
            end_attestation(attestation=before, why=AttestationEnd.RENEWED, by=by)
        function = attesting_function(by, body)
        moment = clock.now()
        made = NoAIAttestation.objects.create(
            organization=body, attested_on=day, function=function, note_fr=text, attested_at=moment, attested_by=by
        )
        show_coverage(body)
        facts = {"on": day.isoformat(), "function": str(function), "renews": before is not None}
        record(by=by, verb="attest_no_ai", thing=made, organization=body, facts=facts)
        return made

    return created_once(key=request_key, by=by, model=NoAIAttestation, create=create)


@transaction.atomic
def withdraw_no_ai(*, organization: Organization, by: User) -> None:
    """The body says it no more: the public page shows nothing of it, the history keeps it."""
    body = _locked(organization, by)
    attestation = attestations_in_force([body.pk]).first()
    if attestation is None:
        raise NotPossibleNow(_("No attestation is in force: there is nothing to withdraw."))
    end_attestation(attestation=attestation, why=AttestationEnd.WITHDRAWN, by=by)
    show_coverage(body)


def obstacle_to_attest(body: Organization) -> str:
    """One sentence that says what to do first; empty when nothing says that the body uses AI."""
    carried = bodies_carried_on_by(body)
    if count := (found := records_in_use(carried)).count():
        names = list(found.order_by("sort_key", "pk").values_list("name_fr", flat=True)[:NAMED])
        told = {"count": count, "names": ", ".join(names) + (", …" if count > NAMED else "")}
        sentence = ngettext(
            "The register holds a system of this body that is neither retired nor put away (%(names)s): retire it or "
            "put it away first, if it is no longer used.",
            "The register holds %(count)d systems of this body that are neither retired nor put away (%(names)s): "
            "retire them or put them away first, if they are no longer used.",
            count,
        )
        return sentence % told
    if uses_common_tools(body):
        return _(
            "The page of common tools says that the staff uses AI: correct it there first, if this is no longer true."
        )
    return _still_public(carried)


def _still_public(carried: list[int]) -> str:
    """The visitor would read both at once."""
    first = shown_in_use().filter(system__organization__in=carried).order_by("reference").first()
    if first is None:
        return ""
    return _("The public site still shows %(number)s in use: publish the version that says it is retired first.") % {
        "number": first.reference
    }


def attesting_function(user: User, body: Organization) -> Role:
    """The function under which somebody who may attest does so: of theirs in this body, the closest to its highest
    authority.
    """
    today = clock.civil_date(clock.now())
    held = Membership.objects.filter(user=user, organization=body, role__in=ATTESTING_ROLES).in_force(today)
    roles = set(held.order_by("pk").values_list("role", flat=True))
    return next(role for role in ATTESTING_ROLES if role in roles)


def _locked(organization: Organization, by: User) -> Organization:
    """The lock that declaring takes too: of the two, the second sees the first."""
    if not permissions.can_attest_no_ai(by, organization):
        raise NotAllowed(
            _("Only the deciding authority, the AI lead or the administration of this body may attest this for it.")
        )
    body = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    if body.closed_on:
        raise NotPossibleNow(_("This body is closed: it attests nothing any more."))
    return body


def _checked(body: Organization, attested_on: date, note: str) -> tuple[date, str]:
    today = clock.civil_date(clock.now())
    if attested_on > today:
        raise InvalidInput(_("This day is in the future: come back then, or correct the date."), field="attested_on")
    if is_to_renew(attested_on, today):
        raise InvalidInput(_("This day is more than twelve months ago: attest for a later one."), field="attested_on")
    before = attestations_in_force([body.pk]).first()
    if before and attested_on < before.attested_on:
        raise InvalidInput(_("The attestation in force is of a later day: correct the date."), field="attested_on")
    text = clean_line(note)
    check_length(text, NoAIAttestation, "note_fr", field="note")
    return attested_on, text
