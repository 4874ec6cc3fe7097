"""States of a case and the moves between them. The later circuit (rounds, opinions, votes) widens this table."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseState(models.TextChoices):
    SUBMITTED = "submitted", _("Submitted")
    APPROVED = "approved", _("Decided: approved")
    SENT_BACK = "sent_back", _("Changes requested")
    WITHDRAWN = "withdrawn", _("Withdrawn")


@dataclass(frozen=True)
class Transition:
    """One permitted move. `by_other`: a second person, where the body requires one."""

    name: str
    source: CaseState
    target: CaseState
    by_other: bool


TRANSITIONS = (
    Transition("approve", CaseState.SUBMITTED, CaseState.APPROVED, by_other=True),
    Transition("send_back", CaseState.SUBMITTED, CaseState.SENT_BACK, by_other=True),
    Transition("withdraw", CaseState.SUBMITTED, CaseState.WITHDRAWN, by_other=False),
)


def transition(name: str, source: str) -> Transition | None:
    """The move of that name from that state; none when it is not permitted."""
    return next((move for move in TRANSITIONS if move.name == name and move.source == source), None)
