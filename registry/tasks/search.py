"""What search keeps, made tidy."""

from core.outbox import outbox_task
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
