"""What people and clocks do to the outbox: retry, give up, forget."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.audit import Actor, record
from core.models import Intent
from core.models.intent import IntentState
from core.services.refusals import NotPossibleNow

KEPT_WHEN_DONE = timedelta(days=30)


@transaction.atomic
def retry_intent(*, intent: Intent, by: Actor) -> Intent:
    """Let a failed job wait again, at once. The caller checked that the person operates the platform."""
    intent = Intent.objects.select_for_update().get(pk=intent.pk)
    if intent.state != IntentState.FAILED:
        raise NotPossibleNow(_("This job did not fail: there is nothing to try again."))
    intent.state, intent.finished_at, intent.due_at = IntentState.WAITING, None, clock.now()
    intent.attempts = intent.sends = 0
    intent.save()
    record(by=by, verb="retry_job", thing=intent, facts={"task": intent.task})
    return intent


@transaction.atomic
def give_up_interrupted(*, older_than: timedelta, moment: datetime) -> int:
    """A mail claimed by a worker that died is shown as failed: a person decides whether to send it again."""
    limit = moment - older_than
    return Intent.objects.filter(state=IntentState.RUNNING, sent_at__lt=limit).update(
        state=IntentState.FAILED, finished_at=moment, last_error="Interrupted"
    )


@transaction.atomic
def forget_finished(*, moment: datetime) -> int:
    """Done jobs leave the outbox after 30 days; their effects and their events stay."""
    deleted, _by_model = Intent.objects.filter(state=IntentState.DONE, finished_at__lt=moment - KEPT_WHEN_DONE).delete()
    return deleted
