"""Putting a record away, bringing it back, and beginning another one with its answers."""

import uuid as uuids
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.pages import SeeOther
from core.services import InvalidInput
from organizations.permissions import Permission, organizations_where
from registry.forms.lifecycle import DuplicateForm, PutAwayForm
from registry.services.duplicates import duplicate_system
from registry.services.public_state import public_state
from registry.services.put_away import bring_back_system, put_away_system
from registry.views.scope import editable_system, not_your_function, person, system_in_scope


@require_http_methods(["GET", "HEAD", "POST"])
def put_away(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Says what it does, or what must be settled first."""
    system = editable_system(request, uuid)
    form = PutAwayForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            put_away_system(system=system, reason=form.cleaned_data["reason"], by=person(request))
            messages.success(request, _("The record is put away. The filter “Records put away” shows it."))
            return SeeOther(reverse("registry:system", args=[uuid]))
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    context = {"system": system, "form": form, "public": public_state(system)}
    return render(request, "registry/put_away.html", context, status=422 if form.errors else 200)


@require_POST
def bring_back(request: HttpRequest, uuid: UUID) -> HttpResponse:
    bring_back_system(system=system_in_scope(request, uuid), by=person(request))
    messages.success(request, _("The record is back in the lists."))
    return SeeOther(reverse("registry:system", args=[uuid]))


@require_http_methods(["GET", "HEAD", "POST"])
def duplicate(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A draft with the same answers, in a body where this person declares."""
    system = system_in_scope(request, uuid)
    bodies = organizations_where(person(request), Permission.DECLARE).filter(closed_on__isnull=True)
    if not bodies.exists():
        raise not_your_function(request, _("Your functions do not let you declare a system."))
    data = request.POST if request.method == "POST" else None
    initial = {"request_key": uuids.uuid4(), "organization": system.organization.uuid}
    form = DuplicateForm(data, organizations=bodies, initial=initial)
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["request_key"]
        copy = duplicate_system(system=system, by=person(request), organization=form.body, request_key=key)
        messages.success(request, _("Here is your draft. Correct what differs, then declare it."))
        return SeeOther(reverse("registry:edit", args=[copy.uuid]))
    return render(request, "registry/duplicate.html", {"system": system, "form": form}, status=422 if data else 200)
