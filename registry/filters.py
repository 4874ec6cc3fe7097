"""What the list of systems may be searched and sorted by; each value stands in the address of the page."""

from functools import partial
from typing import Any

import django_filters
from django import forms
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.fields import Unaccent
from core.text import reader_language
from organizations.models import Organization
from organizations.permissions import permissions_by_body
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem
from registry.models.system import AISystemQuerySet
from registry.workflow import Phase, Status

MOST_WORDS = 8
# A phase sorts by its place in the life of a system, not by its letters; a draft may have none yet.
PHASE_ORDER = Case(
    *(When(phase=phase, then=Value(place)) for place, phase in enumerate(Phase, start=1)),
    default=Value(0),
    output_field=IntegerField(),
)
ORDERS: dict[str, tuple[Any, ...]] = {
    "name": (F("sort_key").asc(),),
    "-name": (F("sort_key").desc(),),
    "body": (F("organization__sort_key").asc(), F("sort_key").asc()),
    "-body": (F("organization__sort_key").desc(), F("sort_key").asc()),
    "phase": (PHASE_ORDER.asc(), F("sort_key").asc()),
    "-phase": (PHASE_ORDER.desc(), F("sort_key").asc()),
    "updated": (F("updated_at").asc(),),
    "-updated": (F("updated_at").desc(),),
}
DEFAULT_ORDER = "name"


def _labels(code: str) -> list[tuple[str, str]]:
    return list(CATALOGUE.choices(code, reader_language()))


class Codes(django_filters.MultipleChoiceFilter):
    """One or several codes of a field of the catalogue, in the reader's words."""

    def __init__(self, code: str) -> None:
        super().__init__(field_name=code, choices=partial(_labels, code), widget=forms.CheckboxSelectMultiple)


class SystemFilter(django_filters.FilterSet):
    """The list narrowed by words of the name or number, body, status and three answers."""

    q = django_filters.CharFilter(method="with_words", label=_("Name or number"), max_length=200)
    body = django_filters.MultipleChoiceFilter(
        field_name="organization__sigle", widget=forms.CheckboxSelectMultiple, label=_("Body")
    )
    status = django_filters.MultipleChoiceFilter(
        choices=[(Status.DRAFT, _("Being written")), (Status.DECLARED, _("Declared"))],
        widget=forms.CheckboxSelectMultiple,
        label=_("Status"),
    )
    phase = Codes("phase")
    category = Codes("category")
    personal_information = Codes("personal_information")

    class Meta:
        model = AISystem
        fields: list[str] = []

    def __init__(self, data: Any, *, queryset: Any, request: Any) -> None:
        super().__init__(data, queryset=queryset, request=request)
        for code in ("phase", "category", "personal_information"):
            self.form.fields[code].label = CATALOGUE.label(code, reader_language())
        bodies = Organization.objects.filter(pk__in=permissions_by_body(request.user))
        self.bodies = [(body.sigle, str(body.name)) for body in bodies]
        self.form.fields["body"].choices = self.bodies

    def with_words(self, queryset: AISystemQuerySet, name: str, value: str) -> AISystemQuerySet:
        """Every word stands somewhere in the name or the number, whatever its accents and capitals."""
        for word in value.split()[:MOST_WORDS]:
            queryset = queryset.filter(
                Q(sort_key__contains=Lower(Unaccent(Value(word)))) | Q(reference__icontains=word)
            )
        return queryset


class SortForm(forms.Form):
    """The order as a list to choose from: heads of columns are not there on a telephone."""

    sort = forms.ChoiceField(label=_("Sort by"), required=False)

    def __init__(self, *, order: str, has_several_bodies: bool) -> None:
        super().__init__(initial={"sort": order_of(order)})
        choices = [
            ("name", _("Name")),
            ("body", _("Body")),
            ("phase", _("Phase")),
            ("-updated", _("Last change, latest first")),
            ("updated", _("Last change, oldest first")),
            ("-name", _("Name, from Z to A")),
            ("-body", _("Body, from Z to A")),
            ("-phase", _("Phase, from the end")),
        ]
        field: Any = self.fields["sort"]
        field.choices = [one for one in choices if has_several_bodies or "body" not in one[0]]


def order_of(value: str) -> str:
    """A known order, the default one for anything else."""
    return value if value in ORDERS else DEFAULT_ORDER


def in_order(queryset: AISystemQuerySet, order: str) -> AISystemQuerySet:
    return queryset.order_by(*ORDERS[order_of(order)], "id")
