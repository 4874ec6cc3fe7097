"""How people lay a table out: merged cells, titles on two rows, results of formulas. Nothing is lost in silence."""

from collections.abc import Sequence
from typing import Any

import pytest
from openpyxl import Workbook

from registry.standards.inventory import KNOWN_HEADERS, guess_mapping, parse_inventory_row
from registry.standards.tabular import LIMITS, Limits, Table, UnreadableFile, read_table
from tests.registry.standards.builders import package, parts, save, text_row, zipped

Rows = Sequence[Sequence[Any]]


def laid_out(rows: Rows, *merges: str) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    for merge in merges:
        book.active.merge_cells(merge)
    return save(book)


def read(content: bytes, **options: Any) -> Table:
    return read_table(content, known_headers=KNOWN_HEADERS, **options)


def column(table: Table, header: str) -> list[str]:
    return [row.cells[header] for row in table.rows]


def fields(table: Table) -> dict[str, str | None]:
    guesses = guess_mapping(table.headers, [row.cells for row in table.rows])
    return {header: guess.field for header, guess in guesses.items()}


TITLES = ("Nom", "Direction responsable", "Statut")
SIX = [TITLES, *((f"Outil {number}", "Eau" if number == 1 else None, "Pilote") for number in range(1, 7))]


def test_a_cell_merged_downwards_is_the_value_of_each_row_and_it_is_said_once() -> None:
    table = read(laid_out(SIX, "B2:B6"))
    assert column(table, "Direction responsable") == ["Eau"] * 5 + [""]
    assert [(each.code, each.column, each.value) for each in table.problems] == [
        ("merged_cells", "Direction responsable", "4")
    ]
    assert all(row.damage is None for row in table.rows)


def test_a_rectangle_fills_its_first_column_only() -> None:
    table = read(laid_out([TITLES, ("A", "Eau", None), ("B", None, None)], "B2:C3"))
    assert column(table, "Direction responsable") == ["Eau", "Eau"]
    assert column(table, "Statut") == ["", ""]


def test_a_merged_name_is_one_system_told_on_several_rows() -> None:
    table = read(laid_out([TITLES, ("Tri", "Eau", "Pilote"), (None, "Parcs", "Idée")], "A2:A3"))
    first, second = (parse_inventory_row(row.cells, fields(table), problems=row.problems) for row in table.rows)
    assert first.comes_in and not second.comes_in
    assert [(each.field, each.code, each.value) for each in second.problems] == [("name_fr", "merged_identity", "Tri")]


def test_a_title_merged_above_the_table_and_rows_left_blank_take_nothing() -> None:
    book = Workbook()
    sheet = book.active
    sheet["A1"] = "Inventaire"
    for row, cells in ((3, TITLES), (4, ("A", "Eau", "Pilote")), (8, ("B", None, "Pilote"))):
        for index, cell in enumerate(cells, start=1):
            sheet.cell(row, index, cell)
    sheet.merge_cells("A1:C2")
    sheet.merge_cells("B4:B8")
    table = read(save(book))
    assert [row.number for row in table.rows] == [4, 8]
    assert column(table, "Direction responsable") == ["Eau", "Eau"]


def test_a_formula_in_a_merged_cell_spoils_each_row_it_stands_for() -> None:
    table = read(laid_out([TITLES, ("A", "=B9", "Pilote"), ("B", None, "Pilote")], "B2:B3"))
    assert [(row.problems[0].code, row.problems[0].column) for row in table.rows] == [
        ("formula_cell", "Direction responsable")
    ] * 2


def with_merges(*references: str) -> bytes:
    files = parts(text_row(1, "Nom", "Statut") + "".join(text_row(row, f"s{row}", "Pilote") for row in range(2, 40)))
    merged = "".join(f'<mergeCell ref="{reference}"/>' for reference in references)
    name = "xl/worksheets/sheet1.xml"
    files[name] = files[name].replace("</worksheet>", f"<mergeCells>{merged}</mergeCells></worksheet>")
    return zipped(files)


@pytest.mark.parametrize(
    "references",
    [
        ("", "A", "A1:", "A0:B0", "ZZZZ1:ZZZZ9", "B9:B2", "A1:XFE9999999", "A2:A2"),
        ("A1:XFD1048576",),
        ("A39:A1048576", "XFD2:XFD9"),
    ],
)
def test_odd_rectangles_change_nothing(references: tuple[str, ...]) -> None:
    table = read(with_merges(*references))
    assert (len(table.rows), column(table, "Statut")) == (38, ["Pilote"] * 38)


@pytest.mark.parametrize(
    ("count", "limits"), [(LIMITS.merges + 1, LIMITS), (60, Limits(cells=100)), (60, Limits(merges=50))]
)
def test_merged_cells_beyond_reason_are_refused(count: int, limits: Limits) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read(with_merges(*["A2:A39"] * count), limits=limits)
    assert refusal.value.code in {"too_many_merges", "too_many_rows"}


def test_what_is_broken_after_the_cells_costs_nothing() -> None:
    files = parts(text_row(1, "Nom", "Statut") + text_row(2, "A", "Pilote"))
    name = "xl/worksheets/sheet1.xml"
    files[name] = files[name].replace("</worksheet>", "<mergeCells><mergeCell")
    assert column(read(zipped(files)), "Nom") == ["A"]


FR_EN = ("Français", "Anglais")
TWO_ROWS: Rows = [
    ("Nom", None, "Description", None, "Unité", "Statut"),
    (*FR_EN, *FR_EN),
    ("Tri", "Sorting", "Trie.", "Sorts.", "Greffe", "Pilote"),
    ("Suivi", "Tracking", "Suit.", "Tracks.", "Eau", "En service"),
]
JOINED = {
    "Nom – Français": "name_fr",
    "Nom – Anglais": "name_en",
    "Description – Français": "summary_fr",
    "Description – Anglais": "summary_en",
    "Unité": "unit_fr",
    "Statut": "phase",
}


@pytest.mark.parametrize(
    "merges", [("A1:B1", "C1:D1"), ("A1:B1", "C1:D1", "E1:E2", "F1:F2"), ()], ids=["wide", "wide and tall", "holes"]
)
def test_titles_on_two_rows_are_joined(merges: tuple[str, ...]) -> None:
    table = read(laid_out(TWO_ROWS, *merges))
    assert fields(table) == JOINED
    assert column(table, "Nom – Français") == ["Tri", "Suivi"]
    assert (table.header_row, table.rows[0].number, table.problems) == (2, 3, ())


def test_titles_on_two_rows_of_a_csv_and_repeated_further_down() -> None:
    lines = [";".join(cell or "" for cell in (*row, *("",) * (6 - len(row)))) for row in TWO_ROWS]
    table = read("\n".join([*lines, lines[0], lines[1]]).encode())
    assert fields(table) == JOINED
    assert len(table.rows) == 2


def test_a_group_of_columns_above_known_titles() -> None:
    rows: Rows = [
        ("Statut", "Système", None, "Coordonnées", None),
        (None, "Nom", "Besoin", "Courriel", "Téléphone"),
        ("Pilote", "Tri", "Trier", "a@ville.example", "555 555-0142"),
    ]
    table = read(laid_out(rows, "A1:A2", "B1:C1", "D1:E1"))
    assert list(fields(table).values()) == ["phase", "name_fr", "need_fr", "contact_email", "contact_phone"]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Fournisseur – Nom", "supplier"),
        ("Responsable – Nom", None),
        ("Description du système – Nom", "name_fr"),
        ("Description du système – Besoin", "need_fr"),
        ("Données – Statut", "phase"),
        ("Coordonnées – Courriel", "contact_email"),
        ("Fournisseur – Courriel", None),
        ("Description – Anglais", "summary_en"),
        ("Statut – Date", None),
        ("Tri – des demandes", None),
    ],
)
def test_a_sub_title_names_its_field_unless_the_title_above_says_otherwise(header: str, field: str | None) -> None:
    assert guess_mapping([header], [])[header].field == field


@pytest.mark.parametrize(
    ("rows", "merges"),
    [
        ([("Nom", None, "Statut"), ("Tri", "note", "Pilote"), ("Suivi", "note", "Idée")], ()),
        ([("Nom", None, "Statut"), ("Tri", "Sorting", None), ("Suivi", "Tracking", None)], ("A1:B1",)),
        ([("Nom", "Statut"), ("Tri", None), ("Suivi", "Pilote")], ()),
        ([("Nom", None), ("Tri", "note"), ("Suivi", "note")], ()),
    ],
)
def test_a_first_system_that_says_little_is_still_a_system(rows: Rows, merges: tuple[str, ...]) -> None:
    table = read(laid_out(rows, *merges))
    assert column(table, "Nom") == ["Tri", "Suivi"]


FORMULAS = (
    '<row r="2"><c r="A2" t="str"><f>B9</f><v>Tri</v></c><c r="B2" t="str"><f>"x"</f><v></v></c></row>'
    '<row r="3"><c r="A3"><f>B9</f></c><c r="B3" t="str"><f>C9</f><v>=cmd|\'/C calc\'!A0</v></c></row>'
    '<row r="4"><c r="A4" t="e"><f>B9</f><v>#REF!</v></c><c r="B4"><f>2+2</f><v>4</v></c></row>'
    '<row r="5"><c r="A5"><f>B9</f><v/></c><c r="B5" t="s"><f>B9</f><v>99</v></c></row>'
)


def test_the_saved_result_of_a_formula_comes_in_as_a_text_to_check() -> None:
    table = read(package(text_row(1, "Nom", "Statut") + FORMULAS), takes_results=True)
    assert [(row.cells["Nom"], row.cells["Statut"]) for row in table.rows] == [
        ("Tri", ""),
        ("", ""),
        ("", "4"),
        ("", ""),
    ]
    assert [[(each.code, each.column) for each in row.problems] for row in table.rows] == [
        [("formula_result", "Nom")],
        [("formula_cell", "Nom"), ("formula_cell", "Statut")],
        [("excel_error", "Nom"), ("formula_result", "Statut")],
        [("formula_cell", "Nom"), ("cell_unreadable", "Statut")],
    ]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_a_saved_result_that_looks_like_a_formula_stays_out(sign: str) -> None:
    row = f'<row r="2"><c r="A2" t="str"><f>B9</f><v>{sign}HYPERLINK("x")</v></c><c r="B2"><v>1</v></c></row>'
    table = read(package(text_row(1, "Nom", "Statut") + row), takes_results=True)
    assert (table.rows[0].cells["Nom"], table.rows[0].problems[0].code) == ("", "formula_cell")


def test_a_row_with_a_saved_result_comes_in_and_says_so() -> None:
    table = read(package(text_row(1, "Nom", "Statut") + FORMULAS), takes_results=True)
    row = parse_inventory_row(table.rows[0].cells, fields(table), problems=table.rows[0].problems)
    assert row.comes_in
    assert [(each.field, each.code, each.value) for each in row.problems] == [("name_fr", "formula_result", "Tri")]
