"""States of an assessment and of a screening, and the moves between them."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

SCREENING, EFVP = "screening", "efvp"
# Questions that mean the same in every instrument that asks them.
NEXT_REVIEW, PUBLIC_SUMMARY = "next_review", "public_summary"


class AssessmentState(models.TextChoices):
    """Words that hold for any object, as everywhere in Vigie."""

    DRAFT = "draft", _("Being written")
    SUBMITTED = "submitted", _("Submission received")
    DECIDED = "decided", _("Decision made")
    SUPERSEDED = "superseded", _("Replaced by another version")
    WITHDRAWN = "withdrawn", _("Withdrawal")


OPEN = frozenset({AssessmentState.DRAFT, AssessmentState.SUBMITTED})


@dataclass(frozen=True)
class Transition:
    """One permitted move. `by_other`: a second person, where the body requires one; None: whoever may."""

    name: str
    source: AssessmentState
    target: AssessmentState
    by_other: bool | None = None


A = AssessmentState
ASSESSMENT_TRANSITIONS = (
    Transition("submit", A.DRAFT, A.SUBMITTED),
    Transition("approve", A.SUBMITTED, A.DECIDED, by_other=True),
    Transition("send_back", A.SUBMITTED, A.DRAFT, by_other=True),
    Transition("take_back", A.SUBMITTED, A.DRAFT, by_other=False),
    # A screening is concluded by who answers it; it is signed after, where its result asks for a signature.
    Transition("conclude", A.DRAFT, A.DECIDED),
    Transition("withdraw", A.DRAFT, A.WITHDRAWN),
    Transition("replace", A.DECIDED, A.SUPERSEDED),
)


def transition(name: str, source: str) -> Transition | None:
    """The move of that name from that state; none when it is not permitted."""
    return next((move for move in ASSESSMENT_TRANSITIONS if (move.name, move.source) == (name, source)), None)


class AnswerOrigin(models.TextChoices):
    """How an answer came: written, taken from what Vigie knew, copied from another assessment, given by a guest."""

    TYPED = "typed", _("Written here")
    PREFILLED = "prefilled", _("Taken from the record")
    COPIED = "copied", _("Taken from another assessment")
    GUEST = "guest", _("Given by an invited person")


class ResidualLevel(models.TextChoices):
    """Of a deposited assessment, as its text says it."""

    LOW = "low", _("Low")
    MODERATE = "moderate", _("Moderate")
    HIGH = "high", _("High")
    CRITICAL = "critical", _("Critical")
    UNKNOWN = "unknown", _("Not said in the document")
