"""Public pages are the same for everybody until something public changes: made once, then kept.

The key of a page holds the edition of the register, so that nothing is ever forgotten by hand: a page of an older
edition, of another day or of another release is not found any more. Kept on this side only; a browser or a proxy keeps
it for a minute, then asks whether its mark (ETag) is still that of the page.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import ResolverMatch
from django.utils.cache import get_conditional_response

from core import clock
from registry.public.edition import current_edition
from registry.public.search.query import FILTERS

log = structlog.get_logger(__name__)
Make = Callable[[HttpRequest], HttpResponse]

# Pages that are kept, and what their addresses may ask. Anything else an address asks is left out before the page is
# made: it would stand in its links, and whoever asked next would read it.
KEPT: Mapping[str, tuple[str, ...]] = {
    "home": (),
    "search": ("q", *FILTERS, "sort", "partout", "ailleurs", "exact", "page"),
    "bodies": ("q", "etat", "renouveler", "avec", "sort", "page"),
    "body": ("ancien", "page"),
    "system": (),
    "version": (),
    "version_json": (),
    "full": (),
    "full_version": (),
    "differences": ("de", "a"),
    "solution": ("sort", "page"),
    "dictionary": (),
    "coverage_file": (),
    "corrections": ("page",),
    "glossary": ("q",),
    "strategy": (),
    "strategy_file": (),
    "feed": (),
    "body_feed": (),
    "system_feed": (),
    "search_feed": ("q", *FILTERS, "partout"),
    "elsewhere": ("q", "registre", "sort", "exact", "page"),
    "foreign_system": (),
    "about": (),
    "accessibility": (),
    "notices": (),
    "robots": (),
    "sitemap_index": (),
    "sitemap_texts": (),
    "sitemap_systems": (),
}
# The API, which answers by itself, has names of its own.
KEPT_SPACES = (["transparency"], ["crawlers"])
SEVERAL = frozenset(FILTERS)
# As their views say (transparency/views/page.py).
SECONDS_KEPT = 60
# Longer questions are answered and not kept; a page as long is no page.
LONGEST_QUESTION, LONGEST_PAGE = 1000, 1_000_000
# Of a first page, an address without any of this asks the same.
SAME_AS_NOTHING = {("page", "1"), ("page", ""), ("q", ""), ("sort", ""), ("etat", "")}
# What a page is made of, besides the register.
SOURCES = ("*.py", "*.html", "*.yaml", "*.json", "*.mo")


def kept_or_made(request: HttpRequest, match: ResolverMatch, *, make: Make) -> HttpResponse:
    """The page of this address in this edition; «not modified» for whoever has it already, before it is made.

    The edition is read first: a page made while something changes is kept under the edition before, which nobody asks
    for any more.
    """
    asked = KEPT.get(match.url_name or "") if match.namespaces in KEPT_SPACES else None
    if asked is None or settings.DEBUG:
        return make(request)
    question = _tidy_question(request, asked)
    if len(question) > LONGEST_QUESTION:
        return make(request)
    key = _key(request, question)
    mark = f'W/"{key}"'
    if request.headers.get("If-None-Match") and (unchanged := _not_modified(request, mark)):
        return unchanged
    response = _read(key)
    if response is None:
        response = make(request)
        if _may_be_kept(request, response):
            _write(key, response)
    if response.status_code == 200 and "public" in response.get("Cache-Control", ""):
        response.headers.setdefault("ETag", mark)
        return get_conditional_response(request, etag=response["ETag"], response=response) or response
    return response


def _tidy_question(request: HttpRequest, asked: tuple[str, ...]) -> str:
    """Known parameters in one order, the last value of those that have one; the page is made from these alone."""
    tidy = QueryDict(mutable=True)
    for name in asked:
        values = request.GET.getlist(name)
        for value in values if name in SEVERAL else values[-1:]:
            if (name, value) not in SAME_AS_NOTHING:
                tidy.appendlist(name, value)
    question = tidy.urlencode()
    tidy._mutable = False
    request.GET = tidy  # type: ignore[assignment]
    request.META["QUERY_STRING"] = question
    return question


def _key(request: HttpRequest, question: str) -> str:
    day = clock.civil_date(clock.now()).isoformat()
    told = [_release(), current_edition(), day, request.scheme, request.get_host(), request.path, question]
    return hashlib.sha256(json.dumps(told).encode("utf-8", "surrogatepass")).hexdigest()[:40]


@cache
def _release() -> str:
    """A digest of the program and of its words: another release makes its own pages."""
    digest = hashlib.sha256(settings.PUBLIC_URL.encode())
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    rooms = [Path(app.path) for app in apps.get_app_configs() if Path(app.path).parent == settings.ROOT]
    folders = [*rooms, settings.ROOT / "templates", settings.ROOT / "locale"]
    paths = sorted(path for folder in folders for source in SOURCES for path in folder.rglob(source))
    for path in [*paths, *([manifest] if manifest.is_file() else [])]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _not_modified(request: HttpRequest, mark: str) -> HttpResponse | None:
    """Only a page of this very address ever had this mark: it need not be made again to know that it is the same."""
    response = HttpResponse(headers={"ETag": mark, "Cache-Control": f"max-age={SECONDS_KEPT}, public"})
    found = get_conditional_response(request, etag=mark, response=response)
    return found if found is not None and found.status_code == 304 else None


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    """What its view declared public, and nothing that looks like one visitor's own."""
    return (
        response.status_code == 200
        and not response.streaming
        and "public" in response.get("Cache-Control", "")
        and not response.cookies
        and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        and len(response.content) <= LONGEST_PAGE
    )


def _read(key: str) -> HttpResponse | None:
    told: Any = _safely(lambda: caches["pages"].get(key))
    return HttpResponse(told[0], headers=dict(told[1])) if told else None


def _write(key: str, response: HttpResponse) -> None:
    _safely(lambda: caches["pages"].set(key, (response.content, list(response.items()))))


def _safely(act: Callable[[], Any]) -> Any:
    """A cache that does not answer stops no page."""
    try:
        return act()
    except Exception as error:  # those of the server of the cache have no common ancestor
        log.warning("page cache failed", error=type(error).__name__)
        return None
