"""The house-keeping that beat asks for."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.contrib.sessions.models import Session

from config.celery import app
from core import clock
from core.models import CreationKey, Intent
from core.models.intent import IntentState
from core.tasks import ask_daily_jobs, forget_expired, forget_finished_intents

pytestmark = pytest.mark.django_db


def test_beat_asks_for_tasks_that_exist():
    for planned in app.conf.beat_schedule.values():
        module, _dot, name = planned["task"].rpartition(".")
        assert hasattr(import_module(module), name), planned["task"]


def test_old_keys_and_ended_sessions_leave_and_the_others_stay():
    moment = clock.now()
    for number, age in enumerate([8, 1], start=1):
        day = moment - timedelta(days=age)
        CreationKey.objects.create(key=f"{number:032d}", actor_ref="x", object_type="x", created_at=day)
        Session.objects.create(session_key=str(number), session_data="", expire_date=moment + timedelta(hours=3 - age))
    forget_expired()
    assert [str(row.key)[-1] for row in CreationKey.objects.all()] == ["2"]
    assert list(Session.objects.values_list("session_key", flat=True)) == ["2"]


def test_done_jobs_leave_after_a_month_and_interrupted_ones_are_shown():
    moment = clock.now()
    given = {"task": "x", "created_at": moment, "due_at": moment}
    old = {"state": IntentState.DONE, "finished_at": moment - timedelta(days=31)}
    new = {"state": IntentState.DONE, "finished_at": moment - timedelta(days=1)}
    cut = {"state": IntentState.RUNNING, "sent_at": moment - timedelta(minutes=20)}
    for key, fields in {"old": old, "new": new, "cut": cut}.items():
        Intent.objects.create(dedup_key=key, **given, **fields)
    forget_finished_intents()
    kept = dict(Intent.objects.values_list("dedup_key", "state"))
    assert kept == {"new": IntentState.DONE, "cut": IntentState.FAILED}


def test_daily_jobs_are_asked_for_once_a_day(settings):
    settings.DAILY_JOBS = ["tests.core.jobs.leave", "tests.core.jobs.send"]
    ask_daily_jobs()
    ask_daily_jobs()
    assert list(Intent.objects.order_by("pk").values_list("task", flat=True)) == settings.DAILY_JOBS
