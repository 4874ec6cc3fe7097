"""Which assessment an address is about, for whoever calls."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.request import Request

from assessments.models import Assessment
from assessments.questionnaires import Question
from assessments.services.saving import check_may_write
from assessments.workflow import SCREENING
from core.rest.problems import Problem, short
from core.services import InvalidInput
from organizations.authentication.staff import person
from organizations.permissions import Permission, keys_where
from organizations.workflow import Scope
from registry.models import AISystem

TAGS = ["assessments"]
READ, WRITE = Scope.READ_ASSESSMENTS, Scope.WRITE_ASSESSMENTS


def assessment_in_scope(request: Request, uuid: UUID) -> Assessment:
    """The assessment, with its system and its version, if this person may see it; else 404, as if there were none."""
    seen = Assessment.objects.visible_to(person(request)).with_what_it_needs()
    return get_object_or_404(seen, uuid=uuid)


def writable_assessment(request: Request, uuid: UUID) -> Assessment:
    """The assessment, for somebody who may write in it; whether it may still be written in, the service says."""
    found = assessment_in_scope(request, uuid)
    check_may_write(found, person(request))
    return found


def screening_in_scope(request: Request, uuid: UUID) -> Assessment:
    return _a_screening(assessment_in_scope(request, uuid))


def writable_screening(request: Request, uuid: UUID) -> Assessment:
    return _a_screening(writable_assessment(request, uuid))


def _a_screening(found: Assessment) -> Assessment:
    if found.instrument != SCREENING:
        raise Problem("not-found", _("This assessment is no screening: only a screening has this address."))
    return found


def named_system(request: Request, uuid: UUID) -> AISystem:
    """The system that the request names, if this person reads the working papers of its body."""
    bodies = keys_where(person(request), Permission.READ_DRAFTS)
    seen = AISystem.objects.filter(organization_id__in=bodies).select_related("organization")
    found = seen.filter(uuid=uuid).first()
    if found is None:
        raise InvalidInput(_("No system that you may assess has this identifier."), field="system")
    return found


def named_source(request: Request, uuid: UUID | None) -> Assessment | None:
    """The assessment whose answers are taken over, if this person may see it."""
    if uuid is None:
        return None
    found = Assessment.objects.visible_to(person(request)).with_what_it_needs().filter(uuid=uuid).first()
    if found is None:
        raise InvalidInput(_("No assessment that you may read has this identifier."), field="source")
    return found


def asked_question(request: Request, assessment: Assessment) -> str:
    """The question that the address is about, by its parameter; «»: about all of them."""
    code = request.query_params.get("question", "")
    if code and code not in assessment.questionnaire.by_id:
        raise Problem("invalid-query", _no_question(code), parameter="question")
    return code


def known_question(assessment: Assessment, code: str) -> Question:
    """The question that the request names."""
    found = assessment.questionnaire.by_id.get(code)
    if found is None:
        raise InvalidInput(_no_question(code), field="question")
    return found


def _no_question(code: str) -> str:
    return _("The questionnaire has no question “%(code)s”.") % {"code": short(code)}
