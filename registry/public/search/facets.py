"""How many systems each value of each filter would show: one query, whatever the number of systems.

Without words or filters the numbers are stored. Else the systems found are counted, exactly up to 10,000 of them: of
more, among the 10,000 first met, and the page says so. The numbers of a filter leave its own choices out.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from registry.models.search import EVERYTHING, FACETS
from registry.public.search.query import LISTED, Counted, SystemSearch, found_records

STORED = "stored"
HITS = "hits"
STORED_COUNTS = (
    f"SELECT '{STORED}' AS source, facet, value, sum(change) FROM registry_facetcount"
    " GROUP BY facet, value HAVING sum(change) > 0"
)
# facet → value → systems; under "", all of them.
RegisterCounts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class SearchCounts:
    """`total`: systems found. `of`: facet → value → systems. `partial`: facets counted among the first met only."""

    total: Counted
    of: Mapping[str, Mapping[str, int]]
    partial: frozenset[str]


def count_search(search: SystemSearch) -> SearchCounts:
    """One query."""
    asked = _questions(search)
    told = _ask(asked, search)
    sources = {name: _source_of(name, asked, search) for name in FACETS}
    partial = frozenset(name for name, source in sources.items() if source != STORED and _is_cut(told, source))
    counts = {
        # Of a filter that was not counted to its end every value is offered: none is told to be empty.
        name: {**dict.fromkeys(told[STORED].get(name, {}), 0), **told[source].get(name, {})} if name in partial
        else told[source].get(name, {})
        for name, source in sources.items()
    }  # fmt: skip
    source = HITS if asked else STORED
    total = told[source].get(EVERYTHING, {}).get("", 0)
    is_cut = source == HITS and total > LISTED
    return SearchCounts(Counted(LISTED if is_cut else total, is_cut), counts, partial)


def register_counts() -> RegisterCounts:
    """The stored numbers of the whole register. One query."""
    return _ask({}, SystemSearch())[STORED]


def _questions(search: SystemSearch) -> dict[str, QuerySet[Any]]:
    """Source → the records to count: what was found, and for each filter in use, what the others leave."""
    if not search.words and not search.filtered_by:
        return {}
    asked = {HITS: found_records(search)}
    for name in search.filtered_by:
        if search.words or len(search.filtered_by) > 1:
            asked[name] = found_records(search, without=name)
    return asked


def _source_of(name: str, asked: Mapping[str, Any], search: SystemSearch) -> str:
    if name in asked:
        return name
    return HITS if asked and name not in search.filtered_by else STORED


def _is_cut(told: Mapping[str, RegisterCounts], source: str) -> bool:
    return told[source].get(EVERYTHING, {}).get("", 0) > LISTED


def _ask(asked: Mapping[str, QuerySet[Any]], search: SystemSearch) -> Mapping[str, RegisterCounts]:
    """Each question reads 10,001 records at most, once, and groups them for each of its facets."""
    bounded: list[str] = []
    groups, parameters = [STORED_COUNTS], list[Any]()
    for source, records in asked.items():
        names = [source] if source in FACETS else [name for name in FACETS if name not in search.filtered_by]
        columns = [FACETS[name].column for name in names] or ["id"]
        sql, values = records.order_by().values_list(*columns)[: LISTED + 1].query.sql_with_params()
        bounded.append(f"{source}_records ({', '.join(columns)}) AS MATERIALIZED ({sql})")
        parameters += values
        groups += _groups(source, names)
    before = f"WITH {', '.join(bounded)} " if bounded else ""
    found: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    with connection.cursor() as cursor:
        cursor.execute(before + " UNION ALL ".join(groups), parameters or None)
        for source, name, value, count in cursor.fetchall():
            found[source][name][value] = int(count)
    return found


def _groups(source: str, names: list[str]) -> list[str]:
    records = f"{source}_records"
    groups = [f"SELECT '{source}', '{EVERYTHING}', '', count(*) FROM {records}"]
    for name in names:
        column = FACETS[name].column
        each = f"{records}, unnest({column}) AS value" if FACETS[name].is_list else f"{records}"
        value = "value" if FACETS[name].is_list else column
        groups.append(f"SELECT '{source}', '{name}', {value}, count(*) FROM {each} GROUP BY {value}")
    return groups
