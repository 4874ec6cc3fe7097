"""Jobs of the register, asked for through the outbox by their dotted name; one module per noun."""

from registry.tasks.bodies import follow_body, show_coverage
from registry.tasks.citizens import forget_old_words, tell_error_report, tell_visitor
from registry.tasks.indicator import keep_indicator
from registry.tasks.public_files import make_public_files
from registry.tasks.search import fold_facet_counts, index_whole_texts, tidy_search_index

__all__ = [
    "fold_facet_counts",
    "follow_body",
    "forget_old_words",
    "index_whole_texts",
    "keep_indicator",
    "make_public_files",
    "show_coverage",
    "tell_error_report",
    "tell_visitor",
    "tidy_search_index",
]
