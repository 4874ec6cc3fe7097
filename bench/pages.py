"""Staff and public pages at two sizes of the register, in turn, so that a busy machine slows both alike."""

import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.results import Result, elapsed_ms, median_ms, number
from organizations.models import User
from registry.models import AISystem

ROUNDS, TIMES = 12, 3
MOST_QUERIES = 12
TOLERANCE = 0.25


@dataclass
class Samples:
    """What one page cost at one size."""

    total: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    queries: int = 0


def measure(person: User, databases: dict[int, str]) -> list[Result]:
    """`databases`: number of systems → name of the database that holds them."""
    samples: dict[tuple[str, int], Samples] = defaultdict(Samples)
    trips = []
    for _round in range(ROUNDS):
        for size, name in databases.items():
            with use(name):
                trips.append(median_ms(round_trip, 20))
                for page, get in pages(person):
                    sample(samples[page, size], get)
    small, large = sorted(databases)
    trip = f"SELECT 1\u00a0: {number(statistics.median(trips), 2)}\u00a0ms"
    found = []
    for page in dict.fromkeys(name for name, _size in samples):
        found += _results(page, samples[page, small], samples[page, large], (small, large), trip)
    return found


def round_trip() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@contextmanager
def use(name: str) -> Iterator[None]:
    """Django's connection, on another database of the same server."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def pages(person: User) -> list[tuple[str, Callable[[], Any]]]:
    """What is asked for; the person signs in anew in each database."""
    staff, visitor = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    staff.force_login(person)
    system = AISystem.objects.order_by("pk")[500]
    asked = {
        "Liste du personnel": (staff, reverse("registry:systems")),
        "Page d'un système": (staff, reverse("registry:system", args=[system.uuid])),
        "Liste des rapports": (staff, reverse("reports:reports")),
        "Page publique d'un système": (visitor, reverse("transparency:system", args=[system.reference])),
    }
    return [(name, lambda client=client, url=url: _get(client, url)) for name, (client, url) in asked.items()]


def _get(client: Client, url: str) -> None:
    caches["pages"].clear()  # a page that is kept measures nothing (bench/search.py does)
    response = client.get(url)
    if response.status_code != 200:
        raise RuntimeError(f"{url} answered {response.status_code}")


def sample(samples: Samples, get: Callable[[], Any]) -> None:
    get()
    with CaptureQueriesContext(connection) as captured:
        get()
    samples.queries = len(captured)
    for _time in range(TIMES):
        spent = [0.0]

        def timed(execute: Any, *arguments: Any, spent: list[float] = spent) -> Any:
            start = time.perf_counter()
            try:
                return execute(*arguments)
            finally:
                spent[0] += (time.perf_counter() - start) * 1000

        with connection.execute_wrapper(timed):
            samples.total.append(elapsed_ms(get))
        samples.database.append(spent[0])


def undisturbed(samples: list[float]) -> float:
    """The lower quartile: half-way between the best and the usual, out of reach of what else the machine was doing."""
    return statistics.quantiles(samples, n=4)[0]


def _results(page: str, small: Samples, large: Samples, sizes: tuple[int, int], trip: str) -> list[Result]:
    at = f"{number(sizes[0])} → {number(sizes[1])} systèmes"
    is_staff = page in {"Liste du personnel", "Page d'un système"}
    before, after = undisturbed(small.total), undisturbed(large.total)
    inside = (undisturbed(small.database), undisturbed(large.database))
    change = after / before - 1
    sign = "+" if change >= 0 else "−"
    return [
        Result(
            f"{page}, requêtes ({at})",
            f"{small.queries} → {large.queries}",
            f"≤ {MOST_QUERIES}, le même nombre" if is_staff else "le même nombre",
            small.queries == large.queries and (large.queries <= MOST_QUERIES or not is_staff),
            trip,
        ),
        Result(
            f"{page}, temps",
            f"{number(before, 1)} → {number(after, 1)}\u00a0ms ({sign}{number(abs(change) * 100)}\u00a0%)",
            "± 25\u00a0%" if is_staff else "",
            abs(change) <= TOLERANCE if is_staff else None,
            f"dont base\u00a0: {number(inside[0], 1)} → {number(inside[1], 1)}\u00a0ms",
        ),
    ]
