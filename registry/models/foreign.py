"""Registres d'ailleurs: systems that other governments published. Never counted with ours."""

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from registry.models.search import KnownWord


class ForeignSystem(models.Model):
    """One record of a register from elsewhere, as its source gave it, with provenance, language and licence.

    `document` holds texts as maps language → text and recoded values; each vector, the texts of its language under its
    grammar. Made and renewed by imports alone; a record that left its source keeps `last_seen_on`. Retention: while its
    source publishes it.
    """

    public_columns = ("*",)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    register = models.CharField(max_length=10)
    source_id = models.CharField(max_length=100)
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    phase = models.CharField(max_length=20, blank=True)
    first_seen_on = models.DateField()
    last_seen_on = models.DateField()
    updated_at = models.DateTimeField()
    sort_key = models.TextField()
    search_fr = SearchVectorField()
    search_en = SearchVectorField()
    # None: made by an older version of the program, its texts are under both other grammars.
    search_nl = SearchVectorField(null=True)

    class Meta:
        ordering = ["sort_key", "id"]
        indexes = [
            GinIndex(fields=["search_fr"], name="foreignsystem_search_fr"),
            GinIndex(fields=["search_en"], name="foreignsystem_search_en"),
            GinIndex(fields=["search_nl"], name="foreignsystem_search_nl"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["register", "source_id"], name="foreignsystem_once"),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="foreignsystem_digest_is_sha256"),
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.source_id}"


class ForeignWord(KnownWord):
    """A word of these records: it corrects searches among them, none of ours. Retention: until no record has it."""
