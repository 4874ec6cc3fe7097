"""Every address of the site, with its view."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """`page`: its name, with that of its room; empty when it has none. `address`: as it is written, for a reader."""

    page: str
    address: str
    view: Callable[..., Any]

    @property
    def is_ours(self) -> bool:
        return self.view.__module__.split(".")[0] != "allauth"

    @property
    def needs_sign_in(self) -> bool:
        return bool(getattr(self.view, "login_required", True))


def all_routes() -> list[Route]:
    return list(_walk(get_resolver(), [], ""))


def _walk(resolver: URLResolver, rooms: list[str], before: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        address = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield Route(":".join([*rooms, entry.name]) if entry.name else "", address, entry.callback)
        else:
            yield from _walk(entry, [*rooms, entry.namespace] if entry.namespace else rooms, address)
