"""Words for what a leaf is and holds, in the reader's language: for differences, exports, sentences of refusal."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.questionnaires import Option, Question, Questionnaire
from assessments.scoring.leaves import MANY_CODES, ROW_KEY, Leaf, leaves_of
from assessments.scoring.values import WrongValue
from core.text import day_in_words, reader_language
from registry.field_catalogue.glossary import TERMS, Term

NAMES: Mapping[str, Any] = {
    "choice": gettext_lazy("Answer"),
    "text": gettext_lazy("Explanation"),
    "state": gettext_lazy("State"),
    "proof": gettext_lazy("Evidence: where is it found?"),
    "verdict": gettext_lazy("Is it met?"),
    "reason": gettext_lazy("Reason"),
    "function": gettext_lazy("Function"),
    "name": gettext_lazy("Name, if useful"),
    "days": gettext_lazy("Number of days"),
    "date": gettext_lazy("Date"),
    "events": gettext_lazy("What brings the date forward"),
    "files": gettext_lazy("Files"),
    "applies": gettext_lazy("Does this risk exist here?"),
    "before_severity": gettext_lazy("Initial severity"),
    "before_likelihood": gettext_lazy("Initial likelihood"),
    "now_severity": gettext_lazy("Current severity"),
    "now_likelihood": gettext_lazy("Current likelihood"),
    "residual_severity": gettext_lazy("Residual severity"),
    "residual_likelihood": gettext_lazy("Residual likelihood"),
    "measures": gettext_lazy("Measures that lower it"),
    "label": gettext_lazy("Measure"),
    "owner": gettext_lazy("Function responsible"),
    "due_on": gettext_lazy("Due date"),
    "note": gettext_lazy("Details"),
    "kind": gettext_lazy("Kind of record"),
    "reference": gettext_lazy("Number, title or address"),
}
CODES: Mapping[str, Mapping[str, Any]] = {
    "yes_no_unsure": {"yes": gettext_lazy("Yes"), "no": gettext_lazy("No"), "unsure": gettext_lazy("I do not know")},
    "state": {
        "yes": gettext_lazy("Yes"),
        "no": gettext_lazy("No"),
        "not_applicable": gettext_lazy("Not applicable"),
    },
    "verdict": {
        "met": gettext_lazy("Met"),
        "not_met": gettext_lazy("Not met"),
        "unsure": gettext_lazy("I do not know"),
    },
    "measure_state": {
        "in_place": gettext_lazy("In place"),
        "planned": gettext_lazy("Planned"),
        "set_aside": gettext_lazy("Set aside"),
    },
    "link_kind": {
        "system": gettext_lazy("System"),
        "dataset": gettext_lazy("Data set"),
        "agreement": gettext_lazy("Agreement"),
        "assessment": gettext_lazy("Assessment"),
    },
}
DEPTH_WORDS: Mapping[str, Any] = {
    "short": gettext_lazy("Short"),
    "normal": gettext_lazy("Normal"),
    "full": gettext_lazy("Full"),
}
# What one risk still wants (RiskProblem.rule), after «Risk …:».
RULE_WORDS: Mapping[str, Any] = {
    "before_not_rated": gettext_lazy("rate its initial severity and likelihood"),
    "residual_not_rated": gettext_lazy("rate its residual severity and likelihood"),
    "reason_missing": gettext_lazy("write the reason: its severity is 3 or 4"),
    "measure_missing": gettext_lazy("link at least one measure: its residual level is lower than its initial one"),
    "dated_measure_missing": gettext_lazy("link a measure that has an owner and a date: it remains high or critical"),
    "review_too_far": gettext_lazy("plan the next review within twelve months: it remains high or critical"),
    "acceptance_missing": gettext_lazy(
        "the highest authority of the body must accept it in writing before the approval"
    ),
}

DEFINED: Mapping[str, Term] = {term.code: term for term in TERMS}
"""What the public glossary defines."""


def definitions_of(question: Question) -> list[tuple[str, str]]:
    """(term, definition) of the words that somebody new to the field meets in this question. A frozen questionnaire may
    name a term that the glossary has no more.
    """
    language = reader_language()
    found = [DEFINED[code] for code in question.terms if code in DEFINED]
    return [(term.term[language], term.definition[language]) for term in found]


def name_of_leaf(leaf: Leaf) -> str:
    """What it is within its answer: a column of the questionnaire, or one of the words above."""
    if leaf.label:
        return leaf.label[reader_language()]
    return str(NAMES.get(leaf.name, ""))


def label_of(questionnaire: Questionnaire, question: Question, leaf: Leaf) -> str:
    """The question, then the line, then what it is there."""
    return " – ".join(filter(None, (question.label[reader_language()], line_of(leaf), name_of_leaf(leaf))))


def line_of(leaf: Leaf) -> str:
    """Its line, its risk, or the number of its row; «» when the answer has no lines."""
    if leaf.line:
        return leaf.line[reader_language()]
    return _("row %(number)d") % {"number": leaf.number} if leaf.number else ""


def words_of_code(questionnaire: Questionnaire, leaf: Leaf, code: str) -> str:
    """An option of the questionnaire, or a code that every questionnaire has."""
    language = reader_language()
    found = next((option for option in leaf.options if option.code == code), None)
    if found:
        return found.label[language]
    if leaf.kind == "degree" and questionnaire.matrix:
        axis = questionnaire.matrix.severity if leaf.name.endswith("severity") else questionnaire.matrix.likelihood
        return f"{code} – {axis[int(code) - 1].label[language]}"
    if leaf.kind == "risk_measures":
        return next((each.label[language] for each in questionnaire.measures if each.code == code), own_measure(code))
    return str(CODES.get(leaf.kind, {}).get(code, code))


def own_measure(code: str) -> str:
    """A measure that is not of the catalogue, by its row in the question of measures."""
    return _("measure of your own, row %(number)d") % {"number": int(code[1:5])} if ROW_KEY.fullmatch(code) else code


def choices_of(
    questionnaire: Questionnaire, leaf: Leaf, offered: tuple[Option, ...] | None = None
) -> list[tuple[str, str]]:
    """(code, words), in their order; `offered`: the options shown, where some are hidden."""
    if leaf.kind == "risk_measures":  # the whole catalogue, under each risk: read once for each
        language = reader_language()
        words = {each.code: each.label[language] for each in questionnaire.measures}
        return [(code, words.get(code) or own_measure(code)) for code in leaf.codes]
    shown = None if offered is None else {option.code for option in offered}
    codes = [code for code in leaf.codes if shown is None or not leaf.options or code in shown]
    return [(code, words_of_code(questionnaire, leaf, code)) for code in codes]


def shown_leaf(questionnaire: Questionnaire, leaf: Leaf, value: Any) -> str:
    """The value of a leaf as people read it."""
    if value in (None, "", []):
        return ""
    if leaf.kind in MANY_CODES:
        return ", ".join(words_of_code(questionnaire, leaf, code) for code in value)
    if leaf.codes:
        return words_of_code(questionnaire, leaf, value)
    if leaf.kind == "date":
        return day_in_words(date.fromisoformat(value))
    if leaf.kind in {"number", "whole"}:
        return str(number_format(value, force_grouping=True))
    return str(value)


def leaf_at(questionnaire: Questionnaire, question: Question, path: str, flat: Mapping[str, Any]) -> Leaf:
    """`flat`: its answer, whose rows give its row a number. KeyError when the question has no such leaf."""
    rows = {**flat, path: ""} if "." in path else {}
    for leaf in leaves_of(questionnaire, question, rows):
        if leaf.path == path:
            return leaf
    raise KeyError(path)


def sentence_of(problem: WrongValue, label: str) -> str:
    """What is wrong with a value, and what to do."""
    told = {"label": label, **{name: number_format(each, force_grouping=True) for name, each in problem.told.items()}}
    sentences = {
        "too_long": _("“%(label)s” is too long: %(most)s characters at most."),
        "choice": _("“%(label)s”: choose one of the answers of the list."),
        "choices": _("“%(label)s”: choose among the answers of the list."),
        "list": _("“%(label)s”: send a list of answers, even when there is only one."),
        "alone": _("“%(label)s”: one of these answers stands alone. Keep it alone, or the others without it."),
        "number": _("“%(label)s”: write a number, such as 1250 or 12.5."),
        "whole": _("“%(label)s”: write a whole number, such as 30."),
        "range": _("“%(label)s”: write a number from 0 to %(most)s."),
        "date": _("“%(label)s”: give a date like 2026-11-22."),
        "url": _("“%(label)s”: give a whole web address, such as https://body.example/page."),
        "too_many_rows": _("“%(label)s”: %(most)s rows at most. Join the longer list as a file."),
        "unknown_leaf": _("“%(label)s” has nothing of that name. Read the assessment again to see its shape."),
    }
    return sentences.get(problem.problem, _("“%(label)s”: this is not the kind of answer it takes.")) % told
