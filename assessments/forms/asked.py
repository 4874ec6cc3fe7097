"""The questions of a page, ready to be shown: fields in groups, what is offered, who answered, what is said of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assessments.forms.answers import AnswersForm
from assessments.forms.risks import RiskFields, risk_fields
from assessments.models import Answer, Assessment, Evidence
from assessments.questionnaires import Question, Risk, Source
from assessments.scoring.asking import Reading
from assessments.scoring.completeness import is_answered
from assessments.scoring.leaves import ROW_KEY, SIMPLE, flat_of
from assessments.scoring.links import links_of
from assessments.scoring.risks import RatedRisk, RiskProblem, rated_risks, risk_problems
from assessments.services.authorship import said_of_guests
from assessments.services.linked import Found, Way, links_in, offered_records, records_of, way_of
from assessments.services.prefill import Offer
from assessments.services.words import CODES, definitions_of
from core.text import reader_language
from organizations.models import User

HAS_FILES = frozenset({"file", "text_with_file"})
FOLDED = frozenset({"risk_list", "measures"})
"""Lists of many lines of many fields: each line opens when something is in it."""


@dataclass(frozen=True)
class FieldGroup:
    """Some fields under one title: a line of a grid, a row of a table, a risk. `key`, `number`: of a row that may be
    removed; `way`: where what is stored of it leads.
    """

    title: str
    fields: list[Any]
    help: str = ""
    key: str = ""
    number: int = 0
    is_open: bool = True
    level: str = ""
    said: str = ""
    family: str = ""
    problems: list[str] = field(default_factory=list)
    risk: RiskFields | None = None
    way: Way | None = None


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
    definitions: list[tuple[str, str]]
    sources: list[Source]
    answered_by: Answer | None
    evidence: list[Evidence]
    boxes: list[str]
    comments: tuple[int, int]
    guests_said: list[str]
    offered: tuple[str, ...] = ()
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


@dataclass(frozen=True)
class Surroundings:
    """What is read once for a page: answers as rows, files, counts of comments, what is offered. `records`: those that
    answers link to; `choices`: kind → what may be linked to.
    """

    rows: Mapping[str, Answer]
    offers: Mapping[str, Offer]
    evidence: Mapping[str, list[Evidence]]
    comments: Mapping[str, tuple[int, int]]
    records: Found = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def surroundings(
    assessment: Assessment,
    form: AnswersForm,
    offers: Mapping[str, Offer],
    comments: Mapping[str, tuple[int, int]],
    reader: User,
) -> Surroundings:
    """Two queries, whatever the number of questions; five more at most where one links to systems and assessments."""
    rows = assessment.answers.select_related("updated_by", "guest").order_by("question")
    files: dict[str, list[Evidence]] = {}
    for one in assessment.evidence.filter(removed_at__isnull=True).select_related("file").order_by("pk"):
        files.setdefault(one.question, []).append(one)
    body = assessment.organization
    return Surroundings(
        {row.question: row for row in rows if row.value is not None},
        offers,
        files,
        comments,
        records=records_of(links_in(form.reading, form.questions), body, reader),
        choices=offered_records(form.questions, body, reader),
    )


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
    offered = tuple(text for kind in question.links for text in around.choices.get(kind, ()))
    for name, leaf in names if offered else ():
        if leaf.name == "reference":
            form.fields[name].widget.attrs["list"] = f"o-{question.id}"
    return AskedQuestion(
        question=question,
        label=question.label[language],
        help=(question.help or {}).get(language, ""),
        example=(question.example or {}).get(language, ""),
        is_wanted=question.required and not is_answered(reading, question),
        groups=_groups(form, question, rated, problems, _ways(form.reading, question, around.records)),
        is_simple=question.kind in SIMPLE,
        offer=around.offers.get(question.id),
        definitions=definitions_of(question),
        sources=[reading.questionnaire.sources[code] for code in question.refs],
        answered_by=around.rows.get(question.id),
        evidence=around.evidence.get(question.id, []),
        boxes=[name for name, leaf in names if leaf.kind in {"multiple_choice", "risk_measures"}],
        comments=around.comments.get(question.id, (0, 0)),
        guests_said=_guests_said(reading, question, around.rows.get(question.id)),
        offered=offered,
        is_aside=not reading.is_asked(question),
    )


def _guests_said(reading: Reading, question: Question, row: Answer | None) -> list[str]:
    """«Réponse de X»: under whose name persons without account answered, and which parts."""
    if row is None or not row.guest_leaves:
        return []
    return said_of_guests(reading.questionnaire, question, flat_of(question, row.value), row.guest_leaves)


def _ways(reading: Reading, question: Question, records: Found) -> dict[str, Way]:
    """Row → where it leads."""
    links = links_of(question, flat_of(question, reading.answers.get(question.id)))
    ways = {link.row: way_of(link, records) for link in links}
    return {row: way for row, way in ways.items() if way}


def _groups(
    form: AnswersForm,
    question: Question,
    rated: Mapping[str, RatedRisk],
    problems: tuple[RiskProblem, ...],
    ways: Mapping[str, Way],
) -> list[FieldGroup]:
    """Fields with what they have in common in their path."""
    every, shown = _lines(form.reading, question)
    known, hidden = {line.code: line for line in every}, {line.code for line in every} - {line.code for line in shown}
    by_line: dict[str, list[Any]] = {}
    for name, leaf in form.leaves.get(question.id, []):
        line = leaf.path.partition(".")[0] if "." in leaf.path or leaf.line else ""
        if line not in hidden:
            by_line.setdefault(line, []).append(form[name])
    language = reader_language()
    flat = flat_of(question, form.reading.answers.get(question.id))
    filled = {path.partition(".")[0] for path in flat}
    return [
        FieldGroup(
            title=known[line].label[language] if line in known else "",
            fields=fields,
            help=_help(known.get(line), language),
            key=line if ROW_KEY.fullmatch(line) else "",
            number=form.owners[fields[0].name][1].number,
            is_open=question.kind not in FOLDED
            or line in filled
            or bool(ROW_KEY.fullmatch(line))
            or _has_errors(fields),
            level=rated[line].residual if line in rated else "",
            said=str(CODES["measure_state"].get(str(flat.get(f"{line}.state")), "")),
            family=known[line].family if line in known and question.kind == "measures" else "",
            problems=[problem.rule for problem in problems if problem.risk.code == line],
            risk=risk_fields(form.reading, fields, _of_line(flat, line), form.questions)
            if question.kind == "risk_list"
            else None,
            way=ways.get(line),
        )
        for line, fields in by_line.items()
    ]


def _of_line(flat: Mapping[str, Any], line: str) -> dict[str, Any]:
    """What is stored of one line, by the names of its leaves."""
    return {path.removeprefix(f"{line}."): value for path, value in flat.items() if path.startswith(f"{line}.")}


def _has_errors(fields: list[Any]) -> bool:
    return any(bound.errors for bound in fields)


def _lines(reading: Reading, question: Question) -> tuple[Sequence[Any], Sequence[Any]]:
    """All the lines that it may have, and those that have a meaning for this system."""
    if question.kind == "risk_list":
        return reading.questionnaire.risks, reading.risks
    if question.kind == "measures":
        return reading.questionnaire.measures, reading.measures
    return question.lines, reading.lines_of(question)


def _help(line: Any, language: str) -> str:
    told = line.explanation if isinstance(line, Risk) else line and line.help
    return told[language] if told else ""
