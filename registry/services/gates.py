"""Gates before a phase (REGISTRY_GATES): each room says what stands in the way; the two of this room only warn."""

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.text import reader_language
from registry.models import AISystem
from registry.public.facts import answers_of, progress_of
from registry.rules.attention import departs_from_principle_4, departure_is_answered
from registry.rules.gates import Certainty, GateRefusal, RuleOrigin
from registry.workflow import UNGATED

Gate = Callable[[AISystem, str], list[GateRefusal]]
# A sentence names a few; the page of the record shows them all.
MOST_NAMED = 5


def refusals_before(system: AISystem, to: str) -> list[GateRefusal]:
    """What every gate says of this phase, those that block first. Nothing is asked of a system that stops, nor of one
    that its body tells is serving.
    """
    if to in UNGATED:
        return []
    found = []
    for path in settings.REGISTRY_GATES:
        gate: Gate = import_string(path)
        found += gate(system, to)
    return sorted(found, key=lambda refusal: not refusal.blocks)


def required_answers(system: AISystem, to: str) -> list[GateRefusal]:
    """Named in REGISTRY_GATES: the answers wanted from this phase on that are not there."""
    missing = [field for each in progress_of(system, phase=to) for field in each.missing]
    if not missing:
        return []
    told = {
        "count": len(missing),
        "labels": ", ".join(field.label[reader_language()] for field in missing[:MOST_NAMED])
        + (", …" if len(missing) > MOST_NAMED else ""),
    }
    sentence = ngettext(
        "%(count)d answer wanted at this phase is missing: %(labels)s.",
        "%(count)d answers wanted at this phase are missing: %(labels)s.",
        len(missing),
    )
    return [
        GateRefusal(
            code="required_answers",
            sentence=(sentence % told).replace("….", "…"),  # an ellipsis ends a sentence
            rule=_("Vigie asks more of a system as it comes closer to people."),
            origin=RuleOrigin.GOOD_PRACTICE,
            certainty=Certainty.TEXT_READ,
            who_can_unblock=_("Anyone who may change the record of this system."),
            may_be_waived=True,
        )
    ]


def departure_accepted(system: AISystem, to: str) -> list[GateRefusal]:
    """Named in REGISTRY_GATES: it decides alone about people's rights, and nobody has accepted that yet."""
    answers = answers_of(system)
    if not departs_from_principle_4(answers) or departure_is_answered(answers):
        return []
    return [
        GateRefusal(
            code="departure_accepted",
            sentence=_(
                "This system decides alone about people's rights: say why, which function accepts it, and since when."
            ),
            rule=_("Principle 4 of the strategy: such decisions stay under the final control of a person."),
            origin=RuleOrigin.GOVERNMENT_DIRECTION,
            certainty=Certainty.SECONDARY_SOURCE,
            who_can_unblock=_("The function that answers for the system in your body."),
            may_be_waived=True,
        )
    ]
