"""«kill -9 of the worker in the middle of 200 jobs: every effect in the database exactly once.»"""

import contextlib
from collections.abc import Iterator

import pytest
import redis

from bench.plant import Plant

EFFECTS = "SELECT count(*), count(DISTINCT object_ref) FROM core_auditevent WHERE verb = 'test_effect'"
OPEN = "SELECT count(*) FROM core_intent WHERE state NOT IN ('done', 'failed')"
# A transaction that was cut takes its numbers from the sequence and leaves no row: the gap proves the cut.
CUT = "SELECT last_value - (SELECT count(*) FROM core_auditevent) FROM core_auditevent_id_seq"
STATES = "SELECT count(*) FILTER (WHERE state = 'done'), count(*) FROM core_intent"


@contextlib.contextmanager
def plant(**environment: str) -> Iterator[Plant]:
    """A plant whose jobs last long enough to be cut, and whose lost messages are sent again soon."""
    made = Plant(**{"OUTBOX_RESEND_AFTER": "1", **environment})
    try:
        yield made
    finally:
        made.stop()


def work_with_kills(made: Plant, jobs: int, kills: int, *, flush: bool = False) -> None:
    """Ask for the jobs, kill the worker `kills` times along the way, let a last one finish."""
    made.run(["manage.py", "shell", "-v", "0", "-c", f"from tests.core.jobs import ask_many; ask_many({jobs})"])
    worker = made.start_worker()
    for number in range(1, kills + 1):
        reached = jobs * number // (kills + 1)
        made.wait_until(lambda reached=reached: made.numbers(EFFECTS)[0] >= reached, 60)
        made.kill(worker)
        if flush and number % 3 == 0:  # the broker forgets everything it was told
            redis.Redis(unix_socket_path=made.env["BROKER_URL"].removeprefix("redis+socket://")).flushall()
        assert made.numbers(OPEN)[0] > 0, "the kill came after the end: the jobs are too short for this machine"
        worker = made.start_worker()
    made.wait_until(lambda: made.numbers(OPEN)[0] == 0, 90)


@pytest.mark.slow
def test_every_effect_exactly_once_under_kill_9() -> None:
    with plant(TEST_JOB_SECONDS="0.03") as made:
        made.start_relay()
        work_with_kills(made, jobs=200, kills=3)
        assert made.numbers(STATES) == (200, 200)
        assert made.numbers(EFFECTS) == (200, 200)
        assert made.numbers(CUT)[0] > 0, "no kill fell into a transaction: this run proved nothing"


@pytest.mark.long
@pytest.mark.alone
def test_a_campaign_of_kills_with_a_broker_that_forgets() -> None:
    """Ten times the jobs, two relays side by side, one of them killed too, the broker emptied on the way."""
    with plant(TEST_JOB_SECONDS="0.03", OUTBOX_RESEND_AFTER="3") as made:
        relay = made.start_relay()
        made.start_relay()
        made.kill(relay)
        made.start_relay()
        work_with_kills(made, jobs=2000, kills=8, flush=True)
        assert made.numbers(STATES) == (2000, 2000)
        assert made.numbers(EFFECTS) == (2000, 2000)
        assert made.numbers(CUT)[0] > 0
