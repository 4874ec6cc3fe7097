"""«Verser une évaluation existante»: one that was made outside Vigie counts too; it may be gone on with here."""

import hashlib
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from assessments import permissions
from assessments.models import Assessment, DepositedAssessment
from assessments.questionnaires import Questionnaire
from assessments.rules.accepted_files import DOCUMENTS
from assessments.services.beginning import begin_assessment
from assessments.services.evidence import check_file, keep_file
from assessments.services.saving import save_answers
from assessments.services.versions import known_questionnaires
from assessments.workflow import NEXT_REVIEW, PUBLIC_SUMMARY, SCREENING, AnswerOrigin, ResidualLevel
from core import clock
from core.audit import record
from core.models import StoredFile
from core.services import InvalidInput, NotAllowed, NotPossibleNow, check_length, check_stored, created_once
from core.text import clean_line, clean_text, day_in_words, reader_language
from organizations.models import User
from registry.models import AISystem
from registry.services.parts import check_not_put_away

FIRST_DAY = date(1982, 1, 1)
"""No assessment of this kind is older than the Act."""
LAST_REVIEW_YEARS = 20


@transaction.atomic
def deposit_assessment(
    *,
    system: AISystem,
    instrument: str,
    content: bytes,
    name: str,
    done_on: date,
    approved_by_function: str,
    residual_level: str,
    summary_fr: str,
    by: User,
    next_review_on: date | None = None,
    request_key: UUID | None = None,
) -> DepositedAssessment:
    """Keep an assessment made outside Vigie, with what it says. Raises `InvalidInput` for a file that is not taken, a
    day that cannot be, a text that is missing.
    """
    if not permissions.can_begin(by, system):
        raise NotAllowed(_("Your functions in this body do not let you deposit an assessment."))
    check_not_put_away(system)
    if instrument not in {each.id for each in known_questionnaires()} - {SCREENING}:
        raise InvalidInput(_("Choose an assessment of the list."), field="instrument")
    function, summary = clean_line(approved_by_function), clean_text(summary_fr)
    _check_days(done_on, next_review_on)
    _check_words(function, residual_level, summary)

    said = {
        "instrument": instrument,
        "done_on": done_on,
        "approved_by_function": function,
        "residual_level": residual_level,
        "summary_fr": summary,
        "next_review_on": next_review_on,
    }

    def create() -> DepositedAssessment:
        return _create(system, content, name, said, by)

    return created_once(key=request_key, by=by, model=DepositedAssessment, create=create)


def _create(system: AISystem, content: bytes, name: str, said: dict[str, Any], by: User) -> DepositedAssessment:
    media_type, kept_name = check_file(content, name, DOCUMENTS)
    digest = hashlib.sha256(content).hexdigest()
    same = DepositedAssessment.objects.in_force().filter(system=system, instrument=said["instrument"])
    if same.filter(file__sha256=digest).exists():
        raise InvalidInput(_("This file is deposited already for this system: open it in the list."), field="file")
    deposit = DepositedAssessment.objects.create(
        organization=system.organization,
        system=system,
        file=keep_file(content, kept_name, media_type, by=by, organization=system.organization),
        deposited_at=clock.now(),
        deposited_by=by,
        **said,
    )
    facts = {"instrument": deposit.instrument, "digest": deposit.file.sha256, "done_on": deposit.done_on.isoformat()}
    record(by=by, verb="deposit_assessment", thing=deposit, organization=system.organization, facts=facts)
    return deposit


def _check_days(done_on: date, next_review_on: date | None) -> None:
    today = clock.civil_date(clock.now())
    if done_on > today:
        raise InvalidInput(_("Give the day it was done: today at the latest."), field="done_on")
    if done_on < FIRST_DAY:
        raise InvalidInput(_("Give the day it was done: the Act is of 1982, nothing was done before."), field="done_on")
    if next_review_on is None:
        return
    if next_review_on <= done_on:
        raise InvalidInput(_("The next review comes after the day it was done."), field="next_review_on")
    if next_review_on.year > today.year + LAST_REVIEW_YEARS:
        raise InvalidInput(_("Give a day of the next twenty years for the review."), field="next_review_on")


def _check_words(function: str, level: str, summary: str) -> None:
    for text, field in ((function, "approved_by_function"), (summary, "summary_fr")):
        if not text:
            raise InvalidInput(_("Say under which function it was approved, and what it concluded."), field=field)
        check_length(text, DepositedAssessment, field)
    if level not in ResidualLevel.values:
        raise InvalidInput(_("Choose one of the levels of the list."), field="residual_level")


@transaction.atomic
def withdraw_deposit(*, deposit: DepositedAssessment, reason: str, by: User) -> DepositedAssessment:
    """A mistake: it counts no more, and stays in the list of its system with its reason."""
    locked = _locked(deposit, by)
    reason = clean_line(reason)
    if not reason:
        raise InvalidInput(_("Say why it is withdrawn: the reason is kept."), field="reason")
    check_length(reason, DepositedAssessment, "withdrawn_reason", field="reason")
    locked.withdrawn_at, locked.withdrawn_by, locked.withdrawn_reason = clock.now(), by, reason
    locked.version += 1
    locked.save()
    record(by=by, verb="withdraw_deposit", thing=locked, organization=deposit.organization)
    return locked


def _locked(deposit: DepositedAssessment, by: User) -> DepositedAssessment:
    """Held, for whoever may write and while it counts."""
    if not permissions.can_begin(by, deposit.system):
        raise NotAllowed(_("Your functions in this body do not let you change what was deposited."))
    locked = DepositedAssessment.objects.select_for_update(of=("self",)).get(pk=deposit.pk)
    if locked.withdrawn_at:
        raise NotPossibleNow(_("This assessment was withdrawn: deposit another one, or begin one here."))
    return locked


@transaction.atomic
def open_as_draft(*, deposit: DepositedAssessment, by: User, request_key: UUID | None = None) -> Assessment:
    """Begin the same assessment here, with what the deposit says of it: each answer is marked, and waits for the person
    to keep it or to change it.
    """
    _locked(deposit, by)
    assessment = begin_assessment(system=deposit.system, instrument=deposit.instrument, by=by, request_key=request_key)
    known = known_answers(deposit, assessment.questionnaire)
    if assessment.version > 1 or not known:  # the form was sent twice
        return assessment
    codes = {name.partition(".")[0] for name in known}
    origin = AnswerOrigin.COPIED, origin_note(deposit, assessment.questionnaire)
    origins = dict.fromkeys(codes, origin)
    saved = save_answers(assessment=assessment, leaves=known, version=assessment.version, by=by, origins=origins)
    facts = {"assessment": str(assessment.uuid), "answers": sorted(codes)}
    record(by=by, verb="open_deposit_as_draft", thing=deposit, organization=deposit.organization, facts=facts)
    return saved.assessment


def known_answers(deposit: DepositedAssessment, questionnaire: Questionnaire) -> dict[str, str]:
    """What the deposit can say, for questions that this version asks and that may hold it."""
    found: dict[str, str] = {}
    summary, review = questionnaire.by_id.get(PUBLIC_SUMMARY), questionnaire.by_id.get(NEXT_REVIEW)
    if summary and summary.kind == "long_text" and len(deposit.summary_fr) <= (summary.max_length or 0):
        found[summary.id] = deposit.summary_fr
    today = clock.civil_date(clock.now())
    if review and review.kind == "date_with_events" and deposit.next_review_on and deposit.next_review_on > today:
        found[f"{review.id}.date"] = deposit.next_review_on.isoformat()
    return found


def origin_note(deposit: DepositedAssessment, questionnaire: Questionnaire) -> str:
    """Beside each answer that came from it."""
    told = {"title": questionnaire.short_title[reader_language()], "day": day_in_words(deposit.done_on)}
    return (_("%(title)s done outside Vigie, %(day)s") % told)[:200]


@transaction.atomic
def hand_out_deposit(*, deposit: DepositedAssessment, by: User) -> StoredFile:
    """The file to download, and the trace of who took it."""
    check_stored(deposit.file)
    facts = {"digest": deposit.file.sha256}
    record(by=by, verb="download", thing=deposit, organization=deposit.organization, facts=facts)
    return deposit.file
