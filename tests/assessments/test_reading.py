"""What follows from answers: what is asked, how deep, what is missing, which risks remain, what a screening says."""

import copy
from datetime import date

import pytest

from assessments.questionnaires import check_content
from assessments.scoring.asking import Reading, newly_asked
from assessments.scoring.completeness import completeness, is_answered
from assessments.scoring.conditions import holds
from assessments.scoring.outcomes import results
from assessments.scoring.points import score
from assessments.scoring.risks import rated_risks, residual_level, review_is_near, risk_problems

TODAY = date(2026, 11, 22)
FACTS = {"body.has_committee": True, "body.regimes": ["lggri", "health"], "system.is_ai": False, "body.employees": 400}


@pytest.fixture
def read(every_kind):
    def reading(answers=None, *, depth="", facts=None, today=TODAY):
        return Reading(every_kind, answers or {}, FACTS if facts is None else facts, depth=depth, today=today)

    return reading


def asked(reading):
    return {question.id for question in reading.asked}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"fact": "body.has_committee", "in": [True]}, True),
        ({"fact": "body.has_committee", "in": ["true"]}, True),
        ({"fact": "system.is_ai", "in": [False]}, True),
        ({"fact": "body.regimes", "in": ["health", "municipal"]}, True),
        ({"fact": "body.regimes", "in": ["municipal"]}, False),
        ({"fact": "body.employees", "in": [400]}, True),
        ({"fact": "body.unknown", "in": ["x"]}, False),
        ({"not": {"fact": "body.unknown", "in": ["x"]}}, True),
        ({"answer": "people", "in": ["many"]}, True),
        ({"answer": "uses", "in": ["deciding", "nothing"]}, True),
        ({"answer": "uses", "in": ["nothing"]}, False),
        ({"answer": "records", "at_least": 100}, True),
        ({"answer": "records", "at_least": 101}, False),
        ({"answer": "start", "answered": True}, False),
        ({"answer": "start", "answered": False}, True),
        ({"points_of": ["people", "uses"], "at_least": 6}, True),
        ({"points_of": ["people", "uses"], "at_least": 7}, False),
        ({"all": [{"answer": "people", "in": ["many"]}, {"answer": "people", "in": ["few"]}]}, False),
        ({"any": [{"answer": "people", "in": ["many"]}, {"answer": "people", "in": ["few"]}]}, True),
        (None, True),
    ],
    ids=str,
)
def test_each_sort_of_condition(read, condition, expected):
    assert holds(condition, read({"people": "many", "uses": ["deciding"], "records": 100})) is expected


def test_a_fact_that_is_not_known_holds_nothing(read):
    assert "committee_on" not in asked(read({"people": "many"}, facts={}))
    assert "committee_on" in asked(read({"people": "many"}))


def test_the_depth_is_that_of_the_first_rule_that_holds(read):
    assert read().depth.asked == "short"
    assert read({"people": "some"}).depth.asked == "normal"
    deep = read({"people": "many", "uses": ["deciding"]}).depth
    assert (deep.asked, deep.recommended, deep.floor) == ("full", "full", "short")
    assert [text["en"] for text in deep.because] == ["Many people."]


def test_a_person_goes_deeper_or_less_deep_but_never_under_the_floor(read):
    answers = {"people": "many", "uses": ["deciding"]}
    assert read(answers, depth="short").depth.asked == "short"
    assert read({}, depth="full").depth.asked == "full"
    floored = read(answers | {"sensitive": "yes"}, depth="short").depth
    assert (floored.asked, floored.chosen, floored.floor) == ("full", "short", "full")
    assert [text["en"] for text in floored.because] == ["Sensitive."]


def test_a_deeper_form_asks_all_that_the_shorter_asks(read):
    answers = {"people": "some", "law": {"choice": "forbidden"}, "records": 500}
    seen = [asked(read(answers, depth=depth)) for depth in ("short", "normal", "full")]
    assert seen[0] < seen[1] < seen[2]


def test_everything_is_asked_of_an_instrument_without_depths(five_questions):
    assert Reading(five_questions, {}, {}).depth.asked == "full"


def test_an_answer_that_is_not_asked_counts_nowhere(read):
    answers = {"people": "some", "law": {"choice": "forbidden"}, "records": 500, "why": "Il le faut"}
    assert "why" in asked(read(answers))
    hidden = read(answers | {"people": "few"})
    assert hidden.value_of("law") is None and hidden.value_of("why") is None
    assert [question.id for question in hidden.kept_aside] == ["law", "why"]
    assert set(hidden.counted) == {"people", "records"}


def test_a_hidden_answer_hides_what_depends_on_it(read):
    chain = {"people": "some", "law": {"choice": "forbidden"}, "uses": ["sorting"]}
    assert "why" in asked(read(chain))
    assert "why" not in asked(read(chain, depth="short"))


def test_points_of_hidden_options_and_questions_are_nothing(read):
    answers = {"people": "few", "uses": ["profiling"], "sensitive": "unsure"}
    assert read(answers).points_of("uses") == 3
    assert read(answers | {"sensitive": "no"}).points_of("uses") == 0
    assert read(answers | {"sensitive": "no"}).value_of("uses") is None


def test_what_an_answer_brought(read):
    before, after = read({"people": "few"}), read({"people": "some"})
    assert "law" in {question.id for question in newly_asked(before, after)}
    assert not list(newly_asked(after, before))


def test_values_of_another_version_are_of_no_question(read):
    reading = read({"gone": "x", "people": "few"})
    assert reading.value_of("gone") is None and "gone" not in reading.counted


@pytest.mark.parametrize(
    ("question", "value", "expected"),
    [
        ("law", {"text": "Article 64"}, False),
        ("law", {"choice": "permitted"}, True),
        ("in_charge", {"name": "Quelqu'un"}, False),
        ("in_charge", {"function": "Direction"}, True),
        ("answers_within", {"days": 30}, False),
        ("review", {"events": ["change"]}, False),
        ("clauses", {"audit": {"state": "yes"}}, True),
        ("clauses", {"audit": {"proof": "Page 3"}}, False),
        ("criteria", {"useful": {"verdict": "met", "reason": "Oui"}}, False),
        (
            "criteria",
            {"useful": {"verdict": "met", "reason": "Oui"}, "fair": {"verdict": "unsure", "reason": "?"}},
            True,
        ),
        ("criteria", {"useful": {"verdict": "met", "reason": "Oui"}, "fair": {"verdict": "met"}}, False),
        ("ratings", {"secrecy": "low"}, False),
        ("ratings", {"secrecy": "low", "integrity": "high"}, True),
        ("data", [{"row": "r0001aaaa", "count": 3}], False),
        ("data", [{"row": "r0001aaaa", "what": "Nom"}], True),
        ("data", [{"row": "r0001aaaa", "what": "Nom"}, {"row": "r0002aaaa", "kept": "here"}], False),
        ("links", [{"row": "r0001aaaa", "kind": "system"}], False),
        ("links", [{"row": "r0001aaaa", "kind": "system"}, {"row": "r0002aaaa", "reference": "2026-14"}], False),
        ("links", [{"row": "r0001aaaa", "kind": "system", "reference": "2026-14"}], True),
        ("agreements", [{"row": "r0001aaaa", "reference": "2026-14"}], True),
        ("ratings_of_risks", {"access": {"applies": "no"}}, False),
        ("ratings_of_risks", {"access": {"applies": "no"}, "loss": {"applies": "unsure"}}, True),
        ("records", 0, True),
    ],
)
def test_whether_a_question_is_answered(read, every_kind, question, value, expected):
    reading = read({"sensitive": "yes", "people": "many", question: value})
    assert is_answered(reading, every_kind.question(question)) is expected


def test_a_line_that_is_not_offered_is_not_waited_for(read, every_kind):
    answers = {"sensitive": "yes", "people": "many", "clauses": {"audit": {"state": "yes"}}}
    assert is_answered(read(answers), every_kind.question("clauses"))
    assert not is_answered(read(answers | {"uses": ["profiling"]}), every_kind.question("clauses"))


def test_how_far_it_is_section_by_section(read):
    found = completeness(read({"name": "Tri", "people": "few"}))
    project = found.state("project")
    assert (project.asked, project.answered, project.required, project.done) == (6, 2, 3, 2)
    assert [question.id for question in found.missing] == ["sensitive", "ratings_of_risks"]
    assert found.state("details") is None
    assert not found.is_complete and found.done == 2 and found.required == 4


def risky(read, **leaves):
    """Reading of one risk, «access», rated so."""
    return read({"people": "few", "ratings_of_risks": {"access": {"applies": "yes", **leaves}}})


def rated(before, residual, **more):
    pairs = {"before": before, "residual": residual}
    return {
        f"{moment}_{axis}": str(degree)
        for moment, pair in pairs.items()
        for axis, degree in zip(("severity", "likelihood"), pair, strict=True)
    } | more


def rules(reading):
    return [problem.rule for problem in risk_problems(reading)]


TABLE = {
    4: ["moderate", "high", "critical", "critical"],
    3: ["moderate", "high", "high", "critical"],
    2: ["low", "moderate", "moderate", "high"],
    1: ["low", "low", "low", "moderate"],
}


@pytest.mark.parametrize(
    ("severity", "likelihood"), [(severity, likelihood) for severity in range(1, 5) for likelihood in range(1, 5)]
)
def test_each_cell_of_the_matrix(read, severity, likelihood):
    (one,) = rated_risks(risky(read, before_severity=str(severity), before_likelihood=str(likelihood)))
    assert one.levels["before"].code == TABLE[severity][likelihood - 1]


def test_a_risk_is_rated_before_and_after(read):
    assert rules(risky(read)) == ["before_not_rated", "residual_not_rated"]
    assert rules(risky(read, **rated((1, 1), (1, 1)))) == []


def test_a_risk_that_does_not_apply_follows_no_rule_and_an_unsure_one_does(read):
    assert rules(risky(read, applies="no", before_severity="4")) == []
    assert rules(risky(read, applies="unsure")) == ["before_not_rated", "residual_not_rated"]


@pytest.mark.parametrize("severity", [1, 2, 3, 4])
def test_a_grave_severity_wants_its_reason(read, severity):
    assert ("reason_missing" in rules(risky(read, **rated((severity, 1), (severity, 1))))) is (severity >= 3)
    assert "reason_missing" not in rules(risky(read, **rated((severity, 1), (severity, 1), reason="Parce que")))


def test_a_grave_severity_wants_its_reason_even_without_a_likelihood(read):
    assert "reason_missing" in rules(risky(read, now_severity="4"))


def test_a_lower_residual_level_wants_a_linked_measure(read):
    lower = rated((2, 4), (1, 1))
    assert rules(risky(read, **lower)) == ["measure_missing"]
    assert rules(risky(read, **lower, measures=["locks"])) == []
    assert rules(risky(read, **rated((2, 4), (2, 2), measures=[]))) == ["measure_missing"]
    assert rules(risky(read, **rated((1, 1), (1, 2)))) == []


def test_a_measure_that_was_set_aside_lowers_nothing(read):
    rows = [{"row": "locks", "state": "set_aside"}]
    linked = read(
        {
            "people": "few",
            "measures": rows,
            "ratings_of_risks": {"access": {"applies": "yes", **rated((2, 4), (1, 1)), "measures": ["locks"]}},
        }
    )
    assert rules(linked) == ["measure_missing"]


DATED = {"row": "locks", "owner": "Sécurité", "due_on": "2027-01-31"}


def high(read, review="2027-11-01", measure=None):
    leaves = {"applies": "yes", **rated((2, 4), (2, 4)), "measures": ["locks"]}
    answers = {"people": "few", "ratings_of_risks": {"access": leaves}, "measures": [measure or DATED]}
    return read(answers | ({"review": {"date": review}} if review else {}))


def test_what_remains_high_wants_a_dated_measure_with_its_owner(read):
    assert rules(high(read)) == []
    assert rules(high(read, measure={"row": "locks", "owner": "Sécurité"})) == ["dated_measure_missing"]
    assert rules(high(read, measure={"row": "locks", "due_on": "2027-01-31"})) == ["dated_measure_missing"]
    assert rules(high(read, measure={"row": "copies", "owner": "x", "due_on": "2027-01-31"})) == [
        "dated_measure_missing"
    ]


@pytest.mark.parametrize(
    ("review", "expected"),
    [("2027-11-22", []), ("2027-11-23", []), ("2027-11-24", ["review_too_far"]), (None, ["review_too_far"])],
)
def test_what_remains_high_is_looked_at_again_within_the_year(read, review, expected):
    found = risk_problems(high(read, review))
    assert [problem.rule for problem in found] == expected
    assert all(
        (problem.question, problem.leaf, problem.blocks_submission) == ("review", "date", True) for problem in found
    )


def test_without_a_day_the_review_is_not_looked_at(every_kind, read):
    answers = high(read, None).answers
    assert [problem.rule for problem in risk_problems(Reading(every_kind, answers, {}))] == []
    assert not review_is_near("", today=TODAY) and not review_is_near("demain", today=TODAY)


def test_what_remains_critical_waits_for_a_person_and_blocks_no_submission(read):
    leaves = {"applies": "yes", **rated((4, 4), (4, 4)), "measures": ["locks"], "reason": "Parce que"}
    answers = {"name": "Tri", "sensitive": "no", "people": "few", "measures": [DATED]}
    answers |= {"ratings_of_risks": {"access": leaves}, "review": {"date": "2027-01-01"}}
    reading = read(answers)
    assert rules(reading) == ["acceptance_missing"]
    assert residual_level(reading) == "critical"
    assert completeness(reading).is_complete


def test_until_it_is_rated_what_remains_is_what_was(read):
    assert residual_level(risky(read, before_severity="4", before_likelihood="4")) == "critical"
    now = risky(read, before_severity="4", before_likelihood="4", now_severity="2", now_likelihood="2")
    assert residual_level(now) == "moderate"
    assert residual_level(risky(read, **rated((4, 4), (1, 1)))) == "low"
    assert residual_level(read()) == ""


def test_a_risk_that_is_not_offered_is_not_rated(read):
    risks = {
        "tracking": {"applies": "yes", **rated((4, 4), (4, 4))},
        "loss": {"applies": "yes", **rated((4, 4), (4, 4))},
    }
    answers = {"people": "few", "ratings_of_risks": risks}
    assert rated_risks(read(answers)) == ()
    assert [one.risk.code for one in rated_risks(read(answers, depth="normal"))] == ["loss"]


def test_points_make_a_level(five_questions):
    def scored(**answers):
        return score(Reading(five_questions, answers, {}))

    assert (scored().points, scored().level.code) == (0, "calm")
    assert scored(size="large", effects=["money"]).level.code == "busy"
    grave = scored(size="large", effects=["money", "rights"])
    assert (grave.points, grave.level.code) == (7, "grave")
    assert scored(effects=["none"]).points == -1 and scored(effects=["none"]).level.code == "calm"


def test_points_of_what_is_not_asked_are_nothing(five_questions):
    assert score(Reading(five_questions, {"remedy": "there_is_none"}, {})).points == 0
    found = score(Reading(five_questions, {"effects": ["rights"], "remedy": "there_is_none"}, {}))
    assert found.points == 4
    assert (score(Reading(five_questions, {}, {})).most, found.most) == (7, 8)


def test_an_instrument_without_levels_has_no_score(read):
    assert score(read()) is None


def test_each_outcome_is_its_first_rule_that_holds(every_kind):
    for answer, expected in (
        ("yes", "required"),
        ("unsure", "to_check"),
        ("no", "not_required"),
        (None, "not_required"),
    ):
        answers = {"sensitive": answer} if answer else {}
        (found,) = results(every_kind, answers, {})
        assert found.result == expected


def test_the_answer_that_would_change_an_outcome_does_change_it(contents):
    questionnaire = check_content(contents["screening"])
    answers = {"personal": "yes", "new": "yes", "decides": "no", "outside": "no", "sharing": ["none"]}
    for change in ({}, {"personal": "unsure"}, {"new": "no"}, {"decides": "yes"}, {"personal": "no", "new": "no"}):
        given = answers | change
        for found in results(questionnaire, given, {}):
            if found.change is None:
                continue
            value = found.change.answer
            other = given | {found.change.question.id: value}
            after = next(
                one for one in results(questionnaire, other, {}) if one.outcome.instrument == found.outcome.instrument
            )
            assert after.result == found.change.result != found.result
            assert value != "unsure"


def test_a_required_outcome_is_told_what_would_free_it(contents):
    questionnaire = check_content(contents["screening"])
    answers = {"personal": "yes", "new": "yes", "decides": "no", "outside": "no", "sharing": ["none"]}
    efvp, other = results(questionnaire, answers, {})
    assert (efvp.result, efvp.change.question.id, efvp.change.answer) == ("required", "personal", "no")
    assert (other.result, other.change.question.id, other.change.result) == ("not_required", "decides", "recommended")


def test_no_single_answer_changes_what_two_ask_for(contents):
    questionnaire = check_content(contents["screening"])
    answers = {"personal": "no", "new": "no", "decides": "no", "outside": "no", "sharing": ["none"]}
    assert results(questionnaire, answers, {})[0].change is None


def test_nobody_is_told_to_change_an_answer_that_is_not_asked(contents):
    content = copy.deepcopy(contents["screening"])
    questions = content["sections"][0]["questions"]
    questions[3]["visible_when"] = {"answer": "decides", "in": ["yes"]}
    rule = {"result": "required", "when": {"answer": "outside", "in": ["yes"]}}
    content["outcomes"][1]["rules"] = [
        {**content["outcomes"][1]["rules"][0], **rule},
        content["outcomes"][1]["rules"][-1],
    ]
    questionnaire = check_content(content)
    answers = {"personal": "no", "new": "no", "decides": "no", "sharing": ["none"]}
    assert results(questionnaire, answers, {})[1].change is None
    assert results(questionnaire, answers | {"decides": "yes"}, {})[1].change.question.id == "outside"
