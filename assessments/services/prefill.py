"""Answers that Vigie knows already: offered beside the question, accepted by a person, never copied by themselves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.questionnaires import Prefill, Question
from assessments.scoring.asking import Reading
from assessments.scoring.leaves import MOST_ROWS, SIMPLE, leaves_of, name_of
from assessments.scoring.spreading import spread
from assessments.scoring.values import WrongValue, clean_flat
from assessments.services.earlier import Earlier, answers_elsewhere, last_answers
from assessments.services.facts import reading_of
from assessments.services.saving import SavedAnswers, save_answers
from assessments.services.words import name_of_leaf, shown_leaf
from assessments.workflow import AnswerOrigin
from core.services import InvalidInput, NotPossibleNow
from core.text import reader_language
from organizations.models import User
from registry.field_catalogue import CATALOGUE
from registry.models.rows import rows_of

# The leaf that a plain value fills, for kinds that have several.
MAIN_LEAF = {
    "choice_with_text": "choice",
    "role": "function",
    "person_delay": "function",
    "date_with_events": "date",
    "text_with_file": "text",
}

Others = Mapping[tuple[str, str], Earlier]
"""(instrument, question) → what another assessment answered."""


@dataclass(frozen=True)
class Offer:
    """An answer ready to be taken: its leaves, the words of each, and where it comes from."""

    question: str
    leaves: Mapping[str, Any]
    shown: tuple[str, ...]
    origin: str
    how: str = AnswerOrigin.PREFILLED


def offers(assessment: Assessment, reading: Reading, questions: Iterable[Question]) -> dict[str, Offer]:
    """For the questions that have no answer yet; none where nothing is known. The rows of the record cost one query,
    the other assessments of the system another; for a screening, the last one concluded.
    """
    wanted = [question for question in questions if reading.answers.get(question.id) is None]
    others = answers_elsewhere(assessment.system_id, wanted)
    last = last_answers(assessment) if wanted else {}
    found = (_best(assessment, reading, question, others, last.get(question.id)) for question in wanted)
    return {offer.question: offer for offer in found if offer}


def _best(
    assessment: Assessment, reading: Reading, question: Question, others: Others, last: Earlier | None
) -> Offer | None:
    """What was answered last time, unless the record says something else today."""
    known = (offer_of(assessment, reading, question, source, others) for source in question.prefill)
    now = next(filter(None, known), None)
    then = _offered(reading, question, _whole(question, last.value), last.origin, AnswerOrigin.COPIED) if last else None
    return then if then and (now is None or holds_in(now.leaves, then.leaves)) else now


def holds_in(recorded: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    """Whether an answer says what the record says: as much, or more where several answers may be ticked."""
    return all(
        set(value) <= set(given.get(path) or []) if isinstance(value, list) else given.get(path) == value
        for path, value in recorded.items()
    )


def offer_of(
    assessment: Assessment, reading: Reading, question: Question, source: Prefill, others: Others
) -> Offer | None:
    """What this one source says of the question, whether it is answered or not."""
    value, origin = _known(assessment, source, others)
    how = AnswerOrigin.COPIED if source.source == "assessment" else AnswerOrigin.PREFILLED
    return _offered(reading, question, _as_leaves(question, source, value), origin, how)


def _offered(reading: Reading, question: Question, leaves: Mapping[str, Any], origin: str, how: str) -> Offer | None:
    try:
        cleaned = clean_flat(reading.questionnaire, question, leaves)
    except WrongValue:  # longer than the answer may be, or of another time: nothing to offer
        return None
    kept = {path: each for path, each in cleaned.items() if each not in ("", [])}
    return Offer(question.id, kept, shown_answer(reading, question, kept), origin, how) if kept else None


def _known(assessment: Assessment, source: Prefill, others: Others) -> tuple[Any, str]:
    language = reader_language()
    if source.source == "system":
        label = CATALOGUE.label(source.field, language)
        return assessment.system.value(source.field), _("From the record: %(label)s") % {"label": label}
    if source.source == "body":
        return getattr(assessment.organization, source.field, ""), _("From the sheet of the body")
    if source.source == "rows":
        label = CATALOGUE.part(source.field).label[language]
        return rows_of(assessment.system)[source.field], _("From the record: %(label)s") % {"label": label}
    found = others.get((source.instrument, source.field), Earlier(None, ""))
    return found.value, found.origin


def _as_leaves(question: Question, source: Prefill, value: Any) -> dict[str, Any]:
    if source.source == "rows":
        return _rows_as_leaves(source, value or [])
    if source.codes is not None:
        value = _mapped(source, value)
    if value in (None, "", []):
        return {}
    if source.source == "assessment" and source.codes is None:
        return _whole(question, value)
    if isinstance(value, list) and question.kind != "multiple_choice":
        value = _heaviest(question, value)
    if value is None:
        return {}
    if hasattr(value, "isoformat"):
        value = value.isoformat()
    path = "" if question.kind in SIMPLE else MAIN_LEAF.get(question.kind)
    return {} if path is None else {path: value if isinstance(value, (list, int)) else str(value)}


def _whole(question: Question, value: Any) -> dict[str, Any]:
    """An answer of another assessment; nothing where this question is of another shape."""
    try:
        return spread(question, value, seed="0000")
    except WrongValue:
        return {}


def _heaviest(question: Question, codes: list[Any]) -> Any:
    """Of several answers where one is asked, the one that weighs the most; none where nothing says which."""
    if question.kind == "yes_no_unsure":  # one «yes» is enough, and a doubt comes before a «no»
        return next((code for code in ("yes", "unsure", "no") if code in codes), None)
    points = {option.code: option.points for option in question.options}
    return max(codes, key=lambda code: points.get(code, 0)) if question.kind == "single_choice" else None


def _mapped(source: Prefill, value: Any) -> Any:
    """Their codes in ours; what has no code of ours is what the file says of it, or nothing."""
    codes = source.codes or {}
    if isinstance(value, (list, tuple)):
        found = [codes.get(str(code), source.unmapped) for code in value]
        return list(dict.fromkeys(code for code in found if code))
    return codes.get(str(value), source.unmapped) if value not in (None, "") else ""


def _rows_as_leaves(source: Prefill, rows: Iterable[Any]) -> dict[str, Any]:
    part = CATALOGUE.part(source.field)
    found: dict[str, Any] = {}
    for number, row in enumerate(list(rows)[:MOST_ROWS], start=1):
        for column, field in source.columns.items():
            value = row.values.get(field)
            if value not in (None, "", []):
                found[f"r{number:04d}0000.{column}"] = _told(part.field(field), value)
    return found


def _told(field: Any, value: Any) -> Any:
    """A code of the catalogue in its words; a text, a day or a number as it is."""
    labels = {choice.code: choice.label[reader_language()] for choice in field.choices}
    if isinstance(value, (list, tuple)):
        return ", ".join(labels.get(code, str(code)) for code in value)
    return labels.get(value, value.isoformat() if hasattr(value, "isoformat") else str(value))


def shown_answer(reading: Reading, question: Question, flat: Mapping[str, Any]) -> tuple[str, ...]:
    """One line for each leaf, as a person reads them."""
    lines = []
    for leaf in leaves_of(reading.questionnaire, question, flat):
        if leaf.path in flat:
            words = shown_leaf(reading.questionnaire, leaf, flat[leaf.path])
            name = name_of_leaf(leaf)
            lines.append(f"{name} – {words}" if leaf.path and name else words)
    return tuple(lines)


@transaction.atomic
def accept_every_offer(*, assessment: Assessment, questions: Sequence[str], by: User) -> Assessment:
    """As `accept_offers`, all of them or none: whoever names a question is told that nothing is offered for it."""
    by_id = assessment.questionnaire.by_id
    for code in questions:
        if code not in by_id:
            told = _("The questionnaire has no question “%(code)s”.") % {"code": code[:60]}
            raise InvalidInput(told, field="questions")
    saved = accept_offers(assessment=assessment, questions=questions, by=by)
    for code in questions:
        if code not in saved.changed:
            told = _("Nothing is offered for “%(label)s”: it is answered, it is not asked, or nothing is known.")
            raise NotPossibleNow(told % {"label": by_id[code].label[reader_language()]})
    return saved.assessment


@transaction.atomic
def accept_offers(*, assessment: Assessment, questions: Iterable[str], by: User) -> SavedAnswers:
    """Take what is offered for these questions. An answer that somebody gave meanwhile stands."""
    reading = reading_of(assessment)
    wanted = [question for question in reading.asked if question.id in set(questions)]
    found = offers(assessment, reading, wanted)
    if not found:
        raise NotPossibleNow(
            _("Nothing is offered for this question any more: somebody answered it, or the record changed.")
        )
    leaves = {name_of(code, path): value for code, offer in found.items() for path, value in offer.leaves.items()}
    return save_answers(
        assessment=assessment,
        leaves=leaves,
        version=assessment.version,
        by=by,
        origins={code: (offer.how, offer.origin[:200]) for code, offer in found.items()},
    )
