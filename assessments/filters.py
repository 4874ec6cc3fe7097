"""What the list of assessments may be searched and sorted by; each value stands in the address of the page."""

from copy import deepcopy
from typing import Any

import django_filters
from django import forms
from django.core.paginator import Paginator
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from assessments.models import Assessment
from assessments.workflow import EFVP, SCREENING, AssessmentState
from core import clock
from core.rest.problems import Problem, unknown_value

LEVELS = [("low", _("Low")), ("moderate", _("Moderate")), ("high", _("High")), ("critical", _("Critical"))]
LATEST = (F("updated_at").desc(),)
SORTS = {
    "updated": LATEST,
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
        choices=AssessmentState.choices, widget=forms.CheckboxSelectMultiple, label=_("State"), distinct=False
    )
    level = django_filters.MultipleChoiceFilter(
        choices=LEVELS, widget=forms.CheckboxSelectMultiple, label=_("Level"), distinct=False
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

    shows_screenings = False

    class Meta:
        model = Assessment
        fields: list[str] = []

    def with_words(self, rows: Any, name: str, value: str) -> Any:
        return rows.with_words(value)

    def which_wait(self, rows: Any, name: str, value: list[str]) -> Any:
        if "mine" in value:
            rows = rows.filter(lead=self.request.user.pk)
        if "late" in value:
            rows = rows.filter(due_on__lt=clock.civil_date(clock.now()), state=AssessmentState.DRAFT)
        return rows

    def in_order(self, rows: Any, name: str, value: str) -> Any:
        return rows.order_by(*SORTS.get(value, LATEST), "-pk")

    def filter_queryset(self, queryset: Any) -> Any:
        shown = queryset if self.shows_screenings else queryset.exclude(instrument=SCREENING)
        return super().filter_queryset(shown.order_by(*LATEST, "-pk"))

    @property
    def words(self) -> str:
        return str(self.form.cleaned_data.get("q") or "") if self.form.is_valid() else ""

    @property
    def is_filtered(self) -> bool:
        return any(self.form.data.getlist(name) for name in ("q", "state", "level", "only") if name in self.form.data)

    @property
    def facets(self) -> list[Any]:
        return [self.form[name] for name in ("state", "level", "only")]


def page_of(rows: Any, number: Any, size: int) -> Any:
    """One page of the list. Its keys first: the whole list is sorted without what only the rows of the page need."""
    page: Any = Paginator(rows.values_list("pk", flat=True), size).get_page(number)
    keys = list(page.object_list)
    found = Assessment.objects.with_what_it_needs().select_related("lead").in_bulk(keys)
    page.object_list = [found[key] for key in keys if key in found]
    return page


# --- The same list for programs: what is not known is refused, with what is ------------------------------------------
class ProgramFilters(AssessmentFilters):
    """Screenings too, by system and by instrument."""

    system = django_filters.UUIDFilter(
        field_name="system__uuid",
        error_messages={"invalid": _("Send the identifier as it was answered: “uuid”.")},
    )
    instrument = django_filters.MultipleChoiceFilter(choices=[(SCREENING, SCREENING), (EFVP, EFVP)], distinct=False)
    shows_screenings = True


ABOUT: dict[str, Any] = {
    "q": _("Words of the name or of the number of the system."),
    "system": _("Identifier of the system."),
    "instrument": _("Code of the questionnaire; “screening”: the screenings."),
    "state": _("Where the assessment stands."),
    "level": _("Level that remains."),
    "only": _("“mine”: you lead it; “late”: it is overdue."),
    "sort": _("Order of the list."),
}


def read_filters(request: Request, queryset: Any) -> Any:
    """The assessments that the address asks for: its parameters are known already (`LIST_PARAMETERS`)."""
    given = request.query_params
    found = ProgramFilters(given, queryset=queryset, request=request)
    for name, field in found.form.fields.items():
        known = _codes(field)
        for value in given.getlist(name) if known else ():
            if value not in known:
                raise unknown_value(name, value, known)
    for name, messages in found.form.errors.items():
        raise Problem("invalid-query", " ".join(messages), parameter=name)
    return found.qs


def _codes(field: Any) -> list[str]:
    return [str(code) for code, _words in getattr(field, "choices", ()) if code != ""]


def _parameter(name: str, one: django_filters.Filter) -> OpenApiParameter:
    # Of a copy: a filter keeps the field that it made.
    field: Any = deepcopy(one).field
    codes = _codes(field)
    if isinstance(field, forms.MultipleChoiceField):
        shape: dict[str, Any] = {"type": "array", "items": {"type": "string", "enum": codes}}
        return OpenApiParameter(name, shape, description=ABOUT[name], explode=True)
    shape = {"type": "string"} | ({"enum": codes} if codes else {"maxLength": field.max_length} if name == "q" else {})
    return OpenApiParameter(name, shape | ({"format": "uuid"} if name == "system" else {}), description=ABOUT[name])


# Made of the filters themselves, so that what is described is what is read.
LIST_PARAMETERS = [_parameter(name, one) for name, one in ProgramFilters.base_filters.items()]
