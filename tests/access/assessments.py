"""Assessments of the body of the table: drafts, some that wait for a decision, one decided, screenings before and after
they are concluded.
"""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from assessments.models import Assessment, Evidence
from assessments.questionnaires import load, released_files
from assessments.services.assigning import entrust_section
from assessments.services.beginning import begin_assessment
from assessments.services.evidence import add_evidence
from assessments.services.screening import conclude_screening
from assessments.services.submitting import decide_assessment, submit_assessment
from assessments.services.versions import add_version
from assessments.workflow import EFVP, SCREENING
from core import clock
from core.audit import NamedJob
from organizations.models import User
from registry.models import AISystem
from tests.access.words import Word
from tests.assessments.exported import answer
from tests.factories.files import PDF

FIVE = load(Path(__file__).parent.parent / "assessments/data/five_questions.yaml")
NOTHING = {
    "personal_information": "no",
    "generative_ai": "no",
    "intervention": ["no_project"],
    "special_situations": ["none"],
    "decision_part": "none",
}
# A question that takes files.
QUESTION_WITH_FILES = "information_path"
RISKS = [risk["code"] for risk in released_files()["efvp/1.0"]["risks"]]
SAID = f"Deux phrases {Word.ASSESSED}."


def begun(systems: Mapping[str, AISystem], *, by: User, decides: User) -> dict[str, Assessment]:
    """Each text of theirs is for those who read the drafts of the body. The screening that is concluded waits for its
    signature; of the privacy assessments, the draft lacks one answer, the one that waits leaves a critical risk.
    """
    add_version(content=FIVE, by=NamedJob("tests"))
    five = {"title": f"Titre {Word.ASSESSED}", "size": "small", "notes": f"Notes {Word.ASSESSED}"}
    found = {
        "draft": _filled(systems["declared"], str(FIVE["id"]), five, by),
        "submitted": _filled(systems["withdrawn"], str(FIVE["id"]), five, by),
        "efvp": _filled(systems["declared"], EFVP, whole(applies="unsure") | {"public_summary": ""}, by),
        "waiting": _filled(systems["withdrawn"], EFVP, whole(residual="4"), by),
        "decided": _filled(systems["withheld"], EFVP, whole(), by),
        "screening": _filled(systems["declared"], SCREENING, NOTHING, by),
        "concluded": _filled(systems["withdrawn"], SCREENING, NOTHING, by),
    }
    entrust_section(assessment=found["efvp"], section="project", person=by, due_on=None, by=by)
    for name in ("submitted", "waiting", "decided"):
        submit_assessment(assessment=found[name], by=by)
    decide_assessment(assessment=found["decided"], move="approve", comment=f"Vu {Word.ASSESSED}.", by=decides)
    conclude_screening(assessment=found["concluded"], by=by)
    return found


def _filled(system: AISystem, instrument: str, answers: Mapping[str, Any], by: User) -> Assessment:
    return answer(begin_assessment(system=system, instrument=instrument, by=by), dict(answers), by)


def whole(*, applies: str = "yes", residual: str = "1") -> dict[str, Any]:
    """Every answer of a short privacy assessment; `residual`: how grave and how likely its first risk remains."""
    near = (clock.civil_date(clock.now()) + timedelta(days=90)).isoformat()
    rated = {f"{moment}_{axis}": "4" for moment in ("before", "now") for axis in ("severity", "likelihood")}
    rated |= {f"residual_{axis}": residual for axis in ("severity", "likelihood")}
    first = {"applies": applies, **rated, "reason": SAID, "measures": ["two_step"]}
    told = ("body", "purposes", "means", "compulsory", "refusal", "rights", "third_parties", "outside", "on_request")
    return {
        **{"sensitivity": "ordinary", "purpose_effect": "internal", "quantity": "under_100"},
        **{"distribution": "one_unit", "medium": "isolated", "decision_role": "none"},
        **{"special_situations": ["none"], "identification_functions": ["none"]},
        **dict.fromkeys(("purposes", "collection_authority", "retention_period", "public_summary"), SAID),
        "project_name": f"Projet {Word.ASSESSED}",
        "project_summary": SAID,
        "project_lead": {"function": f"Direction {Word.ASSESSED}"},
        "privacy_officer": {"function": "Responsable de la PRP"},
        "committee_consulted_on": "2026-05-20",
        "information_inventory": [{"information": f"Nom {Word.ASSESSED}", "means": "in_person", "why_needed": SAID}],
        "places": [{"what": f"Serveur {Word.ASSESSED}", "country": "quebec"}],
        "collection_notice": {each: {"state": "yes", "proof": SAID} for each in told},
        "portable_format": {"choice": "csv"},
        "measures": [{"row": "two_step", "state": "planned", "owner": SAID, "due_on": near, "note": SAID}],
        "risk_ratings": {code: {"applies": "no"} for code in RISKS} | {RISKS[0]: first},
        "people_heard": {"choice": "no"},
        "next_review": {"date": near, "events": ["incident"]},
    }


def joined(assessment: Assessment, *, by: User) -> Evidence:
    content = PDF + f"% {Word.ASSESSED}\n".encode()
    name = f"{Word.ASSESSED}.pdf"
    return add_evidence(
        assessment=assessment, question=QUESTION_WITH_FILES, content=content, name=name, note=SAID, by=by
    )
