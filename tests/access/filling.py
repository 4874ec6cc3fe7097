"""From the beginning of an assessment to its decision: what stands in the addresses, what the forms send."""

import uuid
from collections.abc import Callable
from typing import Any

from assessments.models import Assessment
from assessments.workflow import EFVP
from tests.access.assessments import QUESTION_WITH_FILES as WITH_FILES
from tests.access.assessments import RISKS
from tests.access.world import World

Arguments = Callable[[World], list[Any]]
Form = Callable[[World], dict[str, Any]]
KINDS = ("csv", "xlsx", "docx", "json")
ROW = "tabcd"


def _assessment(case: str, *pages: str, of: str = "", more: tuple[str, ...] = ()) -> dict[tuple[str, str], Arguments]:
    """Pages of one assessment; `of`: which, when the case is not its name."""
    return {(f"assessments:{page}", case): lambda world: [world.assessments[of or case].uuid, *more] for page in pages}


def _system(page: str, *cases: str) -> dict[tuple[str, str], Arguments]:
    return {(f"assessments:{page}", case): lambda world, case=case: [world.systems[case].uuid] for case in cases}


ARGUMENTS: dict[tuple[str, str], Arguments] = {
    **_system("of_system", "draft", "declared", "withdrawn"),
    **_system("begin", "draft", "declared"),
    **_assessment("efvp", "assessment", "everything", "go_on", "depth", "submit", "withdraw", "decide", "accept"),
    **_assessment("efvp", "history", "result", "print"),
    **_assessment("efvp", "section", "entrust", more=("project",)),
    **_assessment("autosave", "section", of="efvp", more=("project",)),
    **_assessment("conflict", "section", of="efvp", more=("project",)),
    **_assessment("risks", "section", of="efvp", more=("risks",)),
    **_assessment("efvp", "question", more=("project_name",)),
    **_assessment("accept", "question", of="efvp", more=("project_name",)),
    **_assessment("answer", "threads", of="efvp", more=(WITH_FILES,)),
    **{key: each for kind in KINDS for key, each in _assessment(kind, "export", of="efvp", more=(kind,)).items()},
    **_assessment("draft", "submit", "go_on"),
    **_assessment("submitted", "assessment", "decide", "accept", "submit", "withdraw", "depth"),
    **_assessment("waiting", "assessment", "decide", "accept", "print", "everything", "history", "comments"),
    **_assessment("waiting", "section", "entrust", more=("project",)),
    **_assessment("waiting", "files", more=(WITH_FILES,)),
    **_assessment("decided", "assessment", "decide", "print", "history", "withdraw", "in_record"),
    **_assessment("screening", "assessment", "everything", "go_on", "result", "sign"),
    **_assessment("concluded", "assessment", "result", "sign"),
    **{
        ("reports:request_assessment", case): lambda world, case=case: [world.assessments[case].uuid]
        for case in ("efvp", "decided")
    },
}


QUESTIONS = {"assessments:begin": f"?instrument={EFVP}"}
"""What the address of a page asks for besides."""


def _version(world: World, case: str) -> int:
    """What the page was made from."""
    return Assessment.objects.values_list("version", flat=True).get(pk=world.assessments[case].pk)


def _project(world: World) -> dict[str, Any]:
    return {
        "version": _version(world, "efvp"),
        "shown": "project_name,special_situations",
        "boxes": "special_situations",
        "project_name": "Autre projet",
        "quantity": "under_1000",
        "special_situations": ["none"],
        "action": "next",
    }


def _risks(world: World) -> dict[str, Any]:
    risk = f"risk_ratings.{RISKS[1]}"
    return {
        "version": _version(world, "efvp"),
        f"{risk}.applies": "unsure",
        f"{risk}.before_severity": "2",
        f"{risk}.before_likelihood": "2",
        f"{risk}.reason": "Une raison.",
        f"{risk}.measures": ["two_step"],
        "measures.logging.state": "planned",
        "measures.logging.due_on": "2027-01-15",
        f"measures.{ROW}.label": "Une mesure à nous",
        "remove_row": f"measures.{ROW}",
    }


def _everything(world: World) -> dict[str, Any]:
    """One field of each kind, and every button."""
    return {
        "version": _version(world, "efvp"),
        "purposes": "Servir.",
        "committee_consulted_on": "2026-06-20",
        "project_lead.function": "Direction",
        f"information_inventory.{ROW}.information": "Nom",
        f"information_inventory.{ROW}.means": "in_person",
        "collection_notice.body.state": "no",
        "collection_notice.body.proof": "Avis",
        "portable_format.choice": "other",
        "portable_format.text": "Texte",
        "next_review.date": "2027-02-01",
        "next_review.events": ["incident", "complaint"],
        "add_row": "information_inventory",
        "files": "",
    }


def _screened(world: World) -> dict[str, Any]:
    return {
        "version": _version(world, "screening"),
        "generative_ai": "unsure",
        "intervention": ["pilot"],
        "decision_part": "supports",
    }


def _answered(world: World) -> dict[str, Any]:
    return {
        "request_key": str(uuid.uuid4()),
        "place": WITH_FILES,
        "action": "comment",
        "thread": str(world.assessed.thread.uuid),
        "text": "À revoir ensemble.",
        "mentions": [str(world.author.uuid)],
    }


FORMS: dict[tuple[str, str], Form] = {
    ("assessments:begin", "*"): lambda world: {
        "request_key": str(uuid.uuid4()),
        "instrument": EFVP,
        "source": world.assessments["decided"].uuid,
    },
    ("assessments:section", "*"): _project,
    ("assessments:section", "autosave"): lambda world: _project(world) | {"autosave": "1"},
    # Somebody else wrote since: both texts are shown.
    ("assessments:section", "conflict"): lambda world: _project(world) | {"version": 0, "unsettled": "project_name"},
    ("assessments:section", "risks"): _risks,
    ("assessments:question", "*"): lambda world: {
        "version": _version(world, "efvp"),
        "project_name": "Autre projet",
    },
    # What was offered and is not any more.
    ("assessments:question", "accept"): lambda world: {"version": _version(world, "efvp"), "accept": "project_name"},
    ("assessments:everything", "*"): _everything,
    ("assessments:everything", "screening"): _screened,
    ("assessments:depth", "*"): lambda world: {"depth": "full", "reason": "Par prudence."},
    ("assessments:entrust", "*"): lambda world: {"person": world.author.uuid, "due_on": "2027-01-15"},
    ("assessments:in_record", "*"): lambda world: {"version": world.systems["withheld"].version},
    ("assessments:withdraw", "*"): lambda world: {"reason": "Le projet s'arrête."},
    ("assessments:decide", "*"): lambda world: {"move": "send_back", "comment": "À revoir."},
    ("assessments:decide", "submitted"): lambda world: {"move": "approve", "comment": ""},
    ("assessments:accept", "*"): lambda world: {"function": "Présidence", "text": "Pour un an."},
    ("assessments:result", "*"): lambda world: {"add_efvp": "on", "reason_efvp": "Par prudence."},
    ("assessments:sign", "*"): lambda world: {"note": "Vu."},
    ("assessments:threads", "answer"): _answered,
    ("reports:request_assessment", "*"): lambda world: {"language": "fr", "request_key": str(uuid.uuid4())},
}
