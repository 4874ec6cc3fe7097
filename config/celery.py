"""The Celery application. Jobs reach it through the outbox only (`core/outbox.py`).

The outbox row is the truth and its handler is idempotent, so messages are acknowledged early and may be lost: the relay
sends again what was not finished. Celery's own retry and result machinery is therefore not used.
"""

import os

from celery import Celery
from celery.signals import task_prerun

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("vigie")
app.conf.update(
    broker_connection_retry_on_startup=True,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    task_default_queue="vigie",
    worker_prefetch_multiplier=8,
    worker_hijack_root_logger=False,
    worker_soft_shutdown_timeout=10,
    task_soft_time_limit=300,
    task_time_limit=360,
    CELERY_DB_REUSE_MAX=1_000_000,  # Celery's own: close after so many tasks. We do better, below
    timezone="America/Toronto",
    beat_schedule={
        "forget-finished-intents": {"task": "core.tasks.forget_finished_intents", "schedule": 3600.0},
        "ask-daily-jobs": {"task": "core.tasks.ask_daily_jobs", "schedule": 86_400.0},
        "forget-expired": {"task": "core.tasks.forget_expired", "schedule": 86_400.0},
        "fold-editions": {"task": "core.tasks.fold_editions", "schedule": 3600.0},
        "sweep-files": {"task": "core.tasks.sweep_files", "schedule": 86_400.0},
    },
)


@app.on_configure.connect  # settings are read when the application is first used, not at import
def _read_settings(sender: Celery, **_: object) -> None:
    from django.conf import settings

    sender.conf.broker_url = settings.BROKER_URL


@task_prerun.connect
def _keep_sound_connections(**_: object) -> None:
    """As before a request: closes a connection that is old or broken, no other. Opening one costs more than a job."""
    from django.db import close_old_connections

    close_old_connections()


app.autodiscover_tasks()
