"""The public search at two sizes of the register, over a fixed list of searches; the pages that are kept, and not."""

import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from bench.pages import MOST_QUERIES, undisturbed, use
from bench.plant import Plant
from bench.published import fill_first, grow
from bench.results import Result, elapsed_ms, median_ms, number
from bench.texts import MOST, RARE, REAL, SOME, queries
from organizations.models import User
from registry.public.search.facets import count_search
from registry.public.search.query import LISTED, SystemSearch, found_records

FEW, MANY = 1000, 100_000
DATABASES = {FEW: "vigie_few", MANY: "vigie_many"}
ROUNDS, TIMES = 5, 30
SLOWER, FASTER = 4, 10
# The share of sheets that a search of each third may find.
SHARES = {RARE: (0, 0.015), SOME: (0.01, 0.1), MOST: (0.5, 1)}


def fill(plant: Plant, person: User) -> None:
    """Two databases beside that of the other measures, which holds bodies and no system yet."""
    connection.close()
    plant.sql(f"CREATE DATABASE {DATABASES[FEW]} TEMPLATE vigie", database="postgres")
    with use(DATABASES[FEW]):
        first = fill_first(person)
    plant.sql(f"CREATE DATABASE {DATABASES[MANY]} TEMPLATE {DATABASES[FEW]}", database="postgres")
    for size, database in DATABASES.items():
        with use(database):
            grow(plant, database, first, size - 1)


def measure() -> list[Result]:
    with use(DATABASES[FEW]):
        fitting = _fitting()
    pages: dict[tuple[int, str, str], list[float]] = defaultdict(list)
    inside: dict[tuple[int, str, str], list[float]] = defaultdict(list)
    asked: dict[int, set[int]] = defaultdict(set)
    for _round in range(ROUNDS):
        for size, database in DATABASES.items():
            with use(database):
                _play(size, pages, inside, asked)
    found = [_queries(asked, fitting), *(_third(third, pages, inside) for third in SHARES), _all(pages, inside)]
    with use(DATABASES[MANY]):
        return [*found, _facets(), _kept("Page d'accueil", reverse("transparency:home")), _kept(
            "Recherche «\u00a0données\u00a0»", reverse("transparency:search") + "?q=données"
        )]  # fmt: skip


def _fitting() -> int:
    """How many searches are of their third: the texts decide, and the list must follow."""
    with translation.override("fr"):
        shares = {
            (third, query): found_records(SystemSearch(query)).count() / FEW
            for third, listed in queries().items()
            for query in listed
        }
    return sum(SHARES[third][0] <= share <= SHARES[third][1] for (third, _query), share in shares.items())


def _play(size: int, pages: dict[Any, Any], inside: dict[Any, Any], asked: dict[int, set[int]]) -> None:
    client = Client(SERVER_NAME="localhost")
    client.get(reverse("transparency:notices"))
    for third, listed in queries().items():
        for query in listed:
            address = _address(query)
            with _unkept(), _timed() as spent:
                pages[size, third, query].append(elapsed_ms(lambda address=address: _get(client, address)))
            inside[size, third, query].append(sum(spent))
            asked[size].add(len(spent))


def _address(query: str) -> str:
    return f"{reverse('transparency:search')}?q={query}"


def _get(client: Client, address: str, **headers: Any) -> Any:
    response = client.get(address, **headers)
    if response.status_code not in {200, 304}:
        raise RuntimeError(f"{address} answered {response.status_code}")
    return response


@contextmanager
def _unkept() -> Iterator[None]:
    caches["pages"].clear()
    yield


@contextmanager
def _timed() -> Iterator[list[float]]:
    """The time of each question to the database."""
    spent: list[float] = []

    def timed(execute: Any, *arguments: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            spent.append((time.perf_counter() - start) * 1000)

    with connection.execute_wrapper(timed):
        yield spent


def _queries(asked: dict[int, set[int]], fitting: int) -> Result:
    """With the two of the transaction, which the wrapper does not see."""
    most = {size: max(counts) + 2 for size, counts in asked.items()}
    texts = "fiches tirées du vrai registre canadien" if REAL.is_file() else "fiches faites de mots fournis"
    return Result(
        f"Recherche publique, requêtes au plus ({number(FEW)} → {number(MANY)} systèmes)",
        f"{most[FEW]} → {most[MANY]}",
        f"≤ {MOST_QUERIES}, le même nombre",
        most[FEW] == most[MANY] <= MOST_QUERIES,
        f"{texts}; {fitting} des {sum(map(len, queries().values()))} recherches sont de leur tiers",
    )


def _third(third: str, pages: dict[Any, Any], inside: dict[Any, Any]) -> Result:
    middle, worst, base = ({size: _of(measures, size, third, at) for size in DATABASES} for measures, at in (
        (pages, 50), (pages, 95), (inside, 95)))  # fmt: skip
    return Result(
        f"Recherche publique, mots {third}",
        f"p50 {number(middle[FEW], 1)} → {number(middle[MANY], 1)}\u00a0ms; "
        f"p95 {number(worst[FEW], 1)} → {number(worst[MANY], 1)}\u00a0ms",
        reference=f"dont base, p95\u00a0: {number(base[FEW], 1)} → {number(base[MANY], 1)}\u00a0ms",
    )


def _all(pages: dict[Any, Any], inside: dict[Any, Any]) -> Result:
    worst, base = ({size: _of(measures, size, "", 95) for size in DATABASES} for measures in (pages, inside))
    ratio = worst[MANY] / worst[FEW]
    return Result(
        "Recherche publique, toute la liste, p95",
        f"{number(worst[FEW], 1)} → {number(worst[MANY], 1)}\u00a0ms ({number(ratio, 1)} fois)",
        f"≤ {SLOWER} fois",
        ratio <= SLOWER,
        f"dont base\u00a0: {number(base[FEW], 1)} → {number(base[MANY], 1)}\u00a0ms",
    )


def _of(measures: dict[Any, Any], size: int, third: str, at: int) -> float:
    """That percentile of the searches, each by its own undisturbed time."""
    times = [undisturbed(each) for (of, group, _query), each in measures.items() if of == size and third in {"", group}]
    return statistics.quantiles(times, n=100, method="inclusive")[at - 1]


def _facets() -> Result:
    """Numbers of the filters, for the whole register and for what a common word and a filter find."""
    wide, filtered = SystemSearch("données"), SystemSearch("risques", {"phase": ("pilot",), "body": ("org01", "org02")})
    with translation.override("fr"):
        stored, counted, exact = (
            median_ms(lambda search=search: count_search(search), 9) for search in (SystemSearch(), wide, filtered)
        )
        found = count_search(filtered).total.count
        is_right = found == found_records(filtered).count()
    return Result(
        f"Nombres des filtres, {number(MANY)} systèmes, une requête",
        f"gardés\u00a0: {number(stored, 1)}\u00a0ms; plus de {number(LISTED)} trouvés\u00a0: "
        f"{number(counted, 1)}\u00a0ms; "
        f"{number(found)} trouvés avec deux filtres\u00a0: {number(exact, 1)}\u00a0ms",
        f"exacts jusqu'à {number(LISTED)}",
        is_right,
    )


def _kept(page: str, address: str) -> Result:
    """Made, kept, and told to be unchanged, in turn."""
    client, made, kept, same = Client(SERVER_NAME="localhost"), [], [], []
    mark = _get(client, address).headers["ETag"]
    acts: list[tuple[list[float], Callable[[], Any], bool]] = [
        (made, lambda: _get(client, address), True),
        (kept, lambda: _get(client, address), False),
        (same, lambda: _get(client, address, headers={"If-None-Match": mark}), False),
    ]
    for _time in range(TIMES):
        for times, act, is_forgotten in acts:
            if is_forgotten:
                caches["pages"].clear()
            times.append(elapsed_ms(act))
    with CaptureQueriesContext(connection) as told:
        client.get(address)
    slow, fast, least = (undisturbed(times) for times in (made, kept, same))
    ratio = slow / fast
    return Result(
        f"{page}, gardée ({number(MANY)} systèmes)",
        f"{number(slow, 1)} → {number(fast, 2)}\u00a0ms ({number(ratio, 1)} fois plus vite), {len(told)} requêtes",
        f"≥ {FASTER} fois",
        ratio >= FASTER,
        f"304 sur ETag\u00a0: {number(least, 2)}\u00a0ms",
    )
