"""What a decided assessment, or a screening signed «non requise», would have the record say: offered, one press."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Answer, Assessment
from assessments.services.beginning import begin_assessment
from assessments.services.deposits import deposit_assessment
from assessments.services.saving import save_answers
from assessments.services.screening import conclude_screening, sign_screening
from assessments.services.telling_record import said_otherwise, write_in_record
from assessments.services.versions import sync_questionnaires
from assessments.workflow import EFVP, SCREENING, AssessmentState
from core.audit import NamedJob
from core.models import AuditEvent
from core.services import NotAllowed, NotPossibleNow
from organizations.models import User
from registry.models import AISystem
from tests.assessments.exported import answer, read
from tests.factories.files import PDF

pytestmark = pytest.mark.django_db
SUMMARY = "Le projet trie des demandes. Les adresses sont vues par six personnes."
NOTHING = {
    "personal_information": "no",
    "generative_ai": "no",
    "intervention": ["no_project"],
    "special_situations": ["none"],
    "decision_part": "none",
}


@pytest.fixture(autouse=True)
def released(db: None) -> None:
    sync_questionnaires(by=NamedJob("tests"))


@pytest.fixture
def decided(system: AISystem, editor: User) -> Assessment:
    made = begin_assessment(system=system, instrument=EFVP, by=editor)
    save_answers(assessment=made, leaves={"public_summary": SUMMARY}, version=made.version, by=editor)
    Assessment.objects.filter(pk=made.pk).update(state=AssessmentState.DECIDED)
    return read(made)


@pytest.fixture
def signed(system: AISystem, editor: User, reviewer: User) -> Assessment:
    made = answer(read(begin_assessment(system=system, instrument=SCREENING, by=editor)), NOTHING, editor)
    conclusion = conclude_screening(assessment=made, by=editor)
    sign_screening(conclusion=conclusion, note="", by=reviewer)
    return read(made)


def test_a_decided_one_tells_that_it_is_done_and_what_it_concluded(
    decided: Assessment, editor: User, client: Client
) -> None:
    assert said_otherwise(decided) == {"privacy_assessment": "done", "privacy_assessment_summary_fr": SUMMARY}
    client.force_login(editor)
    page = reverse("assessments:assessment", args=[decided.uuid])
    assert SUMMARY in client.get(page).content.decode()
    sent = client.post(reverse("assessments:in_record", args=[decided.uuid]), {"version": decided.system.version})
    assert sent.status_code == 303 and sent.url == page
    system = AISystem.objects.get(pk=decided.system.pk)
    assert (system.privacy_assessment, system.privacy_assessment_summary_fr) == ("done", SUMMARY)
    assert AuditEvent.objects.filter(verb="write_assessment_in_record").count() == 1
    assert said_otherwise(read(decided)) == {} and SUMMARY not in client.get(page).content.decode()


def test_the_page_of_the_system_offers_it_too(
    decided: Assessment, editor: User, reviewer: User, client: Client
) -> None:
    page = reverse("assessments:of_system", args=[decided.system.uuid])
    where = reverse("assessments:in_record", args=[decided.uuid])
    client.force_login(editor)
    assert where in client.get(page).content.decode()
    client.force_login(reviewer)  # who may not change the record
    assert where not in client.get(page).content.decode()
    write_in_record(source=decided, version=decided.system.version, by=editor)
    client.force_login(editor)
    assert where not in client.get(page).content.decode()


@pytest.mark.parametrize("state", [each for each in AssessmentState if each != AssessmentState.DECIDED])
def test_only_the_one_that_holds_tells_it(decided: Assessment, editor: User, state: str) -> None:
    rest = {"withdrawn_reason": "Abandonnée"} if state == "withdrawn" else {}
    decided.state = state
    assert said_otherwise(decided) == {}
    if state != "submitted":  # that one has a case, by a constraint
        Assessment.objects.filter(pk=decided.pk).update(state=state, **rest)
        decided.state = AssessmentState.DECIDED  # as an old page has it
        with pytest.raises(NotPossibleNow):
            write_in_record(source=decided, version=decided.system.version, by=editor)


def test_a_summary_that_the_record_cannot_hold_is_left_out(decided: Assessment) -> None:
    Answer.objects.filter(assessment=decided, question="public_summary").update(value="é" * 3001)
    assert said_otherwise(decided) == {"privacy_assessment": "done"}
    Answer.objects.filter(assessment=decided).delete()
    assert said_otherwise(decided) == {"privacy_assessment": "done"}


def test_a_signed_screening_tells_that_none_is_required(signed: Assessment, editor: User) -> None:
    assert said_otherwise(signed) == {"privacy_assessment": "not_required"}
    system = write_in_record(source=signed, version=signed.system.version, by=editor)
    assert system.privacy_assessment == "not_required"


def test_not_required_does_not_erase_one_that_the_record_says_done(signed: Assessment) -> None:
    signed.system.privacy_assessment = "done"
    assert said_otherwise(signed) == {}


def test_nothing_before_it_is_signed(system: AISystem, editor: User) -> None:
    made = answer(read(begin_assessment(system=system, instrument=SCREENING, by=editor)), NOTHING, editor)
    conclude_screening(assessment=made, by=editor)
    assert said_otherwise(read(made)) == {}


def test_not_required_gives_way_to_one_that_was_made(signed: Assessment, editor: User) -> None:
    given = {
        "approved_by_function": "Direction",
        "residual_level": "low",
        "summary_fr": "Fait.",
        "done_on": date(2026, 3, 2),
    }
    deposit_assessment(system=signed.system, instrument=EFVP, content=PDF, name="efvp.pdf", by=editor, **given)
    assert said_otherwise(signed) == {}


def test_another_person_of_the_body_is_neither_offered_nor_let(
    decided: Assessment, authority: User, client: Client
) -> None:
    client.force_login(authority)
    assert SUMMARY not in client.get(reverse("assessments:assessment", args=[decided.uuid])).content.decode()
    with pytest.raises(NotAllowed):
        write_in_record(source=decided, version=decided.system.version, by=authority)
