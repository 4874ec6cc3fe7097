"""«Aucune IA», attested by a body; where each body stands, for whoever looks after several."""

import uuid as uuids
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.files import made_attachment
from core.pages import SeeOther
from core.services import InvalidInput, NotPossibleNow
from organizations.models import Organization
from organizations.permissions import organizations_in_scope
from registry import permissions
from registry.exports.coverage import coverage_csv
from registry.forms.coverage import NoAIForm
from registry.public.coverage import BodyCoverage, coverage, coverage_figures
from registry.rules.coverage import Coverage, is_to_renew, renew_on
from registry.services.exports import note_export
from registry.services.no_ai import attest_no_ai, attesting_function, obstacle_to_attest, withdraw_no_ai
from registry.views.scope import body_in_scope, person

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def no_ai(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What it says, since when, what stands against it, and the attestations of before."""
    body = body_in_scope(request, uuid)
    form = NoAIForm(request.POST if request.method == "POST" else None, initial={"request_key": uuids.uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            attest_no_ai(organization=body, by=person(request), **form.attestation)
            messages.success(request, _("The attestation is on the public page of the body."))
            return SeeOther(reverse("registry:no_ai", args=[body.uuid]))
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        except NotPossibleNow as refusal:
            form.add_error(None, refusal.sentence)
    return render(request, "registry/no_ai.html", _context(request, body, form), status=422 if form.errors else 200)


def _context(request: HttpRequest, body: Organization, form: NoAIForm) -> dict[str, object]:
    past = list(body.no_ai_attestations.select_related("attested_by", "ended_by"))
    current = next((one for one in past if one.ended_at is None), None)
    today = clock.civil_date(clock.now())
    may_attest = permissions.can_attest_no_ai(request.user, body) and not body.closed_on
    return {
        "body": body,
        "form": form,
        "current": current,
        "past": [one for one in past if one.ended_at is not None],
        "renew_on": renew_on(current.attested_on) if current else None,
        "is_to_renew": current is not None and is_to_renew(current.attested_on, today),
        "may_attest": may_attest,
        "obstacle": obstacle_to_attest(body) if may_attest else "",
        "function": attesting_function(person(request), body) if may_attest else None,
    }


@require_POST
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    body = body_in_scope(request, uuid)
    withdraw_no_ai(organization=body, by=person(request))
    messages.success(request, _("The attestation left the public page of the body. Its history is kept."))
    return SeeOther(reverse("registry:no_ai", args=[body.uuid]))


@dataclass(frozen=True)
class Seen:
    """What the public reads of a body, and where its people find its sheet."""

    uuid: UUID
    row: BodyCoverage


def _in_scope(request: HttpRequest) -> list[Seen]:
    """Facts that everybody may read, of the bodies whose sheet this person may see."""
    known = dict(organizations_in_scope(person(request)).order_by().values_list("pk", "uuid"))
    return [Seen(known[row.body.key], row) for row in coverage() if row.body.key in known]


def _state(request: HttpRequest) -> str:
    asked = request.GET.get("etat", "")
    return asked if asked in list(Coverage) else ""


@require_safe
def coverage_list(request: HttpRequest) -> HttpResponse:
    """The same states as on the public site: who is silent, and how to reach them."""
    seen, state = _in_scope(request), _state(request)
    kept = [one for one in seen if not state or one.row.state == state]
    context = {
        "figures": coverage_figures([one.row for one in seen]),
        "state": state,
        "page": Paginator(kept, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "registry/coverage.html", context)


@require_POST
def export_coverage(request: HttpRequest) -> HttpResponse:
    """A POST: taking a list away is told to the ledger."""
    state = _state(request)
    rows = [one.row for one in _in_scope(request) if not state or one.row.state == state]
    filters = ["coverage", *(["state"] if state else [])]
    note_export(rows=len(rows), kind="csv", filters=filters, by=person(request))
    name = f"couverture-{clock.civil_date(clock.now()).isoformat()}.csv"
    return made_attachment(coverage_csv(rows), media_type="text/csv; charset=utf-8", name=name)
