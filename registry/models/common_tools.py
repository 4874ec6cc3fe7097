"""Everyday uses of AI, declared together by a body."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from core.models import Versioned, keep_history
from organizations.models import Organization
from registry.models.columns import line, one_code
from registry.rules.common_tools import COMMON_TOOLS

ANSWERS = ["", *COMMON_TOOLS.answers]


@keep_history()
class CommonToolsForm(Versioned):
    """The page of one body: its version grows at each saving, so that two people do not overwrite each other.

    Retention: with its body.
    """

    organization = models.OneToOneField(Organization, on_delete=models.PROTECT, related_name="common_tools_form")
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.organization)


@keep_history()
class CommonToolUse(models.Model):
    """What one body answers about one everyday use; the product is internal. No row: nothing was answered yet.

    Retention: with its body.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="common_tools")
    tool = models.CharField(max_length=30)
    is_used = one_code()
    product = line()
    users_band = one_code()
    personal_information = one_code()
    has_rules = one_code()
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["tool", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "tool"], name="commontooluse_once"),
            models.CheckConstraint(condition=~Q(tool=""), name="commontooluse_names_a_tool"),
            models.CheckConstraint(condition=Q(is_used__in=ANSWERS), name="commontooluse_is_used_known"),
            models.CheckConstraint(
                condition=Q(users_band__in=["", *COMMON_TOOLS.bands]), name="commontooluse_users_band_known"
            ),
            models.CheckConstraint(
                condition=Q(personal_information__in=ANSWERS), name="commontooluse_personal_information_known"
            ),
            models.CheckConstraint(condition=Q(has_rules__in=ANSWERS), name="commontooluse_has_rules_known"),
        ]

    def __str__(self) -> str:
        return f"{self.tool}: {self.is_used}"


class PublicCommonTools(models.Model):
    """What the public reads of a body's everyday uses: their codes, once the body chose to publish them.

    A copy made by that act; taken away when the body withdraws it. Retention: while it is public.
    """

    public_columns = ("id", "slug", "tools", "published_on")

    organization = models.OneToOneField(Organization, on_delete=models.CASCADE, related_name="public_common_tools")
    slug = models.CharField(max_length=40, db_index=True)
    tools = ArrayField(models.CharField(max_length=30))
    published_on = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(slug=""), name="publiccommontools_has_slug")]

    def __str__(self) -> str:
        return self.slug
