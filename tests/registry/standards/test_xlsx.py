"""XLSX as it comes: what Excel means by a cell, and what a hostile file tries."""

import tracemalloc
import zipfile
from datetime import date, datetime, time, timedelta
from io import BytesIO

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.formula import ArrayFormula

from registry.standards.tabular import Limits, Table, UnreadableFile, read_table
from tests.registry.standards.builders import package, parts, relations, save, text_row, workbook, zipped

HEADER = text_row(1, "a", "b")


def read(content: bytes, **options: object) -> Table:
    return read_table(content, filename="inventaire.xlsx", **options)  # type: ignore[arg-type]


def refusal(content: bytes, **options: object) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read(content, **options)
    return caught.value.code


def problems(table: Table) -> dict[int, list[tuple[str, str]]]:
    return {row.number: [(p.code, p.column) for p in row.problems] for row in table.rows if row.problems}


def test_dates_numbers_and_booleans_come_as_plain_text() -> None:
    values = [
        (date(2024, 9, 1), "2024-09-01"),
        (datetime(2024, 9, 1, 14, 32), "2024-09-01T14:32:00"),
        (time(14, 32), "14:32:00"),
        (timedelta(hours=30, minutes=5), "30:05:00"),
        (2025, "2025"),
        (2025.0, "2025"),
        (0.1 + 0.2, "0.3"),
        (12500.5, "12500.5"),
        (-3, "-3"),
        (5145550142, "5145550142"),
        (1e20, "100000000000000000000"),
        (True, "true"),
        (False, "false"),
        ("  Voirie ", "  Voirie "),
        ("ligne 1\nligne 2", "ligne 1\nligne 2"),
    ]
    table = read(workbook([("Nom", "Valeur"), *((str(i), value) for i, (value, _) in enumerate(values))]))
    assert [row.cells["Valeur"] for row in table.rows] == [text for _, text in values]
    assert not problems(table)


def test_dates_of_a_1904_workbook() -> None:
    book = Workbook()
    book.epoch = datetime(1904, 1, 1)
    book.active.append(["Nom", "Début"])
    book.active.append(["A", date(2024, 9, 1)])
    assert read(save(book)).rows[0].cells["Début"] == "2024-09-01"


def test_formula_cells_are_problems_and_their_text_is_nowhere() -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["Nom", "Courriel", "Total"])
    sheet.append(["A", '=HYPERLINK("http://mal.example")', 1])
    sheet.append(["B", "b@ville.example", ArrayFormula("C3:C3", "=SUM(B1:B9)")])
    sheet.append(["C", "c@ville.example", 3])
    table = read(save(book))
    assert problems(table) == {2: [("formula_cell", "Courriel")], 3: [("formula_cell", "Total")]}
    assert table.rows[0].cells == {"Nom": "A", "Courriel": "", "Total": "1"}
    assert "mal.example" not in repr(table)
    assert table.rows[2].damage is None


def test_the_stored_result_of_a_formula_is_not_taken_unless_asked() -> None:
    """A register from elsewhere is taken as published, or not at all. A body's own inventory asks for the results its
    author saw (`takes_results`): refusing a whole column of names, each to be retyped, helped nobody."""
    row = '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f t="shared" si="0"/><v>texte</v></c></row>'
    table = read(package(HEADER + row + text_row(3, "x", "y")))
    assert problems(table) == {2: [("formula_cell", "a"), ("formula_cell", "b")]}
    assert table.rows[0].cells == {"a": "", "b": ""}


def test_errors_of_excel_and_broken_cells_spoil_themselves_only() -> None:
    rows = (
        '<row r="2"><c r="A2" t="e"><v>#REF!</v></c><c r="B2" t="inlineStr"><is><t>ok</t></is></c></row>'
        '<row r="3"><c r="A3" t="s"><v>99</v></c><c r="B3"><v>abc</v></c></row>'
        '<row r="4"><c r="A4" t="s"><v>-1</v></c><c r="B4"><v>1e999</v></c></row>'
        '<row r="5"><c r="A5" t="d"><v>pas une date</v></c><c r="B5" t="b"><v>x</v></c></row>'
        '<row r="6"><c r="A6" t="d"><v>2024-09-01</v></c><c r="B6"><v>9' + "9" * 5000 + "</v></c></row>"
    )
    table = read(package(HEADER + rows + text_row(7, "x", "y")))
    assert problems(table)[2] == [("excel_error", "a")]
    assert all(code == "cell_unreadable" for row in (3, 4, 5, 6) for code, _ in problems(table)[row])
    assert table.rows[4].cells["a"] == "2024-09-01"
    assert table.rows[-1].cells == {"a": "x", "b": "y"}
    assert table.rows[0].damage is None


def test_rich_text_escapes_and_pronunciation_guides() -> None:
    strings = (
        "<sst><si><r><t>Tri </t></r><r><t>des demandes</t></r></si><si><t>un_x000D_\ndeux_x0007_</t></si>"
        "<si><t>東京</t><rPh><t>トウキョウ</t></rPh></si><si/></sst>"
    )
    cells = "".join(f'<row><c t="s"><v>{i}</v></c><c t="s"><v>3</v></c></row>' for i in range(3))
    table = read(zipped(parts(HEADER + cells) | {"xl/sharedStrings.xml": strings}))
    assert [row.cells["a"] for row in table.rows] == ["Tri des demandes", "un\ndeux", "東京"]


def test_rows_keep_the_numbers_that_excel_shows() -> None:
    table = read(
        package(text_row(1, "a", "b") + text_row(4, "x", "y") + text_row(2, "hors", "ordre") + text_row(9, "z", "z"))
    )
    assert [row.number for row in table.rows] == [4, 5, 9]


def test_title_above_merged_cells_beside_and_columns_without_title() -> None:
    book = Workbook()
    sheet = book.active
    sheet["A1"] = "Inventaire des systèmes – Ville de Rivière-aux-Cèdres"
    sheet.merge_cells("A1:D1")
    sheet.append([])
    sheet.append(["Nom", None, "Statut"])
    sheet.append(["A", "note", "En service", "à côté"])
    table = read(save(book))
    assert table.headers == ("Nom", "(B)", "Statut", "(D)")
    assert (table.header_row, table.rows[0].number) == (3, 4)
    assert table.rows[0].cells["(D)"] == "à côté"
    assert table.rows[0].damage is None


def test_the_sheet_that_holds_the_table_is_chosen() -> None:
    book = Workbook()
    cover = book.active
    cover.title = "Lisez-moi"
    cover.append(["Remplissez l'onglet suivant."])
    cover.append(["Merci."])
    lists = book.create_sheet("Listes")
    lists.append(["Phase", "Origine"])
    lists.append(["Pilote", "Interne"])
    table = book.create_sheet("Inventaire")
    table.append(["Nom", "Unité", "Statut"])
    table.append(["A", "B", "C"])
    hidden = book.create_sheet("Caché")
    hidden.append(["Nom", "Unité", "Statut", "Bénéfice"])
    hidden.append(["X", "X", "X", "X"])
    hidden.sheet_state = "hidden"
    content = save(book)
    assert read(content).sheet == "Listes"
    found = read(content, known_headers={"nom", "unite", "statut", "benefice", "phase"})
    assert (found.sheet, found.sheets) == ("Inventaire", ("Lisez-moi", "Listes", "Inventaire", "Caché"))
    assert read(content, sheet="Caché").rows[0].cells["Bénéfice"] == "X"
    assert refusal(content, sheet="Absent") == "unknown_sheet"


def test_comments_macros_links_and_properties_are_never_opened() -> None:
    book = Workbook()
    book.active.append(["a", "b"])
    book.active.append(["1", "2"])
    book.active["A2"].comment = Comment("note", "quelqu'un")
    with zipfile.ZipFile(BytesIO(save(book))) as archive:
        files: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    files |= {
        "docProps/core.xml": "<pas du xml",
        "docProps/app.xml": b"\xff\xff",
        "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0",
        "xl/externalLinks/externalLink1.xml": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
        "xl/theme/theme1.xml": "<non",
    }
    assert read(zipped(files)).rows[0].cells == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "_rels/.rels"]
)
@pytest.mark.parametrize(
    "xml",
    [
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>',
        "<x><y></x>",
        "",
    ],
)
def test_dangerous_or_broken_xml_refuses_the_file(part: str, xml: str) -> None:
    assert refusal(zipped(parts(HEADER + text_row(2, "1", "2")) | {part: xml})) == "damaged_file"


def test_strict_workbooks_and_missing_styles_are_read() -> None:
    strict = {
        name: text.replace(
            "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"
        )
        for name, text in parts(HEADER + text_row(2, "1", "2")).items()
    }
    assert read(zipped(strict)).rows[0].cells == {"a": "1", "b": "2"}


def test_parts_are_found_by_relations_not_by_name() -> None:
    files = parts(HEADER + text_row(2, "1", "2"))
    files["_rels/.rels"] = relations(("rId1", "officeDocument", "/classeur.xml"))
    files["classeur.xml"] = files.pop("xl/workbook.xml")
    files["_rels/classeur.xml.rels"] = relations(("rId1", "worksheet", "xl/worksheets/../worksheets/Sheet1.xml"))
    assert read(zipped(files)).rows[0].cells == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    "target", ["../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "http://mal.example/x"]
)
def test_a_relation_never_leads_out_of_the_file(target: str) -> None:
    files = parts(HEADER + text_row(2, "1", "2"))
    files["xl/_rels/workbook.xml.rels"] = relations(("rId1", "worksheet", target))
    assert refusal(zipped(files)) == "no_table"


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"word/document.xml": "<x/>", "[Content_Types].xml": "<Types/>"}, "not_a_table"),
        ({"photo.jpg": "x"}, "not_a_table"),
        ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}, "opendocument"),
        ({"xl/workbook.bin": "x", "[Content_Types].xml": "<Types/>"}, "binary_workbook"),
    ],
)
def test_other_zips_are_refused_by_what_they_are(files: dict[str, str], code: str) -> None:
    assert refusal(zipped(files)) == code


def test_damaged_truncated_and_encrypted_zips() -> None:
    content = workbook([("a", "b"), (1, 2)])
    assert refusal(content[: len(content) // 2]) == "damaged_file"
    assert refusal(b"PK\x03\x04" + b"x" * 100) == "damaged_file"
    assert refusal(b"PK\x05\x06" + b"\x00" * 18) == "not_a_table"
    flagged = bytearray(content)
    start = flagged.index(b"PK\x01\x02")
    flagged[start + 8] |= 1
    assert refusal(bytes(flagged)) == "encrypted"


def test_zip_bomb_is_refused_on_its_directory() -> None:
    files = parts(HEADER + text_row(2, "1", "2")) | {"xl/media/image1.png": "\0" * 70_000_000}
    assert refusal(zipped(files)) == "zip_bomb"
    assert refusal(zipped(parts(HEADER + " " * 10_000_000))) == "zip_bomb"


def test_zip_whose_directory_lies_is_stopped_while_reading() -> None:
    content = zipped(parts(HEADER + text_row(2, "x" * 30_000, "2") * 40))
    assert refusal(content, limits=Limits(unpacked_bytes=100_000)) == "zip_bomb"
    # The directory now says that the sheet holds ten bytes.
    name = b"xl/worksheets/sheet1.xml"
    lying = bytearray(content)
    entry = lying.rindex(name) - 46
    lying[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    assert refusal(bytes(lying), limits=Limits(unpacked_bytes=100_000)) == "damaged_file"


def test_too_many_parts() -> None:
    assert refusal(zipped(parts(HEADER) | {f"xl/media/{i}": "" for i in range(3_000)})) == "zip_bomb"


def test_rows_and_columns_beyond_the_limits() -> None:
    rows = "".join(text_row(i, "1", "2") for i in range(2, 14))
    assert refusal(package(HEADER + rows), limits=Limits(rows=10)) == "too_many_rows"
    assert refusal(package(HEADER + '<row><c r="XFD2"><v>1</v></c></row>')) == "too_many_columns"


def test_empty_formatted_rows_and_columns_count_for_nothing() -> None:
    styled = "".join(f'<row r="{i}" s="1" customFormat="1"><c r="XFD{i}" s="1"/></row>' for i in range(3, 30_003))
    table = read(package(HEADER + text_row(2, "1", "2") + styled))
    assert (len(table.rows), table.headers) == (1, ("a", "b"))


@pytest.mark.parametrize(
    "xml",
    [
        "<row>" + "<c/>" * 250_000 + "</row>",
        "<row/>" * 250_000,
        "".join(f"<q{i}/>" for i in range(250_000)),
        "<row>" + "".join(f'<c q{i}=""/>' for i in range(250_000)) + "</row>",
        "<a>" * 400_000,
    ],
    ids=["cells", "rows", "names", "attributes", "depth"],
)
@pytest.mark.slow
def test_xml_made_to_fill_the_memory_does_not(xml: str) -> None:
    content = package(HEADER + xml)
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableFile):
            read(content, limits=Limits(unpacked_ratio=10_000))
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_speed_of_an_ordinary_inventory() -> None:
    rows = [(f"Système {i}", "Texte " * 20, date(2024, 1, 1), i) for i in range(2_000)]
    table = read(workbook([("Nom", "Besoin", "Début", "Nombre"), *rows]))
    assert len(table.rows) == 2_000
