"""What programs may ask of the lists: an allow-list, and a refusal that names it for anything else."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter

from core.rest.problems import Problem, unknown_value
from core.text import clean_line
from registry.public.codes import public_choices
from registry.public.search.query import KINDS, ORDERS, SystemSearch
from registry.public.strategy import followed_choices, objective_choices

LONGEST_SEARCH = 200
TRUE, FALSE = "true", "false"


@dataclass(frozen=True)
class CodeFilter:
    """A filter by codes; `codes` gives those that are known, nothing when they are rows."""

    name: str
    label: Promise
    codes: Callable[[], Iterable[str]] | None = None


def _of(field: str) -> Callable[[], list[str]]:
    return lambda: [code for code, _label in public_choices(field)]


def _codes_in(choices: Callable[[], Iterable[tuple[str, str]]]) -> Callable[[], list[str]]:
    return lambda: [code for code, _label in choices()]


CODE_FILTERS = (
    CodeFilter("body", gettext_lazy("Sigle of the body, in capitals or not.")),
    CodeFilter("phase", gettext_lazy("Phase of the system."), _of("phase")),
    CodeFilter("category", gettext_lazy("Category of the system."), _of("category")),
    CodeFilter("autonomy", gettext_lazy("How far it decides alone."), _of("autonomy")),
    CodeFilter("personal", gettext_lazy("Whether it uses personal information."), _of("personal_information")),
    CodeFilter("technique", gettext_lazy("Technique that it uses."), _of("technique")),
    CodeFilter("territory", gettext_lazy("Territory where it serves."), _of("territory")),
    CodeFilter("life_events", gettext_lazy("Moment of life that it touches."), _of("life_events")),
    CodeFilter("objective", gettext_lazy("Objective of the strategy that it names."), _codes_in(objective_choices)),
    CodeFilter("followed", gettext_lazy("Year in which a benefit was measured."), _codes_in(followed_choices)),
    CodeFilter(
        "kind",
        gettext_lazy("Whole sheet, line while it is to come, or withheld by law."),
        lambda: list(KINDS),
    ),
)


def read_search(given: QueryDict, *, slugs: Callable[[], Iterable[str]]) -> SystemSearch:
    """What the address asks for. `slugs`: the bodies that there are, old sigles too."""
    chosen = {one.name: _codes(given, one, one.codes or slugs) for one in CODE_FILTERS}
    order = given.get("ordering", "")
    if "ordering" in given and order not in ORDERS:
        raise unknown_value("ordering", order, list(ORDERS))
    everywhere = given.get("everywhere", FALSE)
    if everywhere not in (TRUE, FALSE):
        raise unknown_value("everywhere", everywhere, [TRUE, FALSE])
    return SystemSearch(searched_text(given), chosen, order, everywhere == TRUE)


def searched_text(given: QueryDict) -> str:
    """The words of a search; a text that no search reads is refused rather than cut."""
    text = given.get("q", "")
    if len(text) > LONGEST_SEARCH:
        told = _("The parameter “q” has %(most)d characters at most.") % {"most": LONGEST_SEARCH}
        raise Problem("invalid-query", told, parameter="q")
    return clean_line(text)


def _codes(given: QueryDict, one: CodeFilter, codes: Callable[[], Iterable[str]]) -> tuple[str, ...]:
    values = given.getlist(one.name)
    if one.codes is None:
        values = [value.lower() for value in values]
    if not values:
        return ()
    known = [str(code) for code in codes()]
    for value in values:
        if value not in known:
            raise unknown_value(one.name, value, known)
    return tuple(dict.fromkeys(values))


def _parameter(one: CodeFilter) -> OpenApiParameter:
    items: Mapping[str, Any] = {"type": "string", "minLength": 1}
    if one.codes:
        items = {"type": "string", "enum": [str(code) for code in one.codes()]}
    return OpenApiParameter(one.name, {"type": "array", "items": items}, description=one.label, explode=True)


SEARCH = OpenApiParameter(
    "q",
    {"type": "string", "maxLength": LONGEST_SEARCH},
    description=gettext_lazy("Words to find, accents and plurals forgiven."),
)
EVERYWHERE = OpenApiParameter(
    "everywhere",
    {"type": "boolean"},
    description=gettext_lazy("Find the words in every text of the sheets, not only in what says what they are about."),
)
SYSTEM_PARAMETERS = [
    SEARCH,
    EVERYWHERE,
    *(_parameter(one) for one in CODE_FILTERS),
    OpenApiParameter(
        "ordering",
        {"type": "string", "enum": list(ORDERS)},
        description=gettext_lazy("Order of the list; without words to find, the latest come first."),
    ),
]
