"""The everyday uses of AI of a body, all on one page."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.files import made_attachment
from core.pages import SeeOther, progress_told, saved_sentence
from core.services import InvalidInput
from organizations.models import Organization
from organizations.permissions import Permission, organizations_where
from registry import permissions
from registry.exports.common_tools import common_tools_csv
from registry.forms.common_tools import CommonToolsAnswers
from registry.models import CommonToolsForm, PublicCommonTools
from registry.rules.common_tools import COMMON_TOOLS
from registry.services.common_tools import publish_common_tools, save_common_tools, withdraw_common_tools
from registry.services.exports import note_export
from registry.views.saving import autosaved
from registry.views.scope import body_in_scope, not_your_function, person


@require_safe
def common_tools(request: HttpRequest) -> HttpResponse:
    """Which body; straight to the page of the only one."""
    bodies = list(organizations_where(person(request), Permission.READ_DRAFTS).order_by("sort_key", "pk"))
    if not bodies:
        raise not_your_function(request, _("Your functions do not let you declare common tools."))
    if len(bodies) == 1:
        return SeeOther(reverse("registry:common_tools_of", args=[bodies[0].uuid]))
    return render(request, "registry/common_tools_bodies.html", {"bodies": bodies})


@require_http_methods(["GET", "HEAD", "POST"])
def common_tools_of(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Every use and its answers. A POST saves all that was sent, by the button or while one types."""
    body = body_in_scope(request, uuid)
    data = request.POST if request.method == "POST" else None
    page = CommonToolsForm.objects.filter(organization=body).first()
    form = CommonToolsAnswers(data, uses=list(body.common_tools.all()), version=page.version if page else 0)
    is_sent = request.method == "POST"
    if is_sent and "autosave" in request.POST:
        return autosaved(request, form, lambda: _save(request, body, form), lambda _kept: _progress(body))
    if is_sent and form.is_valid():
        try:
            _save(request, body, form)
            messages.success(request, saved_sentence())
            return SeeOther(reverse("registry:common_tools_of", args=[body.uuid]))
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    return _page(request, body, page, form)


def _save(request: HttpRequest, body: Organization, form: CommonToolsAnswers) -> CommonToolsForm:
    """What is valid is saved; what is not is told by the form."""
    form.is_valid()
    version = form.cleaned_data.get("version") or 0
    kept, _changed = save_common_tools(organization=body, answers=form.answers, version=version, by=person(request))
    return kept or CommonToolsForm(version=0)


def _answered(body: Organization) -> int:
    return body.common_tools.exclude(is_used="").count()


def _progress(body: Organization) -> dict[str, Any]:
    return progress_told(_answered(body), len(COMMON_TOOLS.tools))


def _page(
    request: HttpRequest, body: Organization, page: CommonToolsForm | None, form: CommonToolsAnswers
) -> HttpResponse:
    context = {
        "body": body,
        "page": page,
        "version": form["version"].value() or 0,
        "form": form,
        "done": _answered(body),
        "total": len(COMMON_TOOLS.tools),
        "public": PublicCommonTools.objects.filter(organization=body).first(),
        "may_edit": permissions.can_declare(person(request), body) and not body.closed_on,
        "may_publish": permissions.can_publish_for(person(request), body),
    }
    return render(request, "registry/common_tools.html", context, status=422 if form.errors else 200)


@require_POST
def publish_tools(request: HttpRequest, uuid: UUID) -> HttpResponse:
    body = body_in_scope(request, uuid)
    publish_common_tools(organization=body, by=person(request))
    messages.success(request, _("The list is on the public page of the body."))
    return SeeOther(reverse("registry:common_tools_of", args=[body.uuid]))


@require_POST
def withdraw_tools(request: HttpRequest, uuid: UUID) -> HttpResponse:
    body = body_in_scope(request, uuid)
    withdraw_common_tools(organization=body, by=person(request))
    messages.success(request, _("The list left the public page of the body. Your answers are kept."))
    return SeeOther(reverse("registry:common_tools_of", args=[body.uuid]))


@require_POST
def export_tools(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A POST: taking a list away is told to the ledger."""
    body = body_in_scope(request, uuid)
    content = common_tools_csv(body, body.common_tools.all())
    note_export(rows=len(COMMON_TOOLS.tools), kind="csv", filters=["common_tools"], by=person(request))
    name = f"{body.sigle.lower()}-outils-{timezone.localdate().isoformat()}.csv"
    return made_attachment(content, media_type="text/csv; charset=utf-8", name=name)
