"""The federal AI inventories of the United States (2025, and the titles of 2024) → records, nothing guessed."""

import re
from collections.abc import Iterator
from typing import Final

from registry.standards.foreign import ForeignSystem, ParsedRow, Recoding, Rejected, derived_id, in_language
from registry.standards.foreign_rows import Cells, parse_rows
from registry.standards.tabular import Table
from registry.standards.united_states.columns import (
    ABBREVIATION,
    AGENCY,
    AGENCY_NAME,
    BUREAU,
    CODES,
    COLUMNS,
    DATES,
    DETAILS,
    ID,
    LAYOUT,
    LISTS,
    NAME,
    REGISTER,
    TEXTS,
    VENDOR,
    VOCABULARIES,
)

__all__ = ["COLUMNS", "KNOWN_HEADERS", "LAYOUT", "REGISTER", "parse_register"]

KNOWN_HEADERS: Final = LAYOUT.known_headers
_ABBREVIATION = re.compile(r"[A-Z][A-Z&]{1,9}")
_NUMBER = re.compile(r"[\d ._-]*\d[\d ._-]*")


def parse_register(table: Table) -> Iterator[ParsedRow]:
    """Every row of the table, in order. Refuses at once (`UnreadableFile`) a table that is not this register."""
    return parse_rows(table, LAYOUT, LAYOUT.match(table.headers), _read)


def _read(cells: Cells) -> ForeignSystem | Rejected:
    name = cells.line(NAME)
    if not name:
        return cells.reject(NAME, "missing_name", source_id=cells.identifier(ID))
    bureau = cells.line(BUREAU)
    short, long = _agency(cells)
    texts = {concept: in_language(cells.paragraph(column), "en") for concept, column in TEXTS.items()}
    texts |= {concept: in_language(_own_words(cells, concept), "en") for concept in CODES}
    lists = {concept: _answers(cells, concept, texts) for concept, column in LISTS.items() if column in cells.texts}
    details = {column: cells.line(column) for column in DETAILS if column != BUREAU} | {BUREAU: bureau}
    return ForeignSystem(
        register=REGISTER.code,
        source_id=_identify(cells, short or long, bureau, name),
        names=in_language(name, "en"),
        organization=in_language(long or short or bureau, "en"),
        texts={concept: said for concept, said in texts.items() if said},
        codes={concept: cells.code(column, (column,), VOCABULARIES[concept]) for concept, column in CODES.items()},
        status_year=None,
        vendor=cells.line(VENDOR),
        licence=REGISTER.licence,
        languages=REGISTER.languages,
        lists=lists,
        # Months come first in these inventories.
        dates=cells.dates(DATES, details, month_first=True),
        details={column: text for column, text in details.items() if text},
    )


def _agency(cells: Cells) -> tuple[str, str]:
    """(its initials, its name); a file of 2024 has the name where the one of 2025 has the initials."""
    short, agency, name = cells.line(ABBREVIATION), cells.line(AGENCY), cells.line(AGENCY_NAME)
    if _ABBREVIATION.fullmatch(agency):
        return short or agency, name
    return short, name or agency


def _identify(cells: Cells, agency: str, bureau: str, name: str) -> str:
    """The number of the source. A bare number is one only within its agency, whose initials go before it; the sign
    between them is not the dash of an agency's own numbers («TREAS-17» and «17» are two records). Agencies may leave
    their numbers out: agency, bureau and name then tell the record apart.
    """
    source_id = cells.identifier(ID)
    prefix = "".join(re.findall(r"[A-Z0-9]", agency))[:10]
    if not source_id:
        cells.note(Recoding(ID, "derived", "", ""))
        return derived_id(prefix, agency, bureau, name)
    if prefix and _NUMBER.fullmatch(source_id):
        cells.note(Recoding(ID, "prefixed", "", ""))
        return f"{prefix}:{source_id}"
    return source_id


def _own_words(cells: Cells, concept: str) -> str:
    return cells.own_words((CODES[concept],), VOCABULARIES[concept])[0]


def _answers(cells: Cells, concept: str, texts: dict[str, dict[str, str]]) -> tuple[str, ...]:
    """The codes of several answers; what is no answer of the form is kept as it was written."""
    codes, words = cells.codes(LISTS[concept], VOCABULARIES[concept])
    if words:
        texts[concept] = in_language("\n".join(words), "en")
    return codes
