"""«À faire»: what waits for this person, and nothing that waits for somebody else."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from organizations.workflow import Role, SecondLook
from registry.models import ErrorReport
from registry.rules.delays import answer_due_on
from registry.services.publication import answer_publication_request, publish_system
from registry.services.todo import waiting_for
from tests.factories.organizations import person
from tests.factories.registry import SystemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def system(system):
    """Not in service: no answer is wanted of it now, so nothing waits for who opened it."""
    system.phase = "idea"
    system.save()
    return system


@pytest.fixture
def request_waiting(system, editor, body):
    body.second_look = SecondLook.REQUIRED
    body.save()
    return publish_system(system=system, by=editor)


def addresses(user) -> list[str]:
    user.__dict__.pop("_permissions_by_body", None)
    return [item.address for item in waiting_for(user)]


def test_my_drafts_and_not_those_of_others(body, editor):
    mine = SystemFactory(organization=body, created_by=editor, draft=True)
    SystemFactory(organization=body, created_by=person(body, Role.CONTRIBUTOR), draft=True)
    [item] = waiting_for(editor)
    assert str(mine.uuid) in item.address and mine.name_fr in item.about and item.due_on is None


def test_a_draft_whose_answers_are_there_asks_to_be_declared(body, editor):
    SystemFactory(
        organization=body, created_by=editor, status="draft", reference=None, declared_at=None, declared_by=None
    )
    [item] = waiting_for(editor)
    assert item.about.endswith(tuple("0123456789"))


def test_those_who_may_approve_and_not_the_one_who_asked(request_waiting, editor, reviewer, outsider, body):
    address = f"/fr/espace/publications/{request_waiting.case.uuid}/"
    assert addresses(reviewer) == [address]
    assert addresses(editor) == [] and addresses(outsider) == []
    lead = person(body, Role.AI_LEAD)
    request_waiting.case.submitted_by = lead
    request_waiting.case.save()
    assert addresses(lead) == []


def test_a_request_sent_back_waits_for_its_author_until_asked_again(request_waiting, editor, reviewer, system):
    answer_publication_request(request=request_waiting, move="send_back", comment="Précisez.", by=reviewer)
    assert addresses(editor) == [f"/fr/espace/publications/{request_waiting.case.uuid}/"]
    assert addresses(reviewer) == []
    publish_system(system=system, by=editor)
    assert addresses(editor) == []


def test_a_doubt_on_personal_information_waits_for_who_protects_it(system, reviewer, editor, outsider):
    """«Je ne sais pas»: the form promises help, so somebody is asked."""
    assert not any(str(system.uuid) in address for address in addresses(reviewer))
    type(system).objects.filter(pk=system.pk).update(personal_information="unsure")
    [item] = [item for item in waiting_for(reviewer) if str(system.uuid) in item.address]
    assert str(system.created_by) in item.why_me and item.address.endswith("#section-data")
    assert not any("#section-data" in address for who in (editor, outsider) for address in addresses(who))
    type(system).objects.filter(pk=system.pk).update(phase="retired")
    assert not any(str(system.uuid) in address for address in addresses(reviewer))


def test_reports_of_visitors_wait_for_those_who_answer(system, editor, body):
    received = timezone.now() - timedelta(days=3)
    report = ErrorReport.objects.create(
        code="ABCD", system=system, organization=body, reference=system.reference, version_number=1, message="Non.",
        received_at=received,
    )  # fmt: skip
    [item] = waiting_for(editor)
    assert str(report.uuid) in item.address
    assert item.due_on == answer_due_on(timezone.localtime(received).date())
    assert addresses(person(body, Role.CONTRIBUTOR)) == []


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 11, 2), date(2026, 11, 16)),  # Monday → Monday, two week-ends later
        (date(2026, 11, 6), date(2026, 11, 20)),
        (date(2026, 11, 7), date(2026, 11, 20)),  # Saturday counts from Monday
    ],
)
def test_ten_working_days(received, due):
    assert answer_due_on(received) == due


def test_the_same_number_of_queries_whatever_waits(body, editor, django_assert_num_queries):
    for _each in range(3):
        SystemFactory(organization=body, created_by=editor, draft=True)
    waiting_for(editor)
    with django_assert_num_queries(4):  # she approves nothing: that list is not asked
        waiting_for(editor)
