"""The lists that a person keeps: opened by their address, renamed, deleted."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.pages import SeeOther
from core.services import InvalidInput
from registry.forms.views import ViewForm
from registry.models import SavedView
from registry.services.saved_views import delete_view, rename_view, save_view
from registry.views.scope import person


def _own(request: HttpRequest, uuid: UUID) -> SavedView:
    return get_object_or_404(person(request).saved_views, uuid=uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def saved_views(request: HttpRequest) -> HttpResponse:
    """All of mine; a POST keeps one more."""
    form = ViewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            sent = form.cleaned_data
            view = save_view(name=sent["name"], query=sent["query"], by=person(request))
            messages.success(request, _("This list is kept under “%(name)s”.") % {"name": view.name})
            return SeeOther(_address(view))
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    return _page(request, form if form.errors else None)


@require_http_methods(["GET", "HEAD", "POST"])
def saved_view(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Its permalink leads to the list as it is today; a POST gives it another name."""
    view = _own(request, uuid)
    if request.method != "POST":
        return SeeOther(_address(view))
    form = ViewForm(request.POST, view=view)
    if form.is_valid():
        try:
            rename_view(view=view, name=form.cleaned_data["name"], by=person(request))
            messages.success(request, _("Renamed."))
            return SeeOther(reverse("registry:saved_views"))
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    return _page(request, form, renamed=view)


@require_POST
def remove_view(request: HttpRequest, uuid: UUID) -> HttpResponse:
    delete_view(view=_own(request, uuid), by=person(request))
    messages.success(request, _("Deleted from your lists. The systems are still there."))
    return SeeOther(reverse("registry:saved_views"))


def _address(view: SavedView) -> str:
    return f"{reverse('registry:systems')}?{view.query}"


def _page(request: HttpRequest, form: ViewForm | None, renamed: SavedView | None = None) -> HttpResponse:
    """`form`: the one that was refused, a new list's or that of the list being renamed."""
    views = [
        (view, form if form and renamed == view else ViewForm(view=view)) for view in person(request).saved_views.all()
    ]
    context = {"views": views, "form": form if form and not renamed else None, "refused": form}
    return render(request, "registry/saved_views.html", context, status=422 if form else 200)
