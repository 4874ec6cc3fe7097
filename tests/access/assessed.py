"""Around the assessments of the body of the table: files, threads, invited persons, a deposited one."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.models import DepositedAssessment, Evidence, GuestAccess
from assessments.services.deposits import deposit_assessment
from assessments.services.evidence import add_evidence
from assessments.services.guests import invite_guest, secret_of
from assessments.workflow import EFVP
from core import clock
from review.models import CommentThread
from review.services import open_thread
from tests.access.assessments import QUESTION_WITH_FILES
from tests.access.words import Word
from tests.factories.files import PDF

if TYPE_CHECKING:
    from tests.access.world import World

# A text of the working papers; the question that the invited person is asked, which takes files.
TEXT, WITH_FILES = "project_summary", QUESTION_WITH_FILES


@dataclass
class Assessed:
    guest: GuestAccess
    theirs: Evidence
    thread: CommentThread
    deposit: DepositedAssessment


def surrounded(world: World) -> Assessed:
    """The privacy assessment with an invited person, who joined a file, and a thread of the body; a deposited one."""
    by, day, assessment = world.author, clock.civil_date(clock.now()), world.assessments["efvp"]
    guest, _link = invite_guest(
        assessment=assessment,
        name="Personne du fournisseur",
        email="soutien@fournisseur.example",
        on_behalf_of=f"Entreprise {Word.SUPPLIER}",
        questions=[WITH_FILES],
        language="fr",
        ends_on=day + timedelta(days=30),
        by=by,
    )
    theirs = add_evidence(assessment=assessment, question=WITH_FILES, content=PDF, name="avis.pdf", by=guest)
    thread = open_thread(
        organization=world.body,
        subject_uuid=assessment.uuid,
        place=WITH_FILES,
        label=f"Chemin {Word.ASSESSED}",
        address=reverse("assessments:threads", args=[assessment.uuid, WITH_FILES]),
        text=f"Est-ce exact? {Word.ASSESSED}",
        by=by,
    )
    deposit = deposit_assessment(
        system=world.systems["public"],
        instrument=EFVP,
        content=PDF + b"% the one of the table\n",
        name=f"{Word.ASSESSED}.pdf",
        done_on=date(2026, 3, 2),
        approved_by_function=f"Direction {Word.ASSESSED}",
        residual_level="low",
        summary_fr=f"Résumé {Word.ASSESSED}",
        by=by,
    )
    return Assessed(guest, theirs, thread, deposit)


Of = Callable[["World"], list[Any]]


def _of_assessment(*more: str) -> Of:
    return lambda world: [world.assessments["efvp"].uuid, *more]


def _by_link(*more: Any) -> Of:
    return lambda world: [secret_of(world.assessed.guest.uuid), *more]


def _evidence(world: World) -> list[Any]:
    return [world.assessments["efvp"].uuid, world.evidence.uuid]


def _deposit(world: World) -> list[Any]:
    return [world.assessed.deposit.uuid]


def _theirs(world: World) -> list[Any]:
    return [secret_of(world.assessed.guest.uuid), world.assessed.theirs.uuid]


ARGUMENTS: dict[tuple[str, str], Of] = {
    (page, "*"): arguments
    for page, arguments in {
        "assessments:files": _of_assessment(WITH_FILES),
        "assessments:evidence_file": _evidence,
        "assessments:remove_file": _evidence,
        "assessments:comments": _of_assessment(),
        "assessments:threads": _of_assessment(WITH_FILES),
        "assessments:guests": _of_assessment(),
        "assessments:invite_guest": _of_assessment(),
        "assessments:withdraw_guest": lambda world: [world.assessments["efvp"].uuid, world.assessed.guest.uuid],
        "assessments:deposit": lambda world: [world.systems["public"].uuid],
        "assessments:deposited": _deposit,
        "assessments:deposit_file": _deposit,
        "assessments:withdraw_deposit": _deposit,
        "assessments:open_deposit": _deposit,
        "assessments:deposit_in_record": _deposit,
        "guests:answers": _by_link(),
        "guests:finish": _by_link(),
        "guests:take_back": _by_link(),
        "guests:files": _by_link(WITH_FILES),
        "guests:file": _theirs,
        "guests:remove_file": _theirs,
        "guests:threads": _by_link(WITH_FILES),
    }.items()
}
QUESTIONS = {"assessments:deposit": "?instrument=efvp"}
"""What the address of a page asks for besides."""


def _file(world: World) -> dict[str, Any]:
    return {"request_key": str(uuid.uuid4()), "file": SimpleUploadedFile("preuve.pdf", PDF, "application/pdf")}


def _thread(world: World) -> dict[str, Any]:
    return {"action": "open", "place": WITH_FILES, "text": "Qui le dit?", "request_key": str(uuid.uuid4())}


def invitation(world: World) -> dict[str, Any]:
    """As a program sends it."""
    return {
        "name": "Autre personne",
        "on_behalf_of": "Partenaire",
        "email": "autre@partenaire.example",
        "language": "fr",
        "ends_on": (clock.civil_date(clock.now()) + timedelta(days=20)).isoformat(),
        "questions": [TEXT],
    }


def _invited(world: World) -> dict[str, Any]:
    section = world.assessments["efvp"].questionnaire.question(TEXT).section
    said = invitation(world)
    return said | {"request_key": str(uuid.uuid4()), f"questions_{section}": said.pop("questions")}


def _deposited(world: World) -> dict[str, Any]:
    said = {"done_on": "2026-03-02", "approved_by_function": "Direction", "residual_level": "low"}
    return {**_file(world), **said, "summary_fr": "Fait.", "instrument": EFVP}


FORMS: dict[tuple[str, str], Callable[[World], dict[str, Any]]] = {
    ("assessments:files", "*"): _file,
    ("assessments:threads", "*"): _thread,
    ("assessments:invite_guest", "*"): _invited,
    ("assessments:deposit", "*"): _deposited,
    ("assessments:withdraw_deposit", "*"): lambda world: {"reason": "Mauvais fichier"},
    ("assessments:open_deposit", "*"): lambda world: {"request_key": str(uuid.uuid4())},
    ("assessments:deposit_in_record", "*"): lambda world: {"version": world.systems["public"].version},
    ("guests:answers", "*"): lambda world: {"version": 1, "shown": WITH_FILES, f"{WITH_FILES}.text": "Par ici."},
    ("guests:files", "*"): _file,
    ("guests:threads", "*"): _thread,
}
