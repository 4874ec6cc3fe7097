"""What a privacy assessment would have the record of its system say: one press, so that nothing is typed twice."""

from django.db import transaction
from django.utils.translation import gettext as _

from assessments import permissions
from assessments.models import Assessment, DepositedAssessment, ScreeningConclusion
from assessments.services.holding import held
from assessments.workflow import EFVP, PUBLIC_SUMMARY, SCREENING, AssessmentState
from core.audit import record
from core.services import EditConflict, NotAllowed, NotPossibleNow
from organizations.models import User
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem
from registry.services.systems import save_answers

STATE, SUMMARY = "privacy_assessment", "privacy_assessment_summary_fr"
NOT_REQUIRED = "not_required"

Source = Assessment | DepositedAssessment
"""One that was decided here, one that was deposited, or a screening signed «non requise»."""


def said_otherwise(source: Source) -> dict[str, str]:
    """Field of the record → what this one would have it say; empty when it says so already, or when this one does not
    hold.
    """
    wanted = _of_deposit(source) if isinstance(source, DepositedAssessment) else _of_assessment(source)
    return {field: value for field, value in wanted.items() if source.system.value(field) != value}


def _of_deposit(deposit: DepositedAssessment) -> dict[str, str]:
    if deposit.instrument != EFVP or deposit.withdrawn_at:
        return {}
    return {STATE: "done", SUMMARY: deposit.summary_fr}


def _of_assessment(assessment: Assessment) -> dict[str, str]:
    if assessment.state != AssessmentState.DECIDED:
        return {}
    if assessment.instrument == SCREENING:
        return {STATE: NOT_REQUIRED} if _is_signed_away(assessment) else {}
    if assessment.instrument != EFVP:
        return {}
    summary = assessment.answers.filter(question=PUBLIC_SUMMARY).values_list("value", flat=True).first()
    longest = CATALOGUE.field(SUMMARY).max_length or 0
    if isinstance(summary, str) and len(summary) <= longest:
        return {STATE: "done", SUMMARY: summary}
    return {STATE: "done"}


def _is_signed_away(screening: Assessment) -> bool:
    """The privacy officer signed that none is required, and none was made all the same, here or elsewhere."""
    if screening.system.privacy_assessment == "done":
        return False
    signed = ScreeningConclusion.objects.filter(assessment=screening, signed_at__isnull=False).first()
    if signed is None or {"instrument": EFVP, "result": NOT_REQUIRED} not in signed.results:
        return False
    made = Assessment.objects.filter(system=screening.system, instrument=EFVP, state=AssessmentState.DECIDED)
    brought = DepositedAssessment.objects.in_force().filter(system=screening.system, instrument=EFVP)
    is_added = any(one["instrument"] == EFVP for one in signed.added)
    return not (is_added or made.exists() or brought.exists())


@transaction.atomic
def write_in_record(*, source: Source, version: int, by: User) -> AISystem:
    """Tell the record of the system where its privacy assessment stands, and what it concluded. Raises `NotPossibleNow`
    when somebody wrote the same answers since `version`: the person compares again.
    """
    if not permissions.can_tell_record(by, source.system):
        raise NotAllowed(_("Your functions in this body do not let you write in the record of this system."))
    told = said_otherwise(_locked(source))
    if not told:
        raise NotPossibleNow(_("The record says so already."))
    try:
        system = save_answers(system=source.system, answers=told, version=version, by=by)
    except EditConflict as conflict:
        raise NotPossibleNow(
            _("Somebody changed these answers of the record meanwhile: open the page again to compare.")
        ) from conflict
    verb = "write_deposit_in_record" if isinstance(source, DepositedAssessment) else "write_assessment_in_record"
    record(by=by, verb=verb, thing=source, organization=source.organization, facts={"fields": sorted(told)})
    return system


def _locked(source: Source) -> Source:
    """As it is now: it may have been withdrawn or replaced since the page was made."""
    if isinstance(source, Assessment):
        return held(source)
    locked = DepositedAssessment.objects.select_for_update(of=("self",)).get(pk=source.pk)
    locked.system = source.system
    return locked
