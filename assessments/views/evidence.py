"""Files of one answer: their list, one more, one less, a download."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments import permissions
from assessments.forms.files import EvidenceForm
from assessments.models import Assessment, Evidence
from assessments.questionnaires import Question
from assessments.serializers.overview import question_link
from assessments.services.evidence import HAS_FILES, add_evidence, hand_out_evidence, remove_evidence
from assessments.views.scope import assessment_in_scope, person, writable_assessment
from core.files import as_attachment
from core.pages import SeeOther
from core.services import InvalidInput


def question_with_files(assessment: Assessment, code: str) -> Question:
    question = assessment.questionnaire.by_id.get(code)
    if question is None or question.kind not in HAS_FILES:
        raise Http404
    return question


@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest, uuid: UUID, code: str) -> HttpResponse:
    """What is joined to this answer, for whoever reads the assessment; the form, for who fills it in."""
    found = writable_assessment(request, uuid) if request.method == "POST" else assessment_in_scope(request, uuid)
    question = question_with_files(found, code)
    form = EvidenceForm(request.POST, request.FILES) if request.method == "POST" else EvidenceForm()
    if request.method == "POST" and form.is_valid():
        try:
            added = add_evidence(assessment=found, question=code, by=person(request), **form.wanted)
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, _("“%(name)s” is joined to the answer.") % {"name": added.file.original_name})
            return SeeOther(request.path)
    context = _page(request, found, question) | {"form": form}
    return render(request, "assessments/files.html", context, status=422 if form.errors else 200)


def _page(request: HttpRequest, found: Assessment, question: Question) -> dict[str, Any]:
    kept = found.evidence.kept().filter(question=question.id)
    return {
        "assessment": found,
        "question": question,
        "link": question_link(found, question),
        "evidence": kept.select_related("file", "added_by", "guest").order_by("pk"),
        "may_write": permissions.can_write(person(request), found) and found.is_open,
    }


def _evidence(request: HttpRequest, uuid: UUID, key: UUID) -> Evidence:
    found = assessment_in_scope(request, uuid)
    evidence = get_object_or_404(found.evidence.select_related("file"), uuid=key)
    evidence.assessment = found
    return evidence


@require_GET
def evidence_file(request: HttpRequest, uuid: UUID, key: UUID) -> FileResponse:
    """As an attachment; who took it is in the ledger. One that was taken off is still read."""
    return as_attachment(hand_out_evidence(evidence=_evidence(request, uuid, key), by=person(request)))


@require_POST
def remove_file(request: HttpRequest, uuid: UUID, key: UUID) -> HttpResponse:
    """Off the answer; the history keeps it."""
    evidence = _evidence(request, uuid, key)
    remove_evidence(evidence=evidence, by=person(request))
    messages.success(request, _("“%(name)s” is taken off the answer.") % {"name": evidence.file.original_name})
    return SeeOther(reverse("assessments:files", args=[uuid, evidence.question]))
