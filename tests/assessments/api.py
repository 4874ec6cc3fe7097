"""Addresses of the API of assessments, and what a program sends there."""

from typing import Any

from django.urls import reverse

from assessments.models import Answer, Assessment
from tests.registry.api import Program

WHOLE = {"name": "Tri", "sensitive": "no", "people": "few", "ratings_of_risks": {"access": {"applies": "no"}}}
"""What a short assessment of every kind cannot do without, each answer whole."""


def at(name: str, *arguments: object) -> str:
    return reverse(f"assessments_api:{name}", args=arguments)


def fill(program: Program, assessment: Assessment, answers: dict[str, Any], **headers: str) -> Any:
    return program.patch(at("assessment", assessment.uuid), answers, **{"If_Match": "*", **headers})


def beside(assessment: Assessment, number: int) -> None:
    """As many assessments of the same system, each with the same answers: left, since one alone is open."""
    told = {
        name: getattr(assessment, f"{name}_id") for name in ("organization", "system", "version_asked", "created_by")
    }
    told = {f"{name}_id": key for name, key in told.items()}
    times = {"created_at": assessment.created_at, "updated_at": assessment.updated_at}
    left = {"instrument": assessment.instrument, "state": "withdrawn", "withdrawn_reason": "Abandonné."}
    made = Assessment.objects.bulk_create(Assessment(**told, **times, **left) for _each in range(number))
    by = {"updated_at": assessment.updated_at, "updated_by_id": assessment.created_by_id}
    values = stored(assessment).items()
    Answer.objects.bulk_create(
        Answer(assessment=one, question=code, value=value, version=1, **by) for one in made for code, value in values
    )


def stored(assessment: Assessment) -> dict[str, Any]:
    return Assessment.objects.get(pk=assessment.pk).values()
