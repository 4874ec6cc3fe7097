"""Outside recourses that a person has, by regime of the body: one data file, read once, never altered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

Text = Mapping[str, str]

REMEDIES_FILE = Path(__file__).with_name("remedies.yaml")


@dataclass(frozen=True)
class Kind:
    """What a person wants to complain about, in their words."""

    code: str
    label: Text


@dataclass(frozen=True)
class Remedy:
    """One door outside the body: what it can do, what it cannot, how to reach it, and how sure we are."""

    code: str
    kind: Kind
    name: Text
    what: Text
    limits: Text
    phone: str | None
    website: str | None
    origin: str
    certainty: str
    sources: tuple[str, ...]
    regimes: frozenset[str]
    not_regimes: frozenset[str]

    def serves(self, regimes: frozenset[str]) -> bool:
        if self.not_regimes & regimes:
            return False
        return not self.regimes or bool(self.regimes & regimes)


@dataclass(frozen=True)
class Remedies:
    """The whole data file, in the order of the page."""

    version: str
    kinds: tuple[Kind, ...]
    remedies: tuple[Remedy, ...]


def _text(value: Mapping[str, str]) -> Text:
    return MappingProxyType(dict(value))


def _remedy(row: Mapping[str, Any], kinds: Mapping[str, Kind]) -> Remedy:
    return Remedy(
        code=row["code"],
        kind=kinds[row["kind"]],
        name=_text(row["name"]),
        what=_text(row["what"]),
        limits=_text(row["limits"]),
        phone=row["phone"],
        website=row["website"],
        origin=row["origin"],
        certainty=row["certainty"],
        sources=tuple(row["sources"]),
        regimes=frozenset(row["regimes"]),
        not_regimes=frozenset(row["not_regimes"]),
    )


def read_remedies(data: Mapping[str, Any]) -> Remedies:
    """The parsed data file as objects that nobody can change."""
    kinds = {row["code"]: Kind(row["code"], _text(row["label"])) for row in data["kinds"]}
    return Remedies(
        version=data["version"],
        kinds=tuple(kinds.values()),
        remedies=tuple(_remedy(row, kinds) for row in data["remedies"]),
    )


REMEDIES = read_remedies(yaml.safe_load(REMEDIES_FILE.read_text(encoding="utf-8")))


def remedies_for(regimes: Iterable[str]) -> tuple[Remedy, ...]:
    """The outside recourses against a public body of Québec under these regimes, in the order of the page.

    For a body of another country there is nothing to show: the caller does not ask.
    """
    body = frozenset(regimes)
    return tuple(remedy for remedy in REMEDIES.remedies if remedy.serves(body))


def by_kind(remedies: Iterable[Remedy]) -> tuple[tuple[Kind, tuple[Remedy, ...]], ...]:
    """The same recourses under what a person wants to complain about; a kind without recourse is left out."""
    chosen = tuple(remedies)
    groups = ((kind, tuple(remedy for remedy in chosen if remedy.kind == kind)) for kind in REMEDIES.kinds)
    return tuple((kind, group) for kind, group in groups if group)
