"""CSV as it comes: every encoding and delimiter a public body's software writes, and what breaks one line only."""

import pytest

from registry.standards.tabular import Limits, Table, UnreadableFile, read_table

SAMPLE = "Nom,Unité,Statut\nTri des demandes,Service à la clientèle,En service\nRepérage,Voirie,À l'étude\n"


def read(text: str | bytes, **options: object) -> Table:
    content = text if isinstance(text, bytes) else text.encode()
    return read_table(content, filename="inventaire.csv", **options)  # type: ignore[arg-type]


def codes(table: Table) -> dict[int, list[str]]:
    return {row.number: [problem.code for problem in row.problems] for row in table.rows if row.problems}


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman", "cp850"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_encoding_delimiter_and_newline_gives_the_same_rows(encoding: str, delimiter: str, newline: str) -> None:
    table = read(SAMPLE.replace(",", delimiter).replace("\n", newline).encode(encoding))
    assert table.headers == ("Nom", "Unité", "Statut")
    assert [dict(row.cells) for row in table.rows] == [
        {"Nom": "Tri des demandes", "Unité": "Service à la clientèle", "Statut": "En service"},
        {"Nom": "Repérage", "Unité": "Voirie", "Statut": "À l'étude"},
    ]
    assert table.delimiter == delimiter
    assert [row.number for row in table.rows] == [2, 3]
    assert not codes(table)


def test_quotes_hold_delimiters_newlines_and_quotes() -> None:
    table = read('a,b\n"x, y","ligne 1\r\nligne 2"\n"il dit ""oui""",z\n')
    assert [tuple(row.cells.values()) for row in table.rows] == [("x, y", "ligne 1\nligne 2"), ('il dit "oui"', "z")]


def test_commas_in_french_texts_do_not_win_over_semicolons() -> None:
    table = read(
        "Nom;Besoin;Statut\nA;lire, trier, classer, répondre, ranger;oui\nB;lire, trier, classer, dire, lire;non\n"
    )
    assert table.delimiter == ";"
    assert len(table.headers) == 3


def test_excel_separator_line_is_obeyed_and_not_a_row() -> None:
    table = read("sep=;\r\nNom;Unité\r\nA;B\r\n")
    assert (table.headers, table.delimiter) == (("Nom", "Unité"), ";")


def test_one_column() -> None:
    table = read("Nom du système\nTri\nRepérage\n")
    assert table.headers == ("Nom du système",)
    assert [row.cells["Nom du système"] for row in table.rows] == ["Tri", "Repérage"]


def test_title_lines_and_blank_lines_before_the_header() -> None:
    table = read(
        "Inventaire des projets;;\nVille de Rivière-aux-Cèdres, 2026;;\n;;\n\nNom;Unité;Statut\nA;B;En service\n"
    )
    assert table.headers == ("Nom", "Unité", "Statut")
    assert (table.header_row, table.rows[0].number) == (5, 6)


def test_known_titles_find_the_header_among_rows_that_look_like_one() -> None:
    text = "Direction,Date,Version\nTI,mai,deux\nNom,Unité,Statut\nA,B,C\n"
    assert read(text).headers == ("Direction", "Date", "Version")
    assert read(text, known_headers={"nom", "unite", "statut"}).headers == ("Nom", "Unité", "Statut")


def test_repeated_header_in_the_middle_is_not_a_row() -> None:
    assert [row.number for row in read("a,b\n1,2\na,b\n3,4\n").rows] == [2, 4]


def test_duplicate_and_empty_headers_get_distinct_names() -> None:
    table = read("Nom,,Statut,Statut, ,Fin,,\nA,1,2,3,,4,,\n")
    assert table.headers == ("Nom", "(B)", "Statut", "Statut (2)", "Fin")
    assert [(problem.code, problem.column) for problem in table.problems] == [
        ("empty_header", "(B)"),
        ("duplicate_header", "Statut (2)"),
    ]


def test_ragged_rows_are_marked_and_the_others_come_in() -> None:
    table = read("a,b,c\n1,2,3\n1,2\n1,2,3,4\n1,2,3,,\n4,5,6\n")
    assert codes(table) == {3: ["row_too_short"], 4: ["row_too_long"]}
    assert [row.number for row in table.rows if row.damage is None] == [2, 5, 6]


def test_unterminated_quote_costs_one_line() -> None:
    rows = [f'{i},"texte {i}",fin' for i in range(1, 21)]
    rows[4] = '5,"jamais fermé,fin'
    table = read("a,b,c\n" + "\n".join(rows) + "\n")
    assert codes(table) == {6: ["unterminated_quote"]}
    assert [row.cells["a"] for row in table.rows if not row.problems] == [str(i) for i in range(1, 21) if i != 5]


@pytest.mark.parametrize("last", ['9,"jamais fermé,fin', '9,"jamais\nfermé,fin', '"9,8,7', '9,8,"'])
def test_unterminated_quote_at_the_end_does_not_take_the_file_with_it(last: str) -> None:
    table = read(f"a,b,c\n1,2,3\n{last}\n4,5,6\n7,8,9\n")
    assert ["1", "4", "7"] == [row.cells["a"] for row in table.rows if not row.problems]


def test_sloppy_quotes_inside_a_quoted_field_are_kept_as_typed() -> None:
    table = read('a,b\n"il a dit "oui" hier",2\n3,dit "non"\n')
    assert [tuple(row.cells.values()) for row in table.rows] == [('il a dit "oui" hier', "2"), ("3", 'dit "non"')]
    assert not codes(table)


def test_many_broken_quotes_stay_fast_and_contained() -> None:
    table = read("a,b\n" + 'x,""y\n' * 5000 + "1,2\n")
    assert table.rows[-1].cells == {"a": "1", "b": "2"}


def test_nul_and_control_characters_are_removed_and_said() -> None:
    table = read(b"a,b\n1,x\x00y\n2,\x1b[31mz\n3,\xe2\x80\xaeabc\n4,ok\n")
    assert [row.cells["b"] for row in table.rows] == ["xy", "[31mz", "abc", "ok"]
    assert codes(table) == {2: ["control_character"], 3: ["control_character"], 4: ["control_character"]}
    assert all(row.damage is None for row in table.rows)


def test_huge_field_is_a_problem_of_its_row() -> None:
    table = read("a,b\n1," + "x" * 40_000 + "\n2,ok\n")
    assert codes(table) == {2: ["cell_too_long"]}
    assert table.rows[0].cells["b"] == ""
    assert table.rows[1].cells["b"] == "ok"


@pytest.mark.parametrize(
    "formula",
    ["=1+1", "=HYPERLINK(...)", "  =SOMME(A1)", "+SUM(A1)", "@SUM(A1)", "-2+3+cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"],
)
def test_text_that_a_spreadsheet_would_run_is_dropped(formula: str) -> None:
    table = read(f'a,b\n1,"{formula}"\n2,ok\n')
    assert codes(table) == {2: ["formula_cell"]}
    assert table.rows[0].cells["b"] == ""
    assert formula not in repr(table)


@pytest.mark.parametrize(
    "text",
    ["+ de 30 000 termes", "- lire (vite)", "-5", "+1 514 555-0142", "=> voir annexe", "@ville", "=", "=== Titre"],
)
def test_ordinary_text_is_not_taken_for_a_formula(text: str) -> None:
    assert read(f'a,b\n1,"{text}"\n').rows[0].cells["b"] == text


def test_utf8_with_a_few_windows_bytes_keeps_its_accents() -> None:
    content = b"a,b\n" + "1,été à l'école déjà\n".encode() * 3 + b"2,caf\xe9\n"
    table = read(content)
    assert table.encoding == "utf-8"
    assert [row.cells["b"] for row in table.rows] == ["été à l'école déjà"] * 3 + ["café"]


def test_decomposed_accents_become_single_characters() -> None:
    assert read("a,b\n1,e\u0301te\u0301\n").rows[0].cells["b"] == "été"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b" \r\n\t", "empty_file"),
        (b"\x00" * 50, "empty_file"),
        (b"%PDF-1.7\n...", "not_a_table"),
        (b"<!DOCTYPE html><table><tr><td>Nom</td></tr></table>", "not_a_table"),
        (b'<?xml version="1.0"?><Workbook/>', "not_a_table"),
        (b'[{"nom": "A"}]', "not_a_table"),
        (b"\x89PNG\r\n\x1a\n", "not_a_table"),
        (bytes(range(1, 32)) * 20, "not_a_table"),
        (b"Nom,Statut\n", "no_rows"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old_xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    ],
)
def test_what_is_no_table_is_refused_with_one_code(content: bytes, code: str) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read(content)
    assert refusal.value.code == code
    assert refusal.value.params["filename"] == "inventaire.csv"


def test_limits_are_said_in_the_refusal() -> None:
    with pytest.raises(UnreadableFile) as rows:
        read("a,b\n" + "1,2\n" * 11, limits=Limits(rows=10))
    assert (rows.value.code, rows.value.params["limit"]) == ("too_many_rows", 10)
    assert len(read("a,b\n" + "1,2\n" * 10, limits=Limits(rows=10)).rows) == 10
    with pytest.raises(UnreadableFile) as size:
        read(b"x" * 2_000_001, limits=Limits(file_bytes=2_000_000))
    assert (size.value.code, size.value.params["limit"]) == ("file_too_large", 2)
    with pytest.raises(UnreadableFile) as columns:
        read(",".join("abcdefghijkl") + "\n1\n", limits=Limits(columns=10))
    assert columns.value.code == "too_many_columns"


def test_a_wide_table_may_hold_fewer_rows() -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read("a,b,c,d\n" + "1,2,3,4\n" * 10, limits=Limits(cells=20))
    assert (refusal.value.code, refusal.value.params["limit"]) == ("too_many_rows", 5)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "code"), [("a,b\n" + "," * 2_000_000, "too_many_columns"), ("a,b\n" + "\n" * 2_000_000, "too_many_rows")]
)
def test_emptiness_without_end_is_refused(text: str, code: str) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read(text)
    assert refusal.value.code == code


def test_a_name_that_lies_changes_nothing() -> None:
    assert read_table(SAMPLE.encode(), filename="inventaire.xlsx").kind == "csv"


@pytest.mark.parametrize(("mark", "encoding"), [("\ufeff", "utf-32-le"), ("\ufeff", "utf-32-be")])
def test_lines_of_utf_32_are_numbered_once(mark: str, encoding: str) -> None:
    assert [row.number for row in read((mark + SAMPLE).encode(encoding)).rows] == [2, 3]


def test_a_last_column_without_title_that_rows_fill_is_a_column() -> None:
    table = read("Nom,Statut,\nTri,Pilote,a\nSuivi,Idée,b\nCourt,Idée\n")
    assert table.headers == ("Nom", "Statut", "(C)")
    assert codes(table) == {}
    slipped = read("Nom,Statut,\nTri,Pilote,\nSuivi,du greffe,Idée\nEau,Idée,\n")
    assert (slipped.headers, codes(slipped)) == (("Nom", "Statut"), {3: ["row_too_long"]})
