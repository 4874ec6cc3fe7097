"""Jobs that only tests ask for. Each effect is an event of the ledger: two of them for one number would be a double."""

import os
import time

from django.db import transaction

from core.audit import NamedJob, record
from core.models import Intent
from core.outbox import CannotSucceed, ask, outbox_task

EFFECT = "test_effect"
GIVEN_UP = "test_given_up"
JOB = NamedJob("tests")


def effect(number: int, verb: str = EFFECT) -> None:
    record(by=JOB, verb=verb, thing=Intent(pk=number))


def tell(*, number: int) -> None:
    effect(number, GIVEN_UP)


def tell_badly(*, number: int) -> None:
    effect(number, GIVEN_UP)
    raise ValueError(number)


@outbox_task()
def leave(*, number: int) -> None:
    """One effect, then a moment in which a worker may die with its transaction open."""
    effect(number)
    time.sleep(float(os.environ.get("TEST_JOB_SECONDS", "0")))


@outbox_task(on_giving_up=tell)
def fail(*, number: int) -> None:
    effect(number)
    raise ValueError("a text that nobody should read in the database")


@outbox_task(on_giving_up=tell)
def hopeless(*, number: int) -> None:
    raise CannotSucceed


@outbox_task(on_giving_up=tell_badly)
def fail_unheard(*, number: int) -> None:
    raise CannotSucceed


@outbox_task(at_most_once=True)
def send(*, number: int) -> None:
    effect(number)


@outbox_task(at_most_once=True, on_giving_up=tell)
def send_badly(*, number: int) -> None:
    effect(number)
    raise OSError("mailbox unavailable")


@outbox_task(at_most_once=True)
def die_while_sending(*, number: int) -> None:
    effect(number)
    raise SystemExit  # as near to kill -9 as one process comes


@outbox_task(on_giving_up=tell)
def die(*, number: int) -> None:
    effect(number)
    raise SystemExit  # as near to kill -9 as one process comes


def not_a_task(*, number: int) -> None:
    effect(number)


@transaction.atomic
def ask_many(count: int) -> None:
    for number in range(1, count + 1):
        ask("tests.core.jobs.leave", dedup_key=f"kill:{number}", number=number)
