"""A JSON file that holds a list of records → the same table as a CSV would give. Raises `UnreadableFile` only."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from registry.standards.tabular.cells import accept_text
from registry.standards.tabular.decoding import decode, recode_strays
from registry.standards.tabular.table import Limits, Problem, Row, Table, UnreadableFile
from registry.standards.words import one_line

_BEGINNING = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]])")
_SAMPLE = 256
_LONGEST_KEY = 200
# Each bracket and each quotation mark of a file costs memory before anything can be counted.
_BRACKETS_A_ROW = 10
_QUOTES_A_CELL = 4


def is_json(content: bytes) -> bool:
    """Does this file begin as JSON does?"""
    try:
        return _BEGINNING.match(decode(content[:_SAMPLE])[0]) is not None
    except UnreadableFile:
        return False


def read_json(content: bytes, limits: Limits) -> Table:
    """Every record, numbered from 1 as they stand; a value that is no text becomes one."""
    records = _find_records(_load(content, limits))
    headers: dict[str, None] = {}
    rows: list[Row] = []
    cells = 0
    for number, record in enumerate(records, start=1):
        rows.append(_read_record(number, record, limits))
        headers |= dict.fromkeys(rows[-1].cells)
        cells += len(rows[-1].cells)
        limits.check(number + 1, cells)
        if len(headers) > limits.columns:
            raise UnreadableFile("too_many_columns", limit=limits.columns)
    if not headers:
        raise UnreadableFile("no_records")
    whole = tuple(Row(row.number, {key: row.cells.get(key, "") for key in headers}, row.problems) for row in rows)
    return Table(headers=tuple(headers), rows=whole, kind="json", header_row=0)


def _load(content: bytes, limits: Limits) -> Any:
    if content.count(b"{") + content.count(b"[") > _BRACKETS_A_ROW * limits.rows:
        raise UnreadableFile("too_many_rows", limit=limits.rows)
    if content.count(b'"') > _QUOTES_A_CELL * limits.cells:
        raise UnreadableFile("too_many_rows", limit=limits.rows)
    try:
        return json.loads(decode(content)[0], object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile("damaged_json") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name that stands twice in a record: nobody can say which value is meant."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise UnreadableFile("repeated_columns", columns=", ".join(name[:40] for name in twice[:5]))
    return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _find_records(data: Any) -> Sequence[Any]:
    """The list itself, or the longest list of records that its envelope holds."""
    if isinstance(data, Mapping):
        lists = [value for value in _values(data) if isinstance(value, list)]
        data = max(lists, key=_count_records, default=[])
    if not isinstance(data, list) or not _count_records(data):
        raise UnreadableFile("no_records")
    return data


def _values(data: Mapping[str, Any]) -> list[Any]:
    """Of the envelope, and of an envelope inside it."""
    inner = [value for each in data.values() if isinstance(each, Mapping) for value in each.values()]
    return [*data.values(), *inner]


def _count_records(values: list[Any]) -> int:
    return sum(isinstance(value, Mapping) for value in values)


def _read_record(number: int, record: Any, limits: Limits) -> Row:
    if not isinstance(record, Mapping):
        return Row(number, {}, (Problem("not_a_record", "", _text(record)[:80]),))
    cells: dict[str, str] = {}
    found: list[tuple[str, int, str]] = []
    for index, (name, value) in enumerate(record.items()):
        key = one_line(accept_text(name, -1, []))[:_LONGEST_KEY]
        if not key:
            continue
        if key in cells:
            raise UnreadableFile("repeated_columns", columns=key[:40])
        text, has_strays = recode_strays(_text(value))
        if has_strays:
            found.append(("character_recoded", index, ""))
        cells[key] = accept_text(text, index, found, limits)
    names = [one_line(accept_text(name, -1, []))[:_LONGEST_KEY] for name in record]
    return Row(number, cells, tuple(Problem(code, names[index], value) for code, index, value in found))


def _text(value: Any) -> str:
    """What a spreadsheet would show; a list or a record inside stays JSON, for who knows its column."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return str(value)
