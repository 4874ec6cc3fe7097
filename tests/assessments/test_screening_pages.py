"""Pages of a screening: no result before its answers, what the record says otherwise, signing or asking again."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment, ScreeningConclusion
from assessments.services.against_record import against_record
from assessments.services.beginning import begin_assessment
from assessments.services.facts import reading_of
from assessments.services.screening import conclude_screening
from assessments.services.versions import sync_questionnaires
from assessments.workflow import SCREENING
from core.audit import NamedJob
from organizations.models import Organization, User
from registry.models import AISystem
from tests.assessments.api import at
from tests.assessments.exported import answer, read
from tests.registry.api import Program

pytestmark = pytest.mark.django_db
NOTHING = {
    "personal_information": "no",
    "generative_ai": "no",
    "intervention": ["no_project"],
    "special_situations": ["none"],
    "decision_part": "none",
}
AGAINST = {
    "personal_information": "yes",
    "autonomy": "alone",
    "origin": "other",
    "technique": [],
    "sensitive_information": [],
}
DIFFER = "Some answers do not say what the record says"


@pytest.fixture(autouse=True)
def released(db: None) -> None:
    sync_questionnaires(by=NamedJob("tests"))


@pytest.fixture
def recorded(system: AISystem) -> AISystem:
    """Personal information and a system that decides alone, by its record."""
    AISystem.objects.filter(pk=system.pk).update(**AGAINST)
    return AISystem.objects.select_related("organization").get(pk=system.pk)


@pytest.fixture
def screening(recorded: AISystem, editor: User) -> Assessment:
    return read(begin_assessment(system=recorded, instrument=SCREENING, by=editor))


@pytest.fixture
def concluded(screening: Assessment, editor: User) -> ScreeningConclusion:
    return conclude_screening(assessment=answer(screening, NOTHING, editor), by=editor)


@pytest.fixture
def shown(as_user: Callable[[User], Client]) -> Callable[..., str]:
    """The text of a page in English, as its sentences are in the code."""

    def show(by: User, name: str, about: Any) -> str:
        page = as_user(by).get(reverse(f"assessments:{name}", args=[about.uuid]), headers={"accept-language": "en"})
        assert page.status_code == 200
        return page.content.decode()

    return show


@pytest.fixture(autouse=True)
def in_english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


def differing(screening: Assessment) -> dict[str, tuple[str, str]]:
    found = against_record(screening, reading_of(screening))
    return {one.question.id: (one.answer, one.recorded) for one in found}


# --- What the record says otherwise ---------------------------------------------------------------------------------
def test_each_answer_that_the_record_contradicts_is_told_with_both_texts(screening, editor):
    assert differing(screening) == {}
    found = differing(answer(screening, NOTHING, editor))
    assert found.keys() == {"personal_information", "decision_part"}
    assert all(said and recorded and said != recorded for said, recorded in found.values())


def test_an_answer_that_says_what_the_record_says_and_more_is_not_told(screening, editor):
    screening.system.sensitive_information, screening.system.origin = ["health"], "own"
    said = {"special_situations": ["health_information", "outside_quebec"], "intervention": ["development", "pilot"]}
    given = answer(
        screening, {**NOTHING, "personal_information": "yes", "decision_part": "fully_automated"} | said, editor
    )
    given.system = screening.system
    assert differing(given) == {}


def test_generative_artificial_intelligence_of_the_record_is_told(screening, editor):
    given = answer(screening, NOTHING, editor)
    given.system.technique = ["rules", "generative"]
    assert "generative_ai" in differing(given)


def test_the_result_warns_before_and_after_it_is_concluded(screening, editor, shown):
    given = answer(screening, NOTHING, editor)
    page = shown(editor, "result", given)
    assert DIFFER in page and "whichever is wrong, before you conclude" in page
    assert reverse("registry:section", args=[screening.system.uuid, "decision"]) + "#id_autonomy" in page
    conclude_screening(assessment=given, by=editor)
    page = shown(editor, "result", given)
    assert DIFFER in page and "ask the five questions again" in page and "Correct the answer<" not in page


def test_nothing_is_told_of_a_screening_that_another_one_replaced(concluded, screening, recorded, editor, shown):
    again = read(begin_assessment(system=recorded, instrument=SCREENING, by=editor, source=screening))
    conclude_screening(assessment=again, by=editor)
    assert DIFFER not in shown(editor, "result", screening)


def test_who_signs_reads_the_answers_and_the_differences_and_may_have_them_asked_again(
    concluded, screening, reviewer, shown, as_user
):
    page = shown(reviewer, "sign", screening)
    assert DIFFER in page and "Sign: it is not required" in page and "If you do not sign" in page
    for question in screening.questionnaire.questions:
        assert question.label["en"].replace("'", "&#x27;") in page or question.label["fr"] in page
    sent = {"request_key": "0b8c6a5e-4f4e-4c7b-9f8f-6f8d2f4c1a11", "instrument": SCREENING}
    address = reverse("assessments:begin", args=[screening.system.uuid])
    assert address in page
    assert as_user(reviewer).post(address, sent).status_code == 303
    begun = Assessment.objects.get(system=screening.system, state="draft")
    page = shown(reviewer, "sign", screening)
    assert reverse("assessments:go_on", args=[begun.uuid]) in page and "Ask the five questions again" not in page


# --- Before the five answers ----------------------------------------------------------------------------------------
def test_no_outcome_is_shown_while_a_question_waits(screening, editor, shown, as_user):
    page = shown(editor, "result", screening)
    assert "5 answers are left to give" in page and "vg-outcome" not in page and "#q-personal_information" in page
    given = answer(screening, {"personal_information": "yes", "decision_part": "supports"}, editor)
    page = shown(editor, "result", given)
    assert "3 answers are left to give" in page and "vg-outcome" not in page
    address = reverse("assessments:result", args=[screening.uuid])
    assert as_user(editor).post(address).status_code == 422
    assert "vg-outcome" in shown(editor, "result", answer(given, NOTHING, editor))


def test_programs_read_no_outcome_either(screening, editor):
    told = Program(editor).get(at("result", screening.uuid)).json()
    assert len(told["missing"]) == 5 and told["outcomes"] == []


def test_who_may_not_answer_has_no_links_to_the_questions(screening, authority, shown):
    page = shown(authority, "result", screening)
    assert "5 answers are left" in page and "#q-personal_information" not in page


# --- Around a conclusion --------------------------------------------------------------------------------------------
def test_the_page_of_the_system_says_which_facts_changed(concluded, recorded, editor, shown):
    assert "it was" not in shown(editor, "of_system", recorded)
    AISystem.objects.filter(pk=recorded.pk).update(autonomy="recommends", technique=["rules"])
    Organization.objects.filter(pk=recorded.organization_id).update(regimes=["municipal"])
    page = shown(editor, "of_system", recorded)
    for told in ("Role in the decision: it was “It decides alone”", "it was “Not answered”", "Legal regimes: it was"):
        assert told in page, told
    assert "system.autonomy" not in page


def test_what_was_added_keeps_its_tag_and_its_title_in_the_language_of_the_reader(screening, recorded, editor, shown):
    given = answer(screening, {**NOTHING, "personal_information": "unsure"}, editor)
    conclude_screening(assessment=given, by=editor, added={"efvp": "Projet sensible", "aia": "Pour apprendre"})
    page = shown(editor, "of_system", recorded)
    assert "PIA – Projet sensible" in page and "(AIA) – Pour apprendre" in page and "EFVP" not in page
    # Both of its lines: what the screening says of it, and its own section.
    assert page.count("To be checked</strong>") == 2 and page.count("Added by your team</strong>") == 3


def test_a_concluded_screening_leads_to_its_page_to_print(screening, editor, shown):
    printed = reverse("assessments:print", args=[screening.uuid])
    given = answer(screening, NOTHING, editor)
    assert printed not in shown(editor, "assessment", given)
    conclude_screening(assessment=given, by=editor)
    for name in ("assessment", "result"):
        assert printed in shown(editor, name, given), name
    assert screening.questionnaire.question("decision_part").label["en"] in shown(editor, "print", given)


# --- Levels ---------------------------------------------------------------------------------------------------------
def test_a_score_has_a_level_and_no_residual_one(questionnaires, recorded, editor, shown):
    """What remains once measures are taken is a thing of risks."""
    scored = begin_assessment(system=recorded, instrument="five_questions", by=editor)
    Assessment.objects.filter(pk=scored.pk).update(level="grave")
    page = shown(editor, "assessment", scored)
    assert "Level:" in page and "Residual" not in page
    risky = begin_assessment(system=recorded, instrument="efvp", by=editor)
    Assessment.objects.filter(pk=risky.pk).update(level="high")
    assert "Residual level:" in shown(editor, "assessment", risky)
    page = shown(editor, "of_system", recorded)
    assert page.count('data-label="Level"') == 1 and page.count('data-label="Residual level"') == 1
