"""The figure of a year that is over, counted once from what the public read on its last day, and kept."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Min

from core import clock
from core.audit import Actor, record
from organizations.services.locks import Lock, hold
from registry.field_catalogue.strategy import strategy_on
from registry.models import IndicatorOfYear, Publication
from registry.rules.indicator import TOLD, UNKNOWN, followed_benefits
from registry.workflow import PublicationKind

CHUNK = 200


@transaction.atomic
def keep_indicator_of_past_years(*, by: Actor) -> list[IndicatorOfYear]:
    """One row for each year over, from the register's first, that a strategy covered and that has none yet."""
    hold(Lock.INDICATOR)
    first = Publication.objects.aggregate(moment=Min("published_at"))["moment"]
    if first is None:
        return []
    kept = set(IndicatorOfYear.objects.values_list("year", flat=True))
    over = range(clock.civil_date(first).year, clock.civil_date(clock.now()).year)
    return [_keep(year, by) for year in over if year not in kept and strategy_on(_last_day(year))]


def _keep(year: int, by: Actor) -> IndicatorOfYear:
    figure = IndicatorOfYear.objects.create(year=year, counted_at=clock.now(), **count(shown_at_end_of(year), year))
    facts = {name: getattr(figure, name) for name in ("year", "numerator", "denominator", "unknown")}
    record(by=by, verb="keep_indicator_of_year", thing=figure, facts=facts)
    return figure


def shown_at_end_of(year: int) -> Iterator[Mapping[str, Any]]:
    """What the public read of each system on 31 December, at midnight in Québec; nothing of one that was withdrawn."""
    midnight = datetime(year + 1, 1, 1, tzinfo=clock.CIVIL_ZONE)
    versions = Publication.objects.filter(published_at__lt=midnight).order_by("system_id", "-number")
    last = versions.distinct("system_id").values_list("document", flat=True).iterator(chunk_size=CHUNK)
    return (document for document in last if document["kind"] != PublicationKind.WITHDRAWN)


def count(documents: Iterable[Mapping[str, Any]], year: int) -> dict[str, int]:
    """Numerator, denominator and how many do not say, as the strategy defines them."""
    told: Counter[str] = Counter()
    for document in documents:
        told.update(followed_benefits(document))
    return {"numerator": told[str(year)], "denominator": told[TOLD] + told[UNKNOWN], "unknown": told[UNKNOWN]}


def _last_day(year: int) -> date:
    return date(year, 12, 31)
