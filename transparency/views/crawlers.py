"""What search engines ask for: where they may go, and the addresses of every page."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control

from organizations.public import public_bodies
from registry.public.site import is_demonstration_site
from registry.public.sitemap import last_publication_by_body, map_pages, systems_on_page
from transparency.exports import sitemap
from transparency.views.page import SECONDS_KEPT, public_page

# Of the staff, of one visitor, and every address with a question: filters multiply without end, and what they show is
# in the map. A page of a list past the first is a question too.
CLOSED = (
    "espace/", "compte/", "invite/", "signalements/", "suis-je-vise/reponse/", "systemes/*/signaler/",
    "recherche/systemes.", "*?",
)  # fmt: skip
TEXTS = (
    "home", "search", "bodies", "strategy", "elsewhere", "scope", "data", "dictionary", "corrections", "glossary",
    "api", "about", "accessibility", "notices",
)  # fmt: skip
# Pages that tell the register: they change with it.
OF_THE_REGISTER = frozenset({"home", "search", "bodies", "strategy", "corrections"})


@public_page
def robots(request: HttpRequest) -> HttpResponse:
    """Fictional bodies are for nobody to find."""
    if is_demonstration_site():
        return _text("User-agent: *\nDisallow: /\n")
    closed = [f"Disallow: /{language}/{path}" for language in sitemap.LANGUAGES for path in CLOSED]
    lines = ["User-agent: *", *closed, "Disallow: /api/", "", f"Sitemap: {settings.PUBLIC_URL}/sitemap.xml", ""]
    return _text("\n".join(lines))


@public_page
def sitemap_index(request: HttpRequest) -> HttpResponse:
    pages = map_pages()
    latest = max((page.changed_at for page in pages), default=None)
    systems = [(reverse("crawlers:sitemap_systems", args=[page.number]), page.changed_at) for page in pages]
    return _xml(sitemap.index_of([(reverse("crawlers:sitemap_texts"), latest), *systems]))


@public_page
def sitemap_texts(request: HttpRequest) -> HttpResponse:
    """Pages of the site and of its bodies: a few hundred."""
    changed = last_publication_by_body()
    latest = max(changed.values(), default=None)
    texts = [(_path("transparency:" + name), latest if name in OF_THE_REGISTER else None) for name in TEXTS]
    bodies = [
        (_path("transparency:body", body.facts.slug), max(filter(None, map(changed.get, body.slugs)), default=None))
        for body in public_bodies()
    ]
    return _xml(sitemap.urlset_of([*texts, *bodies]))


@public_page
def sitemap_systems(request: HttpRequest, number: int) -> HttpResponse:
    found = systems_on_page(number)
    if not found:
        raise Http404
    return _xml(sitemap.urlset_of((_path("transparency:system", each), changed_at) for each, changed_at in found))


def _path(name: str, *arguments: str) -> str:
    """Without the language: every address has its twin."""
    return reverse(name, args=arguments)[len("/fr/") :]


def _xml(content: bytes) -> HttpResponse:
    return _kept(HttpResponse(content, content_type=sitemap.MEDIA_TYPE))


def _text(content: str) -> HttpResponse:
    return _kept(HttpResponse(content, content_type="text/plain; charset=utf-8"))


def _kept(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, public=True, max_age=SECONDS_KEPT)
    return response
