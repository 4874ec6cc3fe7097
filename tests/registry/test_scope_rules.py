"""«Suis-je visé?» in every combination of answers, and the six answers of a public sheet."""

import dataclasses
import itertools

import pytest

from registry.rules.scope import SCOPE, evaluate
from registry.rules.sheet import missing_sheet_answers

QUESTIONS = ("used", "ai", "decides", "personal")
ANSWERS = ("yes", "no", "unsure")
EVERY_CASE = [dict(zip(QUESTIONS, case, strict=True)) for case in itertools.product(ANSWERS, repeat=4)]

COMPLETE = {
    "summary_fr": "Trie des demandes.",
    "need_fr": "Les demandes attendaient trop longtemps.",
    "affected": ["service_users"],
    "autonomy": "recommends",
    "personal_information": "yes",
    "data_description_fr": "Les formulaires de demande.",
    "unit_fr": "Service des permis",
    "contact_email": "permis@ville.demo.example",
}
BODY = {"contact_phone": "555 555-0100", "postal_address": "1, rue Fictive"}


def three_valued(answers):
    """The same rule said another way: used AND (ai OR (decides AND personal)), «unsure» in between."""
    value = {"yes": 1.0, "unsure": 0.5, "no": 0.0}
    used, ai, decides, personal = (value[answers[question]] for question in QUESTIONS)
    return {1.0: "yes", 0.5: "check", 0.0: "no"}[min(used, max(ai, min(decides, personal)))]


def test_there_are_four_questions_and_three_answers():
    assert tuple(question.code for question in SCOPE.questions) == QUESTIONS
    assert tuple(SCOPE.answers) == ANSWERS
    assert tuple(SCOPE.verdicts) == ("yes", "no", "check")


@pytest.mark.parametrize("answers", EVERY_CASE, ids=lambda answers: "-".join(answers.values()))
def test_every_combination_gives_the_result_of_three_valued_logic(answers):
    assert evaluate(answers).verdict.code == three_valued(answers)


@pytest.mark.parametrize("answers", EVERY_CASE, ids=lambda answers: "-".join(answers.values()))
def test_each_announced_change_is_true_and_none_is_forgotten(answers):
    result = evaluate(answers)
    announced = {(change.question.code, change.answer): change.verdict.code for change in result.changes}
    for question, answer in itertools.product(QUESTIONS, ("yes", "no")):
        other = evaluate({**answers, question: answer}).verdict.code
        assert announced.get((question, answer), result.verdict.code) == other


def test_a_reason_has_one_sentence_or_two_its_origin_and_its_certainty():
    for rule in SCOPE.rules:
        for language in ("fr", "en"):
            assert 1 <= rule.reason[language].count(".") <= 2
            assert len(rule.reason[language].split()) <= 30
        for basis in rule.basis:
            assert basis.origin in {"statute", "regulation", "government_direction", "own_rule", "good_practice"}
            assert basis.certainty in {"text_read", "secondary_source", "from_memory"}


def test_a_system_without_ai_that_decides_about_people_enters_because_of_the_access_act():
    result = evaluate({"used": "yes", "ai": "no", "decides": "yes", "personal": "yes"})
    assert result.verdict.code == "yes"
    assert [basis.code for basis in result.basis] == ["access_act_65_2"]
    assert result.basis[0].certainty == "text_read"


def test_the_order_was_not_read_and_the_result_says_so():
    result = evaluate({"used": "yes", "ai": "yes", "decides": "no", "personal": "no"})
    assert [(basis.code, basis.certainty) for basis in result.basis] == [("order_2024_01", "secondary_source")]


def test_a_municipality_is_not_under_the_order():
    assistant = {"used": "yes", "ai": "yes", "decides": "no", "personal": "no"}
    assert evaluate(assistant, regimes=["municipal"]).rule == "ai_outside_order"
    assert evaluate(assistant, regimes=["municipal"]).verdict.code == "check"
    assert evaluate(assistant, regimes=["lggri", "health"]).verdict.code == "yes"
    alone = {"used": "yes", "ai": "yes", "decides": "yes", "personal": "yes"}
    assert evaluate(alone, regimes=["municipal"]).rule == "automated"
    for answers in EVERY_CASE:
        if answers["ai"] == "no":
            assert evaluate(answers, regimes=["municipal"]).rule == evaluate(answers).rule


@pytest.mark.parametrize("example", SCOPE.examples, ids=lambda example: example.code)
def test_the_worked_examples(example):
    assert evaluate(example.answers).verdict.code == example.verdict


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"used": "yes", "ai": "yes", "decides": "no"},
        {"used": "oui", "ai": "yes", "decides": "no", "personal": "no"},
        {"used": None, "ai": "yes", "decides": "no", "personal": "no"},
    ],
)
def test_a_missing_or_unknown_answer_is_refused(answers):
    with pytest.raises(ValueError, match="no usable answer"):
        evaluate(answers)


def test_nobody_can_change_it():
    with pytest.raises(dataclasses.FrozenInstanceError):
        SCOPE.questions[0].code = "other"
    with pytest.raises(TypeError):
        SCOPE.rules[0].reason["fr"] = "autre"


def test_a_complete_system_misses_no_answer():
    assert missing_sheet_answers(COMPLETE, BODY) == ()


@pytest.mark.parametrize(
    ("code", "value", "missing"),
    [
        ("summary_fr", "  ", "purpose"),
        ("need_fr", "", "purpose"),
        ("affected", [], "people"),
        ("autonomy", None, "decision"),
        ("personal_information", "unsure", "data"),
        ("data_description_fr", "", "data"),
        ("unit_fr", "", "responsible"),
        ("contact_email", "", "contact"),
    ],
)
def test_each_answer_can_be_missing_alone(code, value, missing):
    answers = missing_sheet_answers({**COMPLETE, code: value}, BODY)
    assert [answer.code for answer in answers] == [missing]


def test_a_body_without_phone_or_address_cannot_be_reached():
    for code in BODY:
        assert [answer.code for answer in missing_sheet_answers(COMPLETE, {**BODY, code: ""})] == ["contact"]
    assert [answer.code for answer in missing_sheet_answers(COMPLETE)] == ["contact"]
