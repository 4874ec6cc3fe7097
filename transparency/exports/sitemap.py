"""The addresses of the site for search engines: XML of sitemaps.org, each with its twin in the other language."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from xml.sax.saxutils import escape

from django.conf import settings

MEDIA_TYPE = "application/xml; charset=utf-8"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
LANGUAGES = ("fr", "en")
# Sheets are in French first: what a search engine shows to readers of another language.
DEFAULT = "fr"


def twins_of(path: str) -> dict[str, str]:
    """Language → address of the same page in it. `path`: without its language, as it is written in an address."""
    return {language: f"{settings.PUBLIC_URL}/{language}/{path}" for language in LANGUAGES}


def codes_of(twins: Mapping[str, str]) -> list[tuple[str, str]]:
    """As search engines name the languages of here."""
    return [(f"{language}-CA", address) for language, address in twins.items()]


def urlset_of(pages: Iterable[tuple[str, datetime | None]]) -> bytes:
    """`pages`: the path without its language, as it is written in an address, and the last publication it tells."""
    lines = [line for path, changed_at in pages for line in _addresses(path, changed_at)]
    space = f'{SPACE} xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    return f"{HEAD}<urlset {space}>\n{''.join(lines)}</urlset>\n".encode()


def _addresses(path: str, changed_at: datetime | None) -> Iterable[str]:
    there = {language: escape(address) for language, address in twins_of(path).items()}
    twins = [*codes_of(there), ("x-default", there[DEFAULT])]
    links = "".join(f'<xhtml:link rel="alternate" hreflang="{code}" href="{url}"/>' for code, url in twins)
    for language in LANGUAGES:
        yield f"<url><loc>{there[language]}</loc>{_changed(changed_at)}{links}</url>\n"


def index_of(maps: Iterable[tuple[str, datetime | None]]) -> bytes:
    """`maps`: the path of each and its last change."""
    lines = [
        f"<sitemap><loc>{escape(settings.PUBLIC_URL + path)}</loc>{_changed(changed_at)}</sitemap>\n"
        for path, changed_at in maps
    ]
    return f"{HEAD}<sitemapindex {SPACE}>\n{''.join(lines)}</sitemapindex>\n".encode()


def _changed(at: datetime | None) -> str:
    return f"<lastmod>{at.isoformat(timespec='seconds')}</lastmod>" if at else ""
