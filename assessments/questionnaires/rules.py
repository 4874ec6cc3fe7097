"""What a schema cannot say of a questionnaire: ids once, references that lead somewhere, no cycle, nothing out of
reach.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from assessments.questionnaires.reach import conditions_of, every_leaf, leaves_of, never_shown
from assessments.questionnaires.reading import NotAQuestionnaire
from assessments.questionnaires.shapes import DEPTHS, YES_NO_UNSURE, Condition, Question, Questionnaire

# Facts that the program knows how to give (assessments/services/facts.py); those of the record are its catalogue's.
BODY_FACTS = frozenset({"regimes", "has_committee", "kind", "publishes_in_english", "employees", "country"})
ONE_ONLY = ("risk_list", "measures")
TAKEN = {"columns": {"row"}, "lines": {"files"}}
"""Words that an answer, as stored, has for something else."""
ROW_LIKE = re.compile(r"r[0-9]{4}[0-9a-z]{4}")


def check_rules(questionnaire: Questionnaire, *, system_facts: frozenset[str] | None = None) -> None:
    """Raise `NotAQuestionnaire` with the place of the first fault. `system_facts`: codes of the field catalogue."""
    for check in (_ids_once, _words_free, _references_known, _one_of_a_kind, _matrix_whole, _levels_rise):
        check(questionnaire)
    known = set(questionnaire.by_id)
    for place, condition in conditions_of(questionnaire):
        for leaf in leaves_of(condition):
            _check_leaf(questionnaire, place, leaf, known, system_facts)
    seen: set[str] = set()
    for section in questionnaire.sections:
        _only_seen(section.code, section.visible_when, seen)
        for question in section.questions:
            _only_earlier(section.code, question, seen)
            seen.add(question.id)
    _depth_is_always_known(questionnaire)
    _catalogues_end(questionnaire)
    for place, problem in never_shown(questionnaire):
        raise NotAQuestionnaire(place, problem)


def asked_about(condition: Condition | None) -> set[str]:
    """Ids of the questions that a condition reads."""
    found: set[str] = set()
    for leaf in leaves_of(condition) if condition else ():
        found |= {leaf["answer"]} if "answer" in leaf else set(leaf.get("points_of", ()))
    return found


def facts_read(questionnaire: Questionnaire) -> frozenset[str]:
    """Names of the facts that anything in it depends on."""
    return frozenset(leaf["fact"] for leaf in every_leaf(questionnaire) if "fact" in leaf)


def _ids_once(questionnaire: Questionnaire) -> None:
    groups: list[tuple[str, list[str]]] = [
        ("questions", [question.id for question in questionnaire.questions]),
        ("sections", [section.code for section in questionnaire.sections]),
        ("parts", [part.code for part in questionnaire.parts]),
        ("risks", [risk.code for risk in questionnaire.risks]),
        ("measures", [measure.code for measure in questionnaire.measures]),
        ("outcomes", [outcome.instrument for outcome in questionnaire.outcomes]),
        ("scoring/levels", [level.code for level in questionnaire.score_levels]),
    ]
    if questionnaire.matrix:
        groups.append(("matrix/levels", [level.code for level in questionnaire.matrix.levels]))
        groups.append(("matrix/moments", [code for code, _label in questionnaire.matrix.moments]))
    for question in questionnaire.questions:
        for name in ("options", "lines", "scale", "columns"):
            groups.append((f"{question.section}/{question.id}/{name}", [each.code for each in getattr(question, name)]))
        for column in question.columns:
            place = f"{question.section}/{question.id}/columns/{column.code}"
            groups.append((place, [each.code for each in column.options]))
    for place, codes in groups:
        twice = [code for code, number in Counter(codes).items() if number > 1]
        if twice:
            raise NotAQuestionnaire(place, f"the id {twice[0]!r} is there twice")


def _words_free(questionnaire: Questionnaire) -> None:
    """No code is a word by which stored answers name their own parts."""
    for question in questionnaire.questions:
        for name, words in TAKEN.items():
            for each in getattr(question, name):
                if each.code in words:
                    place = f"{question.section}/{question.id}/{name}"
                    raise NotAQuestionnaire(place, f"{each.code!r} is taken: choose another code")
        for column in question.columns:
            if bool(column.options) != (column.kind == "single_choice"):
                place = f"{question.section}/{question.id}/columns/{column.code}"
                raise NotAQuestionnaire(place, "a column of kind single_choice has options, and no other has")
    for risk in questionnaire.risks:
        if risk.code == "files":
            raise NotAQuestionnaire("risks", "'files' is taken: choose another code")
    for measure in questionnaire.measures:
        if ROW_LIKE.fullmatch(measure.code):
            raise NotAQuestionnaire(f"measures/{measure.code}", "this code is like that of a row: choose another one")


def _levels_rise(questionnaire: Questionnaire) -> None:
    starts = [level.start for level in questionnaire.score_levels]
    if starts != sorted(set(starts)):
        raise NotAQuestionnaire("scoring/levels", "each level starts higher than the one before")


def _references_known(questionnaire: Questionnaire) -> None:
    parts, risks = {part.code for part in questionnaire.parts}, {risk.code for risk in questionnaire.risks}
    for section in questionnaire.sections:
        _among(f"{section.code}/part", [section.part], parts)
        for question in section.questions:
            _among(f"{section.code}/{question.id}/refs", question.refs, questionnaire.sources)
    for measure in questionnaire.measures:
        _among(f"measures/{measure.code}/risks", measure.risks, risks)
    for outcome in questionnaire.outcomes:
        for rule in outcome.rules:
            _among(f"outcomes/{outcome.instrument}/refs", rule.refs, questionnaire.sources)
        if outcome.rules[-1].when is not None or any(rule.when is None for rule in outcome.rules[:-1]):
            raise NotAQuestionnaire(f"outcomes/{outcome.instrument}", "the last rule, and it alone, has no `when`")
    if questionnaire.depth:
        _among("depth/factors", questionnaire.depth.factors, questionnaire.by_id)
        _among("depth/refs", questionnaire.depth.refs, questionnaire.sources)


def _among(place: str, codes: Iterable[str], known: Any) -> None:
    for code in codes:
        if code not in known:
            raise NotAQuestionnaire(place, f"{code!r} is not known")


def _one_of_a_kind(questionnaire: Questionnaire) -> None:
    for kind in ONE_ONLY:
        found = [question for question in questionnaire.questions if question.kind == kind]
        if len(found) > 1:
            raise NotAQuestionnaire(
                f"{found[1].section}/{found[1].id}", f"there is one question of kind {kind}, no more"
            )
        rows = questionnaire.risks if kind == "risk_list" else questionnaire.measures
        if found and not rows:
            raise NotAQuestionnaire(f"{found[0].section}/{found[0].id}", "its catalogue, at the head, is empty")
    if questionnaire.risk_question and not questionnaire.matrix:
        raise NotAQuestionnaire("matrix", "a list of risks needs the matrix")


def _matrix_whole(questionnaire: Questionnaire) -> None:
    if not questionnaire.matrix:
        return
    cells = [cell for level in questionnaire.matrix.levels for cell in level.cells]
    if sorted(cells) != sorted({(severity, likelihood) for severity in range(1, 5) for likelihood in range(1, 5)}):
        raise NotAQuestionnaire("matrix/levels", "each of the sixteen cells stands in one level, and in one only")


def _check_leaf(
    questionnaire: Questionnaire, place: str, leaf: Condition, known: set[str], system_facts: frozenset[str] | None
) -> None:
    for code in asked_about(leaf):
        if code not in known:
            raise NotAQuestionnaire(place, f"the condition reads {code!r}, which no question is")
    if "answer" in leaf and "in" in leaf:
        _among(place, (str(value) for value in leaf["in"]), codes_of(questionnaire.question(leaf["answer"])))
    if "fact" in leaf:
        room, _dot, name = leaf["fact"].partition(".")
        if room == "body" and name not in BODY_FACTS:
            raise NotAQuestionnaire(place, f"the body has no fact {name!r}")
        if room == "system" and system_facts is not None and name not in system_facts:
            raise NotAQuestionnaire(place, f"the record has no field {name!r}")


def codes_of(question: Question) -> frozenset[str]:
    """The codes that its answer may be, for a condition to read."""
    if question.kind == "yes_no_unsure":
        return frozenset(YES_NO_UNSURE)
    return frozenset(option.code for option in question.options)


def _only_earlier(section: str, question: Question, seen: set[str]) -> None:
    """A question depends on questions asked before it: no cycle, and nobody is asked for an answer that comes later."""
    place = f"{section}/{question.id}"
    for condition in [question.visible_when, *(each.visible_when for each in (*question.options, *question.lines))]:
        if question.id in asked_about(condition):
            raise NotAQuestionnaire(place, "it depends on itself")
        _only_seen(place, condition, seen)


def _only_seen(place: str, condition: Condition | None, seen: set[str]) -> None:
    for code in sorted(asked_about(condition) - seen):
        raise NotAQuestionnaire(place, f"it depends on {code!r}, which is asked later")


def _depth_is_always_known(questionnaire: Questionnaire) -> None:
    """What the depth follows from is asked at every depth, as is all that this depends on."""
    if questionnaire.depth is None:
        return
    roots = {code for rule in questionnaire.depth.rules for code in asked_about(rule.when)}
    for code in sorted(_depended_on(questionnaire, roots | set(questionnaire.depth.factors))):
        question = questionnaire.by_id[code]
        if question.depth != DEPTHS[0]:
            raise NotAQuestionnaire(
                f"{question.section}/{code}", "the depth follows from it: it is asked at every depth (`depth: short`)"
            )


def _catalogues_end(questionnaire: Questionnaire) -> None:
    """Whether a risk or a measure is offered does not follow from what is said of risks or measures."""
    holders = {question.id for question in questionnaire.questions if question.kind in ONE_ONLY}
    catalogues: Iterable[Any] = (*questionnaire.risks, *questionnaire.measures)
    for each in catalogues:
        if holders & _depended_on(questionnaire, asked_about(each.visible_when)):
            raise NotAQuestionnaire(each.code, "it depends on the question that holds it")
    roots = (
        {code for rule in questionnaire.depth.rules for code in asked_about(rule.when)} if questionnaire.depth else ()
    )
    if holders & _depended_on(questionnaire, set(roots)):
        raise NotAQuestionnaire("depth/rules", "the depth says which risks are looked at: it does not follow from them")


def _depended_on(questionnaire: Questionnaire, codes: set[str]) -> set[str]:
    """These questions and all that they depend on, however far."""
    sections = {section.code: section.visible_when for section in questionnaire.sections}
    found, waiting = set(), list(codes)
    while waiting:
        code = waiting.pop()
        if code in found:
            continue
        found.add(code)
        question = questionnaire.by_id[code]
        lines = (each.visible_when for each in (*question.options, *question.lines))
        for condition in (sections[question.section], question.visible_when, *lines):
            waiting += asked_about(condition)
    return found
