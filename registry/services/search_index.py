"""What search keeps beside the public records: words that a mistake leads to, and how many records each value has."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Manager

from core import clock
from registry.models import FacetCount, ForeignWord, PublicRecord, SearchWord
from registry.models.search import facet_values
from registry.public.search.texts import searched_texts
from registry.standards.near_words import near_keys, words_of
from registry.workflow import PublicationKind

# Rows of counts that a reader adds up without noticing.
FEW_ROWS = 2000
BATCH = 500
# A count may forget a word that a publication, not yet seen, was counting on: what is recent is learned again.
RECENT = timedelta(days=2)
# In one statement, so that both sides are of one moment: what the records are, against what the rows add up to.
RIGHT_COUNTS = f"""
INSERT INTO registry_facetcount (facet, value, change)
SELECT facet, value, sum(change) FROM (
    {facet_values("registry_publicrecord", 1)}
    UNION ALL SELECT facet, value, -change FROM registry_facetcount
) AS told (facet, value, change)
GROUP BY facet, value HAVING sum(change) <> 0
"""
FOLD_COUNTS = """
WITH folded AS (DELETE FROM registry_facetcount RETURNING facet, value, change)
INSERT INTO registry_facetcount (facet, value, change)
SELECT facet, value, sum(change) FROM folded GROUP BY facet, value HAVING sum(change) <> 0
"""
# Table of words → the vectors that hold them, and the grammar of each.
VECTORS: Mapping[str, tuple[tuple[str, str], ...]] = {
    SearchWord._meta.db_table: (("SELECT search_fr FROM registry_publicrecord WHERE kind <> 'withdrawn'", "vigie_fr"),),
    ForeignWord._meta.db_table: tuple(
        (f"SELECT search_{language} FROM registry_foreignsystem", f"vigie_{language}")
        for language in ("fr", "en", "nl")
    ),
}


def _count_words(table: str) -> list[str]:
    """How many records each word finds; then one row of each word, none of those that find nothing."""
    found = " UNION ALL ".join(
        f"SELECT '{grammar}' AS grammar, word AS stem, ndoc FROM ts_stat($${vectors}$$)"
        for vectors, grammar in VECTORS[table]
    )
    stems = " UNION ALL ".join(
        f"SELECT id, '{grammar}', unnest(tsvector_to_array(to_tsvector('{grammar}', word))) FROM {table}"
        for _vectors, grammar in VECTORS[table]
    )
    return [
        f"WITH found AS ({found}), stems (id, grammar, stem) AS ({stems}), counted AS ("
        f" SELECT word.id, COALESCE(max(found.ndoc), 0) AS records FROM {table} AS word"
        " LEFT JOIN stems USING (id) LEFT JOIN found USING (grammar, stem) GROUP BY word.id)"
        f" UPDATE {table} AS word SET records = counted.records"
        " FROM counted WHERE counted.id = word.id AND counted.records <> word.records",
        f"DELETE FROM {table} AS word WHERE records = 0"
        f" OR EXISTS (SELECT 1 FROM {table} AS twin WHERE twin.word = word.word AND twin.id < word.id)",
    ]


def learn_words(texts: Iterable[str]) -> None:
    """Words of these texts that search does not know yet. Part of the publication that brings them in. Two queries."""
    _learn(SearchWord, Counter(words_of(texts)))


def learn_foreign_words(texts: Iterable[str]) -> None:
    """The same for records from elsewhere, counted apart. Part of their import."""
    _learn(ForeignWord, Counter(words_of(texts)))


def _learn(model: type[SearchWord] | type[ForeignWord], counted: Mapping[str, int]) -> None:
    rows: Manager[Any] = model.objects
    known = set(rows.filter(word__in=list(counted)).order_by().values_list("word", flat=True))
    new = sorted(counted.keys() - known)
    rows.bulk_create([model(word=word, keys=near_keys(word), records=counted[word]) for word in new], batch_size=BATCH)


@transaction.atomic
def tidy_search() -> None:
    """Once a day: counts made sure and folded, words counted anew, those that no sheet has forgotten."""
    with connection.cursor() as cursor:
        for statement in (RIGHT_COUNTS, FOLD_COUNTS, *(sql for table in VECTORS for sql in _count_words(table))):
            cursor.execute(statement)
    shown = PublicRecord.objects.exclude(kind=PublicationKind.WITHDRAWN).order_by("pk")
    if SearchWord.objects.exists():  # else none was ever learned: the table is new
        shown = shown.filter(updated_at__gte=clock.now() - RECENT)
    counted: Counter[str] = Counter()
    for document in shown.values_list("publication__document", flat=True).iterator(chunk_size=BATCH):
        counted.update(words_of(text for text, _weight in searched_texts(document)))
    _learn(SearchWord, counted)


@transaction.atomic
def fold_facet_counts() -> None:
    """One row for each value in place of many. Rows that another transaction is writing are not seen, and stay."""
    if FacetCount.objects.count() > FEW_ROWS:
        with connection.cursor() as cursor:
            cursor.execute(FOLD_COUNTS)
