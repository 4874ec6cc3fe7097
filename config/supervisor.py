"""Runs the embedded services and the program's processes as one: data first and last, all together or not at all.

Standard library only. It ends on Ctrl-C, SIGTERM, a closed terminal (SIGHUP) and when any process dies.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from subprocess import Popen
from types import FrameType
from typing import NamedTuple

from config.embedded import Embedded
from config.embedded.processes import await_end, died, spawn

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE_SECONDS = 30  # for a job that is running; what is cut then is done again, its intent is a row


class Program(NamedTuple):
    argv: list[str]
    env: Mapping[str, str] = {}


def leave_on_signals() -> None:
    """The first signal becomes an exception, so that whatever runs is left through its `finally`; the next ones come
    too late to cut anything.
    """

    def leave(number: int, frame: FrameType | None) -> None:
        stay_on_signals()
        raise KeyboardInterrupt

    for number in SIGNALS:
        signal.signal(number, leave)


def stay_on_signals() -> None:
    """Not SIG_IGN, which programs started from here would inherit."""
    for number in SIGNALS:
        signal.signal(number, lambda number, frame: None)


def supervise(
    embedded: Embedded,
    prepare: Callable[[dict[str, str]], dict[str, Program]],
    is_ready: Callable[[], bool],
    announce: Callable[[], None],
) -> None:
    """Starts the services, asks `prepare` for the programs (given the environment), announces, watches, stops all."""
    leave_on_signals()
    running: dict[str, Popen[bytes]] = {}
    try:
        env = {**os.environ, **embedded.start()}
        for name, program in prepare(env).items():
            running[name] = spawn(program.argv, _log(embedded.var, name), cwd=embedded.root, env={**env, **program.env})
        while not is_ready():
            _check(embedded, running)
        announce()
        while True:
            _check(embedded, running)
    except KeyboardInterrupt:
        say("Arrêt de Vigie…")
    finally:
        stay_on_signals()  # nothing may cut the stop of the database
        stop_all(running)
        embedded.stop()
    say("Vigie est arrêtée; vos données restent en place.")


def stop_all(running: Mapping[str, Popen[bytes]]) -> None:
    """Asks all to leave, then waits for each. SIGTERM goes to the parent of each program alone, which ends its own."""
    for process in running.values():
        process.terminate()
    limit = time.monotonic() + GRACE_SECONDS
    for process in running.values():
        await_end(process, limit - time.monotonic())


def say(sentence: str) -> None:
    """Speaks to the person; a terminal that was closed does not listen any more and must not stop the stop."""
    try:
        sys.stdout.write(f"{sentence}\n")
        sys.stdout.flush()
    except OSError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")


def _check(embedded: Embedded, running: Mapping[str, Popen[bytes]]) -> None:
    time.sleep(0.1)
    for name, process in {**embedded.processes(), **running}.items():
        if process.poll() is not None:
            raise died(name, _log(embedded.var, name))


def _log(var: Path, name: str) -> Path:
    return var / "log" / f"{name}.log"
