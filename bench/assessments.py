"""Assessments at a thousand and at a million answers: one answer saved, a page of questions, the list; then twenty
people who write at once, and the recount of them all.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Assessment
from assessments.workflow import EFVP
from bench import recount, writers
from bench.assessed import ANSWERS, DATABASES, FEW, MANY, READER
from bench.pages import Samples, round_trip, sample, undisturbed, use
from bench.plant import Plant
from bench.results import Result, median_ms, number, say
from bench.writers import Fields
from organizations.models import User

ROUNDS = 6
MOST_TO_SAVE, MOST_OF_A_PAGE = 10, 15
TOLERANCE = 0.25
SAVED, SHOWN, LISTED = "Réponse enregistrée", "Page d'une section", "Liste des évaluations"
GOALS = {SAVED: MOST_TO_SAVE, SHOWN: MOST_OF_A_PAGE, LISTED: MOST_OF_A_PAGE}
SECTION = "necessity"
AT = f"{number(FEW * ANSWERS)} → {number(MANY * ANSWERS)} réponses"


def measure(plant: Plant) -> list[Result]:
    found = _pages()
    say("Vingt personnes à la fois…")
    found += writers.measure(plant)
    say("Nouveau calcul des évaluations…")
    return found + recount.measure(plant)


def _pages() -> list[Result]:
    samples: dict[tuple[str, int], Samples] = defaultdict(Samples)
    widest = {}
    trips = []
    for _round in range(ROUNDS):
        for size, database in DATABASES.items():
            with use(database):
                trips.append(median_ms(round_trip, 20))
                client, assessment = _reader()
                for name, act in _acts(client, assessment).items():
                    sample(samples[name, size], act)
                if size not in widest:
                    widest[size] = _most_queries(client, assessment)
    trip = f"SELECT 1\u00a0: {number(min(trips), 2)}\u00a0ms"
    return [one for name in GOALS for one in _told(name, samples[name, FEW], samples[name, MANY], widest, trip)]


def _reader() -> tuple[Client, Assessment]:
    """Somebody who reads and writes all of them, and one of them."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(email=READER))
    return client, Assessment.objects.of(EFVP).order_by("pk")[FEW - 1]


def _acts(client: Client, assessment: Assessment) -> dict[str, Callable[[], Any]]:
    section = reverse("assessments:section", args=[assessment.uuid, SECTION])
    listed = reverse("assessments:assessments")
    return {
        SAVED: _saving(client, section),
        SHOWN: lambda: _get(client, section),
        LISTED: lambda: _get(client, listed),
    }


def _get(client: Client, address: str) -> Any:
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}")
    return response


def _saving(client: Client, address: str) -> Callable[[], Any]:
    """The whole form of the page, as its script sends it, with one more text each time."""
    fields = Fields(_get(client, address).content.decode())
    name, steps = fields.texts[0], iter(range(10_000))
    before = fields.sent[name][0].strip()[:200]

    def save() -> None:
        fields.sent[name] = [f"{before} {next(steps)}"]
        response = client.post(address, {**fields.sent, "autosave": "1"})
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}")
        fields.sent["version"] = [str(response.json()["version"])]

    return save


def _most_queries(client: Client, assessment: Assessment) -> int:
    """Of the pages of all the sections."""
    counts = []
    for section in assessment.questionnaire.sections:
        address = reverse("assessments:section", args=[assessment.uuid, section.code])
        with CaptureQueriesContext(connection) as captured:
            _get(client, address)
        counts.append(len(captured))
    return max(counts)


def _told(name: str, small: Samples, large: Samples, widest: dict[int, int], trip: str) -> list[Result]:
    queries = (widest[FEW], widest[MANY]) if name == SHOWN else (small.queries, large.queries)
    what = f"{name}, requêtes de la plus longue" if name == SHOWN else f"{name}, requêtes"
    before, after = undisturbed(small.total), undisturbed(large.total)
    inside = (undisturbed(small.database), undisturbed(large.database))
    change = after / before - 1
    is_saving, sign = name == SAVED, "+" if change >= 0 else "−"
    return [
        Result(
            f"{what} ({AT})",
            f"{queries[0]} → {queries[1]}",
            f"≤ {GOALS[name]}, le même nombre" if name != LISTED else "le même nombre",
            queries[0] == queries[1] <= GOALS[name],
            trip,
        ),
        Result(
            f"{name}, temps",
            f"{number(before, 1)} → {number(after, 1)}\u00a0ms ({sign}{number(abs(change) * 100)}\u00a0%)",
            "± 25\u00a0%" if is_saving else "",
            abs(change) <= TOLERANCE if is_saving else None,
            f"dont base\u00a0: {number(inside[0], 1)} → {number(inside[1], 1)}\u00a0ms",
        ),
    ]
