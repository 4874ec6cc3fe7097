"""Reading what was submitted, deciding, accepting in writing what remains critical."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments import permissions
from assessments.exports.told import material_of_submission, told_of_material
from assessments.forms.steps import AcceptRiskForm, DecideForm
from assessments.models import Assessment, Submission
from assessments.serializers import overview as told
from assessments.serializers.decisions import critical_risks
from assessments.services.submitting import accept_risk, decide_assessment, is_accepted
from assessments.views.scope import assessment_in_scope, person
from assessments.workflow import AssessmentState
from core.pages import SeeOther
from core.services import InvalidInput

MOVES = {
    "approve": _("The assessment is approved."),
    "send_back": _("The assessment is sent back, with your comment."),
    "withdraw": _("The assessment is yours to correct again."),
}


def _submission(found: Assessment) -> Submission:
    waiting = Submission.objects.filter(case=found.case_id, case__state="submitted").select_related(
        "case", "submitted_by"
    )
    return get_object_or_404(waiting)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Everything that was submitted, then the decision."""
    found = assessment_in_scope(request, uuid)
    if found.case_id and found.state != AssessmentState.SUBMITTED:  # decided since the link was shown
        return SeeOther(reverse("assessments:assessment", args=[uuid]))
    submission = _submission(found)
    form = DecideForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        move = request.POST.get("move", "")
        try:
            decide_assessment(assessment=found, move=move, comment=form.cleaned_data["comment"], by=person(request))
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, str(MOVES[move]))
            return SeeOther(reverse("assessments:assessment", args=[uuid]))
    context = {"form": form, **_shown(request, found, submission)}
    return render(request, "assessments/decide.html", context, status=422 if form.errors else 200)


def _shown(request: HttpRequest, found: Assessment, submission: Submission) -> dict[str, Any]:
    reader = person(request)
    return {
        "assessment": found,
        "submission": submission,
        "row": told.assessment_row(found),
        "told": told_of_material(material_of_submission(submission, found), reader=person(request)),
        "critical": critical_risks(submission, found.questionnaire),
        "needs_acceptance": submission.document["level"] == "critical" and not is_accepted(submission),
        "may_accept": permissions.can_accept_risk(reader, found.organization),
        "may_decide": permissions.can_decide(reader, found.organization),
        "is_own": submission.submitted_by_id == reader.pk,
        "accept_form": AcceptRiskForm(),
    }


@require_POST
def accept(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The written word of the highest authority."""
    found = assessment_in_scope(request, uuid)
    form = AcceptRiskForm(request.POST)
    if not form.is_valid():
        context = {"form": DecideForm(), **_shown(request, found, _submission(found)), "accept_form": form}
        return render(request, "assessments/decide.html", context, status=422)
    accept_risk(assessment=found, by=person(request), **form.cleaned_data)
    messages.success(request, _("Your acceptance is kept with the assessment."))
    return SeeOther(reverse("assessments:decide", args=[uuid]))
