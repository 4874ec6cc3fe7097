"""Rows, counts and recodings of an import in the words of the pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.text import reader_language
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem, ImportRow, ImportRun
from registry.services.answers import shown_value
from registry.services.imports import (
    EXTERNAL_ID,
    NAME,
    field_label,
    recoding_kind,
    sentence_for,
    told_note,
    told_problem,
)
from registry.workflow import RowOutcome, RunKind

# Values are shown in the order of the declaration, not in the order in which the database keeps them.
_ORDER = (EXTERNAL_ID, *(field.code for field in (*CATALOGUE.fields, *CATALOGUE.twins)))
# Outcome → colour of its tag; the word says it all.
COLOURS = {
    RowOutcome.CREATED: "green",
    RowOutcome.UPDATED: "blue",
    RowOutcome.UNCHANGED: "grey",
    RowOutcome.REJECTED: "red",
}


@dataclass(frozen=True)
class ProblemView:
    """What is doubtful in a row: where, what to do, what stood there."""

    label: str
    sentence: str
    value: str


@dataclass(frozen=True)
class RowView:
    """One row of a file, as the preview or the result shows it."""

    number: int
    name: str
    outcome: str
    label: str
    colour: str
    problems: list[ProblemView]
    values: list[dict[str, str]]
    system: AISystem | None
    is_rejected: bool


def planned_view(row: ImportRow) -> RowView:
    return _view(row, row.plan_problems, RowOutcome(row.plan_outcome), None, planned_labels())


def row_view(row: ImportRow) -> RowView:
    return _view(row, row.problems, RowOutcome(row.outcome), row.system, outcome_labels())


def _view(
    row: ImportRow,
    problems: Sequence[Mapping[str, Any]],
    outcome: RowOutcome,
    system: AISystem | None,
    labels: Mapping[RowOutcome, str],
) -> RowView:
    values = row.values
    is_rejected = outcome == RowOutcome.REJECTED
    told = [(told_problem(problem, has_draft=not is_rejected), problem["value"]) for problem in problems]
    return RowView(
        number=row.number,
        name=str(values.get(NAME, "")),
        outcome=str(outcome),
        label=labels.get(outcome, ""),
        colour=COLOURS.get(outcome, "grey"),
        problems=[ProblemView(label, sentence, value) for (label, sentence), value in told],
        values=[{"label": field_label(code), "value": _shown(code, values[code])} for code in _ORDER if code in values],
        system=system,
        is_rejected=is_rejected,
    )


def _shown(code: str, value: Any) -> str:
    return str(value) if code == EXTERNAL_ID else shown_value(CATALOGUE.field(code), value)


def planned_labels() -> dict[RowOutcome, str]:
    """What importing would do."""
    return {
        RowOutcome.CREATED: _("New draft"),
        RowOutcome.UPDATED: _("Draft renewed"),
        RowOutcome.UNCHANGED: _("Already there"),
        RowOutcome.REJECTED: _("Stays out"),
    }


def outcome_labels() -> dict[RowOutcome, str]:
    """What importing did."""
    return {
        RowOutcome.CREATED: _("Draft created"),
        RowOutcome.UPDATED: _("Draft renewed"),
        RowOutcome.UNCHANGED: _("Unchanged"),
        RowOutcome.REJECTED: _("Rejected"),
    }


def preview_tabs() -> dict[str, str]:
    """Which rows of the preview to show."""
    return {
        "all": _("All rows"),
        "doubts": _("To check"),
        "created": _("New drafts"),
        "updated": _("Drafts to renew"),
        "unchanged": _("Already there"),
        "rejected": _("Rejected rows"),
    }


def result_tabs() -> dict[str, str]:
    """Which rows of a finished import to show."""
    return {
        "rejected": _("Rejected rows"),
        "doubts": _("To check"),
        "created": _("Drafts created"),
        "updated": _("Drafts renewed"),
        "unchanged": _("Unchanged rows"),
        "all": _("All rows"),
    }


def counts_view(run: ImportRun) -> list[tuple[str, int, str]]:
    """(filter of the page, count, words): what came in and what did not."""
    is_register = run.kind == RunKind.REGISTER
    return [
        ("created", run.created_count, _("records created") if is_register else _("drafts created")),
        ("updated", run.updated_count, _("records updated") if is_register else _("drafts renewed")),
        ("unchanged", run.unchanged_count, _("unchanged")),
        ("rejected", run.rejected_count, _("rejected")),
    ]


def recodings_view(recodings: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A table: field, as typed, read as, why, how often. Of an inventory the why is always the same, and left out."""
    found = list(recodings)
    has_kinds = any(each["kind"] != "synonym" for each in found)
    kind = [_("Why")] if has_kinds else []
    columns = [_("Field"), _("In the file"), _("Read as"), *kind, {"label": _("Rows"), "numeric": True}]
    rows = [
        [
            field_label(each["field"]),
            each["from"] or "–",
            _code_words(each["field"], each["to"]) or "–",
            *([recoding_kind(each["kind"])] if has_kinds else []),
            str(each["count"]),
        ]
        for each in found
    ]
    return {"columns": columns, "rows": rows}


def steps_view(current: int) -> list[dict[str, str]]:
    """The path of an inventory, and where one stands on it."""
    labels = [_("File"), _("Columns"), _("Preview"), _("Result")]
    states = {-1: "done", 0: "current", 1: "todo"}
    return [
        {"label": label, "state": states[(number > current) - (number < current)]}
        for number, label in enumerate(labels, start=1)
    ]


def _code_words(field: str, codes: str) -> str:
    """«En service – régularisation en cours» for a code of ours; what another register's report says stays."""
    try:
        labels = dict(CATALOGUE.choices(field, reader_language()))
    except KeyError:
        return codes
    return ", ".join(labels.get(code, code) for code in codes.split(", "))


def notes_view(run: ImportRun) -> list[str]:
    """What was odd about the columns of the file."""
    return [told_note(note) for note in run.mapping.get("notes", [])]


def kept_view(kept: Mapping[str, int]) -> list[str]:
    """How many drafts stay when an import is undone, and why."""
    sentences = {
        "declared": lambda number: ngettext(
            "%(number)d was declared since: it stays.", "%(number)d were declared since: they stay.", number
        ),
        "edited": lambda number: ngettext(
            "%(number)d was changed since, by a person or by another file: it stays.",
            "%(number)d were changed since, by a person or by another file: they stay.",
            number,
        ),
        "in_use": lambda number: ngettext(
            "%(number)d was shared or has a report: it stays.",
            "%(number)d were shared or have a report: they stay.",
            number,
        ),
    }
    return [sentences[reason](number) % {"number": number} for reason, number in kept.items() if number]


def missing_fields(run: ImportRun) -> list[str]:
    """Mandatory answers that no column of the file gives: they wait in the drafts."""
    given = set(run.mapping["columns"].values())
    language = reader_language()
    return [field.label[language] for field in CATALOGUE.mandatory("declaration") if field.code not in given]


def failure_sentence(run: ImportRun) -> str:
    return sentence_for(run.failure, run.mapping.get("failure", {}))
