"""«Changer la phase»: where a system may go, what each gate says before, what is missing, and the move itself."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.pages import SeeOther
from core.services import InvalidInput
from registry.forms.lifecycle import PhaseForm
from registry.models import AISystem
from registry.serializers.lifecycle import past_changes, said_once, sections_wanting
from registry.serializers.sheets import phase_label
from registry.services.lifecycle import PossibleMove, change_phase, possible_moves
from registry.views.scope import editable_system, person


@require_http_methods(["GET", "HEAD", "POST"])
def phase(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Every phase of the table is shown; those that a decision or a gate keeps closed say so."""
    system = editable_system(request, uuid)
    moves = possible_moves(system) if system.is_declared else []
    data = request.POST if request.method == "POST" else None
    form = PhaseForm(data, moves=moves, here=system.phase)
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_phase(system=system, by=person(request), **form.change)
            messages.success(request, _told(changed))
            return SeeOther(reverse("registry:system", args=[uuid]))
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    return _page(request, system, form, moves)


def _told(system: AISystem) -> str:
    return _("The system is now at this phase: %(phase)s.") % {"phase": phase_label(system)}


def _page(request: HttpRequest, system: AISystem, form: PhaseForm, moves: list[PossibleMove]) -> HttpResponse:
    shared, shown = said_once(moves)
    context = {
        "system": system,
        "form": form,
        "shared": shared,
        "moves": shown,
        "phase_label": phase_label(system),
        "changes": past_changes(system),
        "progress": sections_wanting(system),
    }
    return render(request, "registry/phase.html", context, status=422 if form.errors else 200)
