"""What the assessments say before a phase (REGISTRY_GATES). They warn: who blocks is for the circuit of decisions."""

from django.utils.translation import gettext as _

from assessments.models import Assessment, DepositedAssessment, ScreeningConclusion
from assessments.scoring.outcomes import results
from assessments.services.earlier import last_conclusion
from assessments.services.screening import changed_facts
from assessments.workflow import EFVP, AssessmentState
from core.text import reader_language
from registry.models import AISystem
from registry.rules.gates import Certainty, GateRefusal, RuleOrigin
from registry.workflow import Phase

# Before anybody is touched: an idea and its development are what an assessment is about.
ASKED_BEFORE = frozenset({Phase.EXPERIMENT, Phase.PILOT, Phase.IN_SERVICE})


def assessments_done(system: AISystem, to: str) -> list[GateRefusal]:
    """Named in REGISTRY_GATES: the screening is concluded, and what it requires is done, here or elsewhere."""
    if to not in ASKED_BEFORE:
        return []
    conclusion = last_conclusion(system)
    if conclusion is None or changed_facts(conclusion, system):
        return [_screening_missing(is_old=conclusion is not None)]
    return [*_unsigned(conclusion), *_missing(system, conclusion)]


def _screening_missing(*, is_old: bool) -> GateRefusal:
    sentence = _("The screening is not done: five questions say which assessments this system needs.")
    if is_old:
        sentence = _("The record has changed since the screening: ask its five questions again.")
    return GateRefusal(
        code="screening",
        sentence=sentence,
        rule=_("Vigie asks which assessments are required before a system touches people."),
        origin=RuleOrigin.GOOD_PRACTICE,
        certainty=Certainty.TEXT_READ,
        who_can_unblock=_("Anyone who may change the record of this system."),
        may_be_waived=True,
    )


def _unsigned(conclusion: ScreeningConclusion) -> list[GateRefusal]:
    if not conclusion.to_sign or conclusion.signed_at:
        return []
    return [
        GateRefusal(
            code="screening_signed",
            sentence=_("The screening says that the privacy assessment is not required, and nobody has signed it yet."),
            rule=_("The privacy officer (RPRP) signs that an assessment is not required."),
            origin=RuleOrigin.GOOD_PRACTICE,
            certainty=Certainty.TEXT_READ,
            who_can_unblock=_("The privacy officer (RPRP) of the body."),
            may_be_waived=True,
        )
    ]


def _missing(system: AISystem, conclusion: ScreeningConclusion) -> list[GateRefusal]:
    questionnaire, language = conclusion.assessment.questionnaire, reader_language()
    found = []
    for result in results(questionnaire, conclusion.answers, conclusion.facts):
        instrument = result.outcome.instrument
        if result.result != "required" or is_done(system, instrument):
            continue
        source = questionnaire.sources[result.rule.refs[0]]
        told = {"assessment": result.outcome.label[language]}
        found.append(
            GateRefusal(
                code=f"assessment_{instrument}",
                sentence=_("%(assessment)s is required, and is neither decided here nor deposited.") % told,
                rule=source.label[language],
                origin=RuleOrigin(source.origin),
                certainty=Certainty(source.certainty),
                who_can_unblock=_("Those who fill in the assessments of the body, then those who decide on them."),
            )
        )
    return found


def is_done(system: AISystem, instrument: str = EFVP) -> bool:
    """Decided in Vigie, or done outside it and deposited."""
    decided = Assessment.objects.filter(system=system, instrument=instrument, state=AssessmentState.DECIDED)
    deposited = DepositedAssessment.objects.in_force().filter(system=system, instrument=instrument)
    return decided.exists() or deposited.exists()
