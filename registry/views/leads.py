"""Who keeps the record; a draft that goes on in the body that carries on the work."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.pages import SeeOther
from core.services import InvalidInput
from organizations.permissions import Permission, people_who_may
from registry.forms.lifecycle import LeadForm
from registry.services.leads import change_lead, hand_to_successor
from registry.views.scope import editable_system, person, system_in_scope


@require_http_methods(["GET", "HEAD", "POST"])
def lead(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One of the people of the body who may change its systems."""
    system = editable_system(request, uuid)
    people = people_who_may(Permission.EDIT_SYSTEMS, system.organization)
    initial = {"to": system.lead.uuid if system.lead else None}
    form = LeadForm(request.POST if request.method == "POST" else None, people=people, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_lead(system=system, to=form.cleaned_data["to"], by=person(request))
            messages.success(request, _("%(person)s now keeps this record.") % {"person": changed.lead})
            return SeeOther(reverse("registry:system", args=[uuid]))
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    return render(request, "registry/lead.html", {"system": system, "form": form}, status=422 if form.errors else 200)


@require_POST
def to_successor(request: HttpRequest, uuid: UUID) -> HttpResponse:
    system = hand_to_successor(system=system_in_scope(request, uuid), by=person(request))
    messages.success(request, _("The draft now belongs to %(body)s.") % {"body": system.organization.name})
    is_seen = type(system).objects.visible_to(person(request)).filter(pk=system.pk).exists()
    return SeeOther(reverse("registry:system", args=[uuid]) if is_seen else reverse("registry:systems"))
