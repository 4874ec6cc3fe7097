"""Jobs are rows first: asked for in a transaction, sent by a relay, run once however often they are delivered.

A message broker may lose or repeat a message (28 of 1,500 lost with Celery's defaults under kill -9); a row may not.
"""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.module_loading import import_string

from core import clock
from core.models import Intent
from core.models.actor import current_request_id
from core.models.intent import IntentState

log = structlog.get_logger(__name__)

MAX_ATTEMPTS = 5
# Sent more often and never finished: the queue is long, or the job kills whoever runs it.
TRUSTED_SENDS = 3
BACK_OFF = [timedelta(seconds=seconds) for seconds in (5, 30, 120, 600)]

Task = Callable[..., None]


class CannotSucceed(Exception):
    """Raised by a task when trying again would change nothing: its intent fails at once."""


class KillsItsWorker(CannotSucceed):
    """The job was begun `MAX_ATTEMPTS` times and never came back: no memory left, or a process ended for its length."""


def outbox_task(*, at_most_once: bool = False, on_giving_up: Task | None = None) -> Callable[[Task], Task]:
    """Mark a function of a `tasks` module as runnable from the outbox.

    By default its database effects and the end of its intent are one transaction: exactly once. With `at_most_once`
    (mail: an effect outside the database) the intent is claimed first; a crash in the middle shows as failed, and a
    person decides whether to send again. `on_giving_up` is called with the same arguments in the transaction that notes
    the last failure, so that the thing which waits for the job can say so.
    """

    def mark(function: Task) -> Task:
        function.outbox_task = True  # type: ignore[attr-defined]
        function.at_most_once = at_most_once  # type: ignore[attr-defined]
        function.on_giving_up = on_giving_up  # type: ignore[attr-defined]
        return function

    return mark


def ask(task: str, *, dedup_key: str = "", due_at: datetime | None = None, **arguments: Any) -> None:
    """Ask for a job, by the dotted name of its task, in the transaction of the write that needs it.

    The same `dedup_key` asked twice is one job. Arguments are identifiers, as JSON.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"The job {task} must be asked for in the transaction of the act that needs it.")
    moment = clock.now()
    Intent.objects.bulk_create(
        [
            Intent(
                task=task,
                arguments=arguments,
                dedup_key=dedup_key or f"{task}:{uuid.uuid4()}",
                created_at=moment,
                due_at=due_at or moment,
                request_id=current_request_id(),
            )
        ],
        ignore_conflicts=True,
    )


def relay_once(publish: Callable[[int], None], *, batch: int = 200) -> int:
    """Send one batch of intents to the broker; the number sent. Several relays may run side by side."""
    moment = clock.now()
    resend_after = timedelta(seconds=settings.OUTBOX_RESEND_AFTER)
    with transaction.atomic():
        found = Intent.objects.to_send(moment, resend_after).select_for_update(skip_locked=True)
        keys = list(found.values_list("pk", flat=True)[:batch])
        Intent.objects.filter(pk__in=keys).update(state=IntentState.SENT, sent_at=moment, sends=F("sends") + 1)
    sent = 0
    try:
        for key in keys:
            publish(key)
            sent += 1
    finally:  # the broker refused: what was not sent waits again
        if sent < len(keys):
            Intent.objects.filter(pk__in=keys[sent:], state=IntentState.SENT).update(
                state=IntentState.WAITING, sent_at=None, sends=F("sends") - 1
            )
    return sent


def run(key: int) -> bool:
    """Run one intent if it is still to be run; whether it ran. Called by the worker, as often as it likes."""
    try:
        with transaction.atomic():
            intent = _claim(key)
            if intent is None:
                return False
            task = _task(intent.task)
            if _is_at_most_once(task):
                # The moment of the claim: a mail that waited long in the queue is not taken for one that was cut.
                _write(intent, state=IntentState.RUNNING, sent_at=clock.now())
            elif intent.sends > TRUSTED_SENDS:
                _count_beginning(intent)
            else:
                _work(intent, task)
                return True
        return _work_once_noted(intent, task)
    except Exception as error:  # a job may fail in any way; the row keeps it and the worker goes on
        _note_failure(key, error)
        return False


def _is_at_most_once(task: Task) -> bool:
    return bool(getattr(task, "at_most_once", False))


def _count_beginning(intent: Intent) -> None:
    """If the worker dies with the job, the count stays."""
    if intent.attempts >= MAX_ATTEMPTS:
        raise KillsItsWorker
    _write(intent, attempts=F("attempts") + 1)


def _work_once_noted(intent: Intent, task: Task) -> bool:
    """The row says already that the job begins. A mail needs no transaction; another job claims its row again."""
    if _is_at_most_once(task):
        _work(intent, task)
        return True
    with transaction.atomic():
        claimed = _claim(intent.pk)
        if claimed is not None:
            _work(claimed, task)
    return claimed is not None


def _task(path: str) -> Task:
    task: Task = import_string(path)
    if not getattr(task, "outbox_task", False):
        raise TypeError(f"{path} is not an outbox task.")
    return task


def _claim(key: int) -> Intent | None:
    """The row, locked; none when another worker has it, when it is finished, or when it waits after a failure."""
    # A sent one was due by the relay's clock: that of this machine may be a little late.
    is_due = Q(state=IntentState.SENT) | Q(state=IntentState.WAITING, due_at__lte=clock.now())
    return Intent.objects.select_for_update(skip_locked=True).filter(is_due, pk=key).first()


def _work(intent: Intent, task: Task) -> None:
    with _origin_of(intent):
        task(**intent.arguments)
        _write(intent, state=IntentState.DONE, finished_at=clock.now(), last_error="")


def _write(intent: Intent, **values: Any) -> None:
    Intent.objects.filter(pk=intent.pk).update(**values)


def _origin_of(intent: Intent) -> AbstractContextManager[Any]:
    """Logs and events of a job carry the id of the request that asked for it."""
    return structlog.contextvars.bound_contextvars(request_id=intent.request_id, intent=intent.pk)


def _note_failure(key: int, error: Exception) -> None:
    """Try again later, or give up and show it on the page of failed jobs. Only the kind of error is kept."""
    with transaction.atomic():
        intent = Intent.objects.select_for_update().get(pk=key)
        with _origin_of(intent):
            log.exception("job failed", task=intent.task)
            if intent.state in {IntentState.DONE, IntentState.FAILED}:
                return  # a repeated message: another worker finished it between our failure and this line
            if intent.sends <= TRUSTED_SENDS or intent.state == IntentState.RUNNING:
                intent.attempts += 1  # else its beginning was counted
            intent.last_error = type(error).__name__
            moment = clock.now()
            is_last = intent.attempts >= MAX_ATTEMPTS or isinstance(error, CannotSucceed)
            if is_last or intent.state == IntentState.RUNNING:
                intent.state, intent.finished_at = IntentState.FAILED, moment
                _tell_giving_up(intent)
            else:
                intent.state, intent.sends = IntentState.WAITING, 0  # it came back: its worker lives
                intent.due_at = moment + BACK_OFF[min(intent.attempts - 1, len(BACK_OFF) - 1)]
            intent.save()


def _tell_giving_up(intent: Intent) -> None:
    """What waits for the job learns that it failed; when even that fails, the intent still shows as failed."""
    try:
        tell = getattr(_task(intent.task), "on_giving_up", None)
        if tell is not None:
            with transaction.atomic():
                tell(**intent.arguments)
    except Exception:  # the name of the task may be the very thing that is wrong
        log.exception("nobody was told that the job failed", task=intent.task)
