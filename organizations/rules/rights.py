"""What a person may ask of the body, by what the system does: one data file, read once, never altered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

Text = Mapping[str, str]

RIGHTS_FILE = Path(__file__).with_name("rights.yaml")


@dataclass(frozen=True)
class Right:
    """One right, its article when a law gives it, and how sure we are."""

    code: str
    name: Text
    text: Text
    article: Text | None
    origin: str
    certainty: str
    in_force_from: date | None
    autonomy: frozenset[str]
    personal_information: frozenset[str]
    not_regimes: frozenset[str]

    def holds(self, autonomy: str, personal_information: str, regimes: frozenset[str]) -> bool:
        if self.not_regimes & regimes:
            return False
        if self.autonomy and autonomy not in self.autonomy:
            return False
        return not self.personal_information or personal_information in self.personal_information


def _text(value: Mapping[str, str]) -> Text:
    return MappingProxyType(dict(value))


def _right(row: Mapping[str, Any]) -> Right:
    return Right(
        code=row["code"],
        name=_text(row["name"]),
        text=_text(row["text"]),
        article=_text(row["article"]) if row["article"] else None,
        origin=row["origin"],
        certainty=row["certainty"],
        in_force_from=row["in_force_from"],
        autonomy=frozenset(row["autonomy"]),
        personal_information=frozenset(row["personal_information"]),
        not_regimes=frozenset(row["not_regimes"]),
    )


RIGHTS = tuple(_right(row) for row in yaml.safe_load(RIGHTS_FILE.read_text(encoding="utf-8"))["rights"])


def rights_for(autonomy: str, personal_information: str, regimes: Iterable[str]) -> tuple[Right, ...]:
    """The rights to show beside a system of a body under these regimes, in the order of the page."""
    body = frozenset(regimes)
    return tuple(right for right in RIGHTS if right.holds(autonomy, personal_information, body))
