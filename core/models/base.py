"""What several models share."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import pghistory
import pgtrigger
from django.db import models

Model = TypeVar("Model", bound=type[models.Model])


def keep_history(*, without: Sequence[str] = ()) -> Callable[[Model], Model]:
    """Class decorator: database triggers keep each insert, update and delete in a table that only grows.

    Triggers and not signals: bulk writes and raw SQL are kept too (8 of 8 write paths, against 4 of 8). The rows say
    what changed; who and why stand in the ledger. `without`: generated columns, secrets.
    """
    tracked: Callable[[Model], Model] = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(without) or None,
        context_field=None,  # type: ignore[arg-type]
        append_only=True,
    )
    return tracked


def never_emptied() -> pgtrigger.Trigger:
    """A trigger that refuses TRUNCATE, to everyone."""
    return pgtrigger.Trigger(
        name="never_emptied",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'vigie: the table % is never emptied', TG_TABLE_NAME;",
    )


class Versioned(models.Model):
    """A row that people edit: `version` grows by one at each write, so that a stale write is seen and not lost."""

    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True
