"""What a program sends of an assessment, under the very rules of the page: every fault told by its place."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.questionnaires import Question, Questionnaire
from assessments.scoring.leaves import HAS_ROWS
from assessments.scoring.spreading import spread
from assessments.scoring.values import WrongValue, clean_flat
from assessments.services.words import label_of, leaf_at, sentence_of
from core.rest.problems import invalid, short
from core.text import reader_language

MOST_FAULTS = 100
"""Told in one answer: who sends more reads the first hundred."""

Faults = dict[str, list[str]]


def checked_answers(assessment: Assessment, given: Mapping[str, Any], *, version: int) -> dict[str, dict[str, Any]]:
    """Question → its leaves, cleaned; the problem with a sentence for each that is refused. Nothing is left out: one
    fault, and nothing is to be saved.
    """
    questionnaire, found, refused = assessment.questionnaire, {}, Faults()
    for code, value in given.items():
        question = questionnaire.by_id.get(code)
        if question is None:
            told = _("The questionnaire has no question “%(code)s”.") % {"code": short(code)}
            refused[short(code)] = [told]
            continue
        try:
            sent = spread(question, value, seed=_seed(assessment, version, code, value))
            _check_rows_once(question, value)
            found[code] = clean_flat(questionnaire, question, sent)
        except WrongValue as fault:
            sent = {} if fault.problem in {"shape", "too_many_rows", "row_twice"} else sent
            refused |= _faults(questionnaire, question, fault, sent, MOST_FAULTS - len(refused))
        if len(refused) >= MOST_FAULTS:
            break
    if refused:
        raise invalid(refused, prefix="answers.")
    return found


def _seed(assessment: Assessment, version: int, code: str, value: Any) -> str:
    """Of the keys of new rows: the same request sent again makes the same keys, another one makes others."""
    told: Any = [str(assessment.uuid), version, code, value]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:4]


def _check_rows_once(question: Question, value: Any) -> None:
    if question.kind in HAS_ROWS:
        keys = Counter(str(row["row"]) for row in value or () if row.get("row"))
        if twice := [key for key, number in keys.items() if number > 1]:
            raise WrongValue("row_twice", twice[0][:80])


def _faults(
    questionnaire: Questionnaire, question: Question, first: WrongValue, sent: Mapping[str, Any], most: int
) -> Faults:
    """Every leaf that is wrong, not the first alone; of what has no leaves, the whole answer."""
    found = dict(_faults_of_leaves(questionnaire, question, sent, most))
    if found:
        return found
    # Of a shape that is not that of its kind, the engine names the kind: the place is the whole answer.
    leaf = "" if first.leaf == question.kind else first.leaf
    return {_place(question, leaf): [_sentence(questionnaire, question, first, leaf)]}


def _faults_of_leaves(
    questionnaire: Questionnaire, question: Question, sent: Mapping[str, Any], most: int
) -> Iterator[tuple[str, list[str]]]:
    number = 0
    for path, value in sent.items():
        try:
            clean_flat(questionnaire, question, {path: value})
        except WrongValue as fault:
            number += 1
            yield _place(question, path), [_sentence(questionnaire, question, fault, path)]
        if number >= most:
            return


def _place(question: Question, path: str) -> str:
    return ".".join(filter(None, (question.id, short(path))))


def _sentence(questionnaire: Questionnaire, question: Question, fault: WrongValue, path: str) -> str:
    if fault.problem == "row_twice":
        return _("This row is there twice: send each row once, and new rows without “row”.")
    try:
        label = label_of(questionnaire, question, leaf_at(questionnaire, question, path))
    except KeyError:  # of no leaf, or of one that it has not
        label = question.label[reader_language()]
    return sentence_of(fault, label)
