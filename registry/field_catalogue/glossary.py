"""The terms of the field that the public pages use: one data file, read once. Definitions are our own words."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from registry.field_catalogue.shapes import Text

TERMS_FILE = Path(__file__).with_name("glossary.yaml")


@dataclass(frozen=True)
class Source:
    """Where the law or a standard speaks of a term, and how sure we are."""

    article: Text
    origin: str
    certainty: str


@dataclass(frozen=True)
class Term:
    """One term. `code` is its anchor: it never changes. `fields`: what its definition explains on a sheet;
    `kind`: the kind of publication that it names.
    """

    code: str
    term: Text
    definition: Text
    fields: tuple[str, ...]
    kind: str
    source: Source | None


def _text(value: Mapping[str, str]) -> Text:
    return MappingProxyType(dict(value))


def _source(row: Mapping[str, Any] | None) -> Source | None:
    return Source(_text(row["article"]), row["origin"], row["certainty"]) if row else None


def _term(row: Mapping[str, Any]) -> Term:
    return Term(
        code=row["code"],
        term=_text(row["term"]),
        definition=_text(row["definition"]),
        fields=tuple(row.get("fields", ())),
        kind=row.get("kind", ""),
        source=_source(row.get("source")),
    )


TERMS: tuple[Term, ...] = tuple(_term(row) for row in yaml.safe_load(TERMS_FILE.read_text(encoding="utf-8"))["terms"])
