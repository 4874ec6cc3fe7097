"""Filters and orders of the list of reports."""

from typing import Any

import django_filters
from django import forms
from django.db.models import F, Q, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.fields import Unaccent
from core.text import clean_line
from reports.models import Report, ReportQuerySet
from reports.workflow import ReportKind, ReportState

LONGEST_SEARCH = 100
ORDERS: dict[str, list[Any]] = {
    "title": [F("system__sort_key").asc(nulls_last=True), "-pk"],
    "-title": [F("system__sort_key").desc(nulls_last=True), "-pk"],
    "requested": ["requested_at", "pk"],
    "-requested": ["-requested_at", "-pk"],
}
DEFAULT_ORDER = "-requested"


class ReportFilter(django_filters.FilterSet):
    """Everything a list of reports may be narrowed by; unknown values find nothing."""

    system = django_filters.CharFilter(
        label=_("System: name or number"),
        method="of_system",
        max_length=LONGEST_SEARCH,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    state = django_filters.MultipleChoiceFilter(
        label=_("State"), choices=ReportState.choices, widget=forms.CheckboxSelectMultiple
    )
    kind = django_filters.MultipleChoiceFilter(
        label=_("Kind of report"), choices=ReportKind.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Report
        fields: list[str] = []

    def of_system(self, found: ReportQuerySet, name: str, value: str) -> ReportQuerySet:
        words = clean_line(value)
        by_name = Q(system__sort_key__contains=Lower(Unaccent(Value(words))))
        return found.filter(by_name | Q(system__reference__icontains=words))


def ordered(found: ReportQuerySet, wanted: str) -> ReportQuerySet:
    return found.order_by(*ORDERS.get(wanted, ORDERS[DEFAULT_ORDER]))
