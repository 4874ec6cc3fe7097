"""«À faire»: the page on which everybody lands."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock
from organizations.models import AccessRequest
from organizations.permissions import permissions_by_body
from organizations.services.setup import setup_lists_of
from organizations.services.todo import everything_waiting
from organizations.views.answers import person_of
from organizations.workflow import AccessRequestState


@require_safe
def todo(request: HttpRequest) -> HttpResponse:
    """What waits for this person; for a newcomer, what to do first."""
    person = person_of(request)
    today = clock.civil_date(clock.now())
    items = [
        {
            "title": item.what,
            "url": item.address,
            "hint": f"{item.about} – {item.why_me}",
            "due": item.due_on,
            "is_late": item.due_on is not None and item.due_on < today,
        }
        for item in everything_waiting(person)
    ]
    asked = AccessRequest.objects.filter(user=person, state=AccessRequestState.WAITING).select_related("organization")
    context = {
        "items": items,
        "setup_lists": setup_lists_of(person),
        "has_body": bool(permissions_by_body(person)),
        "asked": asked.order_by("pk"),
    }
    return render(request, "organizations/todo.html", context)
