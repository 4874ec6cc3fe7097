"""Addresses that a reader of feeds follows."""

import hashlib
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from organizations.public import MovedTo, public_body
from registry.public.news import LATEST, News, latest_news
from registry.public.site import find_systems
from transparency.exports.atom import MEDIA_TYPE, feed_of
from transparency.forms import SystemFilters
from transparency.views.page import SECONDS_KEPT, public_page


@public_page
def register(request: HttpRequest) -> HttpResponse:
    """The latest versions of the whole register."""
    title, about = _("Public register of AI: latest changes"), _("What bodies published last, version by version.")
    return _answer(request, title, about, page=reverse("transparency:home"), news=latest_news())


@public_page
def body(request: HttpRequest, slug: str) -> HttpResponse:
    """The latest versions of one body. An old sigle leads to the feed of today: its readers need do nothing."""
    found = public_body(slug)
    if found is None:
        raise Http404
    today = found.slug if isinstance(found, MovedTo) else found.facts.slug
    if isinstance(found, MovedTo) or slug != today:
        return HttpResponsePermanentRedirect(reverse("transparency:body_feed", args=[today]))
    title = _("%(body)s: AI systems") % {"body": found.name}
    page = reverse("transparency:body", args=[slug])
    return _answer(request, title, _("What this body publishes."), page=page, news=latest_news(bodies=found.slugs))


@public_page
def system(request: HttpRequest, reference: str) -> HttpResponse:
    """The versions of one system."""
    news = latest_news(references=[reference])
    if not news:
        raise Http404
    title = _("%(name)s: versions") % {"name": news[0].name}
    page = reverse("transparency:system", args=[reference])
    return _answer(request, title, _("Each version of this sheet, with what changed."), page=page, news=news)


@public_page
def search(request: HttpRequest) -> HttpResponse:
    """The versions of what answers one search: of the systems that changed last, so that no late version is missed."""
    filters = SystemFilters(request.GET, bodies=[])
    asked = filters.search
    found = find_systems(replace(asked, order="recent"), size=LATEST)
    words = [("q", asked.text)] if asked.text else []
    words += [("partout", "1")] if asked.everywhere else []
    question = urlencode([*words, *((name, value) for name, values in asked.filters.items() for value in values)])
    title = _("Systems: %(words)s") % {"words": asked.text} if asked.text else _("Systems of a search")
    news = latest_news(references=[card.reference for card in found])
    page = f"{reverse('transparency:search')}?{question}"
    return _answer(request, title, _("What answers this search, latest first."), page=page, news=news, asked=question)


def _answer(
    request: HttpRequest, title: str, about: str, *, page: str, news: list[News], asked: str = ""
) -> HttpResponse:
    here = f"{request.path}?{asked}" if asked else request.path
    content = feed_of(title=title, about=about, page=page, here=here, news=news)
    response = HttpResponse(content, content_type=MEDIA_TYPE)
    patch_cache_control(response, public=True, max_age=SECONDS_KEPT)
    response["ETag"] = f'"{_digest(content)}"'
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
