"""Products and models that several bodies use."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Lower

from core.fields import SortKey, Unaccent
from core.models import Versioned, keep_history
from core.text import Localized, localized
from organizations.models import Organization, User
from organizations.permissions import Permission, organizations_where
from registry.models.columns import line, link, one_code, paragraph
from registry.workflow import Status

MOST_WORDS = 8
OTHER_NAMES = Lower(Unaccent(Concat("name_en", Value(" "), "trade_name", Value(" "), "supplier")))


class SolutionQuerySet(models.QuerySet["Solution"]):
    def visible_to(self, user: User) -> "SolutionQuerySet":
        """Everybody who reads declared systems somewhere reads the solutions of every body: they are there to be used
        again. Fictional ones and real ones are two worlds.
        """
        worlds = organizations_where(user, Permission.READ_DECLARED).values("is_demonstration")
        return self.filter(organization__is_demonstration__in=worlds)

    def named(self, text: str) -> "SolutionQuerySet":
        """Every word stands somewhere in its names or in that of its supplier, whatever accents and capitals."""
        found = self
        for word in text.split()[:MOST_WORDS]:
            plain = Lower(Unaccent(Value(word)))
            names = Q(sort_key__contains=plain) | Q(other_names__contains=plain)
            found = found.annotate(other_names=OTHER_NAMES).filter(names)
        return found

    def with_users(self) -> "SolutionQuerySet":
        """`users`: how many declared systems use each; drafts and records put away count nowhere."""
        used = Q(systems__status=Status.DECLARED, systems__put_away_at__isnull=True)
        return self.annotate(users=models.Count("systems", filter=used))


@keep_history(without=["sort_key"])
class Solution(Versioned):
    """One product or model that one or several bodies use, described once. The body that enters it keeps it up.

    People of the other bodies read it and name it in their systems. What the supplier says of it stands in
    `SolutionClaim`, apart from what bodies say. Its trade name is internal: the public reads the general name.
    `updated_*` moves with its claims too. Retention: while a system uses it, then five years.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="solutions")
    name_fr = line()
    name_en = line()
    description_fr = paragraph(2000)
    trade_name = line()
    supplier = line()
    supplier_country = one_code()
    website_url = link()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sort_key = SortKey("name_fr")

    objects = SolutionQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "id"]
        constraints = [models.CheckConstraint(condition=~Q(name_fr=""), name="solution_has_name")]

    def __str__(self) -> str:
        return self.name_fr

    @property
    def name(self) -> Localized:
        return localized(self, "name")


@keep_history()
class SolutionClaim(Versioned):
    """One statement that a supplier makes about its product, where and when: always shown as the supplier's, never as
    the body's. `noted_*`: who wrote it last.

    Retention: with its solution.
    """

    version = models.PositiveIntegerField(default=1, db_default=1)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    solution = models.ForeignKey(Solution, on_delete=models.CASCADE, related_name="claims")
    claim_fr = models.TextField(max_length=1000)
    claim_en = paragraph(1000)
    source = line(300)
    stated_on = models.DateField(null=True, blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(claim_fr=""), name="solutionclaim_says_something"),
            models.CheckConstraint(
                condition=~Q(source="") & Q(stated_on__isnull=False), name="solutionclaim_is_sourced"
            ),
        ]

    def __str__(self) -> str:
        return self.claim_fr[:60]
