"""Invited persons, for the people of the body: who was invited to answer what, one more, one less."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import permissions
from assessments.forms.guests import GuestForm
from assessments.serializers.guests import guest_rows
from assessments.services.facts import reading_of
from assessments.services.guests import invite_guest, withdraw_guest
from assessments.views.scope import assessment_in_scope, led_assessment, person
from core.pages import SeeOther
from core.services import InvalidInput


@require_safe
def guests(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = assessment_in_scope(request, uuid)
    may_write = permissions.can_lead(person(request), found)
    context = {
        "assessment": found,
        "rows": guest_rows(found),
        "may_write": may_write,
        "may_invite": may_write and found.is_open,
    }
    return render(request, "assessments/guests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The answer to the form shows the link, once; it leaves by mail too."""
    found = led_assessment(request, uuid)
    form = GuestForm(request.POST if request.method == "POST" else None, reading=reading_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            guest, link = invite_guest(assessment=found, by=person(request), **form.wanted)
        except InvalidInput as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            return render(
                request, "assessments/guest_invited.html", {"assessment": found, "guest": guest, "link": link}
            )
    context = {"assessment": found, "form": form}
    return render(request, "assessments/invite_guest.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw(request: HttpRequest, uuid: UUID, key: UUID) -> HttpResponse:
    """The link opens nothing any more; their answers stay."""
    found = assessment_in_scope(request, uuid)
    guest = get_object_or_404(found.guests, uuid=key)
    guest.assessment = found
    withdraw_guest(guest=guest, by=person(request))
    messages.success(request, _("The link of %(name)s opens nothing any more.") % {"name": guest.name})
    return SeeOther(reverse("assessments:guests", args=[uuid]))
