"""Ten typical projects: which assessments each needs, how deep, how many questions each sees."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from assessments.questionnaires import Questionnaire, read_questionnaire, released_files
from assessments.scoring.asking import Reading
from assessments.scoring.outcomes import results

PROJECTS = yaml.safe_load((Path(__file__).parent / "data" / "projects.yaml").read_text(encoding="utf-8"))["projects"]
MOST_WHEN_SHORT = 25


@pytest.fixture(scope="module")
def efvp() -> Questionnaire:
    return read_questionnaire(released_files()["efvp/1.0"])


@pytest.fixture(scope="module")
def screening() -> Questionnaire:
    return read_questionnaire(released_files()["screening/1.0"])


def facts_of(project: dict[str, Any]) -> dict[str, Any]:
    return project["facts"] | {f"screening.{code}": value for code, value in project["screening"].items()}


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project["code"])
def test_what_a_typical_project_is_asked(project: dict[str, Any], efvp: Questionnaire):
    reading = Reading(efvp, project["answers"], facts_of(project))
    assert reading.depth.asked == project["depth"]
    required = [question.id for question in reading.asked if question.required]
    assert (len(reading.asked), len(required)) == (project["visible"], project["required"])


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project["code"])
def test_which_assessments_a_typical_project_needs(project: dict[str, Any], screening: Questionnaire):
    found = results(screening, project["screening"], project["facts"])
    assert {each.outcome.instrument: each.result for each in found} == project["outcomes"]


def test_there_are_ten_of_them_and_one_with_everything():
    assert len(PROJECTS) == 11


def test_the_short_form_never_asks_more_than_25_questions(efvp: Questionnaire):
    """Whatever is answered: no more questions than these stand at this depth."""
    assert sum(question.depth == "short" for question in efvp.questions) <= MOST_WHEN_SHORT


PERSONAL = {"screening.personal_information": "yes", "body.has_committee": True}


@pytest.mark.parametrize(
    "answers",
    [
        {"sensitivity": "unknown"},
        {"special_situations": ["unsure"]},
        {"decision_role": "unsure"},
        {"identification_functions": ["unsure"]},
    ],
    ids=lambda answers: next(iter(answers)),
)
def test_what_is_not_known_is_never_assessed_short(answers: dict[str, Any], efvp: Questionnaire):
    assert Reading(efvp, answers, PERSONAL).depth.floor == "normal"


@pytest.mark.parametrize(("act", "is_asked"), [("health_only", False), ("access_only", True), ("both", True)])
def test_the_committee_is_consulted_when_the_access_act_applies(act: str, is_asked: bool, efvp: Questionnaire):
    reading = Reading(efvp, {"special_situations": ["health_information"], "health_regime": act}, PERSONAL)
    assert ("committee_consulted_on" in {question.id for question in reading.asked}) is is_asked


def test_the_screening_asks_five_questions_and_takes_i_do_not_know(screening: Questionnaire):
    assert len(list(screening.questions)) == 5
    for question in screening.questions:
        codes = {option.code for option in question.options}
        assert question.kind == "yes_no_unsure" or "unsure" in codes, question.id
