"""Access by exception: one person from elsewhere, one system, until a day."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.pages import SeeOther
from core.services import InvalidInput, NotAllowed
from registry import permissions
from registry.forms.people import ExceptionForm
from registry.models import AISystem, SystemGrant
from registry.services.exceptions import grant_exception, withdraw_exception
from registry.views.scope import person, system_in_scope
from registry.views.system import parts


def _shareable(request: HttpRequest, uuid: UUID) -> AISystem:
    system = system_in_scope(request, uuid)
    if not permissions.can_grant_exception(person(request), system):
        raise NotAllowed(_("Your functions in this body do not let you open a system to a person from elsewhere."))
    return system


@require_http_methods(["GET", "HEAD", "POST"])
def access(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Who has access by exception, who had it, and the form that gives it."""
    system = _shareable(request, uuid)
    form = ExceptionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            grant = grant_exception(system=system, by=person(request), **form.cleaned_data)
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, _("%(person)s may now read this system.") % {"person": grant.user})
            return SeeOther(reverse("registry:access", args=[uuid]))
    today = clock.civil_date(clock.now())
    grants = SystemGrant.objects.filter(content_object=system).select_related("user", "given_by", "withdrawn_by")
    context = {
        "system": system,
        "form": form,
        "in_force": grants.in_force(today).order_by("ends_on", "id"),
        "ended": grants.exclude(pk__in=grants.in_force(today).values("pk")).order_by("-ends_on", "id"),
        "may": parts(request, system),
    }
    return render(request, "registry/access.html", context, status=422 if request.method == "POST" else 200)


@require_POST
def end_access(request: HttpRequest, uuid: UUID, key: int) -> HttpResponse:
    """Ends one access now."""
    system = _shareable(request, uuid)
    grant = get_object_or_404(SystemGrant.objects.filter(content_object=system), pk=key)
    withdraw_exception(grant=grant, by=person(request))
    messages.success(request, _("The access is ended."))
    return SeeOther(reverse("registry:access", args=[uuid]))
