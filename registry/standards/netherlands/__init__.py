"""The Dutch algorithm register (daily file, full records of any version, its CSV) → records, in their own language."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from registry.standards.foreign import UNKNOWN, ForeignSystem, ParsedRow, Recoding, Rejected, derived_id, in_language
from registry.standards.foreign_rows import Cells, parse_rows
from registry.standards.netherlands.columns import (
    CODES,
    COLUMNS,
    DATES,
    DETAILS,
    ID,
    LANGUAGE,
    LAYOUT,
    NAME,
    NATIONAL_ID,
    ORGANIZATION,
    REGISTER,
    SOURCE_ID,
    TEXTS,
    THEMES,
    URL,
    UUID,
    VENDOR,
    VOCABULARIES,
)
from registry.standards.tabular import Table
from registry.standards.words import one_line

__all__ = ["COLUMNS", "KNOWN_HEADERS", "LAYOUT", "REGISTER", "parse_register"]

KNOWN_HEADERS: Final = LAYOUT.known_headers
# Numbers of the register itself; a shorter one counts rows of some file.
_NATIONAL = re.compile(r"\d{8}")
_DUTCH: Final = "nl"
_MOST_REFERENCES = 200


def parse_register(table: Table) -> Iterator[ParsedRow]:
    """Every row of the table, in order. Refuses at once (`UnreadableFile`) a table that is not this register."""
    return parse_rows(table, LAYOUT, LAYOUT.match(table.headers), _read)


def _read(cells: Cells) -> ForeignSystem | Rejected:
    name, organization = cells.line(NAME), cells.line(ORGANIZATION)
    source_id = _identify(cells, organization, name)
    if not name:
        return cells.reject(NAME, "missing_name", source_id=source_id)
    if not source_id:
        return cells.reject(ORGANIZATION, "missing_body")
    language = _language(cells)
    texts = {concept: in_language(_gather(cells, columns), language) for concept, columns in TEXTS.items()}
    texts |= {concept: in_language(_own_words(cells, concept), language) for concept in CODES}
    texts["language"] = in_language(cells.own_words((LANGUAGE,), VOCABULARIES["language"])[0], _DUTCH)
    lists = {"themes": _themes(cells, texts, language)} if THEMES in cells.texts else {}
    details = {column: cells.line(column) for column in DETAILS}
    return ForeignSystem(
        register=REGISTER.code,
        source_id=source_id,
        names=in_language(name, language),
        organization=in_language(organization, _DUTCH),
        texts={concept: said for concept, said in texts.items() if said},
        codes={concept: cells.code(column, (column,), VOCABULARIES[concept]) for concept, column in CODES.items()},
        status_year=None,
        vendor=cells.line(VENDOR),
        licence=REGISTER.licence,
        languages=(language,),
        lists=lists,
        # Days come first in Dutch dates.
        dates=cells.dates(DATES, details, month_first=False),
        url=cells.address(URL),
        details={column: text for column, text in details.items() if text},
    )


def _identify(cells: Cells, organization: str, name: str) -> str:
    """The number of the register; else the best identifier that the file gives, a body's own number never without the
    body. The CSV of the register has none: body and name then tell the record apart."""
    if national := cells.identifier(NATIONAL_ID):
        return national
    own = cells.identifier(ID)
    if _NATIONAL.fullmatch(own):
        return own
    if found := cells.identifier(UUID) or own:
        return found
    if not organization or not name:
        return ""
    cells.note(Recoding(ID, "derived", "", ""))
    return derived_id(REGISTER.country, organization, cells.identifier(SOURCE_ID) or name)


def _language(cells: Cells) -> str:
    """Of the texts: Dutch unless the record says English or Frisian (the translated files of the register)."""
    code = cells.code(LANGUAGE, (LANGUAGE,), VOCABULARIES["language"]) if cells.texts.get(LANGUAGE) else UNKNOWN
    return _DUTCH if code == UNKNOWN else code


def _gather(cells: Cells, columns: tuple[str, ...]) -> str:
    """The texts of one concept, one paragraph after the other; references in JSON become lines."""
    said = []
    for column in columns:
        text = cells.formatted(column)
        said.append(_references(text) if text[:1] == "[" else text)
    return "\n\n".join(dict.fromkeys(filter(None, said)))


def _references(text: str) -> str:
    """`[{"title": "Wet BRP", "link": "https://…"}]` → «Wet BRP (https://…)»; anything else stays as it is."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if not isinstance(data, list):
        return text
    return "\n".join(filter(None, map(_reference, data[:_MOST_REFERENCES])))


def _reference(entry: Any) -> str:
    if isinstance(entry, str):
        return one_line(entry)
    if not isinstance(entry, Mapping):
        return ""
    title, link = (one_line(str(entry.get(key) or "")) for key in ("title", "link"))
    return f"{title} ({link})" if title and link else title or link


def _own_words(cells: Cells, concept: str) -> str:
    return cells.own_words((CODES[concept],), VOCABULARIES[concept])[0]


def _themes(cells: Cells, texts: dict[str, dict[str, str]], language: str) -> tuple[str, ...]:
    """Themes of the standard as codes; others as they were written."""
    codes, words = cells.codes(THEMES, VOCABULARIES["themes"])
    if words:
        texts["themes"] = in_language("\n".join(words), language)
    return codes
