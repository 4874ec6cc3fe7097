"""Many systems of one body enter the register together: declared, and published where no second look is required."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Case, F, Value, When, prefetch_related_objects

from core import clock
from core.audit import record_many
from organizations.models import Organization, User
from organizations.workflow import SecondLook
from registry import permissions
from registry.models import AISystem, Publication
from registry.models.rows import prefetch_rows
from registry.services.coverage import follow_register
from registry.services.documents import frozen_facts, kind_for
from registry.services.public_files import ask_public_files
from registry.services.public_records import show_first_versions
from registry.services.publication import seal
from registry.services.systems import check_may_declare, check_open, missing_answers, reference_of
from registry.workflow import Status


def may_publish_together(organization: Organization) -> bool:
    """A second look is given to one sheet at a time, by a person who read it."""
    return organization.second_look != SecondLook.REQUIRED


@transaction.atomic
def enter_systems(*, organization: Organization, systems: Sequence[AISystem], publishes: bool, by: User) -> int:
    """Declare those of these drafts whose twelve answers are there, and publish their first version.

    The same rules, events and history as one by one, in a number of queries that does not grow. Returns how many
    entered; drafts that are not complete, or that somebody declared meanwhile, are passed over.
    """
    check_may_declare(by, organization)
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    check_open(organization)
    keys = [system.pk for system in systems]
    locked = AISystem.objects.select_for_update(of=("self",)).filter(pk__in=keys, organization=organization)
    drafts = locked.drafts().filter(put_away_at__isnull=True).select_related("solution").order_by("pk")
    ready = [system for system in drafts if not missing_answers(system)]
    if ready:
        moment = clock.now()
        _declare(ready, organization, moment, by)
        if publishes and may_publish_together(organization) and permissions.can_publish(by, ready[0]):
            _publish(ready, organization, moment, by)
    return len(ready)


def _declare(systems: list[AISystem], organization: Organization, moment: datetime, by: User) -> None:
    for system in systems:
        system.organization = organization
        system.reference = reference_of(organization)
        system.status, system.declared_at, system.declared_by = Status.DECLARED, moment, by
        system.version += 1
        organization.next_number += 1
    organization.save(update_fields=["next_number"])
    numbers = Case(*(When(pk=system.pk, then=Value(system.reference)) for system in systems))
    AISystem.objects.filter(pk__in=[system.pk for system in systems]).update(
        reference=numbers, status=Status.DECLARED, declared_at=moment, declared_by=by, version=F("version") + 1
    )
    told = [(system, {"phase": system.phase}) for system in systems]
    record_many(by=by, verb="declare", things=told, organization=organization)
    follow_register(organization=organization, by=by)


def _publish(systems: list[AISystem], organization: Organization, moment: datetime, by: User) -> None:
    prefetch_related_objects(systems, "visibilities")
    prefetch_rows(systems)
    sealed = [
        seal(system, frozen_facts(system, kind_for(system)), number=1, is_major=True, note="", moment=moment, by=by)
        for system in systems
    ]
    publications = Publication.objects.bulk_create(sealed)
    show_first_versions(publications)
    ask_public_files()
    look = organization.second_look
    told = [
        (each, {"number": 1, "kind": each.kind, "digest": each.digest, "second_look": look}) for each in publications
    ]
    record_many(by=by, verb="publish", things=told, organization=organization)
