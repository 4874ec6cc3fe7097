"""Figures beside their goals: what is measured, what was asked, what was found, what to compare it with."""

import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

UNKNOWN = "?"


@dataclass(frozen=True)
class Result:
    """One line of the table. `met` is none where no goal was set."""

    what: str
    figure: str
    goal: str = ""
    met: bool | None = None
    reference: str = ""

    @property
    def verdict(self) -> str:
        return "" if self.met is None else "oui" if self.met else "NON"


HEAD = ("Mesure", "Objectif", "Trouvé", "Atteint", "Repère du même essai")


def median_ms(act: Callable[[], object], times: int) -> float:
    """The median of some runs, in milliseconds; the caller warmed it up."""
    return statistics.median(elapsed_ms(act) for _run in range(times))


def elapsed_ms(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def number(value: float, places: int = 0) -> str:
    """As written in Québec: 1 234,5."""
    return f"{value:,.{places}f}".replace(",", "\u00a0").replace(".", ",")


def machine(database: str) -> list[str]:
    """Where it was measured: figures of two machines are not compared."""
    load = "/".join(number(each, 1) for each in os.getloadavg())
    return [
        f"{_processor()}, {os.cpu_count()} cœurs, {_memory()} de mémoire, {platform.system()} {platform.machine()}",
        f"Python {platform.python_version()}, PostgreSQL {database}, écritures durables (fsync)",
        f"Charge de la machine au départ (1/5/15 min)\u00a0: {load}",
    ]


def _processor() -> str:
    return _first_line("/proc/cpuinfo", "model name") or platform.processor() or UNKNOWN


def _memory() -> str:
    kilobytes = _first_line("/proc/meminfo", "MemTotal").split(" ")[0]
    return f"{number(int(kilobytes) / 1e6, 1)}\u00a0Go" if kilobytes.isdigit() else UNKNOWN


def _first_line(path: str, name: str) -> str:
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")


def rows(results: list[Result]) -> list[tuple[str, ...]]:
    return [(one.what, one.goal, one.figure, one.verdict, one.reference) for one in results]


def as_text(results: list[Result]) -> str:
    table = [HEAD, *rows(results)]
    widths = [max(len(row[column]) for row in table) for column in range(len(HEAD))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def as_markdown(results: list[Result]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in [HEAD, *rows(results)]]
    return "\n".join([lines[0], "|---" * len(HEAD) + "|", *lines[1:]])


def say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()
