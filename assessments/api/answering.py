"""What most addresses of an assessment do: change it at the version that was read, answer it as it stands now."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import models
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.models import Assessment
from assessments.serializers.api import assessment_told
from assessments.services.facts import reading_of
from assessments.services.programs import at_version
from core.rest.conditions import expected_version
from core.rest.writing import once, what_is_sent
from organizations.authentication.staff import person

Made = TypeVar("Made", bound=models.Model)


def changed(request: Request, found: Assessment, act: Callable[..., Made], shape: Any, **defaults: Any) -> Made:
    """What `act`, a service of an assessment, makes of the members that were sent: once, when nobody wrote since."""

    def change() -> Made:
        version = expected_version(request, found.version)
        given = {**defaults, **what_is_sent(shape, request)}
        return at_version(assessment=found, version=version, act=act, by=person(request), **given)

    return once(request, change)


def whole(assessment: Assessment, *, status: int = 200) -> Response:
    told = assessment_told(assessment, reading_of(assessment))
    return Response(told, status=status, headers={"ETag": f'"{assessment.version}"'})
