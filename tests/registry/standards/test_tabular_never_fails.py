"""Whatever the bytes, `read_table` gives rows or one refusal; and a table it gives holds what it promises."""

import csv
import re
import unicodedata
from io import StringIO

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.standards.tabular import DAMAGE, NOTES, UnreadableFile, read_table
from registry.standards.tabular.cells import is_formula
from tests.registry.standards.builders import parts, workbook, zipped

_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_BOOK = workbook([("Nom", "Statut", "Début"), ("A", "En service", 45_000), ("B", "=1+1", "x"), ("C", True, 1.5)])
_quick = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(content: bytes) -> None:
    try:
        table = read_table(content, filename="x")
    except UnreadableFile as refusal:
        assert re.fullmatch("[a-z_]+", refusal.code)
        return
    assert table.headers and table.rows
    assert len(set(table.headers)) == len(table.headers)
    for row in table.rows:
        assert tuple(row.cells) == table.headers
        assert all(problem.code in DAMAGE | NOTES for problem in row.problems)
        for text in row.cells.values():
            assert not _FORBIDDEN.search(text)
            assert not is_formula(text)


@_quick
@given(st.binary(max_size=400))
def test_any_bytes(content: bytes) -> None:
    check(content)


@_quick
@given(
    st.text(alphabet='ab"",;\t|\r\n =+é\x00\ufeff\u202e\'', max_size=200),
    st.sampled_from(["utf-8", "utf-16", "utf-16-le"]),
)
def test_any_text_of_delimiters_and_quotes(text: str, encoding: str) -> None:
    check(text.encode(encoding))


@_quick
@given(st.lists(st.tuples(st.integers(0, len(_BOOK) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_workbook_with_changed_bytes(changes: list[tuple[int, int]]) -> None:
    content = bytearray(_BOOK)
    for position, byte in changes:
        content[position] = byte
    check(bytes(content))


_xml = st.recursive(
    st.sampled_from(
        [
            "<v>1</v>",
            "<v>x</v>",
            "<f>A1</f>",
            "<is><t>é</t></is>",
            "<t>a</t>",
            "<v/>",
            "texte",
            "<!-- -->",
            "&#7;",
            "&lt;",
        ]
    ),
    lambda inner: st.builds(
        lambda tag, attributes, children: f"<{tag}{attributes}>{''.join(children)}</{tag}>",
        st.sampled_from(["row", "c", "is", "t", "v", "r", "rPh", "sheetData", "x"]),
        st.sampled_from(
            ["", ' r="A1"', ' r="ZZZ9"', ' r="5"', ' t="s"', ' t="b"', ' t="d"', ' t="inlineStr"', ' s="1"', ' s="-1"']
        ),
        st.lists(inner, max_size=4),
    ),
    max_leaves=20,
)


@_quick
@given(
    st.lists(_xml, max_size=6), st.sampled_from(["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"])
)
def test_a_workbook_of_any_xml(pieces: list[str], part: str) -> None:
    body = "".join(pieces)
    files = parts(body)
    if part != "xl/worksheets/sheet1.xml":
        files[part] = f"<x>{body}</x>"
    check(zipped(files))


_plain = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf"]), max_size=20).filter(
    lambda text: not is_formula(text) and "\ufffd" not in text
)


@_quick
@given(st.lists(st.tuples(_plain, _plain, _plain), min_size=1, max_size=8), st.sampled_from([",", ";", "\t", "|"]))
def test_what_a_good_program_writes_is_read_back(rows: list[tuple[str, str, str]], delimiter: str) -> None:
    out = StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(("Nom", "Besoin", "Statut"))
    writer.writerows(("x", *row[1:]) for row in rows)
    table = read_table(out.getvalue().encode("utf-8-sig"), known_headers={"nom", "besoin", "statut"})
    expected = [tuple(unicodedata.normalize("NFC", cell) for cell in ("x", *row[1:])) for row in rows]
    assert [tuple(row.cells.values()) for row in table.rows] == expected
