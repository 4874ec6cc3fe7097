"""Rules every room's services share: refusals, edit conflicts, creations that happen once."""

from core.services.creation import created_once
from core.services.intents import forget_finished, give_up_interrupted, retry_intent
from core.services.refusals import (
    Difference,
    EditConflict,
    InvalidInput,
    NotAllowed,
    NotPossibleNow,
    check_version,
)

__all__ = [
    "Difference",
    "EditConflict",
    "InvalidInput",
    "NotAllowed",
    "NotPossibleNow",
    "check_version",
    "created_once",
    "forget_finished",
    "give_up_interrupted",
    "retry_intent",
]
