"""What Vigie knows already: offered with its origin, taken by a person, never typed twice nor written over."""

from typing import Any

import pytest

from assessments.models import Answer, Assessment
from assessments.scoring.leaves import whole_of
from assessments.services import prefill
from assessments.services.beginning import begin_assessment
from assessments.services.earlier import Earlier
from assessments.services.facts import reading_of
from assessments.services.prefill import Offer, accept_offers, offers
from assessments.services.saving import save_answers
from assessments.services.screening import conclude_screening
from assessments.services.versions import sync_questionnaires
from assessments.workflow import EFVP, SCREENING, AnswerOrigin
from core import clock
from core.audit import NamedJob
from core.services import NotAllowed, NotPossibleNow
from core.text import day_in_words
from organizations.models import User
from registry.models import AISystem, HostingSite
from tests.assessments.exported import answer, read

pytestmark = pytest.mark.django_db
TOLD = {
    "name_fr": "Tri des plaintes",
    "summary_fr": "Un outil classe les plaintes.",
    "sensitive_information": ["minors", "health"],
}


@pytest.fixture
def known(system: AISystem) -> AISystem:
    """A record that tells something."""
    sync_questionnaires(by=NamedJob("tests"))
    AISystem.objects.filter(pk=system.pk).update(personal_information="yes", **TOLD)
    return AISystem.objects.select_related("organization").get(pk=system.pk)


@pytest.fixture
def efvp(known: AISystem, editor: User) -> Assessment:
    return begin_assessment(system=known, instrument=EFVP, by=editor)


def offered(assessment: Assessment, *codes: str) -> dict[str, Offer]:
    reading = reading_of(assessment)
    return offers(assessment, reading, [reading.questionnaire.question(code) for code in codes])


def taken(assessment: Assessment, *codes: str, by: User) -> Any:
    return accept_offers(assessment=assessment, questions=codes, by=by)


def test_the_record_is_offered_with_where_it_comes_from(efvp):
    [offer] = offered(efvp, "project_name").values()
    assert (offer.leaves, offer.shown) == ({"": "Tri des plaintes"}, ("Tri des plaintes",))
    assert offer.origin.startswith("De la fiche") and efvp.values() == {}


def test_codes_of_the_record_become_codes_of_the_question(efvp):
    [offer] = offered(efvp, "sensitive_kinds").values()
    assert offer.leaves == {"": ["health", "youth"]} and set(offer.shown) != {"health, youth"}


def test_of_several_answers_where_one_is_asked_the_gravest_is_offered(efvp):
    """Minors are sensitive, health is very sensitive: the depth must not start too low."""
    assert offered(efvp, "sensitivity")["sensitivity"].leaves == {"": "very_sensitive"}


def test_what_is_taken_is_an_answer_that_says_its_origin(efvp, editor):
    saved = taken(efvp, "project_name", "project_summary", by=editor)
    assert saved.reading.answers["project_name"] == "Tri des plaintes"
    assert set(Answer.objects.values_list("origin", flat=True)) == {AnswerOrigin.PREFILLED}
    assert offered(saved.assessment, "project_name", "project_summary") == {}


def test_an_answer_that_was_given_meanwhile_stands(efvp, editor, colleague):
    save_answers(assessment=efvp, leaves={"project_name": "Autre nom"}, version=efvp.version, by=colleague)
    with pytest.raises(NotPossibleNow):
        taken(read(efvp), "project_name", by=editor)
    assert efvp.values() == {"project_name": "Autre nom"}


def test_what_is_not_known_is_not_offered(efvp, editor):
    assert offered(efvp, "retention_period", "project_lead") == {}
    with pytest.raises(NotPossibleNow):
        taken(efvp, "retention_period", by=editor)


def test_what_is_longer_than_the_answer_may_be_is_not_offered(efvp):
    efvp.system.summary_fr = "a" * 30_000
    assert offered(efvp, "project_summary") == {}


def test_who_may_not_write_takes_nothing(efvp, authority):
    with pytest.raises(NotAllowed):
        taken(efvp, "project_name", by=authority)
    assert efvp.values() == {}


def test_rows_of_the_record_become_rows_of_the_answer(efvp, editor):
    made = {"created_at": clock.now(), "created_by": editor, "updated_at": clock.now(), "updated_by": editor}
    for name in ("Centre A", "Centre B"):
        told = {"name_fr": name, "place_fr": "Québec", "country": "CA"}
        HostingSite.objects.create(system=efvp.system, **told, **made)
    question = efvp.questionnaire.question("places")
    rows = whole_of(question, offered(read(efvp), "places")["places"].leaves)
    assert [(row["what"], row["place"]) for row in rows] == [("Centre A", "Québec"), ("Centre B", "Québec")]


def test_another_assessment_is_offered_once_it_is_decided(known, efvp, editor):
    screening = read(begin_assessment(system=known, instrument=SCREENING, by=editor))
    given = {"personal_information": "yes", "generative_ai": "no", "intervention": ["acquisition"]}
    given |= {"special_situations": ["outside_quebec"], "decision_part": "fully_automated"}
    screening = answer(screening, given, editor)
    assert "special_situations" not in offered(efvp, "special_situations")
    conclude_screening(assessment=screening, by=editor)
    found = offered(read(efvp), "special_situations", "decision_role")
    assert {code: offer.leaves[""] for code, offer in found.items()} == {
        "special_situations": ["outside_quebec"],
        "decision_role": "fully_automated",
    }
    today = day_in_words(clock.civil_date(clock.now()))
    assert all(f"Tri, {today}" in offer.origin and offer.how == AnswerOrigin.COPIED for offer in found.values())


# --- A screening that is asked again --------------------------------------------------------------------------------
GIVEN = {
    "personal_information": "yes",
    "generative_ai": "unsure",
    "intervention": ["development", "pilot"],
    "special_situations": ["outside_quebec", "health_information"],
    "decision_part": "supports",
}


@pytest.fixture
def again(known: AISystem, editor: User) -> Assessment:
    """The second screening, begun empty: the first one said what the record says, and more."""
    AISystem.objects.filter(pk=known.pk).update(sensitive_information=["health"])
    first = read(begin_assessment(system=known, instrument=SCREENING, by=editor))
    conclude_screening(assessment=answer(first, GIVEN, editor), by=editor)
    return read(begin_assessment(system=known, instrument=SCREENING, by=editor))


def test_a_screening_asked_again_offers_what_it_answered_last_time_and_copies_nothing(again, editor):
    found = offered(again, *GIVEN)
    assert {code: offer.leaves[""] for code, offer in found.items()} == GIVEN and again.values() == {}
    today = day_in_words(clock.civil_date(clock.now()))
    assert all(f"Tri, {today}" in offer.origin for offer in found.values())
    taken(again, "generative_ai", by=editor)
    row = Answer.objects.get(assessment=again)
    assert (row.value, row.origin, row.origin_note) == ("unsure", AnswerOrigin.COPIED, found["generative_ai"].origin)


def test_a_record_that_says_something_else_today_comes_before_the_last_answer(again):
    again.system.autonomy, again.system.technique = "alone", ["rules", "generative"]
    again.system.sensitive_information = ["health", "biometric"]
    found = offered(again, *GIVEN)
    told = {code for code, offer in found.items() if offer.origin.startswith("De la fiche")}
    assert told == {"decision_part", "generative_ai", "special_situations"}
    assert (found["decision_part"].leaves, found["generative_ai"].leaves) == ({"": "fully_automated"}, {"": "yes"})
    assert all(found[code].how == AnswerOrigin.PREFILLED for code in told)


def test_an_answer_that_its_question_does_not_take_any_more_is_not_offered(again, monkeypatch):
    earlier = {"decision_part": Earlier("of_another_time", ""), "intervention": Earlier({"a": {"b": 1}}, "")}
    monkeypatch.setattr(prefill, "last_answers", lambda _assessment: earlier)
    assert offered(again, "decision_part")["decision_part"].origin.startswith("De la fiche")
    assert offered(again, "intervention") == {}


def test_the_last_screening_is_offered_in_one_query(again, django_assert_num_queries):
    reading, questions = reading_of(again), again.questionnaire.questions
    with django_assert_num_queries(1):
        offers(again, reading, questions)
