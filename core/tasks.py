"""The Celery tasks: one that runs any intent, and the house-keeping that beat asks for."""

from datetime import timedelta
from importlib import import_module

import structlog
from celery import shared_task
from django.conf import settings
from django.db import transaction

from core import clock, files, outbox
from core.services import fold_public_editions, forget_creation_keys, forget_finished, give_up_interrupted

log = structlog.get_logger(__name__)


@shared_task
def run_intent(key: int) -> None:
    outbox.run(key)


@shared_task
def forget_finished_intents() -> None:
    moment = clock.now()
    give_up_interrupted(older_than=timedelta(minutes=15), moment=moment)
    forget_finished(moment=moment)


@shared_task
def ask_daily_jobs() -> None:
    """What the rooms do once a day (`DAILY_JOBS`); asked twice on one day, done once."""
    day = clock.civil_date(clock.now()).isoformat()
    for task in settings.DAILY_JOBS:
        with transaction.atomic():
            outbox.ask(task, dedup_key=f"{task}:{day}")


@shared_task
def forget_expired() -> None:
    """Keys of forms sent long ago, sessions that ended."""
    forget_creation_keys(moment=clock.now())
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@shared_task
def fold_editions() -> None:
    """What changes the public register leaves a row each time: one is enough."""
    fold_public_editions()


@shared_task
def sweep_files() -> None:
    report = files.sweep()
    log.info("files swept", orphans=len(report.orphans), missing=len(report.missing))
