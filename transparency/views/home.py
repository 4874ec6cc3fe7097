"""The home page."""

from django.http import HttpRequest, HttpResponse

from organizations.public import public_bodies
from registry.public.coverage import coverage_figures, coverage_in_brief
from registry.public.entries import life_event_entries
from registry.public.search.facets import register_counts
from registry.public.site import latest_systems, register_figures
from transparency.views.page import public_page, show

LATEST = 5
BODIES = 12


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """One search box, moments of a life, the latest changes, the bodies with most systems, figures with their lists."""
    counts, bodies = register_counts(), public_bodies()
    covered = coverage_in_brief(counts, bodies)
    listed = sorted(covered, key=lambda row: -row.systems)
    context = {
        "coverage": coverage_figures(covered),
        "figures": register_figures(counts),
        "latest": latest_systems(LATEST),
        "entries": life_event_entries(counts),
        "bodies": [row for row in listed if row.systems][:BODIES],
        "body_count": len(bodies),
        "demonstration": any(body.is_demonstration for body in bodies),
    }
    return show(request, "transparency/home.html", context)
