"""What the list of systems may be searched and sorted by; each value stands in the address of the page."""

from collections.abc import Callable
from copy import deepcopy
from functools import partial, reduce
from operator import or_
from typing import Any

import django_filters
from django import forms
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.functions import Lower
from django.http import QueryDict
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from core import clock
from core.fields import Unaccent
from core.rest.problems import Problem, unknown_value
from core.text import reader_language
from organizations.models import Organization
from organizations.permissions import permissions_by_body
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem
from registry.models.attention import BY_LEVEL, DEPARTS_FROM_PRINCIPLE_4
from registry.models.system import AISystemQuerySet
from registry.workflow import Phase, PublicationKind, Status

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
    # Drafts have no number, and not every system has a day of review: they come last.
    "number": (F("reference").asc(nulls_last=True), F("sort_key").asc()),
    "-number": (F("reference").desc(nulls_last=True), F("sort_key").asc()),
    "review": (F("review_due_on").asc(nulls_last=True), F("sort_key").asc()),
}
DEFAULT_ORDER = "name"
FIRST = ("status", "phase", "attention", "only")


def _labels(code: str) -> list[tuple[str, str]]:
    return list(CATALOGUE.choices(code, reader_language()))


class Codes(django_filters.MultipleChoiceFilter):
    """One or several codes of a field of the catalogue, in the reader's words; any of them, where a system has many."""

    def __init__(self, code: str) -> None:
        lookup = "overlap" if CATALOGUE.field(code).kind == "choices" else "exact"
        choices = partial(_labels, code)
        super().__init__(field_name=code, lookup_expr=lookup, choices=choices, widget=forms.CheckboxSelectMultiple)

    def filter(self, qs: Any, value: Any) -> Any:
        if value and self.lookup_expr == "overlap":
            return qs.filter(**{f"{self.field_name}__overlap": list(value)})
        return super().filter(qs, value)


class Conditions(django_filters.MultipleChoiceFilter):
    """Named conditions: systems that meet any of those chosen, or all of them."""

    def __init__(self, choices: Any, condition: Callable[[str, Any], Q], *, label: Any, together: bool = False) -> None:
        super().__init__(choices=choices, widget=forms.CheckboxSelectMultiple, label=label)
        self.condition, self.together = condition, together

    def filter(self, qs: Any, value: Any) -> Any:
        wanted = [self.condition(code, self.parent.request) for code in value or ()]
        if self.together:
            return qs.filter(*wanted)
        return qs.filter(reduce(or_, wanted)) if wanted else qs


def _level(code: str, request: Any) -> Q:
    return BY_LEVEL[code]


def _public_state(code: str, request: Any) -> Q:
    return Q(public_record__isnull=True) if code == NOT_PUBLIC else Q(public_record__kind=code)


def _only(code: str, request: Any) -> Q:
    """What waits for the person who asks, or for anybody."""
    if code == "mine":
        return Q(lead=request.user.pk)
    if code == "departure":
        return DEPARTS_FROM_PRINCIPLE_4
    return Q(review_due_on__lte=clock.civil_date(clock.now()))


NOT_PUBLIC = "none"
LEVELS = [("low", _("Low")), ("moderate", _("Moderate")), ("high", _("High"))]
PUBLIC_STATES = [
    (PublicationKind.SHEET.value, _("Sheet published")),
    (PublicationKind.LINE.value, _("One line, sheet to come")),
    (PublicationKind.WITHDRAWN.value, _("Withdrawn")),
    (PublicationKind.WITHHELD.value, _("Withheld")),
    (NOT_PUBLIC, _("Not published")),
]
ONLY = [
    ("mine", _("Systems that I lead")),
    ("departure", _("Departure from principle 4")),
    ("review_due", _("Review due")),
]
CODED = (
    "phase", "personal_information", "affects_rights", "autonomy", "category", "technique", "territory", "origin",
)  # fmt: skip


def _without_blanks(data: Any) -> QueryDict:
    """«?phase=» asks nothing."""
    asked: QueryDict = data.copy()
    for name in data:
        asked.setlist(name, [value for value in asked.getlist(name) if value])
    return asked


class SystemFilter(django_filters.FilterSet):
    """The list narrowed by words of the name or number, body, status, answers, and what waits."""

    q = django_filters.CharFilter(method="with_words", label=_("Name or number"), max_length=200)
    body = django_filters.MultipleChoiceFilter(
        field_name="organization__sigle", widget=forms.CheckboxSelectMultiple, label=_("Body")
    )
    status = django_filters.MultipleChoiceFilter(
        choices=[(Status.DRAFT, _("Being written")), (Status.DECLARED, _("Declared"))],
        widget=forms.CheckboxSelectMultiple,
        label=_("Status"),
    )
    put_away = django_filters.MultipleChoiceFilter(
        choices=[("yes", _("Records put away"))],
        widget=forms.CheckboxSelectMultiple,
        label=_("Out of the lists"),
        method="away",
    )
    phase = Codes("phase")
    attention = Conditions(LEVELS, _level, label=_("Level of attention"))
    personal_information = Codes("personal_information")
    affects_rights = Codes("affects_rights")
    autonomy = Codes("autonomy")
    category = Codes("category")
    technique = Codes("technique")
    territory = Codes("territory")
    origin = Codes("origin")
    public = Conditions(PUBLIC_STATES, _public_state, label=_("On the public site"))
    only = Conditions(ONLY, _only, label=_("Show only"), together=True)

    class Meta:
        model = AISystem
        fields: list[str] = []

    def __init__(self, data: Any, *, queryset: Any, request: Any) -> None:
        super().__init__(_without_blanks(data), queryset=queryset, request=request)
        for code in CODED:
            self.form.fields[code].label = CATALOGUE.label(code, reader_language())
        bodies = Organization.objects.filter(pk__in=permissions_by_body(request.user))
        self.bodies = [(body.sigle, str(body.name)) for body in bodies]
        self.form.fields["body"].choices = self.bodies
        for field in self.form.fields.values():
            # In an address that was typed, or kept before a body or a code went: the field puts the value itself.
            told = {"label": str(field.label).replace("%", "%%"), "value": "%(value).60s"}
            unknown = _("“%(label)s”: the value “%(value)s” is unknown. Take it off, or choose one of the list.") % told
            field.error_messages["invalid_choice"] = unknown

    def away(self, queryset: AISystemQuerySet, name: str, value: list[str]) -> AISystemQuerySet:
        """Those that were put away, alone: the list shows the others."""
        return queryset.filter(put_away_at__isnull=False) if value else queryset

    def filter_queryset(self, queryset: AISystemQuerySet) -> AISystemQuerySet:
        if self.form.errors:
            # What nobody offers finds nothing: the whole list would read as its answer.
            return queryset.none()
        found: AISystemQuerySet = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("put_away") else found.in_use()

    @property
    def first_facets(self) -> list[Any]:
        """Those that are always in sight; the others wait behind «More filters»."""
        names = (["body"] if len(self.bodies) > 1 else []) + list(FIRST)
        return [self.form[name] for name in names]

    @property
    def other_facets(self) -> list[Any]:
        return [self.form[name] for name in self.filters if name not in {"q", "body", *FIRST}]

    @property
    def others_are_used(self) -> bool:
        return any(self.data.get(facet.name) for facet in self.other_facets)

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
            ("number", _("Number")),
            ("review", _("Review due, soonest first")),
            ("-updated", _("Last change, latest first")),
            ("updated", _("Last change, oldest first")),
            ("-name", _("Name, from Z to A")),
            ("-body", _("Body, from Z to A")),
            ("-phase", _("Phase, from the end")),
            ("-number", _("Number, last first")),
        ]
        field: Any = self.fields["sort"]
        field.choices = [one for one in choices if has_several_bodies or "body" not in one[0]]


def order_of(value: str) -> str:
    """A known order, the default one for anything else."""
    return value if value in ORDERS else DEFAULT_ORDER


def in_order(queryset: AISystemQuerySet, order: str) -> AISystemQuerySet:
    return queryset.order_by(*ORDERS[order_of(order)], "id")


# --- The same list for programs: what is not known is refused, with what is ------------------------------------------
def read_filters(request: Request, queryset: AISystemQuerySet) -> AISystemQuerySet:
    """The systems that the address asks for: its parameters are known already (`LIST_PARAMETERS`)."""
    given: QueryDict = request.query_params
    found = SystemFilter(given, queryset=queryset, request=request)
    if given.get("ordering", DEFAULT_ORDER) not in ORDERS:
        raise unknown_value("ordering", given.get("ordering", ""), list(ORDERS))
    _check_values(found, given)
    narrowed: AISystemQuerySet = found.qs
    return narrowed


def _check_values(found: SystemFilter, given: QueryDict) -> None:
    for name, field in found.form.fields.items():
        if isinstance(field, forms.MultipleChoiceField):
            offered: Any = field.choices
            known = [str(code) for code, _words in offered]
            for value in given.getlist(name):
                if value not in known:
                    raise unknown_value(name, value, known)
    for name, messages in found.form.errors.items():
        raise Problem("invalid-query", " ".join(messages), parameter=name)


def _label_now(code: str) -> str:
    return CATALOGUE.label(code, reader_language())


_field_label = lazy(_label_now, str)


# What the label of the page leaves to its codes, or to the place where it stands there.
_ABOUT: dict[str, Any] = {
    "q": _("Words of the name or of the number."),
    "body": _("Sigle of the body."),
    "status": _("Draft or declared."),
    "put_away": _("“yes”: the records that were put away, and no other; no list shows them else."),
    "public": _("What the public site shows of it; “none”: nothing yet."),
    "only": _("“mine”: you lead it; “departure”: it departs from principle 4; “review_due”: its review is due."),
}


def _parameter(name: str, one: django_filters.Filter) -> OpenApiParameter:
    told = _ABOUT.get(name) or (_field_label(name) if name in CODED else one.label)
    # Of a copy: a filter keeps the field that it made.
    field: Any = deepcopy(one).field
    if not isinstance(field, forms.MultipleChoiceField):
        return OpenApiParameter(name, {"type": "string", "maxLength": field.max_length}, description=told)
    offered: Any = field.choices
    codes = [str(code) for code, _words in offered]
    items: dict[str, Any] = {"type": "string", **({"enum": codes} if codes else {})}
    return OpenApiParameter(name, {"type": "array", "items": items}, description=told, explode=True)


# Made of the filters themselves, so that what is described is what is read.
LIST_PARAMETERS = [
    *(_parameter(name, one) for name, one in SystemFilter.base_filters.items()),
    OpenApiParameter("ordering", {"type": "string", "enum": list(ORDERS)}, description=_("Order of the list.")),
]
