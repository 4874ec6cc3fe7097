"""What the five answers of a screening say, concluding it, signing a «not required»."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments import permissions
from assessments.forms.steps import ConcludeForm, SignForm
from assessments.models import Assessment, ScreeningConclusion
from assessments.serializers.screening_page import result_page, sign_page
from assessments.services.screening import conclude_screening, sign_screening
from assessments.views.scope import assessment_in_scope, person
from assessments.workflow import SCREENING
from core.pages import SeeOther
from core.services import InvalidInput


def _screening(request: HttpRequest, uuid: UUID) -> Assessment:
    found = assessment_in_scope(request, uuid)
    if found.instrument != SCREENING:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def result(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What is required, recommended or not, why, and what would change it; then the button that concludes."""
    found = _screening(request, uuid)
    page = result_page(found, person(request))
    optional = [(one["instrument"], one["label"]) for one in page["outcomes"] if one["result"] != "required"]
    form = ConcludeForm(request.POST if request.method == "POST" else None, optional=optional)
    if request.method == "POST" and form.is_valid():
        try:
            conclude_screening(assessment=found, by=person(request), added=form.added)
        except InvalidInput as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("The screening is concluded."))
            return SeeOther(reverse("assessments:of_system", args=[found.system.uuid]))
    may_write = permissions.can_lead(person(request), found) and found.is_open
    context = {"assessment": found, "form": form, "may_write": may_write, **page}
    return render(request, "assessments/result.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The privacy officer reads why nothing is required and by which answers, and signs it, or has them asked again."""
    found = _screening(request, uuid)
    kept = get_object_or_404(ScreeningConclusion.objects.select_related("concluded_by", "signed_by"), assessment=found)
    kept.assessment, kept.system = found, found.system
    form = SignForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        sign_screening(conclusion=kept, note=form.cleaned_data["note"], by=person(request))
        messages.success(request, _("It is signed."))
        return SeeOther(reverse("assessments:of_system", args=[found.system.uuid]))
    context = {
        "assessment": found,
        "form": form,
        "may_sign": permissions.can_sign_screening(person(request), found.organization),
        "request_key": uuid4(),
        **sign_page(kept, person(request)),
    }
    return render(request, "assessments/sign.html", context, status=422 if form.errors else 200)
