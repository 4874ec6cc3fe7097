"""Going public: what the public will read, the second look, the withdrawal."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.pages import SeeOther
from core.services import InvalidInput, NotAllowed
from registry import permissions
from registry.forms.publication import PublishForm, SecondLookForm, WithdrawForm
from registry.models import AISystem, Publication, PublicationRequest
from registry.public.differences import compare_documents
from registry.public.sheet import document_sections, solution_in
from registry.serializers.sheets import body_rows
from registry.services.documents import digest_of, frozen_facts, kind_for, missing_for_sheet
from registry.services.parts import check_not_put_away
from registry.services.public_state import public_state
from registry.services.publication import (
    answer_publication_request,
    publish_system,
    withdraw_publication,
)
from registry.views.scope import file_in_scope, person, system_in_scope
from review.services import is_author
from review.workflow import CaseState


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Shows exactly what would become public, then publishes it or submits it to a second person."""
    system = _publishable(request, uuid)
    state = public_state(system)
    frozen = frozen_facts(system, kind_for(system))
    data = request.POST if request.method == "POST" else None
    initial = {"seen": digest_of(frozen), "request_key": uuid4()}
    form = PublishForm(data, is_first=state.latest is None, initial=initial)
    if request.method == "POST" and form.is_valid():
        return _after_publishing(request, system, publish_system(system=system, by=person(request), **form.change))
    context = {
        "form": form,
        "system": system,
        "public": state,
        "frozen": frozen,
        "changes": compare_documents(state.latest.document, frozen) if state.latest else (),
        **_told_by(frozen),
        "missing": missing_for_sheet(system),
    }
    return render(request, "registry/publish.html", context, status=422 if request.method == "POST" else 200)


def _told_by(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "body_rows": body_rows(document),
        "sections": document_sections(document),
        "solution": solution_in(document),
    }


def _publishable(request: HttpRequest, uuid: UUID) -> AISystem:
    system = system_in_scope(request, uuid)
    if not permissions.can_publish(person(request), system):
        sentence = _("Your functions in this body do not let you publish. Ask the person responsible for the system.")
        raise NotAllowed(sentence)
    check_not_put_away(system)
    return system


def _after_publishing(request: HttpRequest, system: AISystem, answer: Publication | PublicationRequest) -> HttpResponse:
    if isinstance(answer, PublicationRequest):
        messages.success(request, _("Submitted: another person of your body must now look at it."))
        return SeeOther(reverse("registry:second_look", args=[answer.case.uuid]))
    messages.success(request, _("Version %(number)d is public.") % {"number": answer.number})
    return SeeOther(reverse("registry:system", args=[system.uuid]))


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Takes the sheet off the public site; its address then shows the reason."""
    system = system_in_scope(request, uuid)
    if not permissions.can_approve_publication(person(request), system.organization):
        raise NotAllowed(_("Your functions in this body do not let you withdraw a sheet."))
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        withdraw_publication(system=system, reason=form.cleaned_data["reason"], by=person(request))
        messages.success(request, _("The sheet is withdrawn from the public site."))
        return SeeOther(reverse("registry:system", args=[system.uuid]))
    context = {"form": form, "system": system, "public": public_state(system)}
    return render(request, "registry/withdraw.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def second_look(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What was submitted, what it changes, and the answer of a second person."""
    waiting = PublicationRequest.objects.select_related("case__submitted_by", "case__decided_by", "system")
    asked = get_object_or_404(waiting.filter(system__in=AISystem.objects.visible_to(person(request))), case__uuid=uuid)
    system = file_in_scope(request, asked.system.uuid)
    form = SecondLookForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            move, comment = form.cleaned_data["move"], form.cleaned_data["comment"]
            answer_publication_request(request=asked, move=move, comment=comment, by=person(request))
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, _told(move))
            return SeeOther(reverse("registry:second_look", args=[uuid]))
    return _second_look_page(request, asked, system, form, status=422 if request.method == "POST" else 200)


def _told(move: str) -> str:
    return {
        "approve": _("Approved: the sheet is public."),
        "send_back": _("Sent back: the person who asked sees your comment."),
        "withdraw": _("Your request is withdrawn."),
    }[move]


def _second_look_page(
    request: HttpRequest, asked: PublicationRequest, system: AISystem, form: SecondLookForm, status: int
) -> HttpResponse:
    user, case = person(request), asked.case
    before = system.publications.filter(case__isnull=True) | system.publications.exclude(case=case)
    latest = before.filter(published_at__lt=case.submitted_at).order_by("-number").first()
    context = {
        "form": form,
        "system": system,
        "asked": asked,
        "case": case,
        "is_waiting": case.state == CaseState.SUBMITTED,
        "latest": latest,
        "changes": compare_documents(latest.document, asked.document) if latest else (),
        **_told_by(asked.document),
        "is_asker": case.submitted_by_id == user.pk,
        "is_author": is_author(case, user),
        "may_approve": permissions.can_approve_publication(user, system.organization),
        "may_edit": permissions.can_edit(user, system),
    }
    return render(request, "registry/second_look.html", context, status=status)
