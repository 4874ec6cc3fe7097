"""One person from elsewhere, one system, until a day."""

from datetime import date, timedelta

import pytest
from django.core import mail

from core import clock
from core.models import AuditEvent, Intent
from core.outbox import run
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from registry.models import AISystem, SystemGrant
from registry.services.exceptions import grant_exception, withdraw_exception

pytestmark = pytest.mark.django_db


def today() -> date:
    return clock.civil_date(clock.now())


def give(system, editor, outsider, **changes):
    wanted = {"email": outsider.email, "reason": "Analyse externe", "ends_on": today() + timedelta(days=30), **changes}
    return grant_exception(system=system, by=editor, **wanted)


def test_the_person_reads_that_system_and_no_other(system, editor, outsider):
    give(system, editor, outsider)
    assert list(AISystem.objects.visible_to(outsider)) == [system]
    event = AuditEvent.objects.get(verb="grant")
    assert event.facts["person"] == str(outsider.uuid) and outsider.email not in str(event.facts)


def test_it_ends_by_itself(system, editor, outsider):
    grant = give(system, editor, outsider, ends_on=today())
    SystemGrant.objects.filter(pk=grant.pk).update(ends_on=today() - timedelta(days=1))
    assert not AISystem.objects.visible_to(outsider).exists()


def test_it_is_ended_now_and_kept(system, editor, outsider):
    grant = withdraw_exception(grant=give(system, editor, outsider), by=editor)
    assert grant.withdrawn_by == editor and not AISystem.objects.visible_to(outsider).exists()
    with pytest.raises(NotPossibleNow):
        withdraw_exception(grant=grant, by=editor)


def test_given_again_it_is_the_same_row(system, editor, outsider):
    withdraw_exception(grant=give(system, editor, outsider), by=editor)
    give(system, editor, outsider, reason="Suite de l'analyse")
    assert SystemGrant.objects.get().reason == "Suite de l'analyse"
    assert AISystem.objects.visible_to(outsider).exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "personne@nulle.part.example"}, "email"),
        ({"reason": "  "}, "reason"),
        ({"ends_on": date(2020, 1, 1)}, "ends_on"),
        ({"ends_on": date(2120, 1, 1)}, "ends_on"),
    ],
)
def test_who_why_and_until_when_are_needed(system, editor, outsider, change, field):
    with pytest.raises(InvalidInput) as refusal:
        give(system, editor, outsider, **change)
    assert refusal.value.field == field


def test_nobody_gives_it_to_themself(system, editor):
    with pytest.raises(InvalidInput):
        give(system, editor, editor)


def test_the_function_is_needed(system, reviewer, outsider, editor):
    with pytest.raises(NotAllowed):
        give(system, reviewer, outsider)
    with pytest.raises(NotAllowed):
        withdraw_exception(grant=give(system, editor, outsider), by=reviewer)


def mails() -> list[str]:
    """What the relay and the worker send."""
    for key in list(Intent.objects.order_by("pk").values_list("pk", flat=True)):
        run(key)
    return [f"{message.to[0]} {message.body}" for message in mail.outbox]


def test_the_person_is_told_once_where_and_until_when(system, editor, outsider):
    give(system, editor, outsider)
    mails()
    (told,) = mails()
    assert outsider.email in told and f"/fr/espace/systemes/{system.uuid}/" in told and system.name_fr in told


def test_an_access_that_was_ended_meanwhile_is_not_announced(system, editor, outsider):
    withdraw_exception(grant=give(system, editor, outsider), by=editor)
    assert mails() == []
