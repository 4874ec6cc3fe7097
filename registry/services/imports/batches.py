"""Many rows in few transactions, and yet one bad row never costs its neighbours anything."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

import structlog
from django.db import DatabaseError, transaction

log = structlog.get_logger(__name__)

BATCH = 500
# Classes of SQLSTATE that speak of the data of one row: bad value, broken constraint, check option, limit of the
# engine, refusal by a trigger. Anything else (no disk, no connection, a lock) is no fault of the row.
_OF_THE_ROW = ("22", "23", "44", "54", "P0")

Item = TypeVar("Item")


def write_in_batches(
    items: Iterable[Item], *, write: Callable[[Sequence[Item]], None], refuse: Callable[[Item], None]
) -> None:
    """`write` up to 500 items in one transaction; when the database refuses them, each by itself.

    `refuse` notes an item that the database does not take, in a transaction of its own. `write` holds everything that
    belongs together (rows and counts), so that whatever stops the program, what is stored is whole.
    """
    for batch in _batched(items, BATCH):
        try:
            with transaction.atomic():
                write(batch)
        except DatabaseError:
            _write_singly(batch, write, refuse)


def _write_singly(
    batch: Sequence[Item], write: Callable[[Sequence[Item]], None], refuse: Callable[[Item], None]
) -> None:
    for item in batch:
        try:
            with transaction.atomic():
                write([item])
        except DatabaseError as error:
            if not is_of_the_row(error):
                raise
            log.warning("row refused by the database", sqlstate=_sqlstate(error))
            with transaction.atomic():
                refuse(item)


def is_of_the_row(error: DatabaseError) -> bool:
    return _sqlstate(error).startswith(_OF_THE_ROW)


def _sqlstate(error: DatabaseError) -> str:
    return str(getattr(error.__cause__, "sqlstate", None) or "")


def _batched(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
