"""What a gate answers: why a system may not, or had better not, go on to a phase."""

from dataclasses import dataclass
from enum import StrEnum


class RuleOrigin(StrEnum):
    """Where the rule comes from."""

    STATUTE = "statute"
    REGULATION = "regulation"
    GOVERNMENT_DIRECTION = "government_direction"
    OWN_RULE = "own_rule"
    GOOD_PRACTICE = "good_practice"


class Certainty(StrEnum):
    """How sure we are of what the rule says."""

    TEXT_READ = "text_read"
    SECONDARY_SOURCE = "secondary_source"
    FROM_MEMORY = "from_memory"


@dataclass(frozen=True)
class GateRefusal:
    """One thing that stands in the way, in words that somebody new can act on. `blocks`: the system stays where it is;
    otherwise a person goes on knowing it.

    Only a statute or a regulation read in its text, or a rule the body switched on for itself, may block.
    """

    code: str
    sentence: str
    rule: str
    origin: RuleOrigin
    certainty: Certainty
    who_can_unblock: str
    may_be_waived: bool = False
    blocks: bool = False

    def __post_init__(self) -> None:
        if self.blocks and not self._may_block():
            raise ValueError(f"The gate «{self.code}» may warn, not block: {self.origin}, {self.certainty}.")

    def _may_block(self) -> bool:
        if self.origin == RuleOrigin.OWN_RULE:
            return True
        is_law = self.origin in {RuleOrigin.STATUTE, RuleOrigin.REGULATION}
        return is_law and self.certainty == Certainty.TEXT_READ
