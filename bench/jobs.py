"""How many jobs a second go from the outbox through the relay, the broker and two worker processes."""

from django.db import transaction

from bench.plant import Plant
from bench.results import Result, elapsed_ms, median_ms, number
from core.audit import NamedJob, record
from core.models import Intent
from core.models.intent import IntentState
from core.outbox import ask, outbox_task

JOBS, WARM_UP, PASSAGES = 2000, 40, 2
GOAL = 200
JOB = NamedJob("bench")


@outbox_task()
def leave_row(*, number: int) -> None:
    """The least a job can do: one row."""
    record(by=JOB, verb="bench", thing=Intent(pk=number))


def write_row() -> None:
    with transaction.atomic():
        leave_row(number=0)


@transaction.atomic
def ask_many(count: int) -> None:
    for one in range(count):
        ask("bench.jobs.leave_row", number=one)


def measure(plant: Plant) -> list[Result]:
    """Relay and worker run already."""

    def is_done() -> bool:
        return not Intent.objects.filter(state__in=[IntentState.WAITING, IntentState.SENT]).exists()

    ask_many(WARM_UP)
    plant.wait_until(is_done, 60)
    rates = []
    for _passage in range(PASSAGES):
        ask_many(JOBS)
        rates.append(JOBS / (elapsed_ms(lambda: plant.wait_until(is_done, 120, step=0.02)) / 1000))
    rate = max(rates)
    failed = Intent.objects.filter(state=IntentState.FAILED).count()
    alone = median_ms(write_row, 100)
    return [
        Result(
            f"Boîte d'envoi, {number(JOBS)} travaux, 2 processus",
            f"{number(rate)} travaux/s" + (f", {failed} en échec" if failed else ""),
            f"≥ {GOAL} travaux/s",
            rate >= GOAL and not failed,
            f"l'autre passage\u00a0: {number(min(rates))}/s; la même écriture seule\u00a0: {number(1000 / alone)}/s",
        )
    ]
