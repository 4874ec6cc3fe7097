"""The outbox: asked for with the write, sent until done, run once, tried again, given up and told."""

from datetime import timedelta
from threading import Event, Thread, current_thread
from types import SimpleNamespace

import pytest
import structlog
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F

from core import clock, outbox, tasks
from core.models import AuditEvent, Intent
from core.models.intent import IntentState
from core.services import NotPossibleNow, forget_finished, give_up_interrupted, retry_intent
from tests.core.jobs import EFFECT, GIVEN_UP, JOB

pytestmark = pytest.mark.django_db
TASKS = "tests.core.jobs."


def asked(task="leave", number=1, **options):
    outbox.ask(TASKS + task, number=number, **options)
    return Intent.objects.latest("pk")


def effects(verb=EFFECT):
    return list(AuditEvent.objects.filter(verb=verb).order_by("pk").values_list("object_ref", flat=True))


def again(intent):
    """The row as it is now."""
    intent.refresh_from_db()
    return intent


def wait_over(intent):
    Intent.objects.filter(pk=intent.pk).update(due_at=clock.now() - timedelta(seconds=1))


def relayed(**options):
    sent = []
    outbox.relay_once(sent.append, **options)
    return sent


# --- Asking ---------------------------------------------------------------------------------------------------------
def test_a_job_is_asked_for_in_a_transaction_or_not_at_all(monkeypatch):
    monkeypatch.setattr(outbox, "connection", SimpleNamespace(in_atomic_block=False))  # a test is in one
    with pytest.raises(RuntimeError):
        outbox.ask(TASKS + "leave", number=1)


def test_a_write_that_is_undone_leaves_no_job():
    with pytest.raises(ValueError), transaction.atomic():
        asked()
        raise ValueError
    assert not Intent.objects.exists()


def test_the_same_key_asked_twice_is_one_job_even_once_done():
    first = asked(dedup_key="sheet:1")
    outbox.run(first.pk)
    asked(number=2, dedup_key="sheet:1")
    assert Intent.objects.get().arguments == {"number": 1}


def test_without_a_key_each_asking_is_a_job():
    asked()
    asked()
    assert Intent.objects.count() == 2


def test_the_request_goes_along_to_the_worker():
    with structlog.contextvars.bound_contextvars(request_id="0123456789abcdef"):
        intent = asked()
    outbox.run(intent.pk)
    assert intent.request_id == AuditEvent.objects.get(verb=EFFECT).request_id == "0123456789abcdef"


# --- Sending --------------------------------------------------------------------------------------------------------
def test_what_is_due_is_sent_in_order_and_once():
    first, second = asked(number=1), asked(number=2)
    asked(number=3, due_at=clock.now() + timedelta(hours=1))
    assert relayed() == [first.pk, second.pk]
    assert relayed() == []
    assert {again(first).state, again(second).state} == {IntentState.SENT}


@pytest.mark.django_db(transaction=True)
def test_two_relays_at_the_same_moment_share_the_work_and_never_wait(monkeypatch):
    """One is stopped in the middle of its batch, its rows locked; the other sends what is left, at once."""
    with transaction.atomic():
        keys = [asked(number=number).pk for number in range(4)]
    is_in_the_middle, may_go_on, slow = Event(), Event(), []

    def first_relay():
        try:
            outbox.relay_once(slow.append, batch=2)
        finally:
            connection.close()

    def stop_in_the_middle(column):
        if current_thread() is relay:
            is_in_the_middle.set()
            may_go_on.wait(20)
        return F(column)

    monkeypatch.setattr(outbox, "F", stop_in_the_middle)
    relay = Thread(target=first_relay)
    relay.start()
    try:
        assert is_in_the_middle.wait(20)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '1s'")  # one that waits for the other is refused
        quick = relayed()
    finally:
        may_go_on.set()
        relay.join(30)
        connection.close()
    assert quick == keys[2:] and slow == keys[:2]
    assert set(Intent.objects.values_list("state", "sends")) == {(IntentState.SENT, 1)}
    assert relayed() == []


def test_batches_are_bounded():
    keys = [asked(number=number).pk for number in range(5)]
    assert relayed(batch=3) == keys[:3] and relayed(batch=3) == keys[3:]


def test_what_was_sent_and_never_finished_is_sent_again(settings):
    settings.OUTBOX_RESEND_AFTER = 90
    intent = asked()
    relayed()
    Intent.objects.update(sent_at=clock.now() - timedelta(seconds=89))
    assert relayed() == []
    Intent.objects.update(sent_at=clock.now() - timedelta(seconds=91))
    assert relayed() == [intent.pk]
    outbox.run(intent.pk)
    Intent.objects.update(sent_at=clock.now() - timedelta(days=1))
    assert relayed() == []


def test_a_broker_that_refuses_loses_nothing():
    keys = [asked(number=number).pk for number in range(4)]
    sent = []

    def publish(key):
        if len(sent) == 2:
            raise ConnectionError
        sent.append(key)

    with pytest.raises(ConnectionError):
        outbox.relay_once(publish)
    assert sent == keys[:2]
    assert relayed() == keys[2:]


def test_the_relay_empties_the_outbox_and_waits_for_a_broker_that_is_down(monkeypatch):
    from core.management.commands import relay

    keys = [asked(number=number).pk for number in range(3)]
    refused, waited, sent = [], [], []

    def publish(key):
        if not refused:
            refused.append(key)
            raise ConnectionError
        sent.append(key)

    monkeypatch.setattr(relay, "_publish", publish)
    monkeypatch.setattr(relay.time, "sleep", waited.append)
    monkeypatch.setattr(relay, "close_old_connections", lambda: None)
    monkeypatch.setattr(relay.signal, "signal", lambda *_: None)
    call_command("relay", once=True)
    assert waited == [relay.BROKEN_SECONDS] and sent == []
    call_command("relay", once=True)
    assert sent == keys


# --- Running --------------------------------------------------------------------------------------------------------
def test_however_often_it_is_delivered_it_runs_once():
    intent = asked()
    relayed()
    tasks.run_intent(intent.pk)
    assert [outbox.run(intent.pk) for _time in range(3)] == [False] * 3
    assert effects() == ["1"]
    assert (again(intent).state, intent.attempts, intent.last_error) == (IntentState.DONE, 0, "")
    assert intent.finished_at


def test_a_message_about_an_unknown_job_does_nothing():
    assert outbox.run(987_654_321) is False


def test_a_failure_undoes_its_effects_and_waits_longer_each_time():
    intent = asked("fail")
    for attempt, wait in enumerate(outbox.BACK_OFF, start=1):
        wait_over(intent)
        before = clock.now()
        assert outbox.run(intent.pk) is False
        assert (again(intent).state, intent.attempts) == (IntentState.WAITING, attempt)
        assert wait <= intent.due_at - before < wait + timedelta(seconds=5)
    assert effects() == [] and effects(GIVEN_UP) == []
    wait_over(intent)
    outbox.run(intent.pk)
    assert (again(intent).state, intent.attempts) == (IntentState.FAILED, outbox.MAX_ATTEMPTS)
    assert effects(GIVEN_UP) == ["1"]
    assert relayed() == []


def test_only_the_kind_of_error_is_kept():
    intent = asked("fail")
    outbox.run(intent.pk)
    assert again(intent).last_error == "ValueError"


def test_a_repeated_message_does_not_shorten_the_wait():
    intent = asked("fail")
    relayed()
    outbox.run(intent.pk)
    assert outbox.run(intent.pk) is False
    assert again(intent).attempts == 1


def test_what_another_worker_finished_is_not_undone_by_a_late_failure():
    intent = asked()
    outbox.run(intent.pk)
    outbox._note_failure(intent.pk, ValueError())
    assert (again(intent).state, intent.attempts) == (IntentState.DONE, 0)


def test_what_cannot_succeed_fails_at_once_and_is_told():
    intent = asked("hopeless")
    outbox.run(intent.pk)
    assert (again(intent).state, intent.attempts) == (IntentState.FAILED, 1)
    assert effects(GIVEN_UP) == ["1"]


def test_when_telling_fails_too_the_job_still_shows_as_failed():
    intent = asked("fail_unheard")
    outbox.run(intent.pk)
    assert again(intent).state == IntentState.FAILED
    assert effects(GIVEN_UP) == []


@pytest.mark.parametrize("task", ["not_a_task", "no_such_name"])
def test_only_marked_functions_run(task):
    intent = asked(task)
    for _attempt in range(outbox.MAX_ATTEMPTS):
        wait_over(intent)
        outbox.run(intent.pk)
    assert again(intent).state == IntentState.FAILED and effects() == []


def lost_and_sent_again(intent):
    """The relay hands it over, its worker dies, and the time of an answer passes."""
    Intent.objects.filter(pk=intent.pk, sent_at__isnull=False).update(sent_at=clock.now() - timedelta(days=1))
    assert relayed() == [intent.pk]
    with pytest.raises(SystemExit):
        outbox.run(intent.pk)


def test_a_job_that_kills_its_worker_each_time_is_given_up_in_the_end():
    intent = asked("die")
    for _time in range(outbox.TRUSTED_SENDS):
        lost_and_sent_again(intent)
    assert again(intent).attempts == 0  # a long queue sends twice too: nobody is suspected yet
    for _time in range(outbox.MAX_ATTEMPTS):
        lost_and_sent_again(intent)
    assert (again(intent).state, intent.attempts) == (IntentState.SENT, outbox.MAX_ATTEMPTS)
    Intent.objects.update(sent_at=clock.now() - timedelta(days=1))
    relayed()
    assert outbox.run(intent.pk) is False
    assert (again(intent).state, intent.last_error) == (IntentState.FAILED, "KillsItsWorker")
    assert effects() == [] and effects(GIVEN_UP) == ["1"]


def test_a_job_sent_often_because_the_queue_is_long_still_runs_once():
    intent = asked()
    Intent.objects.update(sends=outbox.TRUSTED_SENDS)
    relayed()
    assert [outbox.run(intent.pk), outbox.run(intent.pk)] == [True, False]
    assert again(intent).state == IntentState.DONE and effects() == ["1"]


def test_a_failure_after_a_long_queue_counts_once():
    intent = asked("fail")
    Intent.objects.update(sends=outbox.TRUSTED_SENDS)
    relayed()
    outbox.run(intent.pk)
    assert (again(intent).state, intent.attempts) == (IntentState.WAITING, 1)


def test_a_failure_that_came_back_is_no_suspect():
    intent = asked("fail")
    relayed()
    outbox.run(intent.pk)
    assert (again(intent).sends, intent.attempts) == (0, 1)


# --- At most once: mail ---------------------------------------------------------------------------------------------
def test_a_mail_goes_once():
    intent = asked("send")
    assert [outbox.run(intent.pk), outbox.run(intent.pk)] == [True, False]
    assert again(intent).state == IntentState.DONE and effects() == ["1"]


def test_a_mail_that_failed_is_not_sent_again_by_itself():
    intent = asked("send_badly")
    outbox.run(intent.pk)
    assert (again(intent).state, intent.last_error) == (IntentState.FAILED, "OSError")
    assert effects(GIVEN_UP) == ["1"]
    assert relayed() == []


def test_a_worker_that_dies_while_sending_leaves_the_decision_to_a_person():
    intent = asked("die_while_sending")
    with pytest.raises(SystemExit):
        outbox.run(intent.pk)
    assert again(intent).state == IntentState.RUNNING
    assert outbox.run(intent.pk) is False and effects() == ["1"]
    give_up_interrupted(older_than=timedelta(minutes=15), moment=clock.now())
    assert again(intent).state == IntentState.RUNNING
    give_up_interrupted(older_than=timedelta(minutes=15), moment=clock.now() + timedelta(minutes=16))
    assert (again(intent).state, intent.last_error) == (IntentState.FAILED, "Interrupted")


def test_a_mail_that_waited_long_in_the_queue_is_not_taken_for_interrupted():
    intent = asked("die_while_sending")
    relayed()
    Intent.objects.update(sent_at=clock.now() - timedelta(hours=1))
    with pytest.raises(SystemExit):
        outbox.run(intent.pk)
    give_up_interrupted(older_than=timedelta(minutes=15), moment=clock.now())
    assert again(intent).state == IntentState.RUNNING


# --- People and clocks ----------------------------------------------------------------------------------------------
def test_a_person_lets_a_failed_job_run_again():
    intent = asked("hopeless")
    outbox.run(intent.pk)
    Intent.objects.filter(pk=intent.pk).update(task=TASKS + "leave")  # its cause was mended
    retry_intent(intent=intent, by=JOB)
    assert (again(intent).state, intent.attempts) == (IntentState.WAITING, 0)
    assert relayed() == [intent.pk] and outbox.run(intent.pk)
    assert effects() == ["1"]
    assert AuditEvent.objects.filter(verb="retry_job", object_ref=str(intent.pk)).count() == 1


def test_only_a_failed_job_is_retried():
    intent = asked()
    with pytest.raises(NotPossibleNow):
        retry_intent(intent=intent, by=JOB)


def test_done_jobs_are_forgotten_after_thirty_days_and_failed_ones_stay():
    done, failed = asked(), asked("hopeless", number=2)
    outbox.run(done.pk)
    outbox.run(failed.pk)
    assert forget_finished(moment=clock.now() + timedelta(days=29)) == 0
    assert forget_finished(moment=clock.now() + timedelta(days=31)) == 1
    assert list(Intent.objects.all()) == [failed]


def test_house_keeping_runs():
    tasks.forget_finished_intents()
    tasks.sweep_files()
