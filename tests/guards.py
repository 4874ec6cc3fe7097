"""Pytest plugin: faults that hide in development show here. Unordered querysets come reversed, names left out of a
context fail in our own templates.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db.models import QuerySet

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True, scope="session")
def unordered_querysets_come_reversed() -> Iterator[None]:
    """PostgreSQL promises no order without ORDER BY; a small table keeps one by chance, and the fault waits for
    production.
    """
    original = QuerySet._fetch_all

    def fetch_all(self: Any) -> None:
        is_first_time = self._result_cache is None
        original(self)
        if is_first_time and not self.ordered and isinstance(self._result_cache, list):
            self._result_cache.reverse()

    QuerySet._fetch_all = fetch_all  # type: ignore[method-assign]
    yield
    QuerySet._fetch_all = original  # type: ignore[method-assign]


class Undefined(str):
    """What a template gets for a name that is not in its context: a failure, in a template of ours."""

    def __contains__(self, other: object) -> bool:
        return other == "%s"

    def __mod__(self, variable: Any) -> str:
        raise AssertionError(f"The name {variable!s} is not in the context of this template.")


@pytest.fixture(autouse=True, scope="session")
def names_left_out_of_a_context_fail() -> None:
    """A link to a name that a page forgot leads nowhere, in silence: `href=""`."""
    from django.template import engines

    engines["django"].engine.string_if_invalid = Undefined("undefined")


@pytest.fixture(autouse=True, scope="session")
def only_a_test_may_empty_a_table() -> Iterator[None]:
    """The ledger refuses TRUNCATE to everyone; the flush after a browser test is let through, and nothing else."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    original = DatabaseOperations.sql_flush

    def sql_flush(self: Any, *args: Any, **kwargs: Any) -> list[str]:
        statements = original(self, *args, **kwargs)
        return ["SET session_replication_role = replica", *statements, "SET session_replication_role = origin"]

    DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign]
    yield
    DatabaseOperations.sql_flush = original  # type: ignore[method-assign]
