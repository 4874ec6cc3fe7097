"""CSV text → records. A broken quote costs its own line, never the lines after it."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from registry.standards.tabular.table import LAST_COLUMN, LAST_ROW, LIMITS, UnreadableFile

DELIMITERS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_NEWLINE = re.compile(r"\r\n|\r|\n")
# A quoted field that runs further than this was never closed; after so many of them, quotes are held to their line.
_FURTHEST = 200_000
_MOST_REPAIRS = 100
_SAMPLE = 65_536


class Record(NamedTuple):
    """The fields of one record; `is_broken` when its quotes do not close and only its first line was taken."""

    fields: list[str]
    is_broken: bool


class _Unclosed(Exception):
    """The quotes of this record do not make sense."""


def find_delimiter(text: str) -> str:
    """The delimiter with which the first records have one same width, the wider the better; a comma for one column."""
    sample = text[:_SAMPLE]
    scores = {delimiter: _consistency(sample, delimiter, is_cut=len(text) > _SAMPLE) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: scores[delimiter])
    return best if scores[best] > 0 else ","


def _consistency(sample: str, delimiter: str, *, is_cut: bool) -> float:
    widths: list[int] = []
    for record in read_records(sample, delimiter):
        if any(record.fields):
            widths.append(len(record.fields))
        if len(widths) == 50:
            break
    else:
        if is_cut and len(widths) > 1:
            widths.pop()
    wide = Counter(width for width in widths if width > 1)
    if not wide:
        return 0.0
    width, count = max(wide.items(), key=lambda item: (item[1], item[0]))
    share = count / len(widths)
    return share * share * width


def split_separator_line(text: str) -> tuple[str, str]:
    """(delimiter announced by Excel's «sep=;» first line or nothing, text without that line)."""
    match = _SEPARATOR_LINE.match(text)
    return (match.group(1), text[match.end() :]) if match else ("", text)


def read_records(text: str, delimiter: str) -> Iterator[Record]:
    """Every record, in order."""
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise UnreadableFile("no_table")
    scanner = _Scanner(text, delimiter)
    position, repairs, count = 0, 0, 0
    while position < len(text):
        count += 1
        if count > LAST_ROW:
            raise UnreadableFile("too_many_rows", limit=LIMITS.rows)
        try:
            if repairs > _MOST_REPAIRS:
                raise _Unclosed
            fields, position = scanner.scan(position, len(text))
            yield Record(fields, is_broken=False)
        except _Unclosed:
            fields, position, is_broken = scanner.scan_line(position)
            repairs += is_broken
            yield Record(fields, is_broken=is_broken)


class _Scanner:
    """Reads fields of one text at a moving position."""

    def __init__(self, text: str, delimiter: str) -> None:
        self.text = text
        self.delimiter = delimiter
        self.field_end = re.compile(f"[{re.escape(delimiter)}\r\n]")
        # After a closing quote: spaces are forgiven, then the field must end.
        self.after_quote = re.compile(rf" *(?=[{re.escape(delimiter)}\r\n]|\Z)")
        self.before_quote = frozenset((delimiter, "\r", "\n"))

    def scan(self, position: int, stop: int) -> tuple[list[str], int]:
        """The fields of the record that starts here, and where the next one starts."""
        fields: list[str] = []
        text = self.text
        while True:
            if text.startswith('"', position):
                field, position = self._quoted(position + 1, stop)
            else:
                match = self.field_end.search(text, position, stop)
                end = match.start() if match else stop
                field, position = text[position:end], end
            fields.append(field)
            if len(fields) > LAST_COLUMN:
                raise UnreadableFile("too_many_columns", limit=LIMITS.columns)
            if position < stop and text[position] == self.delimiter:
                position += 1
                continue
            newline = _NEWLINE.match(text, position)
            return fields, newline.end() if newline else position

    def scan_line(self, position: int) -> tuple[list[str], int, bool]:
        """Only the physical line that starts here; a quote still open at its end closes there and marks it broken."""
        newline = _NEWLINE.search(self.text, position)
        stop, after = (newline.start(), newline.end()) if newline else (len(self.text), len(self.text))
        try:
            fields, _ = self.scan(position, stop)
            return fields, after, False
        except _Unclosed:
            return self.text[position:stop].split(self.delimiter), after, True

    def _quoted(self, position: int, stop: int) -> tuple[str, int]:
        """The field whose opening quote was just passed, and the position after its closing quote."""
        text, parts, furthest = self.text, [], position + _FURTHEST
        has_newline = False
        while True:
            quote = text.find('"', position, min(stop, furthest))
            if quote < 0:
                raise _Unclosed
            has_newline = has_newline or _NEWLINE.search(text, position, quote) is not None
            if text.startswith('"', quote + 1) and quote + 1 < stop:
                parts.append(text[position : quote + 1])
                position = quote + 2
                continue
            closing = self.after_quote.match(text, quote + 1)
            if closing:
                parts.append(text[position:quote])
                return "".join(parts), closing.end()
            if has_newline and text[quote - 1] in self.before_quote:
                # Looks like the opening quote of a later row: this field was never closed.
                raise _Unclosed
            parts.append(text[position : quote + 1])
            position = quote + 1
