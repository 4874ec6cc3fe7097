"""An assessment made outside Vigie: deposited, read, withdrawn, gone on with here."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from assessments import permissions
from assessments.forms.deposits import DepositForm, WithdrawForm
from assessments.models import Assessment, DepositedAssessment
from assessments.serializers.deposits import deposit_facts
from assessments.serializers.overview import instrument_title
from assessments.serializers.telling_record import record_told
from assessments.services.deposits import deposit_assessment, hand_out_deposit, open_as_draft, withdraw_deposit
from assessments.views.scope import deposit_in_scope, person, system_in_scope
from assessments.workflow import SCREENING
from core.files import as_attachment
from core.pages import SeeOther
from core.services import InvalidInput, NotAllowed


@require_http_methods(["GET", "HEAD", "POST"])
def deposit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """`?instrument=`: which assessment it is."""
    system = system_in_scope(request, uuid)
    if not permissions.can_begin(person(request), system):
        raise NotAllowed(_("Your functions in this body do not let you deposit an assessment."))
    instrument = request.POST.get("instrument") or request.GET.get("instrument", "")
    title = instrument_title(instrument)
    if not title or instrument == SCREENING:
        raise Http404
    is_sent = request.method == "POST"
    form = DepositForm(request.POST, request.FILES) if is_sent else DepositForm(initial={"instrument": instrument})
    if is_sent and form.is_valid():
        try:
            made = deposit_assessment(system=system, by=person(request), **form.wanted)
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, _("The assessment is deposited: it counts for this system."))
            return SeeOther(reverse("assessments:deposited", args=[made.uuid]))
    context = {"system": system, "form": form, "instrument": title}
    return render(request, "assessments/deposit.html", context, status=422 if form.errors else 200)


@require_safe
def deposited(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What it says, its file, and what may be done with it."""
    found = deposit_in_scope(request, uuid)
    return render(request, "assessments/deposited.html", _page(request, found))


def _page(request: HttpRequest, found: DepositedAssessment) -> dict[str, Any]:
    may_write = permissions.can_begin(person(request), found.system) and not found.withdrawn_at
    open_one = Assessment.objects.open().filter(system=found.system, instrument=found.instrument).first()
    return {
        "deposit": found,
        "system": found.system,
        "title": instrument_title(found.instrument) or found.instrument,
        "facts": deposit_facts(found),
        "may_write": may_write,
        "open_one": open_one,
        "record": record_told(found, person(request)),
        "draft_key": uuid4(),
    }


@require_GET
def deposit_file(request: HttpRequest, uuid: UUID) -> FileResponse:
    """As an attachment; who took it is in the ledger."""
    return as_attachment(hand_out_deposit(deposit=deposit_in_scope(request, uuid), by=person(request)))


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A mistake: the reason is kept."""
    found = deposit_in_scope(request, uuid)
    if not permissions.can_begin(person(request), found.system):
        raise NotAllowed(_("Your functions in this body do not let you change what was deposited."))
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        withdraw_deposit(deposit=found, reason=form.cleaned_data["reason"], by=person(request))
        messages.success(request, _("It is withdrawn; it stays in the list of its system, with your reason."))
        return SeeOther(reverse("assessments:deposited", args=[uuid]))
    context = {"deposit": found, "system": found.system, "form": form, "title": instrument_title(found.instrument)}
    return render(request, "assessments/withdraw_deposit.html", context, status=422 if form.errors else 200)


@require_POST
def go_on_here(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The same assessment begun in Vigie, with what the deposit says."""
    found = deposit_in_scope(request, uuid)
    made = open_as_draft(deposit=found, by=person(request), request_key=_key(request.POST.get("request_key", "")))
    messages.success(request, _("It is begun with what you had deposited. Keep each answer, or change it."))
    return SeeOther(reverse("assessments:assessment", args=[made.uuid]))


def _key(sent: str) -> UUID | None:
    try:
        return UUID(sent)
    except ValueError:
        return None
