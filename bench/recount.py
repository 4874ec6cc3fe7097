"""The counts and levels of fifty thousand assessments made anew by the worker, killed once on the way."""

import subprocess
import time
from dataclasses import dataclass, field

from assessments.models import Assessment
from assessments.services.recounting import PART, TASK, ask_recount
from bench.assessed import DATABASES, MANY
from bench.memory import _group, _resident
from bench.pages import use
from bench.plant import Plant
from bench.results import Result, number
from core.models import Intent
from core.models.intent import IntentState

GOAL_MEGABYTES = 300
LIMIT_SECONDS = 600
# What was cut is sent again after as many seconds; 90 in production, which is only a longer wait here.
RESEND_AFTER = 3
FORGET = "UPDATE assessments_assessment SET done = 0, required = 0, level = ''"


@dataclass
class Run:
    """One recount as it goes on: the most memory that any process of the worker took, and how long nothing was done."""

    plant: Plant
    worker: subprocess.Popen[bytes]
    peak: float = 0.0
    idle: float = 0.0
    seen: list[float] = field(default_factory=list)

    def wait(self, parts: int) -> None:
        self.plant.wait_until(lambda: self._look() >= parts, LIMIT_SECONDS, step=0.1)

    def _look(self) -> int:
        for pid in _group(self.worker.pid):
            self.peak = max(self.peak, _resident_of(pid))
        return Intent.objects.filter(task=TASK, state=IntentState.DONE).count()

    def cut(self, start: dict[str, str]) -> None:
        """`kill -9`, then another worker. The wait is over when one more part is done."""
        self.plant.kill(self.worker)
        done, cut_at = self._look(), time.monotonic()
        self.worker = self.plant.start_worker(1, **start)
        self.wait(done + 1)
        self.idle = time.monotonic() - cut_at


def measure(plant: Plant) -> list[Result]:
    plant.sql(FORGET, database=DATABASES[MANY])
    start = plant.on(DATABASES[MANY]) | {"OUTBOX_RESEND_AFTER": str(RESEND_AFTER)}
    relay = plant.start_relay(**start)
    run = Run(plant, plant.start_worker(1, **start))
    parts = MANY // PART + 1
    with use(DATABASES[MANY]):
        ask_recount()
        begun = time.monotonic()
        run.wait(parts // 2)
        run.cut(start)
        run.wait(parts)
        seconds = time.monotonic() - begun
        left = Assessment.objects.filter(required=0).count()
        twice = Intent.objects.filter(task=TASK).count() - parts
    for process in (run.worker, relay):
        plant.kill(process)
    return [_told(run, seconds, left, twice)]


def _told(run: Run, seconds: float, left: int, twice: int) -> Result:
    rate = MANY / (seconds - run.idle)
    counts = f"{left} oubliées, {twice} partie de trop" if left or twice else "toutes, une seule fois"
    return Result(
        f"Nouveau calcul de {number(MANY)} évaluations, tué une fois (kill -9) au milieu",
        f"{number(run.peak)}\u00a0Mo au plus, {number(seconds)}\u00a0s ({number(rate)}/s); {counts}",
        f"≤ {GOAL_MEGABYTES}\u00a0Mo, repris où il en était",
        run.peak <= GOAL_MEGABYTES and not left and not twice,
        f"repris {number(run.idle, 1)}\u00a0s après la coupure, {RESEND_AFTER}\u00a0s d'attente voulue comprises",
    )


def _resident_of(pid: int) -> float:
    try:
        return _resident(pid, "VmHWM")
    except OSError:  # it ended meanwhile
        return 0.0
