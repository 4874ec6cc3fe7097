"""Rules every room's services share: refusals, edit conflicts, creations that happen once."""

from core.services.creation import answered_once, created_once, forget_creation_keys
from core.services.disputes import Signature, contested, save_undisputed, settled, signatures
from core.services.intents import forget_finished, give_up_interrupted, retry_intent
from core.services.public_edition import fold_public_editions
from core.services.refusals import (
    Difference,
    EditConflict,
    InvalidInput,
    KeyReused,
    NotAllowed,
    NotPossibleNow,
    Refusal,
    Unsaved,
    check_length,
    check_unchanged,
    check_version,
)
from core.services.stored_files import check_stored

__all__ = [
    "Difference",
    "EditConflict",
    "InvalidInput",
    "KeyReused",
    "NotAllowed",
    "NotPossibleNow",
    "Refusal",
    "Signature",
    "Unsaved",
    "answered_once",
    "check_length",
    "check_stored",
    "check_unchanged",
    "check_version",
    "contested",
    "created_once",
    "fold_public_editions",
    "forget_creation_keys",
    "forget_finished",
    "give_up_interrupted",
    "retry_intent",
    "save_undisputed",
    "settled",
    "signatures",
]
