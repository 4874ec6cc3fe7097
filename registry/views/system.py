"""The page of one system: its answers, what the public sees of it, and what this person may do."""

from uuid import UUID

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organizations.models import Organization
from organizations.permissions import Permission, is_permitted, is_permitted_anywhere
from registry import permissions
from registry.models import AISystem
from registry.models.rows import prefetch_rows
from registry.public.facts import answers_of
from registry.rules.attention import attention, departs_from_principle_4, departure_is_answered
from registry.serializers.lifecycle import phase_since
from registry.serializers.sheets import because, phase_label, system_sections
from registry.services.documents import missing_for_sheet
from registry.services.file_pages import parts_of_file
from registry.services.leads import may_hand_to_successor, successor_of
from registry.services.public_state import public_state
from registry.services.systems import missing_answers
from registry.views.scope import person, system_in_scope


def parts(request: HttpRequest, system: AISystem) -> dict[str, bool]:
    """What this person may do here: the buttons and the parts of the file that are shown."""
    user, is_away = person(request), bool(system.put_away_at)
    return {
        "edit": permissions.can_edit(user, system) and not is_away,
        "bring_back": permissions.can_edit(user, system) and is_away,
        "read_solutions": permissions.can_read_solutions(user),
        "duplicate": is_permitted_anywhere(user, Permission.DECLARE),
        "publish": permissions.can_publish(user, system) and not is_away,
        "withdraw": permissions.can_approve_publication(user, system.organization),
        "withhold": permissions.can_approve_publication(user, system.organization) and not is_away,
        **parts_of_file(system, user),
        "report": is_permitted(user, Permission.MAKE_REPORT, system.organization),
    }


def _successor(request: HttpRequest, system: AISystem) -> Organization | None:
    """Where this draft of a merged body may go on; none for any other system."""
    if system.is_declared or not system.organization.closed_on or not may_hand_to_successor(person(request), system):
        return None
    return successor_of(system.organization)


@require_safe
def system(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The sheet as the body keeps it, each field marked public or internal."""
    found = system_in_scope(request, uuid)
    prefetch_rows([found])  # the page and what would be published read the same
    prefetch_related_objects([found], "visibilities")
    answers = answers_of(found)
    assessed = attention(answers)
    context = {
        "system": found,
        "sections": system_sections(found),
        "phase": phase_label(found),
        "phase_since": phase_since(found),
        "missing_sheet": missing_for_sheet(found),
        "missing_declaration": [] if found.is_declared else missing_answers(found),
        "public": public_state(found),
        "successor": _successor(request, found),
        "may": parts(request, found),
        "attention": assessed,
        "because": [because(code, answers) for code in assessed.because],
        "departs": departs_from_principle_4(answers),
        "departs_answered": departure_is_answered(answers),
    }
    return render(request, "registry/system.html", context)
