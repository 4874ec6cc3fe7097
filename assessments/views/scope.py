"""What every page of this room begins with: who reads, which assessment or system it is about."""

from typing import cast
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Assessment, DepositedAssessment
from assessments.services.saving import check_may_lead, check_may_write, check_open
from core.services import NotPossibleNow
from organizations.models import User
from organizations.permissions import Permission, keys_where
from registry.models import AISystem


def person(request: HttpRequest) -> User:
    """Who is signed in; the middleware let nobody else come here."""
    return cast(User, request.user)


def assessment_in_scope(request: HttpRequest, uuid: UUID) -> Assessment:
    """The assessment, with its system and its version, if this person may see it."""
    seen = Assessment.objects.visible_to(person(request)).with_what_it_needs().select_related("lead")
    return get_object_or_404(seen, uuid=uuid)


def writable_assessment(request: HttpRequest, uuid: UUID) -> Assessment:
    """The assessment, for somebody who may write in it while it is a draft. Closed, its answers are read elsewhere."""
    assessment = assessment_in_scope(request, uuid)
    check_may_write(assessment, person(request))
    _check_open(request, assessment)
    return assessment


def led_assessment(request: HttpRequest, uuid: UUID) -> Assessment:
    """The assessment, for somebody who may do more than answer its questions, while it is a draft."""
    assessment = assessment_in_scope(request, uuid)
    check_may_lead(assessment, person(request))
    _check_open(request, assessment)
    return assessment


def _check_open(request: HttpRequest, assessment: Assessment) -> None:
    """The page of the refusal leads to what was answered, in the section that was asked for."""
    try:
        check_open(assessment)
    except NotPossibleNow as refusal:
        match = request.resolver_match
        anchor = f"#s-{match.kwargs['code']}" if match and match.url_name == "section" else ""
        page = reverse("assessments:print", args=[assessment.uuid])
        refusal.instead = (_("Read the whole assessment"), f"{page}{anchor}")
        raise


def system_in_scope(request: HttpRequest, uuid: UUID) -> AISystem:
    """The system, if this person reads the working papers of its body."""
    bodies = keys_where(person(request), Permission.READ_DRAFTS)
    seen = AISystem.objects.filter(organization_id__in=bodies).select_related("organization")
    return get_object_or_404(seen, uuid=uuid)


def deposit_in_scope(request: HttpRequest, uuid: UUID) -> DepositedAssessment:
    seen = DepositedAssessment.objects.visible_to(person(request))
    joined = seen.select_related("system", "organization", "file", "deposited_by", "withdrawn_by")
    return get_object_or_404(joined, uuid=uuid)
