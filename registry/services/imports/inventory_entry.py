"""The drafts of an inventory enter the register: those that are complete, together, once a person has said so."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from core.audit import record
from core.outbox import ask
from core.services import NotPossibleNow
from organizations.models import Organization, User
from registry.models import AISystem, ImportRun
from registry.models.system import MANDATORY, any_empty
from registry.services.entering import enter_systems, may_publish_together
from registry.services.imports.access import body_of, locked_run
from registry.services.imports.batches import write_in_batches
from registry.services.systems import check_may_declare, check_open
from registry.workflow import RunKind, RunState

TASK = "registry.tasks.imports.continue_entering"
AT_ONCE = 200
PART = 500


@dataclass(frozen=True)
class EntryForecast:
    """Of the drafts that this file made: how many may enter, how many wait for an answer; may they go public."""

    complete: int
    incomplete: int
    may_publish: bool


def entry_forecast(run: ImportRun) -> EntryForecast:
    counts = _drafts(run).aggregate(
        complete=Count("pk", filter=_is_complete()), incomplete=Count("pk", filter=~_is_complete())
    )
    return EntryForecast(may_publish=may_publish_together(body_of(run)), **counts)


def can_be_entered(run: ImportRun) -> bool:
    """An inventory that came in and was not undone."""
    return run.kind == RunKind.INVENTORY and run.state == RunState.DONE and run.undone_at is None


def is_being_entered(run: ImportRun) -> bool:
    return not run.mapping.get("entry", {"is_done": True})["is_done"]


@transaction.atomic
def enter_imported(*, run: ImportRun, publishes: bool, by: User) -> ImportRun:
    """Declare the complete drafts of this run and, where the body asks for no second look, publish them.

    Raises `NotPossibleNow` when none is complete or while the last asking is at work.
    """
    body = Organization.objects.select_for_update().get(pk=body_of(run).pk)
    run = locked_run(run)
    check_may_declare(by, body)
    check_open(body)
    forecast = entry_forecast(run)
    if not can_be_entered(run) or is_being_entered(run) or not forecast.complete:
        raise NotPossibleNow(_("No draft of this file is ready to be declared: complete them first, or wait."))
    token = uuid4().hex
    entry = {"publishes": publishes, "by": by.pk, "entered": 0, "refused": 0, "is_done": False, "token": token}
    run.mapping = {**run.mapping, "entry": entry}
    run.save(update_fields=["mapping"])
    facts = {"complete": forecast.complete, "publishes": publishes}
    record(by=by, verb="enter_import", thing=run, organization=body, facts=facts)
    if forecast.complete <= AT_ONCE:
        continue_entering(run_key=run.pk, after=0, token=token)
        run.refresh_from_db()
    else:
        _ask_for_part(run.pk, after=0, token=token)
    return run


@transaction.atomic
def continue_entering(*, run_key: int, after: int, token: str) -> None:
    """One part of the drafts, then ask for the next. One that the database refuses stays a draft, and is counted."""
    run = ImportRun.objects.select_for_update(of=("self",)).select_related("organization").get(pk=run_key)
    entry = run.mapping.get("entry", {})
    if not is_being_entered(run) or entry["token"] != token:
        return
    by, body = User.objects.get(pk=entry["by"]), body_of(run)
    drafts = list(_drafts(run).filter(_is_complete(), pk__gt=after).order_by("pk")[:PART])
    counts = {"entered": entry["entered"], "refused": entry["refused"]}

    def write(batch: Any) -> None:
        counts["entered"] += enter_systems(organization=body, systems=batch, publishes=entry["publishes"], by=by)

    def refuse(_one: AISystem) -> None:
        counts["refused"] += 1

    write_in_batches(drafts, write=write, refuse=refuse)
    is_done = len(drafts) < PART
    run.mapping = {**run.mapping, "entry": {**entry, **counts, "is_done": is_done}}
    run.save(update_fields=["mapping"])
    if is_done:
        record(by=run, verb="finish_entering", thing=run, organization=body, facts=counts)
    else:
        _ask_for_part(run.pk, after=drafts[-1].pk, token=token)


@transaction.atomic
def give_up_entering(*, run_key: int, token: str) -> None:
    """The job failed for the last time: what entered stays, and a person may ask for the rest again."""
    run = ImportRun.objects.select_for_update(of=("self",)).select_related("organization").get(pk=run_key)
    entry = run.mapping.get("entry", {})
    if is_being_entered(run) and entry["token"] == token:
        run.mapping = {**run.mapping, "entry": {**entry, "is_done": True}}
        run.save(update_fields=["mapping"])
        record(
            by=run, verb="fail_entering", thing=run, organization=run.organization, facts={"entered": entry["entered"]}
        )


def _drafts(run: ImportRun) -> Any:
    return AISystem.objects.drafts().filter(organization=body_of(run), source_run=run.uuid, put_away_at__isnull=True)


def _is_complete() -> Q:
    return ~(Q(affected=[]) | any_empty(MANDATORY))


def _ask_for_part(run_key: int, *, after: int, token: str) -> None:
    ask(TASK, dedup_key=f"{TASK}:{run_key}:{token}:{after}", run_key=run_key, after=after, token=token)
