"""Truths that no row can guard: who is below whom, who operates the platform, which files of the register are last."""

from enum import IntEnum

from django.db import connection


class Lock(IntEnum):
    # Two moves that each look right could together make a ring.
    TREE = 7_402_001
    # Two first links used at once, or two operators who end each other's function.
    PLATFORM = 7_402_002
    # Two makings of the files of the register: the last one begun is the one that stays.
    PUBLIC_FILES = 7_402_003
    # Two jobs that count the same year.
    INDICATOR = 7_402_004
    # The files that the public takes: shown by their making, taken back by whoever withdraws a sheet. Held while rows
    # are written, never while files are made.
    PUBLIC_FILES_SHOWN = 7_402_005


def hold(lock: Lock) -> None:
    """Until the end of the transaction, whoever else asks for this lock waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock.value])
