"""The home page."""

from django.http import HttpRequest, HttpResponse

from organizations.public import public_bodies
from registry.public.entries import life_event_entries
from registry.public.facets import register_counts
from registry.public.site import count_by_body, latest_systems, register_figures
from transparency.views.page import public_page, show

LATEST = 5
BODIES = 12


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """One search box, moments of a life, the latest changes, the bodies with most systems, figures with their lists."""
    counts, bodies = register_counts(), public_bodies()
    of_body = count_by_body(counts)
    listed = [(body, sum(of_body.get(slug, 0) for slug in body.slugs)) for body in bodies]
    listed.sort(key=lambda pair: -pair[1])
    context = {
        "figures": register_figures(counts),
        "latest": latest_systems(LATEST),
        "entries": life_event_entries(counts),
        "bodies": [pair for pair in listed if pair[1]][:BODIES],
        "body_count": len(bodies),
        "demonstration": any(body.is_demonstration for body in bodies),
    }
    return show(request, "transparency/home.html", context)
