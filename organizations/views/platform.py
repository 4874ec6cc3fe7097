"""For the operation of the platform: jobs that failed, and trying them again."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.models import Intent
from core.services import NotAllowed, retry_intent
from organizations.models import User
from organizations.permissions import can_operate_platform
from organizations.views.answers import person_of, see_other


@require_safe
def failed_jobs(request: HttpRequest) -> HttpResponse:
    _operator(request)
    found = Paginator(Intent.objects.failed(), 50).get_page(request.GET.get("page"))
    return render(request, "organizations/failed_jobs.html", {"page": found})


@require_POST
def retry(request: HttpRequest, number: int) -> HttpResponse:
    """The job waits again, at once. A message may then arrive twice: the page says so."""
    person = _operator(request)
    retry_intent(intent=get_object_or_404(Intent, pk=number), by=person)
    messages.success(request, _("The job waits for its turn again."))
    return see_other("organizations:failed_jobs")


def _operator(request: HttpRequest) -> User:
    person = person_of(request)
    if not can_operate_platform(person):
        raise NotAllowed(_("Only the operation of the platform sees this page."))
    return person
