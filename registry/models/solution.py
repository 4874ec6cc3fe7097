"""Products and models that several bodies use."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.fields import SortKey
from core.models import Versioned, keep_history
from core.text import Localized, localized
from organizations.models import Organization
from registry.models.columns import line, link, one_code, paragraph


@keep_history(without=["sort_key"])
class Solution(Versioned):
    """One product or model that one or several bodies use, described once. The body that enters it keeps it up.

    What the supplier says of it stands in `SolutionClaim`, apart from what bodies say. Its trade name is internal: the
    public reads the general name. Retention: while a system uses it, then five years.
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

    class Meta:
        ordering = ["sort_key", "id"]
        constraints = [models.CheckConstraint(condition=~Q(name_fr=""), name="solution_has_name")]

    def __str__(self) -> str:
        return self.name_fr

    @property
    def name(self) -> Localized:
        return localized(self, "name")


@keep_history()
class SolutionClaim(models.Model):
    """One statement that a supplier makes about its product: always shown as the supplier's, never as the body's.

    Retention: with its solution.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    solution = models.ForeignKey(Solution, on_delete=models.CASCADE, related_name="claims")
    claim_fr = models.TextField(max_length=1000)
    source = line(300)
    stated_on = models.DateField(null=True, blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["noted_at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(claim_fr=""), name="solutionclaim_says_something")]

    def __str__(self) -> str:
        return self.claim_fr[:60]
