"""The parts of an XLSX file, unpacked under a limit: nothing is written to disk, nothing outside the zip is opened."""

import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Protocol

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from registry.standards.tabular.table import Limits, UnreadableFile

_CHUNK = 65_536
_ENCRYPTED = 0x1
# A workbook uses some two hundred names of elements and attributes; each new one stays in the parser's memory.
_MOST_NAMES = 3_000
# A cell of rich text is eight elements deep; each open element stays in memory until it closes.
_DEEPEST = 100
# Twice what 20,000 full rows of 30 columns take; beyond it, only the processor's time is spent.
_MOST_ELEMENTS = 5_000_000


class Finished(Exception):
    """Raised by a target to stop reading its part."""


class Target(Protocol):
    """Receives a part as it is read, without a tree in memory. Names come without their namespace."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def data(self, text: str) -> None: ...


class Package:
    """One XLSX file, checked on its directory when opened and on its real bytes while read."""

    def __init__(self, content: bytes, limits: Limits) -> None:
        self._left = limits.unpacked_bytes
        try:
            self._zip = zipfile.ZipFile(BytesIO(content))
            entries = self._zip.infolist()
        except Exception as error:  # what a hostile directory raises is open-ended
            raise UnreadableFile("damaged_file") from error
        _check_directory(entries, len(content), limits)
        self._names = {entry.filename.replace("\\", "/").lstrip("/").lower(): entry for entry in entries}

    def has(self, name: str) -> bool:
        """Is there such a part? Some programs change the case of names."""
        return name.lower() in self._names

    def parse(self, name: str, target: Target) -> None:
        """Feed one part to `target`; a part that is absent, damaged or dangerous refuses the file."""
        if not self.has(name):
            raise UnreadableFile("damaged_file")
        shield = _Shield(target)
        parser = DefusedXMLParser(target=shield, forbid_dtd=True)
        try:
            for chunk in self._chunks(name):
                parser.feed(chunk)
            parser.close()
        except Finished:
            return
        except (ParseError, DefusedXmlException) as error:
            raise UnreadableFile("damaged_file") from error

    def _chunks(self, name: str) -> Iterator[bytes]:
        try:
            with self._zip.open(self._names[name.lower()]) as part:
                while chunk := part.read(_CHUNK):
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise UnreadableFile("zip_bomb")
                    yield chunk
        except (UnreadableFile, GeneratorExit):
            raise
        except Exception as error:  # bad checksum, unknown compression, truncated data…
            raise UnreadableFile("damaged_file") from error


def _check_directory(entries: list[zipfile.ZipInfo], packed: int, limits: Limits) -> None:
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise UnreadableFile("encrypted")
    unpacked = sum(entry.file_size for entry in entries)
    is_dense = unpacked > limits.ratio_from_bytes and unpacked > limits.unpacked_ratio * packed
    if is_dense or unpacked > limits.unpacked_bytes or len(entries) > limits.parts:
        raise UnreadableFile("zip_bomb")
    names = {entry.filename for entry in entries}
    if "mimetype" in names and "content.xml" in names:
        raise UnreadableFile("opendocument")
    if "xl/workbook.bin" in names:
        raise UnreadableFile("binary_workbook")
    if "[Content_Types].xml" not in names:
        raise UnreadableFile("not_a_table")


class _Shield:
    """Between the parser and a target: drops namespaces, stops a part that invents names or levels without end."""

    def __init__(self, target: Target) -> None:
        self._seen: dict[str, str] = {}
        self._depth = self._elements = 0
        self._start: Callable[[str, dict[str, str]], None] = target.start
        self._end: Callable[[str], None] = target.end
        self.data = target.data

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > _DEEPEST:
            raise UnreadableFile("damaged_file")
        if self._elements > _MOST_ELEMENTS:
            raise UnreadableFile("zip_bomb")
        self._start(self._short(tag), {self._short(name): value for name, value in attributes.items()})

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._end(self._seen[tag])

    def close(self) -> None:
        """Part of what the parser expects of a target."""

    def _short(self, tag: str) -> str:
        name = self._seen.get(tag)
        if name is None:
            if len(self._seen) >= _MOST_NAMES:
                raise UnreadableFile("damaged_file")
            name = self._seen[tag] = tag.rpartition("}")[2]
        return name
