"""An assessment held while it is changed, and moved from one state to another as the table of its moves permits."""

from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.workflow import AssessmentState, transition
from core import clock
from core.services import NotPossibleNow
from organizations.models import User


def held(assessment: Assessment) -> Assessment:
    """The row as it is now, locked; what it points to does not change and was read already."""
    locked = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    locked.system, locked.organization = assessment.system, assessment.organization
    locked.version_asked = assessment.version_asked
    return locked


def change_state(assessment: Assessment, move: str, by: User) -> None:
    """Set the state that this move leads to; the caller writes it. Raises `NotPossibleNow` outside the table."""
    permitted = transition(move, assessment.state)
    if permitted is None:
        raise NotPossibleNow(_("This assessment is no longer in the state that your page shows: read it again."))
    assessment.state = permitted.target
    touch(assessment, by)


def touch(assessment: Assessment, by: User) -> None:
    assessment.updated_at, assessment.updated_by = clock.now(), by


def held_former(assessment: Assessment) -> list[Assessment]:
    """One assessment of an instrument holds for a system: those decided before, locked, which give way to it."""
    former = Assessment.objects.filter(
        system=assessment.system, instrument=assessment.instrument, state=AssessmentState.DECIDED
    ).exclude(pk=assessment.pk)
    return list(former.order_by("pk").select_for_update(of=("self",)))
