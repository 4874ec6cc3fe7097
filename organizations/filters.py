"""Which bodies a list shows, in which order."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.fields import Unaccent
from core.text import clean_line
from organizations.models import Organization, PublicBodyName
from organizations.workflow import Kind, Regime

ORDERS = {
    "name": ("sort_key", "pk"),
    "-name": ("-sort_key", "-pk"),
    "sigle": ("sigle",),
    "-sigle": ("-sigle",),
    "kind": ("kind", "sort_key", "pk"),
    "-kind": ("-kind", "sort_key", "pk"),
    "parent": ("parent__sort_key", "sort_key", "pk"),
    "-parent": ("-parent__sort_key", "sort_key", "pk"),
}
OPEN, CLOSED = "open", "closed"


class BodyFilter(django_filters.FilterSet):
    """By words of the name, the sigle or an old name; by kind, regime and state."""

    q = django_filters.CharFilter(label=_("Name, sigle or old name"), method="by_words")
    kind = django_filters.MultipleChoiceFilter(
        label=_("Kind of body"), choices=Kind.choices, widget=forms.CheckboxSelectMultiple
    )
    regime = django_filters.MultipleChoiceFilter(
        label=_("Legal regime"), choices=Regime.choices, method="by_regime", widget=forms.CheckboxSelectMultiple
    )
    state = django_filters.MultipleChoiceFilter(
        label=_("State"),
        choices=[(OPEN, _("Open")), (CLOSED, _("Closed"))],
        method="by_state",
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Organization
        fields: list[str] = []

    def by_words(self, bodies: QuerySet[Organization], name: str, value: str) -> QuerySet[Organization]:
        return search(bodies, value)

    def by_regime(self, bodies: QuerySet[Organization], name: str, value: list[str]) -> QuerySet[Organization]:
        return bodies.filter(regimes__overlap=value) if value else bodies

    def by_state(self, bodies: QuerySet[Organization], name: str, value: list[str]) -> QuerySet[Organization]:
        chosen = Q()
        if OPEN in value:
            chosen |= Q(closed_on__isnull=True)
        if CLOSED in value:
            chosen |= Q(closed_on__isnull=False)
        return bodies.filter(chosen)

    def ordered(self) -> QuerySet[Organization]:
        """As `?sort=` says; by name when it says nothing we know."""
        found: Any = self.qs
        ordered: QuerySet[Organization] = found.order_by(*ORDERS.get(self.data.get("sort", ""), ORDERS["name"]))
        return ordered


def search(bodies: QuerySet[Organization], typed: str) -> QuerySet[Organization]:
    """Bodies whose name, sigle or old name contains what was typed, accents and capitals apart."""
    words = clean_line(typed)[:200]
    if not words:
        return bodies
    wanted = Lower(Unaccent(Value(words)))
    old = PublicBodyName.objects.filter(body__organization=OuterRef("pk")).alias(key=Lower(Unaccent("name_fr")))
    old = old.filter(Q(key__contains=wanted) | Q(slug=words.lower()))
    english = Lower(Unaccent("name_en"))
    return bodies.alias(english=english).filter(
        Q(sort_key__contains=wanted) | Q(english__contains=wanted) | Q(sigle__istartswith=words) | Exists(old)
    )


@dataclass
class Branch:
    """A body and what stands below it, among those that are shown."""

    organization: Organization
    below: "list[Branch]" = field(default_factory=list)


def branches(bodies: Iterable[Organization]) -> list[Branch]:
    """The tree of these bodies; one whose parent is not among them stands at the top."""
    shown = {body.pk: Branch(body) for body in bodies}
    top: list[Branch] = []
    for branch in shown.values():
        above = shown.get(branch.organization.parent_id or 0)
        (above.below if above else top).append(branch)
    return top
