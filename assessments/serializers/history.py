"""Answers through time, from the rows that triggers keep: each change with its author, what was there and what came."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, Window
from django.db.models.functions import Lag

from assessments.models import Answer, Assessment, Evidence, GuestAccess
from assessments.questionnaires import Question, Questionnaire
from assessments.scoring.leaves import Leaf, flat_of, leaves_of
from assessments.services.words import label_of, shown_leaf
from assessments.workflow import AnswerOrigin
from core.text import reader_language
from organizations.models import User

PAGE = 50


@dataclass(frozen=True)
class LeafChange:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class AnswerChange:
    """One save of one answer."""

    question: str
    label: str
    at: datetime
    by: str
    origin: str
    is_dropped: bool
    leaves: tuple[LeafChange, ...]


def answer_events(assessment: Assessment, code: str) -> Any:
    """Every save of its answers, or of one of them, latest first, each with what was there before."""
    events = Answer.pgh_event_models["insert"].objects.filter(assessment_id=assessment.pk)  # type: ignore[attr-defined]
    if code:
        events = events.filter(question=code)
    before = Window(Lag("value"), partition_by=[F("pgh_obj_id")], order_by=F("pgh_id").asc())
    rows = events.annotate(before=before).order_by("-pgh_id")
    columns = (
        *("question", "value", "before", "version", "updated_at", "updated_by_id", "guest_id"),
        *("origin", "origin_note", "pgh_label"),
    )
    return rows.values(*columns)


def names_of(rows: Iterable[dict[str, Any]]) -> tuple[dict[Any, str], dict[Any, str]]:
    """Who wrote them: people and invited persons, by key; two queries at most."""
    people = {row["updated_by_id"] for row in rows} - {None}
    guests = {row["guest_id"] for row in rows} - {None}
    names: dict[Any, str] = {key: str(user) for key, user in User.objects.in_bulk(people).items()}
    guest_names = {key: str(guest) for key, guest in GuestAccess.objects.in_bulk(guests).items()} if guests else {}
    return names, guest_names


def values_of(row: dict[str, Any]) -> tuple[Any, Any]:
    """Before and after one save."""
    is_dropped = row["pgh_label"] == "delete"
    return (row["value"], None) if is_dropped else (row["before"], row["value"])


def history_page(assessment: Assessment, code: str, number: str) -> Any:
    """Latest first; three queries, however long the history, and one for the names of files."""
    page: Any = Paginator(answer_events(assessment, code), PAGE).get_page(number)
    found = list(page.object_list)
    names, guests = names_of(found)
    files = _file_names(assessment, found)
    page.object_list = [_change(assessment.questionnaire, row, names, guests, files) for row in found]
    question = assessment.questionnaire.by_id.get(code)
    page.about = {"question": question.label[reader_language()] if question else ""}
    return page


def _file_names(assessment: Assessment, found: list[dict[str, Any]]) -> dict[str, str]:
    """Of every file that was ever joined, when one of these answers has some: those taken off are told too."""
    values = [value for row in found for value in (row["value"], row["before"])]
    if not any(isinstance(value, dict) and "files" in value for value in values):
        return {}
    rows = Evidence.objects.filter(assessment=assessment).order_by("pk").values_list("uuid", "file__original_name")
    return {str(uuid): name for uuid, name in rows}


def _change(
    questionnaire: Questionnaire,
    row: dict[str, Any],
    names: dict[Any, str],
    guests: dict[Any, str],
    files: dict[str, str],
) -> AnswerChange:
    question = questionnaire.question(row["question"])
    before, after = values_of(row)
    origin = AnswerOrigin(row["origin"])
    told = f"{origin.label}: {row['origin_note']}" if row["origin_note"] else str(origin.label)
    return AnswerChange(
        question=question.id,
        label=question.label[reader_language()],
        at=row["updated_at"],
        by=names.get(row["updated_by_id"]) or guests.get(row["guest_id"], ""),
        origin="" if origin == AnswerOrigin.TYPED else told,
        is_dropped=row["pgh_label"] == "delete",
        leaves=tuple(_leaves(questionnaire, question, before, after, files)),
    )


def _leaves(
    questionnaire: Questionnaire, question: Question, before: Any, after: Any, files: dict[str, str]
) -> list[LeafChange]:
    def shown(leaf: Leaf, value: Any) -> str:
        if leaf.is_file:
            return ", ".join(files.get(each, each) for each in value or ())
        return shown_leaf(questionnaire, leaf, value)

    old, new = flat_of(question, before), flat_of(question, after)
    return [
        LeafChange(
            label_of(questionnaire, question, leaf) if leaf.path else "",
            shown(leaf, old.get(leaf.path)),
            shown(leaf, new.get(leaf.path)),
        )
        for leaf in leaves_of(questionnaire, question, {**old, **new})
        if old.get(leaf.path) != new.get(leaf.path)
    ]
