"""Assessments of the body of the table: drafts, one that waits for a decision, screenings before and after they are
concluded.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assessments.models import Assessment, Evidence
from assessments.questionnaires import load
from assessments.services.beginning import begin_assessment
from assessments.services.evidence import add_evidence
from assessments.services.saving import save_answers
from assessments.services.screening import conclude_screening
from assessments.services.submitting import submit_assessment
from assessments.services.versions import add_version
from assessments.workflow import EFVP, SCREENING
from core.audit import NamedJob
from organizations.models import User
from registry.models import AISystem
from tests.access.words import Word
from tests.factories.files import PDF

FIVE = load(Path(__file__).parent.parent / "assessments/data/five_questions.yaml")
QUESTION_WITH_FILES = "information_path"
NOTHING = {
    "personal_information": "no",
    "generative_ai": "no",
    "intervention": ["no_project"],
    "special_situations": ["none"],
    "decision_part": "none",
}


def begun(systems: Mapping[str, AISystem], *, by: User) -> dict[str, Assessment]:
    """Each text of theirs is for those who read the drafts of the body. The screening that is concluded waits for its
    signature.
    """
    add_version(content=FIVE, by=NamedJob("tests"))
    five = {"title": f"Titre {Word.DRAFT}", "size": "small", "notes": f"Notes {Word.DRAFT}"}
    found = {
        "draft": _filled(systems["declared"], str(FIVE["id"]), five, by),
        "submitted": _filled(systems["withdrawn"], str(FIVE["id"]), five, by),
        "efvp": _filled(systems["declared"], EFVP, {"project_name": f"Projet {Word.DRAFT}"}, by),
        "screening": _filled(systems["declared"], SCREENING, NOTHING, by),
        "concluded": _filled(systems["withdrawn"], SCREENING, NOTHING, by),
    }
    submit_assessment(assessment=found["submitted"], by=by)
    conclude_screening(assessment=found["concluded"], by=by)
    return found


def joined(assessment: Assessment, *, by: User) -> Evidence:
    return add_evidence(
        assessment=assessment, question=QUESTION_WITH_FILES, content=PDF, name=f"{Word.DRAFT}.pdf", by=by
    )


def _filled(system: AISystem, instrument: str, leaves: Mapping[str, Any], by: User) -> Assessment:
    found = begin_assessment(system=system, instrument=instrument, by=by)
    save_answers(assessment=found, leaves=leaves, version=found.version, by=by)
    return found
