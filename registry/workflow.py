"""Codes that rows hold. Their words are data (`registry/field_catalogue`); a test holds both to the same list."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    DRAFT = "draft"
    DECLARED = "declared"


class Phase(StrEnum):
    IDEA = "idea"
    DEVELOPMENT = "development"
    EXPERIMENT = "experiment"
    PILOT = "pilot"
    IN_SERVICE = "in_service"
    REGULARIZING = "regularizing"
    SUSPENDED = "suspended"
    RETIRED = "retired"


class Affected(StrEnum):
    PUBLIC = "public"
    SERVICE_USERS = "service_users"
    STUDENTS = "students"
    PATIENTS = "patients"
    STAFF = "staff"
    BUSINESSES = "businesses"
    NOBODY = "nobody"


class Autonomy(StrEnum):
    ASSISTS = "assists"
    RECOMMENDS = "recommends"
    SUPERVISED = "supervised"
    ALONE = "alone"


class YesNoUnsure(StrEnum):
    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class Origin(StrEnum):
    OWN = "own"
    SUPPLIER = "supplier"
    OPEN = "open"
    OTHER = "other"


class PublicationKind(StrEnum):
    """What a public version is: the whole sheet, one line «déclaré, fiche à venir», the trace of a withdrawal, or of a
    system whose description the law keeps from the public.
    """

    SHEET = "sheet"
    LINE = "line"
    WITHDRAWN = "withdrawn"
    WITHHELD = "withheld"


# Versions that tell nothing of the system: those that came before them are not read either.
NOT_SHOWN = frozenset({PublicationKind.WITHDRAWN, PublicationKind.WITHHELD})


class ScopeResult(StrEnum):
    """Answer of «Suis-je visé ?»."""

    YES = "yes"
    NO = "no"
    CHECK = "check"


class ReportState(StrEnum):
    """Of an error that a visitor reported."""

    RECEIVED = "received"
    ANSWERED = "answered"


class AttestationEnd(StrEnum):
    """Why an attestation «aucune IA» is in force no more."""

    WITHDRAWN = "withdrawn"
    RENEWED = "renewed"
    DECLARED = "declared"
    MERGED = "merged"


class RunKind(StrEnum):
    INVENTORY = "inventory"
    REGISTER = "register"


class RunState(StrEnum):
    PREPARING = "preparing"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class RowOutcome(StrEnum):
    WAITING = "waiting"
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True)
class PhaseMove:
    """One permitted change of phase of a declared system. `by_decision`: rule 4, a decision in Vigie and nothing less;
    `with_reason`: it corrects or takes back what was declared, so it says why.
    """

    name: str
    source: Phase
    target: Phase
    by_decision: bool = False
    with_reason: bool = False


PHASE_TRANSITIONS = (
    PhaseMove("build", Phase.IDEA, Phase.DEVELOPMENT),
    PhaseMove("try out", Phase.IDEA, Phase.EXPERIMENT),
    PhaseMove("give up", Phase.IDEA, Phase.RETIRED, with_reason=True),
    PhaseMove("think again", Phase.DEVELOPMENT, Phase.IDEA),
    PhaseMove("try out", Phase.DEVELOPMENT, Phase.EXPERIMENT),
    PhaseMove("pilot", Phase.DEVELOPMENT, Phase.PILOT),
    PhaseMove("give up", Phase.DEVELOPMENT, Phase.RETIRED, with_reason=True),
    PhaseMove("rework", Phase.EXPERIMENT, Phase.DEVELOPMENT),
    PhaseMove("pilot", Phase.EXPERIMENT, Phase.PILOT),
    PhaseMove("give up", Phase.EXPERIMENT, Phase.RETIRED, with_reason=True),
    PhaseMove("rework", Phase.PILOT, Phase.DEVELOPMENT),
    PhaseMove("try out again", Phase.PILOT, Phase.EXPERIMENT),
    PhaseMove("put in service", Phase.PILOT, Phase.IN_SERVICE, by_decision=True),
    PhaseMove("suspend", Phase.PILOT, Phase.SUSPENDED, with_reason=True),
    PhaseMove("retire", Phase.PILOT, Phase.RETIRED, with_reason=True),
    PhaseMove("suspend", Phase.IN_SERVICE, Phase.SUSPENDED, with_reason=True),
    PhaseMove("retire", Phase.IN_SERVICE, Phase.RETIRED, with_reason=True),
    # «En service – régularisation en cours» is told, never asked for: it serves, and the register says so.
    *(
        PhaseMove("tell that it serves", source, Phase.REGULARIZING)
        for source in (Phase.IDEA, Phase.DEVELOPMENT, Phase.EXPERIMENT, Phase.PILOT, Phase.SUSPENDED, Phase.RETIRED)
    ),
    PhaseMove("put in service", Phase.REGULARIZING, Phase.IN_SERVICE, by_decision=True),
    PhaseMove("correct", Phase.REGULARIZING, Phase.DEVELOPMENT, with_reason=True),
    PhaseMove("correct", Phase.REGULARIZING, Phase.PILOT, with_reason=True),
    PhaseMove("suspend", Phase.REGULARIZING, Phase.SUSPENDED, with_reason=True),
    PhaseMove("retire", Phase.REGULARIZING, Phase.RETIRED, with_reason=True),
    PhaseMove("take up again", Phase.SUSPENDED, Phase.PILOT),
    PhaseMove("put in service", Phase.SUSPENDED, Phase.IN_SERVICE, by_decision=True),
    PhaseMove("retire", Phase.SUSPENDED, Phase.RETIRED, with_reason=True),
    PhaseMove("take up again", Phase.RETIRED, Phase.DEVELOPMENT, with_reason=True),
)
# Telling the truth and stopping wait for nobody: no gate is asked.
UNGATED = frozenset({Phase.REGULARIZING, Phase.SUSPENDED, Phase.RETIRED})
# The system serves people from then on.
SERVING = frozenset({Phase.PILOT, Phase.IN_SERVICE, Phase.REGULARIZING})


def phase_moves(source: str) -> tuple[PhaseMove, ...]:
    """Where a system may go from there, in the order of a system's life."""
    moves = [move for move in PHASE_TRANSITIONS if move.source == source]
    return tuple(sorted(moves, key=lambda move: list(Phase).index(move.target)))


def phase_move(source: str, target: str) -> PhaseMove | None:
    """The move between these two phases; none when it is not permitted."""
    return next((move for move in PHASE_TRANSITIONS if (move.source, move.target) == (source, target)), None)
