"""What changed in the register, latest first: the whole of it, one body, one search, one system."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from core.text import Localized, pick
from registry.models import Publication, PublicRecord
from registry.public.names import Withheld, name_in, note_in, withheld_in
from registry.workflow import NOT_SHOWN

LATEST = 50
COLUMNS = ("uuid", "reference", "number", "kind", "is_major", "change_note_fr", "document", "published_at")


@dataclass(frozen=True)
class News:
    """One version that was published; its `identifier` never changes."""

    identifier: UUID
    reference: str
    number: int
    kind: str
    is_major: bool
    note: Localized
    published_at: datetime
    name: Localized
    summary: Localized
    body_name: Localized
    withheld: Withheld | None


def latest_news(*, bodies: Iterable[str] | None = None, references: Iterable[str] | None = None) -> list[News]:
    """Every version that was published, the latest first, so that whoever looks once a week misses none. One query.

    `bodies`: of the systems that these show now, whatever their sigle was then. `references`: of these systems.
    """
    versions = _told_versions()
    if bodies is not None:
        # The latest versions are those of the systems that changed last: the others need not be read.
        latest = PublicRecord.objects.filter(body_slug__in=list(bodies)).order_by("-updated_at", "pk")
        versions = versions.filter(reference__in=latest.values("reference")[:LATEST])
    if references is not None:
        versions = versions.filter(reference__in=list(references))
    return [news_in(version) for version in versions.only(*COLUMNS).order_by("-published_at", "-pk")[:LATEST]]


def _told_versions() -> QuerySet[Publication]:
    """All but those that came before a withdrawal or a stub: what was taken from the public never comes back through a
    feed, not even once its system is published again.
    """
    taken_back = Publication.objects.filter(
        reference=OuterRef("reference"), number__gt=OuterRef("number"), kind__in=NOT_SHOWN
    )
    return Publication.objects.filter(~Exists(taken_back))


def news_in(version: Publication) -> News:
    document: Mapping[str, Any] = version.document
    return News(
        identifier=version.uuid,
        reference=version.reference,
        number=version.number,
        kind=version.kind,
        is_major=version.is_major,
        note=note_in(version),
        published_at=version.published_at,
        name=name_in(document),
        summary=pick(document["system"].get("summary", {})),
        body_name=pick(document["body"]["name"]),
        withheld=withheld_in(document),
    )
