"""Registers from elsewhere that Vigie reads, and what one of their records becomes here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from registry.standards import canada, netherlands, united_states
from registry.standards.foreign import ForeignSystem, ParsedRow, Register, to_document
from registry.standards.foreign_rows import Layout
from registry.standards.tabular import Row, Table, read_table


@dataclass(frozen=True)
class Source:
    """One register: how its file is recognized and read, where a reader finds the original."""

    layout: Layout
    parse: Callable[[Table], Iterator[ParsedRow]]
    urls: Mapping[str, str]

    @property
    def register(self) -> Register:
        return self.layout.register


_US_REPOSITORY = "https://github.com/ombegov/2025-Federal-Agency-AI-Use-Case-Inventory"
SOURCES: Mapping[str, Source] = {
    source.register.code: source
    for source in (
        Source(
            layout=canada.LAYOUT,
            parse=canada.parse_register,
            urls={
                "fr": "https://ouvert.canada.ca/data/fr/dataset/fcbc0200-79ba-4fa4-94a6-00e32facea6b",
                "en": "https://open.canada.ca/data/en/dataset/fcbc0200-79ba-4fa4-94a6-00e32facea6b",
            },
        ),
        Source(
            layout=netherlands.LAYOUT,
            parse=netherlands.parse_register,
            urls={"fr": "https://algoritmes.overheid.nl/nl", "en": "https://algoritmes.overheid.nl/en"},
        ),
        Source(
            layout=united_states.LAYOUT,
            parse=united_states.parse_register,
            urls={"fr": _US_REPOSITORY, "en": _US_REPOSITORY},
        ),
    )
}


@dataclass(frozen=True)
class ReadFile:
    """A file of a register, read whole: its rows in order, and their cells as they stood."""

    source: Source
    table: Table
    parsed: tuple[ParsedRow, ...]

    @cached_property
    def cells(self) -> Mapping[int, Mapping[str, str]]:
        """The number of a row → its cells as they stood."""
        return {row.number: row.cells for row in self.table.rows}


def read_register(code: str, content: bytes, file_name: str) -> ReadFile:
    """Every row of the file. Raises `UnreadableFile` for a file that is not this register, and nothing else."""
    source = SOURCES[code]
    table = read_table(content, filename=file_name, known_headers=source.layout.known_headers, takes_json=True)
    return ReadFile(source, table, tuple(source.parse(table)))


def read_again(read: ReadFile, rows: Sequence[Row]) -> ReadFile:
    """The same file with these rows, as a person corrected them, in place of its own and after all the others: an
    identifier that another row has stays that row's.
    """
    corrected = {row.number for row in rows}
    others = (row for row in read.table.rows if row.number not in corrected)
    table = replace(read.table, rows=(*others, *rows))
    return ReadFile(read.source, table, tuple(read.source.parse(table)))


def document_of(record: ForeignSystem, source: Source) -> dict[str, Any]:
    """What is kept and shown of a record: its own words, and where they come from under which licence."""
    register = source.register
    return {
        **to_document(record),
        "url": record.url or source.urls["fr"],
        "source": {
            "names": dict(register.names),
            "publisher": dict(register.publisher),
            "urls": dict(source.urls),
            "attribution": dict(register.attribution),
        },
    }
