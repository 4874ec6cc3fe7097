"""The «tri préalable»: five answers say which assessments are required; a «non requise» is signed."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assessments import permissions
from assessments.models import Assessment, ScreeningConclusion
from assessments.questionnaires import digest_of, facts_read
from assessments.scoring.completeness import completeness
from assessments.scoring.outcomes import results
from assessments.services.facts import facts_of, reading_of
from assessments.services.holding import change_state, held, held_former
from assessments.services.saving import check_may_lead, check_open, count
from assessments.workflow import OPEN, SCREENING, AssessmentState
from core import clock
from core.audit import record
from core.services import InvalidInput, NotAllowed, NotPossibleNow, check_length
from core.text import clean_text
from organizations.models import User
from registry.models import AISystem

NOT_REQUIRED = "not_required"


@transaction.atomic
def conclude_screening(
    *, assessment: Assessment, by: User, added: Mapping[str, str] | None = None
) -> ScreeningConclusion:
    """Keep what the five answers say. `added`: instrument → reason, for what is done although nothing asks for it.

    A «not required» that the questionnaire wants signed waits for the privacy officer. The answers are known at once to
    the assessments of the system that are being written.
    """
    check_may_lead(assessment, by)
    locked = held(assessment)
    if locked.instrument != SCREENING:
        raise NotPossibleNow(_("Only a screening is concluded so."))
    check_open(locked)
    reading = reading_of(locked)
    if missing := completeness(reading).missing:
        raise InvalidInput(_("Answer the five questions first: “I do not know” is an answer."), field=missing[0].id)
    found = results(reading.questionnaire, reading.counted, reading.facts)
    extra = _added(reading.questionnaire.outcomes, added or {})
    document = {"answers": reading.counted, "facts": facts_asked(locked), "added": extra}
    told = [{"instrument": one.outcome.instrument, "result": one.result} for one in found]
    conclusion = ScreeningConclusion.objects.create(
        assessment=locked,
        system=locked.system,
        results=told,
        digest=digest_of({**document, "results": told}),
        to_sign=any(one.outcome.signed_when_not_required and one.result == NOT_REQUIRED for one in found),
        concluded_at=clock.now(),
        concluded_by=by,
        **document,
    )
    _close(locked, reading.counted, by)
    facts = {"results": told, "digest": conclusion.digest, "added": sorted(added or {})}
    record(by=by, verb="conclude_screening", thing=locked, organization=locked.organization, facts=facts)
    return conclusion


def _added(outcomes: Any, added: Mapping[str, str]) -> list[dict[str, str]]:
    known = {outcome.instrument for outcome in outcomes}
    found = []
    for instrument, reason in added.items():
        reason = clean_text(reason)
        if instrument not in known:
            raise InvalidInput(_("Choose an assessment of the list."), field="added")
        if not reason:
            raise InvalidInput(_("Say why this assessment is added: the reason is kept."), field="reason")
        if len(reason) > 1000:
            raise InvalidInput(
                _("This text is too long: %(most)d characters at most.") % {"most": 1000}, field="reason"
            )
        found.append({"instrument": instrument, "reason": reason})
    return found


def _close(assessment: Assessment, answers: dict[str, Any], by: User) -> None:
    """This one holds; the former is replaced; open assessments of the system read its answers."""
    for former in held_former(assessment):
        change_state(former, "replace", by)
        former.save()
    others = Assessment.objects.filter(system=assessment.system, state__in=OPEN).exclude(pk=assessment.pk)
    others = others.select_related("version_asked").defer("version_asked__content")
    for each in others.order_by("pk").select_for_update(of=("self",)):
        each.system, each.screened = assessment.system, answers
        each.version += 1
        if each.is_open:  # what is frozen keeps its level; what is asked of a draft may change
            count(each, reading_of(each))
        each.save()
    change_state(assessment, "conclude", by)
    assessment.version += 1
    assessment.save()


def facts_asked(assessment: Assessment) -> dict[str, Any]:
    """The facts that its questions and rules read, and those that its answers were offered from: when one of them
    changes, the screening is asked again.
    """
    questionnaire = assessment.questionnaire
    offered = {
        f"{source.source}.{source.field}"
        for question in questionnaire.questions
        for source in question.prefill
        if source.source in {"system", "body"}
    }
    known = facts_of(assessment.system)
    return {name: known.get(name) for name in sorted(facts_read(questionnaire) | offered) if name in known}


@transaction.atomic
def sign_screening(*, conclusion: ScreeningConclusion, note: str, by: User) -> ScreeningConclusion:
    """The privacy officer signs that the assessment is not required."""
    system = conclusion.system
    if not permissions.can_sign_screening(by, system.organization):
        raise NotAllowed(_("Only the privacy officer (RPRP) of the body signs that the assessment is not required."))
    locked = ScreeningConclusion.objects.select_for_update(of=("self",)).get(pk=conclusion.pk)
    if not locked.to_sign or locked.signed_at:
        raise NotPossibleNow(_("This screening does not wait for a signature."))
    if locked.assessment.state != AssessmentState.DECIDED:
        raise NotPossibleNow(_("Another screening took the place of this one: sign that one."))
    if changed_facts(locked):
        raise NotPossibleNow(
            _("The record has changed since this screening: it must be asked again before it is signed.")
        )
    note = clean_text(note)
    check_length(note, ScreeningConclusion, "signed_note", field="note")
    locked.signed_at, locked.signed_by, locked.signed_note = clock.now(), by, note
    locked.save(update_fields=["signed_at", "signed_by", "signed_note"])
    facts = {"digest": locked.digest}
    record(by=by, verb="sign_screening", thing=locked.assessment, organization=system.organization, facts=facts)
    return locked


def changed_facts(conclusion: ScreeningConclusion, system: AISystem | None = None) -> list[str]:
    """Names of the facts that the record tells otherwise since this conclusion."""
    known = facts_of(system or conclusion.system)
    return [name for name, value in conclusion.facts.items() if _plain(known.get(name)) != _plain(value)]


def _plain(value: Any) -> Any:
    """Lists of codes mean sets."""
    return sorted(value) if isinstance(value, list) else value
