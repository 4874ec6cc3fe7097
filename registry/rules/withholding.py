"""Grounds on which a body keeps the description of a system from the public: one data file, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

Text = Mapping[str, str]

GROUNDS_FILE = Path(__file__).with_name("withholding.yaml")
# The article is not ours to guess: the body says which Act.
NEEDS_NOTE = frozenset({"other_act"})


@dataclass(frozen=True)
class Ground:
    """One ground, its article when the file has one, and how sure we are."""

    code: str
    label: Text
    explanation: Text
    article: Text | None
    origin: str
    certainty: str

    @property
    def needs_note(self) -> bool:
        return self.code in NEEDS_NOTE


@dataclass(frozen=True)
class Review:
    """What a person may do about a system that is not described."""

    text: Text
    article: Text
    origin: str
    certainty: str


def _text(value: Mapping[str, str]) -> Text:
    return MappingProxyType(dict(value))


def _ground(row: Mapping[str, Any]) -> Ground:
    return Ground(
        code=row["code"],
        label=_text(row["label"]),
        explanation=_text(row["explanation"]),
        article=_text(row["article"]) if row["article"] else None,
        origin=row["origin"],
        certainty=row["certainty"],
    )


_DATA = yaml.safe_load(GROUNDS_FILE.read_text(encoding="utf-8"))
GROUNDS: Mapping[str, Ground] = MappingProxyType({row["code"]: _ground(row) for row in _DATA["grounds"]})
REVIEW = Review(
    _text(_DATA["review"]["text"]),
    _text(_DATA["review"]["article"]),
    _DATA["review"]["origin"],
    _DATA["review"]["certainty"],
)
