"""The strategies that the register serves: dated data, one file each in `strategies/`; a new one is a new file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from registry.field_catalogue.shapes import Text

FOLDER = Path(__file__).with_name("strategies")


@dataclass(frozen=True)
class Axis:
    code: str
    label: Text


@dataclass(frozen=True)
class Objective:
    """One objective; `axis` is the code of the axis it stands under."""

    code: str
    axis: str
    label: Text
    explanation: Text


@dataclass(frozen=True)
class Principle:
    code: str
    label: Text
    explanation: Text


@dataclass(frozen=True)
class Indicator:
    """A figure of the strategy, defined so that two people count the same: what is divided by what, who validates.

    `numerator_fields`, `denominator_fields`: the fields of the register that are read, with their condition.
    """

    code: str
    label: Text
    definition: Text
    numerator: Text
    numerator_fields: tuple[Mapping[str, Any], ...]
    denominator: Text
    denominator_fields: tuple[Mapping[str, Any], ...]
    unit: Text
    when_empty: Text
    validated_by: Text
    frequency: Text
    limits: Text


@dataclass(frozen=True)
class Strategy:
    """One strategy, in force from a day to another; objectives and principles keep their codes for ever.

    `certainty`: how sure we are of its words; `wording_note` says so to the reader.
    """

    code: str
    name: Text
    in_force_from: date
    in_force_until: date | None
    origin: str
    certainty: str
    wording_note: Text
    axes: tuple[Axis, ...]
    objectives: tuple[Objective, ...]
    principles: tuple[Principle, ...]
    indicator: Indicator

    def is_in_force(self, day: date) -> bool:
        return self.in_force_from <= day and (self.in_force_until is None or day <= self.in_force_until)


def _indicator(row: Mapping[str, Any]) -> Indicator:
    return Indicator(
        code=row["code"],
        label=row["label"],
        definition=row["definition"],
        numerator=row["numerator"]["text"],
        numerator_fields=tuple(row["numerator"]["source_fields"]),
        denominator=row["denominator"]["text"],
        denominator_fields=tuple(row["denominator"]["source_fields"]),
        unit=row["unit"]["label"],
        when_empty=row["when_empty"],
        validated_by=row["validated_by"],
        frequency=row["frequency"]["label"],
        limits=row["limits"],
    )


def read_strategy(data: Mapping[str, Any]) -> Strategy:
    """The parsed data file as objects; a schema and tests check it."""
    until = data.get("in_force_until")
    return Strategy(
        code=data["code"],
        name=data["name"],
        in_force_from=date.fromisoformat(data["in_force_from"]),
        in_force_until=date.fromisoformat(until) if until else None,
        origin=data["origin"],
        certainty=data["certainty"],
        wording_note=data["wording_note"],
        axes=tuple(Axis(row["code"], row["label"]) for row in data["axes"]),
        objectives=tuple(Objective(r["code"], r["axis"], r["label"], r["explanation"]) for r in data["objectives"]),
        principles=tuple(Principle(row["code"], row["label"], row["explanation"]) for row in data["principles"]),
        indicator=_indicator(data["indicator"]),
    )


STRATEGIES: tuple[Strategy, ...] = tuple(
    read_strategy(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in sorted(FOLDER.glob("*.yaml"))
)


def _choice(code: str, label: Text, explanation: Text) -> dict[str, Any]:
    return {"code": code, "label": label, "explanation": explanation, "standards": {}}


def _placed(strategy: Strategy, objective: Objective) -> Text:
    """After its axis and the years of its strategy: in a list of all that ever were, each says where it stands."""
    axis = next(each for each in strategy.axes if each.code == objective.axis)
    return {
        language: f"{axis.label[language]} ({strategy.code}). {text}"
        for language, text in objective.explanation.items()
    }


# All that ever were, whatever the day: an old record keeps its words.
STRATEGY_LISTS: Mapping[str, list[Any]] = {
    "strategy_objectives": [
        _choice(each.code, each.label, _placed(strategy, each))
        for strategy in STRATEGIES
        for each in strategy.objectives
    ],
    "strategy_principles": [
        _choice(each.code, each.label, each.explanation) for strategy in STRATEGIES for each in strategy.principles
    ],
}


def strategy_on(day: date) -> Strategy | None:
    """The strategy in force on that day, if there was one."""
    return next((each for each in STRATEGIES if each.is_in_force(day)), None)
