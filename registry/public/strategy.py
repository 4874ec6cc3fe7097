"""What the register says of the strategy: systems by objective, and its yearly indicator. From stored numbers alone.

What is not known is told apart, and never counted as a zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core import clock
from core.text import Localized, pick
from registry.field_catalogue import STRATEGIES
from registry.field_catalogue.strategy import Indicator, Strategy, strategy_on
from registry.models import IndicatorOfYear
from registry.models.search import EVERYTHING
from registry.public.codes import public_choices
from registry.public.search.facets import register_counts
from registry.rules.indicator import COUNTED_PHASES, NONE, TOLD, UNKNOWN

OBJECTIVES = "strategy_objectives"


@dataclass(frozen=True)
class Share:
    """One figure: `numerator` of `denominator`, of which `unknown` do not say."""

    numerator: int
    denominator: int
    unknown: int

    @property
    def known(self) -> int:
        return self.denominator - self.unknown

    @property
    def percent(self) -> int | None:
        """To the nearest point, of those where it is known; nothing when there is none."""
        return (200 * self.numerator + self.known) // (2 * self.known) if self.known > 0 else None


@dataclass(frozen=True)
class ObjectiveFigures:
    """One objective; `systems`: how many sheets name it."""

    code: str
    label: Localized
    explanation: Localized
    systems: int


@dataclass(frozen=True)
class AxisFigures:
    """One axis and its objectives. A system may serve several: their numbers do not add up."""

    code: str
    label: Localized
    objectives: tuple[ObjectiveFigures, ...]


@dataclass(frozen=True)
class YearFigure:
    """The indicator of one year; `is_final` once the year is over: counted on its last day, and kept."""

    year: int
    as_of: date
    share: Share
    is_final: bool = True


@dataclass(frozen=True)
class StrategyFigures:
    """`named`: the sheets that name an objective, of all systems; `indicator`: its last year, `past` those before."""

    strategy: Strategy
    is_in_force: bool
    as_of: date
    axes: tuple[AxisFigures, ...]
    named: Share
    indicator: YearFigure
    past: tuple[YearFigure, ...]
    phases: tuple[str, ...]

    @property
    def definition(self) -> Indicator:
        return self.strategy.indicator


def strategy_figures(today: date) -> StrategyFigures:
    """The strategy in force, or the last one. Two queries, whatever the number of systems."""
    strategy = strategy_on(today) or STRATEGIES[-1]
    counts = register_counts()
    last, *past = _years(strategy, counts, today)
    return StrategyFigures(
        strategy=strategy,
        is_in_force=strategy.is_in_force(today),
        as_of=today,
        axes=_axes(strategy, counts.get("objective", {})),
        named=_named(counts),
        indicator=last,
        past=tuple(past),
        phases=tuple(sorted(COUNTED_PHASES)),
    )


def _axes(strategy: Strategy, counts: Mapping[str, int]) -> tuple[AxisFigures, ...]:
    found = []
    for axis in strategy.axes:
        objectives = tuple(
            ObjectiveFigures(each.code, pick(dict(each.label)), pick(dict(each.explanation)), counts.get(each.code, 0))
            for each in strategy.objectives
            if each.axis == axis.code
        )
        found.append(AxisFigures(axis.code, pick(dict(axis.label)), objectives))
    return tuple(found)


def _named(counts: Mapping[str, Mapping[str, int]]) -> Share:
    systems = counts.get(EVERYTHING, {}).get("", 0)
    telling = counts.get("objective", {}).get(TOLD, 0)
    return Share(numerator=telling, denominator=systems, unknown=systems - telling)


def _years(strategy: Strategy, counts: Mapping[str, Mapping[str, int]], today: date) -> list[YearFigure]:
    """The latest first. Of the last year of a strategy that is over, the figure that was kept, once it is."""
    year = min(today, strategy.in_force_until or today).year
    kept = IndicatorOfYear.objects.filter(year__gte=strategy.in_force_from.year, year__lte=year)
    final = [
        YearFigure(row.year, date(row.year, 12, 31), Share(row.numerator, row.denominator, row.unknown))
        for row in kept.order_by("-year")
    ]
    if final and final[0].year == year:
        return final
    return [YearFigure(year, today, _so_far(counts, year), is_final=False), *final]


def _so_far(counts: Mapping[str, Mapping[str, int]], year: int) -> Share:
    phases, followed = counts.get("phase", {}), counts.get("followed", {})
    counted = sum(phases.get(phase, 0) for phase in COUNTED_PHASES)
    unknown = counted - followed.get(TOLD, 0)
    return Share(numerator=followed.get(str(year), 0), denominator=counted, unknown=unknown)


def objective_choices() -> list[tuple[str, str]]:
    """For the filter of the search."""
    return [*public_choices(OBJECTIVES), (NONE, _("Not filled in"))]


def followed_choices() -> list[tuple[str, str]]:
    """For the filter of the search: each year of the strategies so far, the latest first."""
    years = range(clock.civil_date(clock.now()).year, STRATEGIES[0].in_force_from.year - 1, -1)
    measured = [(str(year), _("Measured in %(year)s") % {"year": year}) for year in years]
    return [*measured, (NONE, _("No benefit measured")), (UNKNOWN, _("Not known"))]


def lines(figures: StrategyFigures) -> list[list[Any]]:
    """The same as a table: a year of the indicator a line, then an objective a line (see the data dictionary)."""
    definition, named, day = figures.definition, figures.named, figures.as_of.isoformat()
    first = [
        [
            "indicator", definition.code, definition.label["fr"], definition.label["en"], "", each.year,
            each.share.numerator, each.share.denominator, each.share.unknown,
            "" if each.share.percent is None else each.share.percent, each.as_of.isoformat(),
        ]
        for each in (figures.indicator, *figures.past)
    ]  # fmt: skip
    objectives = {each.code: each for axis in figures.axes for each in axis.objectives}
    rest = [
        [
            "objective", each.code, each.label["fr"], each.label["en"], each.axis, "",
            objectives[each.code].systems, named.denominator, named.unknown, "", day,
        ]
        for each in figures.strategy.objectives
    ]  # fmt: skip
    return [*first, *rest]
