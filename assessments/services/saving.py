"""Answers saved while people type, leaf by leaf: two people write side by side and nothing is dropped."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Case, JSONField, OuterRef, QuerySet, Subquery, When
from django.utils.translation import gettext as _

from assessments import permissions
from assessments.models import Answer, Assessment, GuestAccess
from assessments.questionnaires import Question, Questionnaire
from assessments.scoring.asking import Reading, is_choice
from assessments.scoring.completeness import Completeness, completeness
from assessments.scoring.leaves import flat_of, name_of, whole_of
from assessments.scoring.merging import merge
from assessments.scoring.points import score
from assessments.scoring.risks import residual_level
from assessments.scoring.values import WrongValue, check_rows, clean_flat
from assessments.services.authorship import guest_leaves
from assessments.services.differences import Disputed, differences
from assessments.services.facts import reading_of
from assessments.services.holding import held
from assessments.services.link_check import check_links
from assessments.services.words import label_of, leaf_at, sentence_of
from assessments.workflow import AnswerOrigin
from core import clock
from core.audit import record
from core.services import Difference, InvalidInput, NotAllowed, NotPossibleNow
from core.text import reader_language
from organizations.models import User

Writer = User | GuestAccess


@dataclass(frozen=True)
class SavedAnswers:
    """The assessment after a save: how it reads, how far it is, what two people wrote (not saved: each chooses)."""

    assessment: Assessment
    reading: Reading
    before: Reading
    completeness: Completeness
    differences: tuple[Difference, ...] = ()
    changed: Collection[str] = ()

    @property
    def version(self) -> int:
        return self.assessment.version


@dataclass
class _Work:
    """What one save is about to write: question → its new value, and the leaves that it changes."""

    values: dict[str, Any] = field(default_factory=dict)
    paths: dict[str, Collection[str]] = field(default_factory=dict)
    disputed: list[Disputed] = field(default_factory=list)


@transaction.atomic
def save_answers(
    *,
    assessment: Assessment,
    leaves: Mapping[str, Any],
    version: int,
    by: Writer,
    unsettled: Collection[str] = (),
    origins: Mapping[str, tuple[str, str]] | None = None,
) -> SavedAnswers:
    """Keep what was typed since `version` was read. `leaves`: `question` or `question.path` → value. An autosave: told
    by the history of the answers, without an event but for a program's. `origins`: question → how its answer came, and
    from where, when nobody wrote it here.

    What nobody else changed is saved; leaves that somebody else changed since are told in `differences` and left as
    they are. Raises `InvalidInput`, and saves nothing, for what no page sends.
    """
    locked = _locked(assessment, by)
    _check_version(locked, version)
    rows = {row.question: row for row in _rows_since(locked, version)}
    stored = {name: row.value for name, row in rows.items() if row.value is not None}
    before = reading_of(locked, stored)
    typed = _by_question(locked.questionnaire, leaves, by)
    bases = _bases(rows, _to_compare(locked.questionnaire, rows, typed), version)
    work = _merged(_as_seen(before, bases), stored, bases, typed, unsettled)
    told = differences(locked.questionnaire, work.disputed, rows, version) if work.disputed else ()
    # What is taken over was looked up where it was written.
    written = {code: value for code, value in work.values.items() if code not in (origins or {})}
    check_links(locked, stored, written, by)
    if not work.values:
        return SavedAnswers(locked, before, before, completeness(before), told)
    after, found = _write(locked, rows, work, by, origins or {})
    if isinstance(by, User) and by.through:
        facts = {"version": locked.version, "answers": sorted(work.values)[:50]}
        record(by=by, verb="change_answers", thing=locked, organization=locked.organization, facts=facts)
    return SavedAnswers(locked, after, before, found, told, frozenset(work.values))


@transaction.atomic
def save_files(
    *, assessment: Assessment, question: str, by: Writer, added: str = "", removed: str = ""
) -> SavedAnswers:
    """Evidence comes to an answer and leaves it one file at a time, beside what is typed there. Told by the history of
    the answers; `assessments/services/evidence.py`, which alone calls this, tells the ledger.
    """
    locked = _locked(assessment, by)
    rows = {row.question: row for row in locked.answers.order_by()}
    stored = {name: row.value for name, row in rows.items() if row.value is not None}
    before = reading_of(locked, stored)
    asked = locked.questionnaire.question(question)
    now = flat_of(asked, stored.get(question))
    files = [each for each in now.get("files", []) if each != removed] + [added] * bool(added)
    work = _Work({question: whole_of(asked, {**now, "files": files})})  # a file tells itself who joined it
    after, found = _write(locked, rows, work, by, {})
    return SavedAnswers(locked, after, before, found, changed=frozenset({question}))


def _locked(assessment: Assessment, by: Writer) -> Assessment:
    check_may_write(assessment, by)
    locked = held(assessment)
    check_open(locked)
    return locked


def check_may_write(assessment: Assessment, by: Writer) -> None:
    if isinstance(by, GuestAccess):
        if by.assessment_id != assessment.pk or not by.is_good_on(clock.civil_date(clock.now())):
            raise NotAllowed(_("This invitation has ended. Ask whoever invited you for another one."))
        if by.handed_in_at:
            raise NotPossibleNow(
                _("You said that you had finished. To change an answer, take your answers back first.")
            )
    elif not permissions.can_write(by, assessment):
        raise NotAllowed(_("Your functions in this body do not let you fill in this assessment."))


def check_may_lead(assessment: Assessment, by: User) -> None:
    if not permissions.can_lead(by, assessment):
        raise NotAllowed(
            _("Your functions let you answer the questions of this assessment, and whoever leads it does the rest.")
        )


def check_open(assessment: Assessment) -> None:
    if not assessment.is_open:
        raise NotPossibleNow(
            _("This assessment is no longer being written: open its page to see where it stands, or begin a new one.")
        )


def _check_version(assessment: Assessment, version: int) -> None:
    """A version to come would make everything that was written since look as if the person had read it."""
    if not 0 <= version <= assessment.version:
        raise InvalidInput(_("This assessment has no version of that number: read it again."), field="version")


def _by_question(questionnaire: Questionnaire, leaves: Mapping[str, Any], by: Writer) -> dict[str, dict[str, Any]]:
    """Question → path → value, cleaned."""
    found: dict[str, dict[str, Any]] = {}
    for name, value in leaves.items():
        code, _dot, path = name.partition(".")
        if code not in questionnaire.by_id:
            raise InvalidInput(
                _("The questionnaire has no question “%(code)s”.") % {"code": code[:60]}, field=code[:60]
            )
        if isinstance(by, GuestAccess) and code not in by.questions:
            raise NotAllowed(_("This invitation lets you answer other questions, not this one."))
        found.setdefault(code, {})[path] = value
    return {code: cleaned(questionnaire, questionnaire.question(code), sent) for code, sent in found.items()}


def cleaned(questionnaire: Questionnaire, question: Question, sent: Mapping[str, Any]) -> dict[str, Any]:
    """Raises `InvalidInput` with the question and the leaf."""
    try:
        return clean_flat(questionnaire, question, sent)
    except WrongValue as problem:
        raise _refusal(questionnaire, question, problem, sent) from problem


def _refusal(
    questionnaire: Questionnaire, question: Question, problem: WrongValue, flat: Mapping[str, Any]
) -> InvalidInput:
    try:
        label = label_of(questionnaire, question, leaf_at(questionnaire, question, problem.leaf, flat))
    except KeyError:  # of no leaf, or of one that it has not
        label = question.label[reader_language()]
    return InvalidInput(sentence_of(problem, label), field=name_of(question.id, problem.leaf))


def _to_compare(questionnaire: Questionnaire, rows: Collection[str], typed: Collection[str]) -> Collection[str]:
    """The questions written to; all of them when what a page showed of one depended on others."""
    questions = (questionnaire.question(code) for code in typed)
    return rows if any(_shows_by_others(question) for question in questions) else typed


def _shows_by_others(question: Question) -> bool:
    lines = (*question.options, *question.lines)
    return question.kind in {"risk_list", "measures"} or any(each.visible_when for each in lines)


def _rows_since(assessment: Assessment, version: int) -> QuerySet[Answer]:
    """Every answer, one query; `base`: what one that was written since had at `version`, read from the history."""
    events = Answer.pgh_event_models["insert"].objects  # type: ignore[attr-defined]
    known = events.filter(pgh_obj_id=OuterRef("pk"), version__lte=version).order_by("-pgh_id")
    base = Case(When(version__gt=version, then=Subquery(known.values("value")[:1])), output_field=JSONField())
    return assessment.answers.order_by().annotate(base=base)


def _bases(rows: Mapping[str, Any], codes: Collection[str], version: int) -> dict[str, Any]:
    """Question → its value at `version`, for those that were written since."""
    return {code: rows[code].base for code in codes if code in rows and rows[code].version > version}


def _as_seen(before: Reading, bases: Mapping[str, Any]) -> Reading:
    """What the page showed, by the answers of its version: others may have hidden or brought lines since."""
    if not bases:
        return before
    answers = {**before.answers, **bases}
    return Reading(before.questionnaire, answers, before.facts, depth=before.chosen_depth, today=before.today)


def _merged(
    seen: Reading,
    stored: Mapping[str, Any],
    bases: Mapping[str, Any],
    typed: Mapping[str, Mapping[str, Any]],
    unsettled: Collection[str],
) -> _Work:
    work = _Work()
    for code, sent in typed.items():
        question = seen.questionnaire.question(code)
        now = flat_of(question, stored.get(code))
        base = flat_of(question, bases[code]) if code in bases else now
        sent = _with_unseen(seen, question, base, sent)
        in_dispute = {name.partition(".")[2] for name in unsettled if name.partition(".")[0] == code}
        merged = merge(base, now, sent, unsettled=in_dispute)
        if merged.changed:
            work.values[code] = _whole(seen.questionnaire, question, now, merged.changed)
            work.paths[code] = merged.changed.keys()
        work.disputed += [(question, path, sent[path]) for path in merged.disputed]
    return work


def _with_unseen(seen: Reading, question: Question, base: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    """A page shows only what is offered: what it could not show is neither emptied nor unticked by it."""
    lines, codes = seen.lines_hidden(question), seen.codes_hidden(question)
    alone = {option.code for option in question.options if option.exclusive}
    found: dict[str, Any] = {}
    for path, value in sent.items():
        kept = base.get(path)
        is_unseen = path.partition(".")[0] in lines or (isinstance(kept, str) and kept in codes and is_choice(path))
        if is_unseen and kept and not value:
            continue
        if isinstance(value, list) and isinstance(kept, list) and not alone & {*value, *kept}:
            value = [*value, *(each for each in kept if each in codes and each not in value)]
        found[path] = value
    return found


def _whole(questionnaire: Questionnaire, question: Question, now: Mapping[str, Any], changed: Mapping[str, Any]) -> Any:
    """The answer to store. Raises `InvalidInput` for more rows than an answer has, whoever added them."""
    flat = {**now, **changed}
    try:
        check_rows(flat)
    except WrongValue as problem:
        raise _refusal(questionnaire, question, problem, flat) from problem
    return whole_of(question, flat)


def _write(
    assessment: Assessment,
    rows: Mapping[str, Answer],
    work: _Work,
    by: Writer,
    origins: Mapping[str, tuple[str, str]],
) -> tuple[Reading, Completeness]:
    """Upserts the answers in one query, whatever their number; then the assessment, with its counts."""
    moment = clock.now()
    guest, person = (by, None) if isinstance(by, GuestAccess) else (None, by)
    assessment.version += 1
    assessment.updated_at, assessment.updated_by = moment, person
    usual = (AnswerOrigin.GUEST if guest else AnswerOrigin.TYPED, "")
    written = [
        Answer(
            assessment=assessment,
            question=code,
            value=value,
            version=assessment.version,
            origin=origins.get(code, usual)[0],
            origin_note=origins.get(code, usual)[1],
            updated_at=moment,
            updated_by=person,
            guest=guest,
            guest_leaves=guest_leaves(rows.get(code), work.paths.get(code, ()), guest),
        )
        for code, value in work.values.items()
    ]
    columns = ["value", "version", "origin", "origin_note", "updated_at", "updated_by", "guest", "guest_leaves"]
    Answer.objects.bulk_create(
        written, update_conflicts=True, unique_fields=["assessment", "question"], update_fields=columns
    )
    stored = {name: row.value for name, row in rows.items()} | work.values
    after = reading_of(assessment, {name: value for name, value in stored.items() if value is not None})
    found = count(assessment, after)
    assessment.save(update_fields=["version", "done", "required", "level", "updated_at", "updated_by"])
    return after, found


def count(assessment: Assessment, reading: Reading) -> Completeness:
    """Set what lists show of the assessment; the caller writes it."""
    found = completeness(reading)
    assessment.done, assessment.required = found.done, found.required
    assessment.level = level_of(reading)
    return found


def level_of(reading: Reading) -> str:
    """By points where the instrument gives some, else the highest risk that remains."""
    scored = score(reading)
    return scored.level.code if scored else residual_level(reading)
