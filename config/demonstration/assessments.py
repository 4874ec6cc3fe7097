"""The assessments of the demonstration: screened, filled in, talked about and decided by fictional people."""

from datetime import timedelta
from typing import Any

from assessments.models import Assessment
from assessments.scoring.leaves import name_of
from assessments.scoring.spreading import spread
from assessments.services.assigning import entrust_section
from assessments.services.beginning import begin_assessment
from assessments.services.facts import reading_of
from assessments.services.prefill import accept_offers
from assessments.services.saving import save_answers
from assessments.services.screening import conclude_screening
from assessments.services.submitting import decide_assessment, submit_assessment
from assessments.services.versions import sync_questionnaires
from assessments.workflow import EFVP, SCREENING
from config.demonstration import read
from core import clock
from core.audit import NamedJob
from organizations.models import User
from registry.models import AISystem
from review.services.threads import open_thread

JOB = NamedJob("demonstration")

People = dict[str, User]
Systems = dict[str, AISystem]


def load_assessments(systems: Systems, people: People) -> int:
    """How many there are, screenings apart."""
    sync_questionnaires(by=JOB)
    rows = read("assessments")
    for row in rows["screenings"]:
        _screening(row, systems, people)
    for row in rows["assessments"]:
        _assessment(row, systems, people)
    return len(rows["assessments"])


def _begun(row: dict[str, Any], instrument: str, systems: Systems, people: People) -> Assessment:
    system = AISystem.objects.select_related("organization").get(pk=systems[row["system"]].pk)
    return begin_assessment(system=system, instrument=instrument, by=people[row["by"]])


def _filled(assessment: Assessment, answers: dict[str, Any], by: User) -> Assessment:
    known = assessment.questionnaire.by_id
    leaves: dict[str, Any] = {}
    for code, value in answers.items():
        for path, leaf in spread(known[code], value, seed="demo").items():
            leaves[name_of(code, path)] = leaf
    return save_answers(assessment=assessment, leaves=leaves, version=assessment.version, by=by).assessment


def _screening(row: dict[str, Any], systems: Systems, people: People) -> None:
    by = people[row["by"]]
    screening = _filled(_begun(row, SCREENING, systems, people), row["answers"], by)
    conclude_screening(assessment=screening, by=by)


def _assessment(row: dict[str, Any], systems: Systems, people: People) -> None:
    by = people[row["by"]]
    assessment = _begun(row, EFVP, systems, people)
    if row.get("take_offers"):
        asked = [question.id for question in reading_of(assessment).asked]
        assessment = accept_offers(assessment=assessment, questions=asked, by=by).assessment
    assessment = _filled(assessment, row["answers"], by)
    today = clock.civil_date(clock.now())
    for section, given in row.get("entrust", {}).items():
        due_on = today + timedelta(days=given["days"])
        person = people[given["person"]]
        entrust_section(assessment=assessment, section=section, person=person, due_on=due_on, by=by)
    for each in row.get("comments", ()):
        _comment(assessment, each, people)
    if decider := row.get("decided_by"):
        submit_assessment(assessment=assessment, by=by)
        assessment.refresh_from_db()
        decide_assessment(assessment=assessment, move="approve", comment="", by=people[decider])


def _comment(assessment: Assessment, row: dict[str, Any], people: People) -> None:
    question = assessment.questionnaire.question(row["question"])
    open_thread(
        organization=assessment.organization,
        subject_uuid=assessment.uuid,
        place=question.id,
        label=f"{assessment.questionnaire.short_title['fr']} – {assessment.system.name_fr} – {question.label['fr']}",
        address=f"/fr/espace/evaluations/{assessment.uuid}/question/{question.id}/commentaires/",
        text=row["text"],
        by=people[row["by"]],
        mentions=[people[login] for login in row.get("mentions", ())],
    )
