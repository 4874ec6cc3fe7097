"""How deep an assessment goes, what is missing before it is submitted, submitting it, leaving it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.forms.steps import DepthForm, ReasonForm
from assessments.models import Assessment
from assessments.questionnaires import DEPTHS
from assessments.scoring.asking import Reading
from assessments.scoring.completeness import completeness
from assessments.serializers import overview as told
from assessments.services.depth import choose_depth
from assessments.services.facts import reading_of
from assessments.services.submitting import submit_assessment, withdraw_assessment
from assessments.views.scope import led_assessment, person
from core.pages import SeeOther
from core.services import InvalidInput


def _at(found: Assessment) -> str:
    return reverse("assessments:assessment", args=[found.uuid])


@require_http_methods(["GET", "HEAD", "POST"])
def depth(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What is recommended and why, how many questions each depth asks, and the choice."""
    found = led_assessment(request, uuid)
    reading = reading_of(found)
    known = reading.depth
    form = DepthForm(
        request.POST if request.method == "POST" else None,
        initial={"depth": found.depth, "reason": found.depth_reason},
        counts=_counts(reading),
        floor=known.floor,
        recommended=known.recommended,
    )
    if request.method == "POST" and form.is_valid():
        try:
            choose_depth(assessment=found, by=person(request), **form.cleaned_data)
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, _("The depth is chosen."))
            return SeeOther(_at(found))
    context = {"assessment": found, "form": form, "depth": told.depth_told(reading, found), "reading": reading}
    return render(request, "assessments/depth.html", context, status=422 if form.errors else 200)


def _counts(reading: Reading) -> dict[str, int]:
    """Depth → how many questions it asks today."""
    each = {name: Reading(reading.questionnaire, reading.answers, reading.facts, depth=name) for name in DEPTHS}
    return {name: len(one.asked) for name, one in each.items()}


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What is missing, each with its link; what will be dropped; then the button."""
    found = led_assessment(request, uuid)
    if request.method == "POST":
        submit_assessment(assessment=found, by=person(request))
        messages.success(request, _("Your assessment is submitted: it waits for the decision of your body."))
        return SeeOther(_at(found))
    reading = reading_of(found)
    done = completeness(reading)
    context = {
        "assessment": found,
        "found": done,
        "missing": [told.question_link(found, question) for question in done.missing],
        "problems": told.problem_rows(found, done),
        "aside": [told.question_link(found, question) for question in reading.kept_aside],
        "row": told.assessment_row(found),
    }
    return render(request, "assessments/submit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Leave a draft for good, with the reason."""
    found = led_assessment(request, uuid)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        withdraw_assessment(assessment=found, reason=form.cleaned_data["reason"], by=person(request))
        messages.success(request, _("The assessment is left; it stays in the list of its system."))
        return SeeOther(reverse("assessments:of_system", args=[found.system.uuid]))
    context = {"assessment": found, "form": form, "row": told.assessment_row(found)}
    return render(request, "assessments/withdraw.html", context, status=422 if form.errors else 200)
