"""Submitting an assessment: frozen under its digest, put before those who decide; what is not asked is dropped."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments import permissions
from assessments.models import Answer, Assessment, Evidence, RiskAcceptance, Submission
from assessments.questionnaires import digest_of
from assessments.scoring.asking import Reading
from assessments.scoring.completeness import completeness
from assessments.scoring.points import score
from assessments.scoring.risks import rated_risks, residual_level
from assessments.services.facts import reading_of
from assessments.services.holding import change_state, held, held_former
from assessments.services.saving import check_may_lead, check_open, count
from assessments.workflow import AssessmentState
from core import clock
from core.audit import record
from core.services import InvalidInput, NotAllowed, NotPossibleNow, check_length, check_unchanged
from core.text import clean_line, clean_text
from organizations.models import User
from organizations.workflow import SecondLook
from review.services import decide_case, submit_case

SUBJECT = "assessment"


@transaction.atomic
def submit_assessment(*, assessment: Assessment, by: User, version: int | None = None) -> Submission:
    """Freeze the answers that count and ask for a decision. Answers to questions that are not asked any more are
    dropped here, and listed in what is frozen. Raises `InvalidInput` while something is missing.
    """
    check_may_lead(assessment, by)
    locked = held(assessment)
    check_open(locked)
    check_unchanged(locked, version)
    reading = reading_of(locked)
    _check_complete(reading)
    locked.version += 1
    _drop_what_does_not_count(locked, reading, by)
    submission = _frozen(locked, reading, by)
    change_state(locked, "submit", by)
    locked.case = submission.case
    count(locked, reading)
    locked.save()
    facts = {"number": submission.number, "digest": submission.digest, "dropped": len(submission.document["dropped"])}
    record(by=by, verb="submit_assessment", thing=locked, organization=locked.organization, facts=facts)
    return submission


def _check_complete(reading: Reading) -> None:
    found = completeness(reading)
    if found.is_complete:
        return
    first = found.missing[0].id if found.missing else ""
    if not first:
        problem, risks = found.blocking[0], reading.questionnaire.risk_question
        first = f"{problem.question or (risks.id if risks else '')}.{problem.leaf}"
    raise InvalidInput(_("Answer what is still missing before you submit: the list is on the page."), field=first)


def _drop_what_does_not_count(assessment: Assessment, reading: Reading, by: User) -> None:
    """Emptied, as by a person, and not deleted: a page that was read before cannot bring them back unseen."""
    rows = Answer.objects.filter(assessment=assessment, value__isnull=False).order_by("pk")
    moment, emptied = clock.now(), []
    for row in rows:
        counts = reading.value_of(row.question)
        if counts is None:
            emptied.append(row.pk)
        elif counts != row.value:
            row.value, row.version, row.updated_at = counts, assessment.version, moment
            row.save(update_fields=["value", "version", "updated_at"])
    told = {"version": assessment.version, "updated_at": moment, "updated_by": by, "guest": None, "guest_leaves": {}}
    Answer.objects.filter(pk__in=emptied).update(value=None, **told)


def _frozen(assessment: Assessment, reading: Reading, by: User) -> Submission:
    """The case that waits for a decision, and what it is about."""
    document = frozen_document(assessment, reading)
    digest = digest_of(document)
    case = submit_case(
        organization=assessment.organization,
        subject=SUBJECT,
        label=f"{assessment.questionnaire.short_title['fr']} – {assessment.system.name_fr}"[:300],
        address=reverse("assessments:assessment", args=[assessment.uuid]),
        digest=digest,
        needs_other_person=assessment.organization.second_look == SecondLook.REQUIRED,
        authors=_authors(assessment, by),
        by=by,
    )
    last = Submission.objects.filter(assessment=assessment).aggregate(last=Max("number"))["last"] or 0
    return Submission.objects.create(
        assessment=assessment,
        number=last + 1,
        case=case,
        document=document,
        digest=digest,
        submitted_at=clock.now(),
        submitted_by=by,
    )


def _authors(assessment: Assessment, by: User) -> list[User]:
    """Who wrote any of its answers since it was begun: theirs is not a second look."""
    wrote = Answer.pgh_event_models["insert"].objects.filter(assessment=assessment.pk)  # type: ignore[attr-defined]
    keys = set(wrote.order_by("updated_by").values_list("updated_by", flat=True).distinct()) - {None}
    return list(User.objects.filter(pk__in=keys | {by.pk}).order_by("pk"))


def frozen_document(assessment: Assessment, reading: Reading) -> dict[str, Any]:
    """What a decision is about, and nothing else: whoever reads it again needs no other row."""
    scored = score(reading)
    evidence = Evidence.objects.filter(assessment=assessment, removed_at__isnull=True).select_related("file")
    return {
        "questionnaire": {"name": str(assessment.version_asked), "digest": assessment.version_asked.digest},
        "system": {"uuid": str(assessment.system.uuid), "reference": assessment.system.reference},
        "depth": {
            "asked": reading.depth.asked,
            "chosen": reading.depth.chosen,
            "recommended": reading.depth.recommended,
            "reason": assessment.depth_reason,
        },
        "facts": dict(sorted(reading.facts.items(), key=lambda pair: pair[0]))
        | {"body.sigle": assessment.organization.sigle},
        "answers": reading.counted,
        "dropped": [question.id for question in reading.kept_aside],
        "dropped_parts": [f"{question.id}.{path}" for question, path in reading.parts_aside],
        "risks": {each.risk.code: each.residual for each in rated_risks(reading)},
        "level": residual_level(reading),
        "score": scored.level.code if scored else "",
        "evidence": [
            {"question": one.question, "uuid": str(one.uuid), "sha256": one.file.sha256, "name": one.file.original_name}
            for one in evidence.order_by("pk")
        ],
    }


@transaction.atomic
def decide_assessment(*, assessment: Assessment, move: str, comment: str, by: User) -> Assessment:
    """`approve` or `send_back`, by the function that decides; `withdraw`: whoever submitted takes it back. What remains
    critical is not approved without the written word of the highest authority.
    """
    locked = held(assessment)
    if locked.state != AssessmentState.SUBMITTED or locked.case is None:
        raise NotPossibleNow(_("This assessment does not wait for a decision: open its page to see where it stands."))
    if move != "withdraw" and not permissions.can_decide(by, locked.organization):
        raise NotAllowed(_("Your functions in this body do not let you decide on an assessment."))
    submission = Submission.objects.get(case=locked.case)
    if move == "approve" and submission.document["level"] == "critical" and not is_accepted(submission):
        raise NotPossibleNow(
            _("A risk remains critical: the highest authority of the body must accept it in writing first.")
        )
    decide_case(case=locked.case, move=move, comment=comment, by=by)
    if move == "approve":
        for former in held_former(locked):
            change_state(former, "replace", by)
            former.save()
            record(by=by, verb="replace_assessment", thing=former, organization=locked.organization)
    change_state(locked, "take_back" if move == "withdraw" else move, by)
    if locked.is_open:  # it is asked again by what is known now
        count(locked, reading_of(locked))
    locked.version += 1
    locked.save()
    return locked


def is_accepted(submission: Submission) -> bool:
    return RiskAcceptance.objects.filter(submission=submission).exists()


@transaction.atomic
def accept_risk(*, assessment: Assessment, function: str, text: str, by: User) -> RiskAcceptance:
    """The highest authority of the body accepts in writing what remains critical in what was submitted."""
    locked = held(assessment)
    if not permissions.can_accept_risk(by, locked.organization):
        raise NotAllowed(_("Only the deciding authority of the body accepts a risk that remains critical."))
    submission = Submission.objects.filter(case=locked.case).first() if locked.case_id else None
    if locked.state != AssessmentState.SUBMITTED or submission is None or submission.document["level"] != "critical":
        raise NotPossibleNow(_("No risk of this assessment waits to be accepted."))
    if is_accepted(submission):
        raise NotPossibleNow(_("This risk was accepted already."))
    function, text = clean_line(function), clean_text(text)
    for value, name in ((function, "function"), (text, "text")):
        if not value:
            raise InvalidInput(_("Say under which function you accept, and why: both are kept."), field=name)
        check_length(value, RiskAcceptance, name)
    accepted = RiskAcceptance.objects.create(
        submission=submission, function=function, text=text, accepted_at=clock.now(), accepted_by=by
    )
    facts = {"digest": submission.digest}
    record(by=by, verb="accept_risk", thing=locked, organization=locked.organization, facts=facts)
    return accepted


@transaction.atomic
def withdraw_assessment(*, assessment: Assessment, reason: str, by: User) -> Assessment:
    """Leave a draft for good; it stays in the list of its system with its reason."""
    check_may_lead(assessment, by)
    locked = held(assessment)
    check_open(locked)
    reason = clean_line(reason)
    if not reason:
        raise InvalidInput(_("Say why this assessment is left: the reason is kept."), field="reason")
    check_length(reason, Assessment, "withdrawn_reason", field="reason")
    locked.withdrawn_reason = reason
    change_state(locked, "withdraw", by)
    locked.version += 1
    locked.save()
    record(by=by, verb="withdraw_assessment", thing=locked, organization=locked.organization)
    return locked
