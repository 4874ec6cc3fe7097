"""An assessment made outside Vigie, as its page tells it."""

from typing import Any

from django.utils.translation import gettext as _

from assessments.models import DepositedAssessment
from assessments.serializers.words import LEVEL_COLOURS
from assessments.workflow import ResidualLevel
from core import clock
from core.text import day_in_words


def deposit_facts(deposit: DepositedAssessment) -> list[dict[str, str]]:
    review = day_in_words(deposit.next_review_on) if deposit.next_review_on else _("Not said")
    rows = [
        (_("Done on"), day_in_words(deposit.done_on)),
        (_("Approved by"), deposit.approved_by_function),
        (_("Residual level"), str(ResidualLevel(deposit.residual_level).label)),
        (_("Next review"), review),
        (_("Deposited by"), str(deposit.deposited_by)),
        (_("Deposited on"), day_in_words(clock.civil_date(deposit.deposited_at))),
        (_("Digest of the file (SHA-256)"), deposit.file.sha256),
    ]
    return [{"label": label, "value": value} for label, value in rows]


def deposit_row(deposit: DepositedAssessment) -> dict[str, Any]:
    """One line of the list of its system."""
    return {
        "deposit": deposit,
        "level": ResidualLevel(deposit.residual_level).label,
        "level_colour": LEVEL_COLOURS.get(deposit.residual_level, "grey"),
    }
