"""What a schema cannot say of a questionnaire: ids once, references that lead somewhere, no cycle, nothing out of
reach.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from assessments.questionnaires.reading import NotAQuestionnaire
from assessments.questionnaires.shapes import YES_NO_UNSURE, Condition, Question, Questionnaire

# Facts that the program knows how to give (assessments/services/facts.py); those of the record are its catalogue's.
BODY_FACTS = frozenset({"regimes", "has_committee", "kind", "publishes_in_english", "employees", "country"})
ONE_ONLY = ("risk_list", "measures")


def check_rules(questionnaire: Questionnaire, *, system_facts: frozenset[str] | None = None) -> None:
    """Raise `NotAQuestionnaire` with the place of the first fault. `system_facts`: codes of the field catalogue."""
    for check in (_ids_once, _references_known, _one_of_a_kind, _matrix_whole):
        check(questionnaire)
    known = set(questionnaire.by_id)
    seen: set[str] = set()
    for place, condition in _conditions(questionnaire):
        for leaf in leaves_of(condition):
            _check_leaf(questionnaire, place, leaf, known, system_facts)
    for section in questionnaire.sections:
        for question in section.questions:
            _only_earlier(section.code, question, seen)
            seen.add(question.id)


def leaves_of(condition: Condition) -> Iterator[Condition]:
    """The simple conditions that a condition is made of."""
    if "all" in condition or "any" in condition:
        for each in condition.get("all") or condition["any"]:
            yield from leaves_of(each)
    elif "not" in condition:
        yield from leaves_of(condition["not"])
    else:
        yield condition


def asked_about(condition: Condition | None) -> set[str]:
    """Ids of the questions that a condition reads."""
    found: set[str] = set()
    for leaf in leaves_of(condition) if condition else ():
        found |= {leaf["answer"]} if "answer" in leaf else set(leaf.get("points_of", ()))
    return found


def facts_read(questionnaire: Questionnaire) -> frozenset[str]:
    """Names of the facts that anything in it depends on."""
    leaves = (leaf for _place, condition in _conditions(questionnaire) for leaf in leaves_of(condition))
    return frozenset(leaf["fact"] for leaf in leaves if "fact" in leaf)


def _conditions(questionnaire: Questionnaire) -> Iterator[tuple[str, Condition]]:
    found: list[tuple[str, Condition | None]] = []
    for section in questionnaire.sections:
        found.append((section.code, section.visible_when))
        for question in section.questions:
            place = f"{section.code}/{question.id}"
            found.append((place, question.visible_when))
            found += [(f"{place}/{each.code}", each.visible_when) for each in (*question.options, *question.lines)]
    catalogues: Iterable[Any] = (*questionnaire.risks, *questionnaire.measures)
    found += [(each.code, each.visible_when) for each in catalogues]
    if questionnaire.depth:
        found += [(f"depth/{rule.depth}", rule.when) for rule in questionnaire.depth.rules]
    for outcome in questionnaire.outcomes:
        found += [(f"outcomes/{outcome.instrument}", rule.when) for rule in outcome.rules]
    return ((place, condition) for place, condition in found if condition)


def _ids_once(questionnaire: Questionnaire) -> None:
    groups: list[tuple[str, list[str]]] = [
        ("questions", [question.id for question in questionnaire.questions]),
        ("sections", [section.code for section in questionnaire.sections]),
        ("parts", [part.code for part in questionnaire.parts]),
        ("risks", [risk.code for risk in questionnaire.risks]),
        ("measures", [measure.code for measure in questionnaire.measures]),
        ("outcomes", [outcome.instrument for outcome in questionnaire.outcomes]),
    ]
    for question in questionnaire.questions:
        for name in ("options", "lines", "scale", "columns"):
            groups.append((f"{question.section}/{question.id}/{name}", [each.code for each in getattr(question, name)]))
    for place, codes in groups:
        twice = [code for code, number in Counter(codes).items() if number > 1]
        if twice:
            raise NotAQuestionnaire(place, f"the id {twice[0]!r} is there twice")


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
    conditions = [question.visible_when, *(option.visible_when for option in (*question.options, *question.lines))]
    for condition in conditions:
        for code in asked_about(condition):
            if code == question.id:
                raise NotAQuestionnaire(f"{section}/{question.id}", "it depends on itself")
            if code not in seen:
                raise NotAQuestionnaire(f"{section}/{question.id}", f"it depends on {code!r}, which is asked later")
