"""Two truths that no row can guard: who is below whom, and who operates the platform."""

from enum import IntEnum

from django.db import connection


class Lock(IntEnum):
    # Two moves that each look right could together make a ring.
    TREE = 7_402_001
    # Two first links used at once, or two operators who end each other's function.
    PLATFORM = 7_402_002


def hold(lock: Lock) -> None:
    """Until the end of the transaction, whoever else asks for this lock waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock.value])
