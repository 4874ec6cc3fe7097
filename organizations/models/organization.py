"""Public bodies: the tree, what the law makes of them, what became of them, what of them is public."""

import uuid
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from core.fields import SortKey
from core.models import Versioned, keep_history
from core.text import Localized, localized
from organizations.workflow import Kind, Regime, SecondLook, SuccessionKind

# UNION drops what was met already.
BELOW = (
    "WITH RECURSIVE below (id) AS (({these}) UNION SELECT body.id FROM organizations_organization AS body"
    " JOIN below ON body.parent_id = below.id) SELECT id FROM below ORDER BY id"
)


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def open_on(self, day: date) -> "OrganizationQuerySet":
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day))

    def descendant_keys(self) -> list[int]:
        """Keys of these bodies and of all below them, in one query. A body that a mistake put under itself ends it."""
        try:
            these, values = self.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            return []
        with connection.cursor() as cursor:
            cursor.execute(BELOW.format(these=these), values)
            return [key for (key,) in cursor.fetchall()]


@keep_history(without=["sort_key", "next_number"])
class Organization(Versioned):
    """One body. Made by the operator of the platform or by the administration of its parent; its sheet is kept by its
    own.

    The sigle is in every number it gives out and never changes hands. Retention: never erased (public record).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sigle = models.CharField(_("Sigle"), max_length=12)
    name_fr = models.CharField(_("Name"), max_length=200)
    name_en = models.CharField(_("Name in English"), max_length=200, blank=True)
    kind = models.CharField(_("Kind of body"), max_length=12, choices=Kind)
    country = models.CharField(_("Country"), max_length=2, default="CA")
    regimes = ArrayField(
        models.CharField(max_length=20, choices=Regime), verbose_name=_("Legal regimes"), default=list, blank=True
    )
    employees = models.PositiveIntegerField(_("Number of employees"), null=True, blank=True)
    parent = models.ForeignKey(
        "self", verbose_name=_("Body above"), on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    highest_authority_fr = models.CharField(_("Person with the highest authority (title)"), max_length=200, blank=True)
    is_committee_exempt = models.BooleanField(_("Exempt from the committee on access and privacy"), default=False)
    publishes_in_english = models.BooleanField(
        _("Our language directive lets us publish in English too"), default=False
    )
    second_look = models.CharField(
        _("Second look before publishing"), max_length=12, choices=SecondLook, default=SecondLook.RECOMMENDED
    )
    second_look_reason_fr = models.CharField(_("Reason when a second look is impossible"), max_length=300, blank=True)
    contact_email = models.EmailField(_("Public e-mail"), blank=True)
    contact_phone = models.CharField(_("Public telephone"), max_length=40, blank=True)
    postal_address = models.TextField(_("Postal address"), max_length=400, blank=True)
    website = models.URLField(_("Web site"), blank=True)
    is_demonstration = models.BooleanField(default=False, editable=False)
    next_number = models.PositiveIntegerField(default=1, editable=False)
    closed_on = models.DateField(null=True, blank=True)
    sort_key = SortKey("name_fr")

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            models.UniqueConstraint(Upper("sigle"), name="organization_sigle_once"),
            models.CheckConstraint(condition=Q(sigle__regex=r"^[A-Z][A-Z0-9]{1,11}$"), name="organization_sigle_form"),
            models.CheckConstraint(condition=~Q(name_fr=""), name="organization_has_name"),
            models.CheckConstraint(condition=~Q(parent=F("pk")), name="organization_not_its_own_parent"),
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="organization_country_iso"),
            models.CheckConstraint(
                condition=~Q(second_look="impossible") | ~Q(second_look_reason_fr=""),
                name="organization_second_look_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name_fr

    @property
    def name(self) -> Localized:
        return localized(self, "name")

    @property
    def can_be_reached(self) -> bool:
        """Telephone and postal address: without them nothing of this body goes public as a sheet."""
        return bool(self.contact_phone and self.postal_address)


@keep_history()
class Succession(models.Model):
    """What became of a body: renamed, merged, split. The old name and sigle still lead to the new one.

    Retention: never erased (public record).
    """

    former_sigle = models.CharField(max_length=12)
    former_name_fr = models.CharField(max_length=200)
    former_name_en = models.CharField(max_length=200, blank=True)
    predecessor = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="successions")
    successor = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="former_names")
    kind = models.CharField(max_length=8, choices=SuccessionKind)
    effective_on = models.DateField()

    class Meta:
        ordering = ["-effective_on", "former_sigle"]
        constraints = [
            models.CheckConstraint(
                condition=Q(predecessor__isnull=True) | ~Q(predecessor=F("successor")), name="succession_between_two"
            ),
            models.UniqueConstraint(fields=["former_sigle", "former_name_fr", "successor"], name="succession_once"),
        ]

    def __str__(self) -> str:
        return f"{self.former_sigle} → {self.successor.sigle}"


class PublicBody(models.Model):
    """What the public site knows of a body: a copy made when its sheet is saved, so that drafts cannot leak.

    `document` holds names, kind, regimes, contacts. Read by the role `vigie_public`. Retention: never erased (public
    record).
    """

    public_columns = ("*",)

    organization = models.OneToOneField(Organization, on_delete=models.PROTECT, related_name="public_body")
    slug = models.CharField(max_length=12, unique=True)
    document = models.JSONField()
    sort_key = models.TextField()
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.slug


class PublicBodyName(models.Model):
    """An old name or sigle of a public body, which still resolves. Retention: never erased (public record)."""

    public_columns = ("*",)

    body = models.ForeignKey(PublicBody, on_delete=models.CASCADE, related_name="old_names")
    slug = models.CharField(max_length=12, db_index=True)
    name_fr = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    until = models.DateField()

    class Meta:
        ordering = ["-until"]

    def __str__(self) -> str:
        return self.slug
