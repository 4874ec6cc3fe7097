"""What a program sends of an assessment, under the very rules of the page: every fault told by its place."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.questionnaires import Question, Questionnaire
from assessments.scoring.leaves import HAS_ROWS, new_keys
from assessments.scoring.spreading import spread
from assessments.scoring.values import WrongValue, clean_flat
from assessments.services.link_check import unresolved
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
    read: dict[str, Sent] = {}
    for code, value in given.items():
        question = questionnaire.by_id.get(code)
        if question is None:
            told = _("The questionnaire has no question “%(code)s”.") % {"code": short(code)}
            refused[short(code)] = [told]
        else:
            sent = read[code] = Sent(question, value, _seed(assessment, version, code, value))
            try:
                found[code] = sent.cleaned(questionnaire)
            except WrongValue as fault:
                refused |= islice(sent.faults(questionnaire, fault), MOST_FAULTS - len(refused))
        if len(refused) >= MOST_FAULTS:
            break
    for name, sentence in islice(unresolved(assessment, found), MOST_FAULTS - len(refused)):
        code, _dot, path = name.partition(".")
        refused[read[code].place(path)] = [sentence]
    if refused:
        raise invalid(refused, prefix="answers.")
    return found


def _seed(assessment: Assessment, version: int, code: str, value: Any) -> str:
    """Of the keys of new rows: the same request sent again makes the same keys, another one makes others."""
    told: Any = [str(assessment.uuid), version, code, value]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:4]


class Sent:
    """One answer as a program sent it."""

    def __init__(self, question: Question, value: Any, seed: str) -> None:
        self.question, self.value, self.seed = question, value, seed
        self.flat: dict[str, Any] = {}

    def cleaned(self, questionnaire: Questionnaire) -> dict[str, Any]:
        """Raises `WrongValue`, the first of them."""
        flat = spread(self.question, self.value, seed=self.seed)
        if self.question.kind in HAS_ROWS:
            self._check_rows_once()
        self.flat = flat
        return clean_flat(questionnaire, self.question, flat)

    def _check_rows_once(self) -> None:
        keys = Counter(str(row["row"]) for row in self.value or () if row.get("row"))
        if twice := next((key for key, number in keys.items() if number > 1), ""):
            raise WrongValue("row_twice", twice)

    def faults(self, questionnaire: Questionnaire, first: WrongValue) -> Iterator[tuple[str, list[str]]]:
        """Place → sentence, for every leaf that is wrong; of what has no leaves, the first alone."""
        is_alone = True
        for path, value in self.flat.items():
            try:
                clean_flat(questionnaire, self.question, {path: value})
            except WrongValue as fault:
                is_alone = False
                yield self.place(path), [self._sentence(questionnaire, fault, path)]
        if is_alone:
            # Of a shape that is not that of its kind, the engine names the kind: the place is the whole answer.
            leaf = "" if first.leaf == self.question.kind else first.leaf
            yield self.place(leaf), [self._sentence(questionnaire, first, leaf)]

    def place(self, path: str) -> str:
        """A row that had no key is named by its place in the list."""
        row, dot, inner = path.partition(".")
        return ".".join(filter(None, (self.question.id, short(f"{self._new_rows.get(row, row)}{dot}{inner}"))))

    @cached_property
    def _new_rows(self) -> dict[str, int]:
        if not isinstance(self.value, list) or self.question.kind not in HAS_ROWS or not self.flat:
            return {}
        given = {f"{row['row']}.": "" for row in self.value if row.get("row")}
        keys = iter(new_keys(given, len(self.value), seed=self.seed))
        return {next(keys): place for place, row in enumerate(self.value) if not row.get("row")}

    def _sentence(self, questionnaire: Questionnaire, fault: WrongValue, path: str) -> str:
        if fault.problem == "row_twice":
            return _("This row is there twice: send each row once, and new rows without “row”.")
        try:
            label = label_of(questionnaire, self.question, leaf_at(questionnaire, self.question, path, self.flat))
        except KeyError:  # of no leaf, or of one that it has not
            label = self.question.label[reader_language()]
        return sentence_of(fault, label)
