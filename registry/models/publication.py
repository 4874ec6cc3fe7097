"""What is public of a system: immutable numbered versions, and which of them is shown."""

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from core.fields import WordsOfWeight
from core.models.base import never_emptied
from organizations.models import Organization
from registry.models.columns import many_codes
from registry.models.search import counted_by_facet
from registry.models.system import AISystem
from registry.workflow import PublicationKind
from review.models import Case


class PublicationRequest(models.Model):
    """A version waiting for its second look: exactly what was submitted, frozen, and the case that carries it.

    Never altered: a trigger refuses it, as for the publication that may come of it. Retention: with its case.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="publication_request")
    system = models.ForeignKey(AISystem, on_delete=models.PROTECT, related_name="publication_requests")
    document = models.JSONField()
    kind = models.CharField(max_length=10)
    is_major = models.BooleanField(default=True)
    change_note_fr = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(PublicationKind)), name="publicationrequest_kind_known"),
        ]
        triggers = [
            pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied(),
        ]

    def __str__(self) -> str:
        return f"{self.system_id} ({self.kind})"


class Publication(models.Model):
    """One public version of one system: number, document, digest. Nothing here ever changes: a trigger refuses it.

    The document conforms to `registry/publication.v1.schema.json`; `digest` is the SHA-256 of its canonical JSON.
    Withdrawal and legal redaction are new versions. Retention: for ever (public record).
    """

    public_columns = (
        "id",
        "uuid",
        "reference",
        "number",
        "kind",
        "schema",
        "is_major",
        "change_note_fr",
        "document",
        "digest",
        "published_at",
        "case_id",  # only whether there is one is told: a second person read this version
    )

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    system = models.ForeignKey(AISystem, on_delete=models.PROTECT, related_name="publications")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="publications")
    reference = models.CharField(max_length=30, db_index=True)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    schema = models.CharField(max_length=30, default="publication.v1")
    is_major = models.BooleanField(default=True)
    change_note_fr = models.CharField(max_length=500, blank=True)
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["system", "number"], name="publication_number_once"),
            models.UniqueConstraint(fields=["case"], name="publication_case_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="publication_number_from_one"),
            models.CheckConstraint(condition=Q(kind__in=list(PublicationKind)), name="publication_kind_known"),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="publication_digest_is_sha256"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(change_note_fr=""), name="publication_change_is_noted"),
        ]
        # Feeds tell the latest versions of all, and read no other.
        indexes = [models.Index(fields=["-published_at", "-id"], name="publication_by_date")]
        triggers = [
            pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied(),
        ]

    def __str__(self) -> str:
        return f"{self.reference} v{self.number}"


NAMES_SOLUTION = Q(solution__isnull=False)
FEW_VALUES = ("phase", "category", "autonomy", "personal_information", "kind")


class PublicRecord(models.Model):
    """Which version of a system the public sees now, with what search and facets need.

    Rebuilt from publications. Retention: while its system is public.
    """

    public_columns = ("*",)

    system = models.OneToOneField(AISystem, on_delete=models.PROTECT, related_name="public_record")
    publication = models.OneToOneField(Publication, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=30, unique=True)
    body_slug = models.CharField(max_length=12)
    kind = models.CharField(max_length=10)
    phase = models.CharField(max_length=20)
    category = models.CharField(max_length=30)
    autonomy = models.CharField(max_length=20)
    personal_information = models.CharField(max_length=10)
    techniques = many_codes()
    territories = many_codes()
    life_events = many_codes()
    # Objectives of the strategy, and years in which a benefit was measured (registry/rules/indicator.py).
    objectives = many_codes()
    followed = many_codes()
    # The shared product that this version names, by its public identifier: what is shown of it stands in documents.
    solution = models.UUIDField(null=True)
    sort_key = models.TextField()
    first_published_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    search_fr = SearchVectorField()
    search_en = SearchVectorField()

    class Meta:
        ordering = ["sort_key", "id"]
        indexes = [
            GinIndex(fields=["search_fr"], name="publicrecord_search_fr"),
            GinIndex(fields=["search_en"], name="publicrecord_search_en"),
            GinIndex(fields=["techniques"], name="publicrecord_techniques"),
            GinIndex(fields=["territories"], name="publicrecord_territories"),
            GinIndex(fields=["life_events"], name="publicrecord_life_events"),
            GinIndex(fields=["objectives"], name="publicrecord_objectives"),
            GinIndex(fields=["followed"], name="publicrecord_followed"),
            # The words of names alone: of very many sheets, those whose name has the word are found at once.
            GinIndex(WordsOfWeight("search_fr", "a"), name="publicrecord_names_fr"),
            GinIndex(WordsOfWeight("search_en", "a"), name="publicrecord_names_en"),
            models.Index(fields=["body_slug", "sort_key"], name="publicrecord_of_body"),
            # The two orders of the lists, whole: what is read does not grow with the register.
            models.Index(fields=["-updated_at", "id"], name="publicrecord_by_date"),
            models.Index(fields=["sort_key", "id"], name="publicrecord_by_name"),
            # The users of one solution in the two orders of its page; most systems name none.
            models.Index(fields=["solution", "sort_key", "id"], condition=NAMES_SOLUTION, name="publicrecord_solution"),
            models.Index(
                fields=["solution", "-updated_at", "id"], condition=NAMES_SOLUTION, name="publicrecord_solution_date"
            ),
            # Few values, so a few kilobytes each: a rare one is found without reading the others.
            *(models.Index(fields=[name], name=f"publicrecord_{name[:8]}") for name in FEW_VALUES),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(PublicationKind)), name="publicrecord_kind_known"),
        ]
        triggers = counted_by_facet()

    def __str__(self) -> str:
        return self.reference
