"""Keeping a system from the public on a ground of the law."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.pages import SeeOther
from core.services import InvalidInput, NotAllowed
from registry import permissions
from registry.forms.publication import WithholdForm
from registry.services.parts import check_not_put_away
from registry.services.public_state import public_state
from registry.services.withholding import withhold_system
from registry.views.scope import person, system_in_scope


@require_http_methods(["GET", "HEAD", "POST"])
def withhold(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Puts a stub with its ground in place of the sheet; publishing again lifts it."""
    system = system_in_scope(request, uuid)
    if not permissions.can_approve_publication(person(request), system.organization):
        raise NotAllowed(_("Your functions in this body do not let you keep a system from the public."))
    check_not_put_away(system)
    form = WithholdForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            withhold_system(system=system, by=person(request), **form.cleaned_data)
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, _("The public now reads its number and the ground, and nothing else."))
            return SeeOther(reverse("registry:system", args=[system.uuid]))
    context = {"form": form, "system": system, "public": public_state(system)}
    return render(request, "registry/withhold.html", context, status=422 if request.method == "POST" else 200)
