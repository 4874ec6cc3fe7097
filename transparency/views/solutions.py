"""A shared solution: what it is, what its supplier claims, every public system that uses it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from registry.public.solutions import ORDERS, solution_page
from transparency.views.page import public_page, show


@public_page
def solution(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """404 when no public sheet names it, whatever staff know of it."""
    order = request.GET.get("sort", "")
    found = solution_page(str(uuid), order=order, page=request.GET.get("page", "1"))
    context = {
        "found": found,
        "order": order if order in ORDERS else "name",
        "demonstration": found.is_demonstration if found else False,
    }
    return show(request, "transparency/solution.html", context, status=200 if found else 404)
