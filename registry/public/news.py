"""What changed in the register, latest first: the whole of it, one body, one search, one system."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core.text import Localized, pick
from registry.models import Publication, PublicRecord
from registry.public.names import Withheld, name_in, withheld_in
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
    note: str
    published_at: datetime
    name: Localized
    summary: Localized
    body_name: Localized
    withheld: Withheld | None


def latest_news(*, bodies: tuple[str, ...] = (), references: Iterable[str] | None = None) -> list[News]:
    """The version in force of each system, the latest changed first. One query."""
    records = PublicRecord.objects.order_by("-updated_at", "pk").select_related("publication")
    if bodies:
        records = records.filter(body_slug__in=bodies)
    if references is not None:
        records = records.filter(reference__in=list(references))
    wanted = records.only("updated_at", *(f"publication__{column}" for column in COLUMNS))
    return [news_in(record.publication) for record in wanted[:LATEST]]


def news_of(reference: str) -> list[News]:
    """Every version of one system; of a withdrawn or withheld one, the last alone. Two queries, none if unknown."""
    record = PublicRecord.objects.only("kind", "reference").filter(reference=reference).first()
    if record is None:
        return []
    versions = Publication.objects.only(*COLUMNS).filter(reference=reference).order_by("-number")
    return [news_in(version) for version in versions[: 1 if record.kind in NOT_SHOWN else LATEST]]


def news_in(version: Publication) -> News:
    document: Mapping[str, Any] = version.document
    return News(
        identifier=version.uuid,
        reference=version.reference,
        number=version.number,
        kind=version.kind,
        is_major=version.is_major,
        note=version.change_note_fr,
        published_at=version.published_at,
        name=name_in(document),
        summary=pick(document["system"].get("summary", {})),
        body_name=pick(document["body"]["name"]),
        withheld=withheld_in(document),
    )
