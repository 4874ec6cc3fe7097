"""Where a body stands before the register: the attestation that facts contradict ends, and the public copy follows."""

from typing import Any

from django.db import transaction

from core import clock
from core.audit import Actor, record
from organizations.models import Organization, Succession
from organizations.public import answering_body
from organizations.services.actors import person_or_none
from organizations.workflow import SuccessionKind
from registry.models import AISystem, CommonToolUse, NoAIAttestation, PublicCoverage
from registry.models.system import AISystemQuerySet
from registry.workflow import AttestationEnd, Phase


@transaction.atomic
def follow_register(*, organization: Organization, by: Actor) -> None:
    """After something that counts was declared, brought back, put away or merged: called in the transaction of the act.

    Whoever attests holds the same lock, so that an attestation and a system that contradicts it never both stand.
    """
    body = Organization.objects.select_for_update(of=("self",)).get(pk=answering_body(organization).pk)
    carried = bodies_carried_on_by(body)
    taken_in = [key for key in carried if key != body.pk]
    for each in attestations_in_force(taken_in):
        end_attestation(attestation=each, why=AttestationEnd.MERGED, by=by)
    attestation = attestations_in_force([body.pk]).first()
    if attestation and (declared_in_use(carried).exists() or uses_common_tools(body)):
        end_attestation(attestation=attestation, why=AttestationEnd.DECLARED, by=by)
        attestation = None
    PublicCoverage.objects.filter(organization__in=taken_in).delete()
    _show(body, carried, attestation)


def end_attestation(*, attestation: NoAIAttestation, why: AttestationEnd, by: Actor) -> None:
    """It is in force no more; the row stays. The caller holds the lock of the body."""
    attestation.ended_at, attestation.end = clock.now(), why
    attestation.ended_by, attestation.ended_by_ref = person_or_none(by), by.actor_ref
    attestation.save(update_fields=["ended_at", "ended_by", "ended_by_ref", "end"])
    facts = {"why": str(why), "attested_on": attestation.attested_on.isoformat()}
    record(by=by, verb="end_no_ai", thing=attestation, organization=attestation.organization, facts=facts)


def show_coverage(organization: Organization) -> None:
    """The public copy says what stands now. The caller holds the lock of the body and tells the ledger."""
    carried = bodies_carried_on_by(organization)
    _show(organization, carried, attestations_in_force([organization.pk]).first())


@transaction.atomic
def show_every_coverage(*, by: Actor) -> int:
    """Every body again: a clock mends what an older version of the program did not write. Returns how many."""
    bodies = Organization.objects.filter(closed_on__isnull=True).order_by("pk")
    concerned = bodies.filter(systems__isnull=False) | bodies.filter(no_ai_attestations__isnull=False)
    found = list(concerned.distinct())
    for body in found:
        follow_register(organization=body, by=by)
    return len(found)


def attestations_in_force(bodies: list[int]) -> Any:
    rows = NoAIAttestation.objects.filter(organization__in=bodies, ended_at__isnull=True)
    return rows.select_related("organization").order_by("pk")


def bodies_carried_on_by(organization: Organization) -> list[int]:
    """Keys of this body and of those that were merged into it, and so on: it answers for what they declared."""
    found, level = [organization.pk], [organization.pk]
    while level:
        rows = Succession.objects.filter(kind=SuccessionKind.MERGED, successor__in=level, predecessor__isnull=False)
        keys = rows.exclude(predecessor__in=found).order_by("predecessor").values_list("predecessor", flat=True)
        level = list(dict.fromkeys(keys))
        found += level
    return found


def records_in_use(bodies: list[int]) -> AISystemQuerySet:
    """Drafts too: neither retired nor put away."""
    return AISystem.objects.in_use().filter(organization__in=bodies).exclude(phase=Phase.RETIRED)


def declared_in_use(bodies: list[int]) -> AISystemQuerySet:
    return records_in_use(bodies).declared()


def uses_common_tools(organization: Organization) -> bool:
    """An assistant or a transcription tool is artificial intelligence too."""
    return CommonToolUse.objects.filter(organization=organization, is_used="yes").exists()


def _show(body: Organization, carried: list[int], attestation: NoAIAttestation | None) -> None:
    """Written only when it says something else: each change makes every public page anew."""
    told = {
        "has_declared": AISystem.objects.declared().in_use().filter(organization__in=carried).exists(),
        "attested_on": attestation.attested_on if attestation else None,
        "function": attestation.function if attestation else "",
        "note_fr": attestation.note_fr if attestation else "",
    }
    shown = PublicCoverage.objects.filter(organization=body).first()
    if not any(told.values()):
        if shown:
            shown.delete()
    elif shown is None:
        PublicCoverage.objects.create(organization=body, **told)
    elif any(getattr(shown, name) != value for name, value in told.items()):
        PublicCoverage.objects.filter(pk=shown.pk).update(**told)
