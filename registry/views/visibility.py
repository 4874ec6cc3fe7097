"""Who may read each answer of a record: what is proposed, what the body decides, and why."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.pages import SeeOther
from core.services import InvalidInput, NotAllowed
from registry import permissions
from registry.field_catalogue import CATALOGUE
from registry.forms.visibility import VisibilityForm
from registry.models import AISystem, FieldVisibility
from registry.serializers.record import visibility_label, visibility_row, visibility_sections
from registry.services.visibility import set_visibility
from registry.views.scope import person, system_in_scope


def _publishable(request: HttpRequest, uuid: UUID) -> AISystem:
    """The system, for somebody who decides what the public reads of it."""
    system = system_in_scope(request, uuid)
    if not permissions.can_publish(person(request), system):
        raise NotAllowed(_("Your functions in this body do not let you decide what the public reads."))
    decided = FieldVisibility.objects.select_related("set_by")
    prefetch_related_objects([system], Prefetch("visibilities", queryset=decided))
    return system


@require_safe
def visibility(request: HttpRequest, uuid: UUID) -> HttpResponse:
    system = _publishable(request, uuid)
    return render(request, "registry/visibility.html", {"system": system, "sections": visibility_sections(system)})


@require_http_methods(["GET", "HEAD", "POST"])
def field_visibility(request: HttpRequest, uuid: UUID, code: str) -> HttpResponse:
    """One answer. What takes effect for the public is the next publication."""
    system = _publishable(request, uuid)
    field = next((each for each in CATALOGUE.fields if each.code == code), None)
    if field is None:
        raise Http404
    row = visibility_row(system, field)
    data = request.POST if request.method == "POST" else None
    form = VisibilityForm(data, field=field, decided=row.decided, labels=visibility_label)
    if request.method == "POST" and form.is_valid():
        try:
            set_visibility(system=system, field=code, by=person(request), **form.cleaned_data)
            messages.success(request, _("Saved. The public site follows at the next publication."))
            return SeeOther(reverse("registry:section", args=[system.uuid, field.section]) + f"#id_{code}")
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    context = {"system": system, "row": row, "form": form, "section": field.section}
    return render(request, "registry/field_visibility.html", context, status=422 if form.errors else 200)
