"""The words of inventories, read once: the data file beside this package and the field catalogue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from registry.field_catalogue import CATALOGUE
from registry.field_catalogue import Field as CatalogueField
from registry.standards.words import fold

Words = tuple[str, ...]

# What an inventory is read for: every answer of a record.
READ: Final = CATALOGUE.fields
# The answers of a declaration are known under many names. The others are taken only under a title, or by an answer,
# that says exactly what we say: a column of another register that comes close means something else.
WHOLE_ONLY: Final = frozenset(field.code for field in READ if not field.asked_first)
READ_TWINS: Final = tuple(CATALOGUE.field(field.twin) for field in READ if field.twin)

_DATA: Final[Mapping[str, Any]] = yaml.safe_load(
    Path(__file__).parents[1].joinpath("inventory.yaml").read_text(encoding="utf-8")
)

NOISE: Final = frozenset(map(fold, _DATA["noise"]))
REMARKS: Final = frozenset(map(fold, _DATA["remarks"]))
UNKNOWN: Final = frozenset(map(fold, _DATA["unknown"]))
NEGATIONS: Final = frozenset(map(fold, _DATA["negations"]))
ALONE: Final = frozenset(tuple(fold(text).split()) for text in _DATA["alone"])
PERSONAL_DATA: Final = frozenset(word for text in _DATA["personal_data"] for word in fold(text).split())
SINCE: Final = frozenset(map(fold, _DATA["since"]))
MOMENTS: Final = frozenset(map(fold, _DATA["moments"]))
DURATIONS: Final = frozenset(map(fold, _DATA["durations"]))
UNIT_WORDS: Final = frozenset(map(fold, _DATA["unit_words"]))
LANGUAGE_OF: Final = {fold(word): language for language, words in _DATA["languages"].items() for word in words}


def read_title(text: str) -> tuple[Words, str | None]:
    """(words of a title that carry something, language it says it is in): «Nom (anglais)» → nom, en."""
    words = tuple(fold(text).split())
    language = LANGUAGE_OF.get(words[-1]) if len(words) > 1 else None
    if language:
        # «en anglais», «in English»
        words = words[: -2 if len(words) > 2 and words[-2] in ("en", "in") else -1]
    kept = tuple(word for word in words if word not in NOISE)
    return tuple(word for word in kept if word not in REMARKS) or kept or words, language


@dataclass(frozen=True)
class FieldTitles:
    """How the column of one field may be called."""

    code: str
    twin: str | None
    own: frozenset[Words]
    french: frozenset[Words]
    english: frozenset[Words]
    held: frozenset[Words]
    weak: frozenset[Words]
    never: frozenset[str]


def _titles(texts: Iterable[str]) -> frozenset[Words]:
    return frozenset(read_title(text)[0] for text in texts)


def _field_titles(field: CatalogueField) -> FieldTitles:
    data = _DATA["fields"].get(field.code, {})
    titles = data.get("titles", {})
    own_names = _titles((field.label["fr"], field.label["en"], field.question["fr"], field.question["en"]))
    if field.code in WHOLE_ONLY:
        french_names, english_names = _titles(titles.get("french", ())), _titles(titles.get("english", ()))
        nothing: frozenset[Words] = frozenset()
        return FieldTitles(
            field.code, field.twin, own_names, french_names, english_names, nothing, nothing, frozenset()
        )
    # A name used elsewhere for several fields, or only close in meaning, proves nothing.
    elsewhere = {
        standard: name
        for standard, name in field.standards.items()
        if standard not in field.approximate and _STANDARD_NAMES.count((standard, name)) == 1
    }
    french = [
        *titles.get("french", ()),
        field.label["fr"],
        field.question["fr"],
        elsewhere.pop("qc_portrait", field.label["fr"]),
    ]
    english = [*titles.get("english", ()), field.label["en"], field.question["en"], *elsewhere.values(), field.code]
    return FieldTitles(
        code=field.code,
        twin=field.twin,
        own=own_names,
        french=_titles(french),
        english=_titles(english),
        held=_titles(data.get("words", ())),
        weak=_titles(data.get("weak", ())),
        never=frozenset(fold(word) for text in data.get("never", ()) for word in text.split()),
    )


_STANDARD_NAMES = [
    (standard, name)
    for field in READ
    for standard, name in field.standards.items()
    if standard not in field.approximate
]
# A code as it is written, and so only: «Service» is no `service_fr`.
CODES: Final = frozenset(field.code for field in (*READ, *READ_TWINS))
TITLES: Final = tuple(_field_titles(field) for field in READ)
# As typed, for finding the row of titles in a file.
KNOWN_HEADERS: Final = frozenset(
    fold(title)
    for data in _DATA["fields"].values()
    for title in (*data["titles"].get("french", ()), *data["titles"].get("english", ()), *data.get("weak", ()))
) | frozenset(fold(label) for field in (*READ, *READ_TWINS) for label in field.label.values())


def _choice_words(field: CatalogueField) -> Mapping[Words, str]:
    """Phrase → code. The phrases of the data file win over the names that other registers give."""
    phrases: dict[Words, str] = {}
    elsewhere: dict[Words, set[str]] = {}
    for choice in field.choices:
        for standard, name in choice.standards.items():
            if standard not in choice.approximate:
                elsewhere.setdefault(tuple(fold(name).split()), set()).add(choice.code)
    phrases |= {phrase: codes.pop() for phrase, codes in elsewhere.items() if len(codes) == 1}
    for choice in field.choices:
        own = (choice.code, *choice.label.values())
        phrases |= {tuple(fold(text).split()): choice.code for text in own}
    for code, texts in _DATA["choices"].get(field.code, {}).items():
        phrases |= {tuple(fold(text).split()): code for text in texts}
    return phrases


# The codes and labels of each field, nothing else: what our own files hold.
OFFICIAL: Final[Mapping[str, Mapping[str, str]]] = {
    field.code: {fold(text): choice.code for choice in field.choices for text in (choice.code, *choice.label.values())}
    for field in (*READ, *READ_TWINS)
}
CHOICES: Final = {field.code: _choice_words(field) for field in READ if field.choices}
HARMLESS: Final = {
    code: frozenset(
        word for name in ("any", code) for text in _DATA["harmless"].get(name, ()) for word in fold(text).split()
    )
    for code in CHOICES
}
EXCLUSIVE: Final = {
    field.code: frozenset(choice.code for choice in field.choices if choice.exclusive) for field in READ
}
