"""The one address of a public page, and the same page in the other language: for search engines and for links."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.encoding import iri_to_uri

from transparency.exports.sitemap import DEFAULT, codes_of, twins_of


@dataclass(frozen=True)
class Addresses:
    """`canonical`: where this page is found; `twins`: (language, address) of both languages."""

    canonical: str
    twins: tuple[tuple[str, str], ...]
    default: str


def addresses_of(request: HttpRequest, path: str = "") -> Addresses | None:
    """Of an address with a question there is none: its page has no place of its own. `path`: where the same is told."""
    if request.META.get("QUERY_STRING"):
        return None
    here = iri_to_uri(path or request.path)
    twins = twins_of(here[len("/fr/") :])
    return Addresses(settings.PUBLIC_URL + here, tuple(codes_of(twins)), default=twins[DEFAULT])
