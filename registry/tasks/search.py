"""What search keeps, made tidy."""

from core.outbox import outbox_task
from registry.services.imports.foreign_systems import index_old_records
from registry.services.public_records import index_missing_texts
from registry.services.public_records import index_whole_texts as index_texts
from registry.services.search_index import fold_facet_counts as fold_counts
from registry.services.search_index import tidy_search


@outbox_task()
def fold_facet_counts() -> None:
    """Now and then, while sheets are published."""
    fold_counts()


@outbox_task()
def tidy_search_index() -> None:
    """Once a day."""
    tidy_search()
    index_missing_texts()
    index_old_records()


@outbox_task()
def index_whole_texts(*, systems: list[int]) -> None:
    """After many first versions at once."""
    index_texts(systems)
