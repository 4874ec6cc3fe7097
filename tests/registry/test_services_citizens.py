"""Visitors who report an error are answered once, and the right people are told."""

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import clock
from core.models import AuditEvent, Intent
from core.outbox import run
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from organizations.workflow import Role
from registry.models import ErrorReport
from registry.services.citizens import WORDS_KEPT, answer_error_report, forget_visitors
from registry.tasks import forget_old_words, tell_error_report, tell_visitor
from tests.factories.organizations import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(system):
    return ErrorReport.objects.create(
        code="ABCD-EFGH-JKLM",
        system=system,
        organization=system.organization,
        reference=system.reference,
        version_number=1,
        message="Le téléphone n'est pas le bon.",
        email="visiteur@courriel.example",
        language="en",
        received_at=timezone.now(),
    )


def send_all() -> None:
    """What the relay and the worker do."""
    for key in list(Intent.objects.order_by("pk").values_list("pk", flat=True)):
        run(key)


def test_the_answer_is_kept_and_the_visitor_told(report, editor):
    answered = answer_error_report(report=report, answer=" Le numéro est corrigé. ", by=editor)
    assert (answered.state, answered.answer_fr, answered.answered_by) == ("answered", "Le numéro est corrigé.", editor)
    event = AuditEvent.objects.get(verb="answer")
    assert "corrigé" not in str(event.facts)
    assert Intent.objects.filter(task="registry.tasks.tell_visitor").count() == 1


def test_without_an_address_nobody_is_written_to(report, editor):
    report.email = ""
    report.save()
    answer_error_report(report=report, answer="Merci.", by=editor)
    assert not Intent.objects.exists()


def test_an_answer_says_something(report, editor):
    with pytest.raises(InvalidInput):
        answer_error_report(report=report, answer=" \n ", by=editor)


def test_it_is_given_once(report, editor):
    answer_error_report(report=report, answer="Merci.", by=editor)
    with pytest.raises(NotPossibleNow):
        answer_error_report(report=report, answer="Merci encore.", by=editor)


def test_the_function_is_needed(report, body, outsider):
    for other in (person(body, Role.CONTRIBUTOR), outsider):
        with pytest.raises(NotAllowed):
            answer_error_report(report=report, answer="Merci.", by=other)


def test_those_who_answer_are_told_once_each(report, editor, reviewer, administrator, outsider):
    for _again in range(2):
        tell_error_report(report=report.pk)
    send_all()
    assert sorted(message.to[0] for message in mail.outbox) == sorted([editor.email, reviewer.email])
    assert report.message not in mail.outbox[0].body, "what a visitor wrote stays inside"
    assert f"/fr/espace/signalements/{report.uuid}/" in mail.outbox[0].body


def test_nobody_is_told_of_a_report_already_answered(report, editor):
    tell_error_report(report=report.pk)
    answer_error_report(report=report, answer="Merci.", by=editor)
    Intent.objects.filter(task="registry.tasks.tell_visitor").delete()
    send_all()
    assert not mail.outbox


def test_the_visitor_is_told_in_their_language(report, editor):
    answer_error_report(report=report, answer="Merci.", by=editor)
    tell_visitor(report=report.pk)
    send_all()
    [message] = mail.outbox
    assert message.to == ["visiteur@courriel.example"]
    assert "Read the answer" in message.body and "/en/signalements/ABCD-EFGH-JKLM/" in message.body
    assert editor.name not in message.body


def test_two_years_after_the_answer_the_words_of_the_visitor_are_erased(report, editor):
    waiting = ErrorReport.objects.get(pk=report.pk)
    forget_visitors(moment=clock.now() + 2 * WORDS_KEPT)
    waiting.refresh_from_db()
    assert waiting.message, "nobody answered yet"
    answer_error_report(report=report, answer="Le numéro est corrigé.", by=editor)
    forget_old_words()
    report.refresh_from_db()
    assert report.message and report.email
    later = clock.now() + WORDS_KEPT
    assert [forget_visitors(moment=later), forget_visitors(moment=later)] == [1, 0]
    report.refresh_from_db()
    assert (report.message, report.email, report.answer_fr) == ("", "", "Le numéro est corrigé.")
    assert AuditEvent.objects.get(verb="forget_visitor").actor_kind == "job"


def test_the_page_of_an_erased_report_says_so(report, editor, as_user):
    answer_error_report(report=report, answer="Le numéro est corrigé.", by=editor)
    forget_visitors(moment=clock.now() + WORDS_KEPT)
    page = as_user(editor).get(f"/fr/espace/signalements/{report.uuid}/").content.decode()
    assert "deux ans après la réponse" in page and "Le numéro est corrigé." in page


def test_a_report_that_waits_keeps_its_message_whatever_happens(report):
    with pytest.raises(IntegrityError, match="errorreport_has_message"), transaction.atomic():
        ErrorReport.objects.update(message="")
