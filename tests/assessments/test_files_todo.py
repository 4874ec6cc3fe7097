"""«À faire»: what waits for this person in the assessments, and nothing that waits for somebody else."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from assessments.models import Assessment, DepositedAssessment
from assessments.services import todo_systems
from assessments.services.assigning import entrust_section
from assessments.services.beginning import begin_assessment
from assessments.services.deposits import deposit_assessment, withdraw_deposit
from assessments.services.guests import hand_in, withdraw_guest
from assessments.services.saving import save_answers
from assessments.services.screening import conclude_screening, sign_screening
from assessments.services.submitting import decide_assessment, submit_assessment, withdraw_assessment
from assessments.services.todo import waiting_for
from assessments.services.versions import sync_questionnaires
from assessments.workflow import EFVP, SCREENING
from core import clock
from core.audit import Guest, NamedJob
from organizations.services.todo import everything_waiting
from organizations.workflow import Role, SecondLook
from registry.models import AISystem
from review.services import add_comment, open_thread, resolve_thread
from tests.assessments.conftest import WHOLE
from tests.factories.files import PDF
from tests.factories.organizations import give, person
from tests.factories.registry import SystemFactory

pytestmark = pytest.mark.django_db
TODAY = clock.civil_date(clock.now())


@pytest.fixture(autouse=True)
def apart(store_of_files) -> None:
    cache.clear()


@pytest.fixture
def privacy(body):
    """Signs and decides; keeps no record."""
    return person(body, Role.PRIVACY_OFFICER, email="privacy@organisme.example", name="Responsable")


def told(user) -> list[tuple[str, str]]:
    """(address, what) of what waits."""
    user.__dict__.pop("_permissions_by_body", None)
    return [(item.address, item.what) for item in waiting_for(user)]


def addresses(user) -> list[str]:
    return [address for address, _what in told(user)]


def test_nobody_without_a_function_is_asked_anything(assessment, outsider, reader, django_assert_num_queries):
    assert told(outsider) == told(reader) == []
    user = person(name="Sans fonction")
    with django_assert_num_queries(1):
        waiting_for(user)


# --- Sections --------------------------------------------------------------------------------------------------------
def test_a_section_waits_for_who_has_it_until_it_is_whole(assessment, colleague, editor, save):
    due = TODAY + timedelta(days=3)
    entrust_section(assessment=assessment, section="project", person=colleague, due_on=due, by=editor)
    [item] = waiting_for(colleague)
    assert item.address == reverse("assessments:section", args=[assessment.uuid, "project"])
    assert item.due_on == due and "Le projet" in item.about
    assert addresses(editor) == []
    save(assessment, WHOLE)
    assert addresses(colleague) == []


def test_a_section_waits_no_more_once_it_is_not_written(assessment, colleague, editor):
    entrust_section(assessment=assessment, section="project", person=colleague, due_on=None, by=editor)
    withdraw_assessment(assessment=assessment, reason="Refaite", by=editor)
    assert addresses(colleague) == []


def test_a_section_of_a_body_that_one_has_left(assessment, colleague, editor):
    entrust_section(assessment=assessment, section="project", person=colleague, due_on=None, by=editor)
    colleague.memberships.all().delete()
    assert addresses(colleague) == []


# --- Deciding --------------------------------------------------------------------------------------------------------
@pytest.fixture
def submitted(assessment, editor, save) -> Assessment:
    save(assessment, WHOLE)
    submit_assessment(assessment=assessment, by=editor)
    return Assessment.objects.with_what_it_needs().get(pk=assessment.pk)


def test_a_submission_waits_for_those_who_decide(submitted, editor, privacy, authority, outsider):
    address = reverse("assessments:decide", args=[submitted.uuid])
    assert addresses(privacy) == addresses(authority) == [address]
    assert addresses(editor) == addresses(outsider) == []


def test_never_for_who_wrote_it_where_another_person_must_look(body, assessment, editor, save):
    body.second_look = SecondLook.REQUIRED
    body.save()
    give(editor, body, Role.PRIVACY_OFFICER)
    save(assessment, WHOLE)
    assessment = Assessment.objects.with_what_it_needs().get(pk=assessment.pk)
    submit_assessment(assessment=assessment, by=editor)
    assert addresses(editor) == []


def test_what_is_sent_back_waits_for_who_submitted_it(submitted, editor, privacy, colleague):
    decide_assessment(assessment=submitted, move="send_back", comment="À revoir", by=privacy)
    address = reverse("assessments:assessment", args=[submitted.uuid])
    assert addresses(editor) == [address] and addresses(privacy) == addresses(colleague) == []
    submit_assessment(assessment=Assessment.objects.with_what_it_needs().get(pk=submitted.pk), by=editor)
    assert addresses(editor) == []


# --- Screenings ------------------------------------------------------------------------------------------------------
def conclude(system, editor):
    """The screening of this version of Vigie, every question answered no."""
    screening = begin_assessment(system=system, instrument=SCREENING, by=editor)
    leaves = {
        question.id: "no" if question.kind == "yes_no_unsure" else question.options[-1].code
        for question in screening.questionnaire.questions
    }
    leaves = {
        code: [value] if screening.questionnaire.question(code).kind == "multiple_choice" else value
        for code, value in leaves.items()
    }
    save_answers(assessment=screening, leaves=leaves, version=1, by=editor)
    return conclude_screening(assessment=screening, by=editor)


@pytest.fixture
def concluded(db, system, editor):
    sync_questionnaires(by=NamedJob("tests"))
    return conclude(system, editor)


def test_a_not_required_waits_for_the_privacy_officer(concluded, editor, privacy, authority):
    assert concluded.to_sign
    address = reverse("assessments:sign", args=[concluded.assessment.uuid])
    assert addresses(privacy) == [address] and addresses(editor) == addresses(authority) == []
    sign_screening(conclusion=concluded, note="", by=privacy)
    assert addresses(privacy) == []


def test_a_record_that_changed_asks_the_screening_again(concluded, system, editor, colleague):
    assert addresses(editor) == []
    name = next(fact for fact in concluded.facts if fact == "system.personal_information")
    told = {name.removeprefix("system."): "yes", "updated_at": clock.now()}
    AISystem.objects.filter(pk=system.pk).update(**told)
    [item] = waiting_for(editor)
    assert item.address == reverse("assessments:of_system", args=[system.uuid])
    assert addresses(colleague) == []
    begin_assessment(system=AISystem.objects.get(pk=system.pk), instrument=SCREENING, by=editor)
    assert addresses(editor) == []


def test_a_body_that_changed_asks_the_screening_again(db, system, editor, monkeypatch):
    sync_questionnaires(by=NamedJob("tests"))
    # The history has the moment of the database, which the one transaction of a test stops.
    with monkeypatch.context() as earlier:
        yesterday = clock.now() - timedelta(days=1)
        earlier.setattr("core.clock.now", lambda: yesterday)
        assert "body.regimes" in conclude(system, editor).facts
    system.organization.regimes = ["health"]
    system.organization.save()
    assert addresses(editor) == [reverse("assessments:of_system", args=[system.uuid])]


def test_many_records_that_tell_the_same_story_hide_none_that_changed(concluded, system, editor, monkeypatch):
    """Those that are looked into first are not those that are told first."""
    monkeypatch.setattr(todo_systems, "MOST_SYSTEMS", 1)
    other = SystemFactory(organization=system.organization, lead=editor)
    conclude(other, editor)
    for each, told in ((system, {}), (other, {"personal_information": "yes"})):
        AISystem.objects.filter(pk=each.pk).update(updated_at=clock.now(), **told)
    assert addresses(editor) == [reverse("assessments:of_system", args=[other.uuid])]


# --- Reviews ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def deposit(system, editor):
    sync_questionnaires(by=NamedJob("tests"))

    def make(days: int, done_on: date = date(2024, 1, 1)) -> DepositedAssessment:
        return deposit_assessment(
            system=system,
            instrument=EFVP,
            content=PDF + b"%" * days,  # each its own file
            name="efvp.pdf",
            done_on=done_on,
            approved_by_function="Direction",
            residual_level="low",
            summary_fr="Résumé",
            next_review_on=TODAY + timedelta(days=days),
            by=editor,
        )

    return make


@pytest.mark.parametrize(("days", "waits"), [(-10, True), (0, True), (60, True), (61, False)])
def test_a_review_is_announced_two_months_before(deposit, editor, colleague, days, waits):
    deposit(days)
    found = waiting_for(editor)
    assert [item.due_on for item in found] == [TODAY + timedelta(days=days)] * waits
    assert addresses(colleague) == []


def test_a_later_one_takes_its_place(deposit, editor, system):
    first = deposit(10)
    deposit(400, done_on=date(2025, 1, 1))
    assert addresses(editor) == []
    withdraw_deposit(deposit=DepositedAssessment.objects.exclude(pk=first.pk).get(), reason="Erreur", by=editor)
    assert len(addresses(editor)) == 1
    begin_assessment(system=system, instrument=EFVP, by=editor)
    assert addresses(editor) == []


def test_a_decided_assessment_says_its_own_day(system, editor, privacy):
    sync_questionnaires(by=NamedJob("tests"))
    assessment = begin_assessment(system=system, instrument=EFVP, by=editor)
    day = TODAY + timedelta(days=20)
    leaves = {"next_review.date": day.isoformat()}
    save_answers(assessment=assessment, leaves=leaves, version=assessment.version, by=editor)
    assert addresses(editor) == []
    Assessment.objects.filter(pk=assessment.pk).update(state="decided")
    [item] = waiting_for(editor)
    assert item.due_on == day
    begin_assessment(system=system, instrument=EFVP, by=editor)
    assert addresses(editor) == []


# --- Invited persons -------------------------------------------------------------------------------------------------
def test_who_has_finished_waits_for_who_invited(invite, assessment, editor, colleague):
    guest = invite()
    assert addresses(editor) == []
    hand_in(guest=guest, by=guest)
    assert addresses(editor) == [reverse("assessments:guests", args=[assessment.uuid])]
    assert addresses(colleague) == []
    withdraw_guest(guest=guest, by=editor)
    assert addresses(editor) == []


def test_what_they_ask_waits_until_it_is_answered(invite, assessment, editor):
    guest = invite()
    by = Guest(ref=guest.actor_ref, name=str(guest))
    thread = open_thread(
        organization=assessment.organization,
        subject_uuid=assessment.uuid,
        place="story",
        label="Récit",
        address=reverse("assessments:threads", args=[assessment.uuid, "story"]),
        text="Quoi?",
        by=by,
    )
    assert addresses(editor) == [thread.link]
    add_comment(thread=thread, text="Ceci.", by=editor)
    assert addresses(editor) == []
    add_comment(thread=thread, text="Merci.", by=by)
    assert addresses(editor) == [thread.link]
    resolve_thread(thread=thread, by=editor)
    assert addresses(editor) == []


# --- All of it -------------------------------------------------------------------------------------------------------
def test_as_many_queries_however_much_waits(
    questionnaires, body, editor, invite, assessment, colleague, django_assert_num_queries, deposit
):
    def more(number: int) -> None:
        for _each in range(number):
            system = SystemFactory(organization=body, created_by=editor, lead=editor)
            other = begin_assessment(system=system, instrument="every_kind", by=colleague)
            entrust_section(assessment=other, section="project", person=editor, due_on=None, by=colleague)
            guest = invite(assessment=other, email="a@b.example")
            hand_in(guest=guest, by=guest)

    deposit(10)
    more(1)
    waiting_for(editor)
    for number in (0, 4):
        more(number)
        editor.__dict__.pop("_permissions_by_body", None)
        with django_assert_num_queries(10):
            found = waiting_for(editor)
    assert len(found) == 11


def test_it_stands_on_the_page(submitted, privacy):
    assert reverse("assessments:decide", args=[submitted.uuid]) in [one.address for one in everything_waiting(privacy)]
