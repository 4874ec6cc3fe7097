"""The answers of an assessment as a CSV file, one line for each thing that was filled in: for counting and sorting."""

import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext as _

from assessments.exports.told import ToldAssessment, ToldQuestion
from assessments.exports.told.shapes import ToldAnswered, ToldLeaf
from core.text import reader_language, safe_cell

MEDIA_TYPE = "text/csv; charset=utf-8"
Line = list[object]


def answers_csv(told: ToldAssessment) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";" if reader_language() == "fr" else ",")
    for line in answer_lines(told):
        writer.writerow([safe_cell(cell) for cell in line])
    # With the mark by which Excel knows UTF-8.
    return "\ufeff".encode() + target.getvalue().encode(errors="replace")


def answer_lines(told: ToldAssessment) -> Iterator[Line]:
    """Heads, then the answers in the order of the questions; a question without answer has its line too."""
    # Above the heads, a sentence would be taken for them: what is fictitious has a column.
    mark_head, mark = ([_("Demonstration")], [_("Yes")]) if told.is_demonstration else ([], [])
    yield [*heads(), *mark_head]
    for part in told.parts:
        for section in part.sections:
            for question in section.questions:
                for line in _lines(section.title, question, _("Yes")):
                    yield [*line, *mark]
    for question in told.kept_aside:
        for line in _lines(_("Answers kept aside"), question, _("No")):
            yield [*line, *mark]


def heads() -> list[str]:
    asked = [_("Section"), _("Question code"), _("Question"), _("Line"), _("Column")]
    return [*asked, _("Code of the answer"), _("Answer"), _("Answered by"), _("Answered on"), _("Origin"), _("Counted")]


def _lines(section: str, question: ToldQuestion, counted: str) -> Iterator[Line]:
    answered = question.answered
    how = [answered.by, answered.at[:10], answered.origin] if answered else ["", "", ""]
    start = [section, question.code, question.label]
    is_mixed = len({leaf.guest_of for leaf in question.leaves}) > 1
    for leaf in question.leaves:
        given = _how(leaf, answered) if is_mixed and answered else how
        yield [*start, leaf.line, leaf.column, leaf.code, leaf.said, *given, counted]
    if not question.leaves:
        yield [*start, "", "", "", "", *how, counted]


def _how(leaf: ToldLeaf, answered: ToldAnswered) -> list[str]:
    """Of an answer that several gave: each leaf is of the body, or of whom an invited person answered for."""
    if leaf.guest_of:
        return [leaf.guest_of, "", _("Answer of %(supplier)s") % {"supplier": leaf.guest_of}]
    return [answered.by, answered.at[:10], answered.own]
