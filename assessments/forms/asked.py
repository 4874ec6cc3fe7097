"""The questions of a page, ready to be shown: fields in groups, what is offered, who answered, what is said of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assessments.forms.answers import AnswersForm
from assessments.models import Answer, Assessment, Evidence
from assessments.questionnaires import Question, Source
from assessments.scoring.asking import Reading
from assessments.scoring.completeness import is_answered
from assessments.scoring.leaves import ROW_KEY, SIMPLE, flat_of
from assessments.scoring.risks import RatedRisk, RiskProblem, rated_risks, risk_problems
from assessments.services.prefill import Offer
from assessments.services.words import CODES
from assessments.workflow import AnswerOrigin
from core.text import reader_language

HAS_FILES = frozenset({"file", "text_with_file"})
FOLDED = frozenset({"risk_list", "measures"})
"""Lists of many lines of many fields: each line opens when something is in it."""


@dataclass(frozen=True)
class FieldGroup:
    """Some fields under one title: a line of a grid, a row of a table, a risk. `key`: of a row that may be removed."""

    title: str
    fields: list[Any]
    help: str = ""
    key: str = ""
    is_open: bool = True
    level: str = ""
    said: str = ""
    family: str = ""
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class AskedQuestion:
    """One question as the page shows it."""

    question: Question
    label: str
    help: str
    example: str
    is_wanted: bool
    groups: list[FieldGroup]
    is_simple: bool
    offer: Offer | None
    sources: list[Source]
    answered_by: Answer | None
    evidence: list[Evidence]
    boxes: list[str]
    comments: tuple[int, int]
    is_aside: bool = False

    @property
    def may_add_rows(self) -> bool:
        return self.question.kind in {"table", "link", "measures"}

    @property
    def takes_files(self) -> bool:
        return self.question.kind in HAS_FILES

    @property
    def is_folded(self) -> bool:
        return self.question.kind in FOLDED

    @property
    def guest_said(self) -> str:
        """«réponse du fournisseur»: under whose name a person without account answered."""
        row = self.answered_by
        return row.guest.on_behalf_of if row and row.origin == AnswerOrigin.GUEST and row.guest else ""


@dataclass(frozen=True)
class Surroundings:
    """What is read once for a page: answers as rows, files, counts of comments, what is offered."""

    rows: Mapping[str, Answer]
    offers: Mapping[str, Offer]
    evidence: Mapping[str, list[Evidence]]
    comments: Mapping[str, tuple[int, int]]


def surroundings(
    assessment: Assessment, offers: Mapping[str, Offer], comments: Mapping[str, tuple[int, int]]
) -> Surroundings:
    """Two queries, whatever the number of questions."""
    rows = assessment.answers.select_related("updated_by", "guest").order_by("question")
    files: dict[str, list[Evidence]] = {}
    for one in assessment.evidence.filter(removed_at__isnull=True).select_related("file").order_by("pk"):
        files.setdefault(one.question, []).append(one)
    return Surroundings({row.question: row for row in rows if row.value is not None}, offers, files, comments)


def asked_questions(form: AnswersForm, around: Surroundings) -> list[AskedQuestion]:
    reading = form.reading
    problems = risk_problems(reading) if reading.questionnaire.risk_question else ()
    rated = {each.risk.code: each for each in rated_risks(reading)}
    return [_asked(form, question, around, rated, problems) for question in form.questions]


def _asked(
    form: AnswersForm,
    question: Question,
    around: Surroundings,
    rated: Mapping[str, RatedRisk],
    problems: tuple[RiskProblem, ...],
) -> AskedQuestion:
    language, reading = reader_language(), form.reading
    names = form.leaves.get(question.id, [])
    return AskedQuestion(
        question=question,
        label=question.label[language],
        help=(question.help or {}).get(language, ""),
        example=(question.example or {}).get(language, ""),
        is_wanted=question.required and not is_answered(reading, question),
        groups=_groups(form, question, rated, problems),
        is_simple=question.kind in SIMPLE,
        offer=around.offers.get(question.id),
        sources=[reading.questionnaire.sources[code] for code in question.refs],
        answered_by=around.rows.get(question.id),
        evidence=around.evidence.get(question.id, []),
        boxes=[name for name, leaf in names if leaf.kind in {"multiple_choice", "risk_measures"}],
        comments=around.comments.get(question.id, (0, 0)),
        is_aside=not reading.is_asked(question),
    )


def _groups(
    form: AnswersForm, question: Question, rated: Mapping[str, RatedRisk], problems: tuple[RiskProblem, ...]
) -> list[FieldGroup]:
    """Fields with what they have in common in their path."""
    shown = _shown_lines(form.reading, question)
    by_line: dict[str, list[Any]] = {}
    for name, leaf in form.leaves.get(question.id, []):
        line = leaf.path.partition(".")[0] if "." in leaf.path or leaf.line else ""
        if shown is None or line in shown or ROW_KEY.fullmatch(line):
            by_line.setdefault(line, []).append(form[name])
    flat = flat_of(question, form.reading.answers.get(question.id))
    filled = {path.partition(".")[0] for path in flat}
    titles = _titles(form.reading, question)
    families = {measure.code: measure.family for measure in form.reading.questionnaire.measures}
    families = families if question.kind == "measures" else {}
    return [
        FieldGroup(
            title=titles.get(line, ""),
            fields=fields,
            help=_help(form.reading, question, line),
            key=line if ROW_KEY.fullmatch(line) else "",
            is_open=question.kind not in FOLDED
            or line in filled
            or bool(ROW_KEY.fullmatch(line))
            or _has_errors(fields),
            level=rated[line].residual if line in rated else "",
            said=str(CODES["measure_state"].get(str(flat.get(f"{line}.state")), "")),
            family=families.get(line, ""),
            problems=[problem.rule for problem in problems if problem.risk.code == line],
        )
        for line, fields in by_line.items()
    ]


def _has_errors(fields: list[Any]) -> bool:
    return any(bound.errors for bound in fields)


def _shown_lines(reading: Reading, question: Question) -> set[str] | None:
    """Lines that have a meaning for this system; None: all there are."""
    if question.kind == "risk_list":
        return {risk.code for risk in reading.risks}
    if question.kind == "measures":
        return {measure.code for measure in reading.measures}
    if question.lines:
        return {line.code for line in reading.lines_of(question)}
    return None


def _titles(reading: Reading, question: Question) -> dict[str, str]:
    language = reader_language()
    lines: list[Any] = list(question.lines)
    if question.kind == "risk_list":
        lines = list(reading.questionnaire.risks)
    elif question.kind == "measures":
        lines = list(reading.questionnaire.measures)
    return {line.code: line.label[language] for line in lines}


def _help(reading: Reading, question: Question, line: str) -> str:
    language = reader_language()
    if question.kind == "risk_list":
        return next((risk.explanation[language] for risk in reading.questionnaire.risks if risk.code == line), "")
    lines: list[Any] = [*question.lines, *(reading.questionnaire.measures if question.kind == "measures" else ())]
    return next((each.help[language] for each in lines if each.code == line and each.help), "")
