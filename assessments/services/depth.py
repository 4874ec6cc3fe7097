"""How deep an assessment goes: recommended by its factors, chosen by a person, never under the floor."""

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.questionnaires import DEPTHS
from assessments.services.facts import reading_of
from assessments.services.holding import held, touch
from assessments.services.saving import check_may_lead, check_open, count
from core.audit import record
from core.services import InvalidInput, check_length
from core.text import clean_text
from organizations.models import User


@transaction.atomic
def choose_depth(*, assessment: Assessment, depth: str, reason: str, by: User) -> Assessment:
    """`depth` «»: as recommended, whatever becomes of the factors. Less than what is recommended needs a reason; less
    than the floor is refused, as is a depth for an instrument that has none.
    """
    check_may_lead(assessment, by)
    locked = held(assessment)
    check_open(locked)
    reason = clean_text(reason)
    check_length(reason, Assessment, "depth_reason", field="reason")
    reading = reading_of(locked)
    _check(reading.questionnaire.depth is not None, reading.depth.floor, reading.depth.recommended, depth, reason)
    locked.depth, locked.depth_reason = depth, reason if depth else ""
    locked.version += 1
    touch(locked, by)
    count(locked, reading_of(locked))
    locked.save()
    facts = {"depth": depth, "recommended": reading.depth.recommended}
    record(by=by, verb="choose_depth", thing=locked, organization=locked.organization, facts=facts)
    return locked


def _check(has_depths: bool, floor: str, recommended: str, depth: str, reason: str) -> None:
    if not has_depths or depth not in ("", *DEPTHS):
        raise InvalidInput(_("Choose one of the depths of the list."), field="depth")
    if not depth:
        return
    if DEPTHS.index(depth) < DEPTHS.index(floor):
        raise InvalidInput(
            _("The answers given ask for more than this depth: choose the one above, or correct these answers."),
            field="depth",
        )
    if DEPTHS.index(depth) < DEPTHS.index(recommended) and not reason:
        raise InvalidInput(
            _("Say why fewer questions are enough: the reason is kept with the assessment."), field="reason"
        )
