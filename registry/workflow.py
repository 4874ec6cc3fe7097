"""Codes that rows hold. Their words are data (`registry/field_catalogue`); a test holds both to the same list."""

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
