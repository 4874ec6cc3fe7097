"""What the list of assessments may be searched and sorted by; each value stands in the address of the page."""

from typing import Any

import django_filters
from django import forms
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment
from assessments.workflow import SCREENING, AssessmentState
from core import clock

LEVELS = [("low", _("Low")), ("moderate", _("Moderate")), ("high", _("High")), ("critical", _("Critical"))]
SORTS = {
    "updated": (F("updated_at").desc(),),
    "name": (F("system__sort_key").asc(),),
    "due": (F("due_on").asc(nulls_last=True),),
}
SORT_WORDS = [("updated", _("Last change")), ("name", _("Name of the system")), ("due", _("Due date"))]


class AssessmentFilters(django_filters.FilterSet):
    """By words of the system, state, level, what waits for the person. Screenings are not listed: they stand on the
    page of their system.
    """

    q = django_filters.CharFilter(method="with_words", label=_("Name or number of the system"), max_length=200)
    state = django_filters.MultipleChoiceFilter(
        choices=AssessmentState.choices, widget=forms.CheckboxSelectMultiple, label=_("State")
    )
    level = django_filters.MultipleChoiceFilter(
        choices=LEVELS, widget=forms.CheckboxSelectMultiple, label=_("Residual level")
    )
    only = django_filters.MultipleChoiceFilter(
        choices=[("mine", _("Assessments that I lead")), ("late", _("Overdue"))],
        method="which_wait",
        widget=forms.CheckboxSelectMultiple,
        label=_("Only"),
    )
    sort = django_filters.ChoiceFilter(
        choices=SORT_WORDS, method="in_order", label=_("Sort by"), empty_label=None, initial="updated"
    )

    class Meta:
        model = Assessment
        fields: list[str] = []

    def with_words(self, rows: Any, name: str, value: str) -> Any:
        words = value.split()[:8]
        for word in words:
            rows = rows.filter(Q(system__name_fr__icontains=word) | Q(system__reference__icontains=word))
        return rows

    def which_wait(self, rows: Any, name: str, value: list[str]) -> Any:
        if "mine" in value:
            rows = rows.filter(lead=self.request.user.pk)
        if "late" in value:
            rows = rows.filter(due_on__lt=clock.civil_date(clock.now()), state=AssessmentState.DRAFT)
        return rows

    def in_order(self, rows: Any, name: str, value: str) -> Any:
        return rows

    def filter_queryset(self, queryset: Any) -> Any:
        rows = super().filter_queryset(queryset.exclude(instrument=SCREENING))
        order = SORTS.get(self.form.cleaned_data.get("sort") or "updated", SORTS["updated"])
        return rows.order_by(*order, "-pk")

    @property
    def is_filtered(self) -> bool:
        return any(self.form.data.getlist(name) for name in ("q", "state", "level", "only") if name in self.form.data)

    @property
    def facets(self) -> list[Any]:
        return [self.form[name] for name in ("state", "level", "only")]
