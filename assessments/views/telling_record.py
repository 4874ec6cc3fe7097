"""One press: the record of the system says where its privacy assessment stands, and what it concluded."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.services.telling_record import Source, write_in_record
from assessments.views.scope import assessment_in_scope, deposit_in_scope, person
from core.pages import SeeOther


@require_POST
def by_assessment(request: HttpRequest, uuid: UUID) -> HttpResponse:
    _write(request, assessment_in_scope(request, uuid))
    return SeeOther(reverse("assessments:assessment", args=[uuid]))


@require_POST
def by_deposit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    _write(request, deposit_in_scope(request, uuid))
    return SeeOther(reverse("assessments:deposited", args=[uuid]))


def _write(request: HttpRequest, source: Source) -> None:
    """`version`: of the record, as the page showed it."""
    sent = request.POST.get("version", "")
    version = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0
    write_in_record(source=source, version=version, by=person(request))
    messages.success(request, _("The record of the system says it too."))
