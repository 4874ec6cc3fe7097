"""What a record of a register from elsewhere is for Vigie, whichever register it comes from."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from dataclasses import field as value_of
from typing import Any, Final

from registry.standards.words import fold

# Said wherever a source leaves a code blank, contradicts itself or uses a word nobody knows. Nothing is guessed.
UNKNOWN: Final = "unknown"
# Where a value stands in a document: `("texts", "description", "fr")`.
Place = tuple[str, ...]
# Changes when a digest of the same record would: every record then counts as updated, once.
_SCHEME: Final = "1"
# What not every register says: left out of the document of one that does not.
_OPTIONAL: Final = ("lists", "dates", "url")
# A text in a language that is neither French nor English is `{"original": text, "lang": code}`.
ORIGINAL: Final = "original"
LANGUAGE: Final = "lang"
# In an identifier that the source does not give: its body, this sign, a digest of what tells the record apart.
_DERIVED: Final = "~"
_DERIVED_ID: Final = re.compile(rf"[A-Z0-9]*{_DERIVED}[0-9a-f]{{12}}")


@dataclass(frozen=True, slots=True)
class Register:
    """A register from elsewhere: who publishes it, in which languages, under which licence."""

    code: str
    country: str
    names: Mapping[str, str]
    publisher: Mapping[str, str]
    languages: tuple[str, ...]
    licence: str
    licence_names: Mapping[str, str]
    licence_urls: Mapping[str, str]
    attribution: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ForeignSystem:
    """One record as its source gave it: texts by language, codes in our words, nothing added.

    `names`, `organization`: language → text, or an `original`. `texts`: concept → the same. `codes`: concept → code;
    `lists`: concept → the codes of several answers; `dates`: concept → year, month or day. `url`: the page of the
    record itself. `details`: facts that only one register knows, kept under its own column names.
    """

    register: str
    source_id: str
    names: Mapping[str, str]
    organization: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]]
    codes: Mapping[str, str]
    status_year: int | None
    vendor: str
    licence: str
    languages: tuple[str, ...]
    details: Mapping[str, str] = value_of(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = value_of(default_factory=dict)
    dates: Mapping[str, str] = value_of(default_factory=dict)
    url: str = ""


@dataclass(frozen=True, slots=True)
class Recoding:
    """A value that was written in other words, spelled otherwise or left blank, and what it became.

    `kind`: blank, spelling, synonym, unrecognized, contradiction, completed, reversed, spaces, control, excel_error,
    encoding, markup, derived (an identifier made of other columns), prefixed (by the body whose number it is), absent
    (the file has no such column).
    For paragraphs (`spaces`, `control`, `markup`) the texts themselves are left out.
    """

    field: str
    kind: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """A row that gave a record. `repeats`: the earlier row of this file that says exactly the same thing.

    `unsaid`: places for which the file has no column; what is stored there stays.
    """

    row: int
    record: ForeignSystem
    recodings: tuple[Recoding, ...] = ()
    repeats: int | None = None
    unsaid: frozenset[Place] = frozenset()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that stays out, whole: which column, why (stable code, `params` for its sentence), what stood there."""

    row: int
    field: str
    reason: str
    value: str
    source_id: str = ""
    params: Mapping[str, str | int] = value_of(default_factory=dict)


ParsedRow = Accepted | Rejected


def in_language(text: str, language: str) -> dict[str, str]:
    """A text of a record, marked with the language it is written in."""
    if not text:
        return {}
    return {language: text} if language in {"fr", "en"} else {ORIGINAL: text, LANGUAGE: language}


def words_of(texts: Mapping[str, str]) -> list[str]:
    """What the texts of one concept say, in every language; the code of a language is no word."""
    return [text for key, text in texts.items() if key != LANGUAGE]


def derived_id(prefix: str, *parts: str) -> str:
    """An identifier for a record that has none: the same for the same parts, whatever else the file holds."""
    content = json.dumps([fold(part) for part in parts], ensure_ascii=False)
    return f"{prefix}{_DERIVED}{hashlib.sha256(content.encode()).hexdigest()[:12]}"


def is_derived(source_id: str) -> bool:
    return _DERIVED_ID.fullmatch(source_id) is not None


def to_document(record: ForeignSystem) -> dict[str, Any]:
    """The record as plain JSON, the same for the same record."""
    # By hand: `asdict` copies thousands of small values deeply, which took a sixth of an import.
    document = {field.name: _plain(getattr(record, field.name)) for field in _FIELDS}
    return {key: value for key, value in document.items() if value or key not in _OPTIONAL}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return list(value) if isinstance(value, tuple) else value


_FIELDS = fields(ForeignSystem)


def digest(record: ForeignSystem) -> str:
    """SHA-256 of the record: equal if and only if nothing that we keep has changed."""
    canonical = json.dumps([_SCHEME, to_document(record)], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def count_recodings(parsed: Iterable[ParsedRow]) -> list[dict[str, str | int]]:
    """How often each recoding was made in the accepted rows, the most frequent first."""
    return _in_order(Counter(recoding for row in parsed if isinstance(row, Accepted) for recoding in row.recodings))


def add_recodings(counted: Iterable[Mapping[str, Any]], row: Accepted) -> list[dict[str, str | int]]:
    """The same counts with those of one more row."""
    counts = Counter(
        {Recoding(each["field"], each["kind"], each["from"], each["to"]): int(each["count"]) for each in counted}
    )
    counts.update(row.recodings)
    return _in_order(counts)


def _in_order(counts: Counter[Recoding]) -> list[dict[str, str | int]]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0].field, item[0].source, item[0].target))
    return [
        {"field": each.field, "kind": each.kind, "from": each.source, "to": each.target, "count": count}
        for each, count in ordered
    ]
