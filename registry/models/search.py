"""What search keeps beside the public records: how many there are of each kind, and the words they are written in."""

from collections.abc import Mapping
from dataclasses import dataclass

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


@dataclass(frozen=True)
class FacetColumn:
    """A column of the public record that visitors filter by. `is_list`: a record may have several of its values."""

    column: str
    is_list: bool = False


# Name of the filter in an address → column. A new one needs its column, a migration of the triggers, and its field in
# transparency/forms.py.
FACETS: Mapping[str, FacetColumn] = {
    "body": FacetColumn("body_slug"),
    "phase": FacetColumn("phase"),
    "category": FacetColumn("category"),
    "autonomy": FacetColumn("autonomy"),
    "personal": FacetColumn("personal_information"),
    "technique": FacetColumn("techniques", is_list=True),
    "territory": FacetColumn("territories", is_list=True),
    "life_events": FacetColumn("life_events", is_list=True),
    "objective": FacetColumn("objectives", is_list=True),
    "followed": FacetColumn("followed", is_list=True),
    "kind": FacetColumn("kind"),
}
# The facet of the whole register: one value, the empty one.
EVERYTHING = ""


class FacetCount(models.Model):
    """How many records shown have this value: the sum of its rows. Triggers of the public record add a row at each
    change, so that nobody waits for anybody and the sum is right in whatever order transactions end.

    Retention: until rows of one value are folded into one, once an hour (registry/services/search_index.py).
    """

    public_columns = ("*",)

    facet = models.CharField(max_length=20, blank=True)
    value = models.CharField(max_length=60, blank=True)
    change = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.facet}={self.value}: {self.change:+}"


class KnownWord(models.Model):
    """A word as texts write it, by which a typing mistake is recognized.

    The same word may be there twice, when two publications brought it in at once: neither waits, and the daily count
    keeps one.
    """

    public_columns = ("*",)

    word = models.CharField(max_length=30)
    records = models.PositiveIntegerField(default=1)
    # Numbers of the word without some of its letters (registry/standards/near_words.py).
    keys = ArrayField(models.IntegerField())

    class Meta:
        abstract = True
        indexes = [
            models.Index(fields=["word"], name="%(class)s_word"),
            GinIndex(fields=["keys"], name="%(class)s_near", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.word


class SearchWord(KnownWord):
    """A word of the sheets. Retention: until no sheet has it."""


class WholeText(models.Model):
    """The words of every public text of one system, rows included: what is searched when the texts that say what a
    system is about have nothing, so that a word in passing never comes before a system that is about it.

    Retention: while its system is public.
    """

    public_columns = ("*",)

    record = models.OneToOneField("PublicRecord", on_delete=models.CASCADE, primary_key=True, related_name="whole")
    words_fr = SearchVectorField()
    words_en = SearchVectorField()

    class Meta:
        indexes = [
            GinIndex(fields=["words_fr"], name="wholetext_words_fr"),
            GinIndex(fields=["words_en"], name="wholetext_words_en"),
        ]

    def __str__(self) -> str:
        return str(self.record_id)


def counted_by_facet() -> list[pgtrigger.Trigger]:
    """Triggers of the public record that keep `FacetCount`: one row for each value that a statement changed."""
    came, went = facet_values("came", 1), facet_values("went", -1)
    return [
        _counting("counted_insert", pgtrigger.Insert, [came], pgtrigger.Referencing(new="came")),  # type: ignore[no-untyped-call]
        _counting("counted_update", pgtrigger.Update, [came, went], pgtrigger.Referencing(new="came", old="went")),  # type: ignore[no-untyped-call]
        _counting("counted_delete", pgtrigger.Delete, [went], pgtrigger.Referencing(old="went")),  # type: ignore[no-untyped-call]
    ]


def _counting(
    name: str, operation: pgtrigger.Operation, changes: list[str], referencing: pgtrigger.Referencing
) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=referencing,
        func=(
            "INSERT INTO registry_facetcount (facet, value, change)"
            f" SELECT facet, value, sum(change) FROM ({' UNION ALL '.join(changes)}) AS changes (facet, value, change)"
            " GROUP BY facet, value HAVING sum(change) <> 0 ORDER BY facet, value; RETURN NULL;"
        ),
    )


def facet_values(rows: str, change: int) -> str:
    """Of these rows, every pair of a facet and a value; a sheet that was withdrawn counts in none."""
    pairs = [f"('{EVERYTHING}', '')"]
    pairs += [f"('{name}', shown.{facet.column})" for name, facet in FACETS.items() if not facet.is_list]
    lists = [
        f" UNION ALL SELECT '{name}', unnest(shown.{facet.column})" for name, facet in FACETS.items() if facet.is_list
    ]
    return (
        f"SELECT told.facet, told.value, {change} FROM {rows} AS shown,"
        f" LATERAL (SELECT * FROM (VALUES {', '.join(pairs)}) AS one (facet, value){''.join(lists)})"
        " AS told (facet, value) WHERE shown.kind <> 'withdrawn'"
    )
