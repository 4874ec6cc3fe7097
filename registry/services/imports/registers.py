"""Registers from elsewhere that Vigie reads, and what one of their records becomes here."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from registry.standards import canada
from registry.standards.foreign import ForeignSystem, ParsedRow, Register, to_document
from registry.standards.tabular import Table, read_table


@dataclass(frozen=True)
class Source:
    """One register: how its file is recognized and read, where a reader finds the original."""

    register: Register
    known_headers: frozenset[str]
    parse: Callable[[Table], Iterator[ParsedRow]]
    urls: Mapping[str, str]


SOURCES: Mapping[str, Source] = {
    canada.REGISTER.code: Source(
        register=canada.REGISTER,
        known_headers=canada.KNOWN_HEADERS,
        parse=canada.parse_register,
        urls={
            "fr": "https://ouvert.canada.ca/data/fr/dataset/fcbc0200-79ba-4fa4-94a6-00e32facea6b",
            "en": "https://open.canada.ca/data/en/dataset/fcbc0200-79ba-4fa4-94a6-00e32facea6b",
        },
    )
}


@dataclass(frozen=True)
class ReadFile:
    """A file of a register, read whole: its rows in order, and their cells as they stood."""

    source: Source
    parsed: tuple[ParsedRow, ...]
    cells: Mapping[int, Mapping[str, str]]


def read_register(code: str, content: bytes, file_name: str) -> ReadFile:
    """Every row of the file. Raises `UnreadableFile` for a file that is not this register, and nothing else."""
    source = SOURCES[code]
    table = read_table(content, filename=file_name, known_headers=source.known_headers)
    return ReadFile(source, tuple(source.parse(table)), {row.number: row.cells for row in table.rows})


def document_of(record: ForeignSystem, source: Source) -> dict[str, Any]:
    """What is kept and shown of a record: its own words, and where they come from under which licence."""
    register = source.register
    return {
        **to_document(record),
        "url": source.urls["fr"],
        "source": {
            "names": dict(register.names),
            "publisher": dict(register.publisher),
            "urls": dict(source.urls),
            "attribution": dict(register.attribution),
        },
    }
