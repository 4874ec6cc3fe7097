"""Addresses of the API of assessments, and what a program sends there."""

from typing import Any

from django.urls import reverse

from assessments.models import Assessment
from tests.registry.api import Program

WHOLE = {"name": "Tri", "sensitive": "no", "people": "few", "ratings_of_risks": {"access": {"applies": "no"}}}
"""What a short assessment of every kind cannot do without, each answer whole."""


def at(name: str, *arguments: object) -> str:
    return reverse(f"assessments_api:{name}", args=arguments)


def fill(program: Program, assessment: Assessment, answers: dict[str, Any], **headers: str) -> Any:
    return program.patch(at("assessment", assessment.uuid), answers, **{"If_Match": "*", **headers})


def stored(assessment: Assessment) -> dict[str, Any]:
    return Assessment.objects.get(pk=assessment.pk).values()
