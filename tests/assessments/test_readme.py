"""The README of questionnaires is enough: its own example is checked, copied, begun, filled in and scored."""

import json
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from assessments.questionnaires import FOLDER, check_content, load, read_text, shipped_names
from assessments.questionnaires.reading import _validator
from assessments.scoring.leaves import MEASURE_LEAVES, RISK_LEAVES, whole_of
from assessments.scoring.spreading import spread
from assessments.scoring.values import clean_flat
from assessments.services.beginning import begin_assessment
from assessments.services.versions import add_version
from core.audit import NamedJob

README = (FOLDER / "README.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


(EXAMPLE,), (ANSWERS,) = blocks("yaml example"), blocks("json answers")
PAIRS = list(zip(blocks("yaml question"), blocks("json answer"), strict=True))


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "1.0.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")
    return path


@pytest.mark.django_db
def test_the_example_is_copied_begun_filled_in_and_scored(file, system, editor, save):
    content = load(file)
    assert sum(len(section["questions"]) for section in content["sections"]) == 5
    assert add_version(content=content, by=NamedJob("tests"))
    assessment = begin_assessment(system=system, instrument="team_readiness", by=editor)
    assert (assessment.required, assessment.level) == (2, "ready")
    answers = json.loads(ANSWERS)
    saved = save(assessment, answers)
    assessment.refresh_from_db()
    assert saved.completeness.is_complete and (assessment.done, assessment.level) == (2, "almost")
    assert assessment.values() == answers
    hidden = save(assessment, {"gaps": ["nothing"]})
    assert [question.id for question in hidden.reading.kept_aside] == ["tools_on"]


def check(*words) -> str:
    out = StringIO()
    call_command("check_questionnaire", *map(str, words), stdout=out)
    return out.getvalue()


def test_the_check_prints_the_outline_and_the_score_that_it_tells(file, tmp_path):
    answers = tmp_path / "answers.json"
    answers.write_text(ANSWERS, encoding="utf-8")
    told = check(file, "--answers", answers)
    assert "team_readiness/1.0" in told and "* short  single_choice" in told and "tools_on ?" in told
    assert re.search(r"\b3\b.*\b6\b.*Presque prête", told)
    assert "3 of 6" in README


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{", "answers.json"),
        ("[]", "answers.json"),
        ('{"nobody": 1}', "nobody"),
        ('{"training": "elsewhere"}', "training"),
        ('{"gaps": {"a": {"b": 1}}}', "gaps"),
        ('{"remarks": NaN}', "remarks"),
        ("[" * 5000, "answers.json"),
    ],
)
def test_wrong_answers_are_refused_by_their_place(file, tmp_path, text, place):
    answers = tmp_path / "answers.json"
    answers.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=f"^{place}"):
        check(file, "--answers", answers)


def test_a_fault_of_the_file_is_told_with_its_place(file, tmp_path):
    file.write_text(EXAMPLE.replace("kind: single_choice", "kind: horoscope"), encoding="utf-8")
    with pytest.raises(CommandError, match=r"^sections/0/questions/1/kind"):
        check(file)
    with pytest.raises(CommandError):
        check(tmp_path / "nothing.yaml")


@pytest.mark.parametrize("name", shipped_names())
def test_the_check_reads_what_is_shipped(name):
    assert name in check(FOLDER / f"{name}.yaml")
    assert f"`{name}`" in README


def with_question(question: dict) -> dict:
    content = read_text(EXAMPLE.encode(), name="README")
    content["sections"][0]["questions"].append(question)
    return content


@pytest.mark.parametrize(("question", "answer"), PAIRS, ids=lambda text: text[:24])
def test_each_kind_is_as_the_readme_says(question, answer):
    row = read_text(question.encode(), name="README")
    questionnaire = check_content(with_question(row))
    found, value = questionnaire.question(row["id"]), json.loads(answer)
    stored = whole_of(found, clean_flat(questionnaire, found, spread(found, value, seed="zzzz")))
    if isinstance(value, dict):
        value = {name: each for name, each in value.items() if each != ""}
    assert stored == value


def test_every_kind_and_key_is_in_the_readme():
    schema = _validator().schema["$defs"]
    kinds = set(schema["question"]["properties"]["kind"]["enum"])
    shown = {read_text(question.encode(), name="README")["kind"] for question, _answer in PAIRS}
    assert kinds - shown == {"risk_list", "measures"} and {"`risk_list`", "`measures`"} <= set(
        re.findall(r"`\w+`", README)
    )
    words = set(re.findall(r"\w+", README))
    for name in ("question", "option", "column", "risk", "measure", "outcome", "section", "depth_rule", "source"):
        assert set(schema[name]["properties"]) <= words, name


def test_what_is_stored_of_risks_and_measures_is_as_the_readme_says():
    risks, measures = (json.loads(text) for text in blocks("json stored"))
    assert set(risks["access"]) <= {name for name, _kind in RISK_LEAVES}
    assert set(measures[0]) - {"row"} <= {name for name, _kind in MEASURE_LEAVES}
