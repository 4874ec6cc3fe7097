"""What most addresses of an assessment answer: the assessment as it stands now."""

from rest_framework.response import Response

from assessments.models import Assessment
from assessments.serializers.api import assessment_told
from assessments.services.facts import reading_of


def whole(assessment: Assessment, *, status: int = 200) -> Response:
    told = assessment_told(assessment, reading_of(assessment))
    return Response(told, status=status, headers={"ETag": f'"{assessment.version}"'})
