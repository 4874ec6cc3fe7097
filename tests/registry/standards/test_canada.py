"""Canada's register: what is dirty is recoded and counted, what cannot be identified stays out whole."""

import csv
import json
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.standards.canada import COLUMNS, KNOWN_HEADERS, parse_register
from registry.standards.canada.bodies import split
from registry.standards.foreign import Accepted, Recoding, Rejected, count_recodings, digest, to_document
from registry.standards.tabular import Row, Table, UnreadableFile, read_table
from tests.registry.standards.builders import workbook

CLEAN = {
    "ai_register_id": "2526-WET-MHC-001",
    "name_ai_system_en": "Marsh Watch",
    "name_ai_system_fr": "Veille des marais",
    "government_organization": "Wetlands Canada / Milieux humides Canada",
    "description_ai_system_en": "Counts birds in photos.",
    "description_ai_system_fr": "Compte les oiseaux sur des photos.",
    "ai_system_primary_users_en": "GC employees",
    "ai_system_primary_users_fr": "Employés du GC",
    "developed_by_en": "Vendor",
    "developed_by_fr": "Fournisseur",
    "vendor_information": "Aile et Roseau inc.",
    "ai_system_status_en": "In production",
    "ai_system_status_fr": "En production",
    "status_date": "2025",
    "ai_system_capabilities_en": "Image recognition",
    "ai_system_capabilities_fr": "Reconnaissance d'images",
    "data_sources_en": "Photos",
    "data_sources_fr": "Photos",
    "involves_personal_information": "N",
    "personal_information_banks_en": "",
    "personal_information_banks_fr": "",
    "notification_ai": "Y",
    "ai_system_results_en": "Faster counts",
    "ai_system_results_fr": "Dénombrements plus rapides",
}
BIRDS = "Wetlands Canada / Milieux humides Canada"


def row(number: int = 1, **cells: str) -> dict[str, str]:
    return CLEAN | {"ai_register_id": f"2526-WET-MHC-{number:03d}"} | cells


def csv_of(rows: Sequence[Mapping[str, str]], columns: Sequence[str] = tuple(CLEAN)) -> bytes:
    out = StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def parse(*rows: Mapping[str, str]) -> list[Any]:
    return list(parse_register(read_table(csv_of(rows), known_headers=KNOWN_HEADERS)))


def one(**cells: str) -> Accepted:
    (parsed,) = parse(row(**cells))
    assert isinstance(parsed, Accepted)
    return parsed


def test_a_clean_row_is_kept_word_for_word_and_nothing_is_recoded() -> None:
    parsed = one()
    assert parsed.recodings == ()
    assert to_document(parsed.record) == {
        "register": "ca",
        "source_id": "2526-WET-MHC-001",
        "names": {"en": "Marsh Watch", "fr": "Veille des marais"},
        "organization": {"en": "Wetlands Canada", "fr": "Milieux humides Canada"},
        "texts": {
            "description": {"en": "Counts birds in photos.", "fr": "Compte les oiseaux sur des photos."},
            "capabilities": {"en": "Image recognition", "fr": "Reconnaissance d'images"},
            "data": {"en": "Photos", "fr": "Photos"},
            "results": {"en": "Faster counts", "fr": "Dénombrements plus rapides"},
        },
        "codes": {
            "phase": "in_service",
            "origin": "supplier",
            "primary_users": "staff",
            "personal_information": "no",
            "notification": "yes",
        },
        "status_year": 2025,
        "vendor": "Aile et Roseau inc.",
        "licence": "OGL-Canada-2.0",
        "languages": ["en", "fr"],
        "details": {},
    }


@pytest.mark.parametrize(
    ("english", "french", "phase", "kind"),
    [
        ("In development", "En cours de développement", "development", None),
        ("in production", "En production", "in_service", "spelling"),
        ("In production ", "En production ", "in_service", "spelling"),
        ("IN-PRODUCTION", "en production", "in_service", "spelling"),
        ("Deployed", "Déployé", "in_service", "synonym"),
        ("Retired", "", "retired", "completed"),
        ("", "Mis hors service", "retired", "completed"),
        ("Retired", "Peut-être", "retired", "unrecognized"),
        ("Maybe", "Peut-être", "unknown", "unrecognized"),
        ("", "  ", "unknown", "blank"),
        ("N/A", "s.o.", "unknown", "blank"),
        ("In production", "Mis hors service", "unknown", "contradiction"),
    ],
)
def test_status(english: str, french: str, phase: str, kind: str | None) -> None:
    parsed = one(ai_system_status_en=english, ai_system_status_fr=french)
    assert parsed.record.codes["phase"] == phase
    assert [recoding.kind for recoding in parsed.recodings] == ([kind] if kind else [])
    assert all((recoding.field, recoding.target) == ("ai_system_status", phase) for recoding in parsed.recodings)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Y", "yes"),
        ("y ", "yes"),
        ("Oui", "yes"),
        ("NO", "no"),
        ("Non", "no"),
        ("", "unknown"),
        ("TBD", "unknown"),
        ("?", "unknown"),
    ],
)
def test_yes_and_no(text: str, code: str) -> None:
    parsed = one(involves_personal_information=text)
    assert parsed.record.codes["personal_information"] == code
    assert bool(parsed.recodings) == (text != "Y")


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2025", 2025),
        (" 2025 ", 2025),
        ("2025.0", 2025),
        ("2025-04-01", 2025),
        ("2025-04-01T00:00:00", 2025),
        ("mars 2019", 2019),
        ("04/2021", 2021),
        ("2024-2025", None),
        ("2024-25", None),
        ("FY 2024/25", None),
        ("2023 ou 2024", None),
        ("20255", None),
        ("soon", None),
        ("1066", None),
        ("", None),
        ("N/A", None),
    ],
)
def test_year(text: str, year: int | None) -> None:
    parsed = one(status_date=text)
    assert parsed.record.status_year == year
    assert [recoding.field for recoding in parsed.recodings] == ([] if text == "2025" else ["status_date"])


@pytest.mark.parametrize(
    ("cell", "english", "french", "kind"),
    [
        (BIRDS, "Wetlands Canada", "Milieux humides Canada", None),
        (BIRDS + "  ", "Wetlands Canada", "Milieux humides Canada", "spaces"),
        ("Wetlands  Canada /  Milieux humides Canada", "Wetlands Canada", "Milieux humides Canada", "spaces"),
        ("Wetlands Canada/Milieux humides Canada", "Wetlands Canada", "Milieux humides Canada", "completed"),
        ("WETLANDS CANADA / milieux humides Canada", "Wetlands Canada", "Milieux humides Canada", "spelling"),
        ("Wetland Canada / Milieux humide Canada", "Wetlands Canada", "Milieux humides Canada", "spelling"),
        ("Wetlands Canada\nMilieux humides Canada", "Wetlands Canada", "Milieux humides Canada", "spelling"),
        ("Wetlands Canada | Milieux humides Canada", "Wetlands Canada", "Milieux humides Canada", "completed"),
        ("Milieux humides Canada / Wetlands Canada", "Wetlands Canada", "Milieux humides Canada", "reversed"),
        ("Wetlands Canada", "Wetlands Canada", "Milieux humides Canada", "completed"),
        ("Wetlands Canada /", "Wetlands Canada", "Milieux humides Canada", "completed"),
        ("/ Milieux humides Canada", "Wetlands Canada", "Milieux humides Canada", "completed"),
        ("milieux humides canada", "Wetlands Canada", "Milieux humides Canada", "completed"),
        ("Wetlands Canada / Wetlands Canada", "Wetlands Canada", "Milieux humides Canada", "completed"),
        ("", "Wetlands Canada", "Milieux humides Canada", "completed"),
        ("Marshes Agency / Agence des marais", "Marshes Agency", "Agence des marais", None),
    ],
)
def test_names_of_bodies(cell: str, english: str, french: str, kind: str | None) -> None:
    parsed = parse(row(1), row(2), row(3), row(4, government_organization=cell))[3]
    assert dict(parsed.record.organization) == {"en": english, "fr": french}
    assert [recoding.kind for recoding in parsed.recodings] == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Bureau of Marshes", {"en": "Bureau of Marshes"}),
        ("Agence des marais", {"fr": "Agence des marais"}),
        ("/ Agence des marais", {"fr": "Agence des marais"}),
        ("", {}),
        ("Téléfilm Canada / Telefilm Canada", {"en": "Téléfilm Canada", "fr": "Telefilm Canada"}),
        ("Agence des marais / Marshes Agency", {"en": "Marshes Agency", "fr": "Agence des marais"}),
        (
            "Department of Rivers / Streams / Ministère des Rivières",
            {"en": "Department of Rivers / Streams", "fr": "Ministère des Rivières"},
        ),
    ],
)
def test_a_body_known_by_one_row_only_is_not_completed(cell: str, names: Mapping[str, str]) -> None:
    parsed = parse(row(1), row(1, ai_register_id="2526-AUTRE-001", government_organization=cell))[1]
    assert dict(parsed.record.organization) == names


def test_an_accent_of_difference_is_still_two_names() -> None:
    assert split("Telefilm Canada / Téléfilm Canada") == (("Telefilm Canada", "Téléfilm Canada"), False)


def test_texts_lose_their_blanks_and_placeholders_only() -> None:
    parsed = one(
        description_ai_system_en=" Line one. \r\n\tLine two.\u200b\n\n\n\nEnd ",
        ai_system_results_en="N/A",
        ai_system_results_fr="s. o.",
        name_ai_system_en="Marsh\nWatch ",
        vendor_information="Aile et Roseau inc., ",
    )
    assert parsed.record.texts["description"]["en"] == "Line one.\nLine two.\n\nEnd"
    assert "results" not in parsed.record.texts
    assert parsed.record.names["en"] == "Marsh Watch"
    assert parsed.record.vendor == "Aile et Roseau inc."
    assert {(each.field, each.kind) for each in parsed.recodings} == {
        ("description_ai_system_en", "spaces"),
        ("name_ai_system_en", "spaces"),
        ("vendor_information", "spaces"),
        ("ai_system_results_en", "blank"),
        ("ai_system_results_fr", "blank"),
    }


def test_one_language_is_enough() -> None:
    parsed = one(name_ai_system_fr="", description_ai_system_fr="")
    assert parsed.record.languages == ("en",)
    assert dict(parsed.record.names) == {"en": "Marsh Watch"}
    assert dict(parsed.record.texts["description"]) == {"en": "Counts birds in photos."}


@pytest.mark.parametrize("source_id", ["", "  ", "-", "N/A", "TBD", "à venir"])
def test_a_row_without_identifier_is_rejected(source_id: str) -> None:
    parsed = parse(row(1), row(2, ai_register_id=source_id), row(3))
    assert [type(each) for each in parsed] == [Accepted, Rejected, Accepted]
    assert (parsed[1].row, parsed[1].field, parsed[1].reason) == (3, "ai_register_id", "missing_id")


def test_a_row_without_name_is_rejected() -> None:
    (parsed,) = parse(row(name_ai_system_en=" ", name_ai_system_fr="N/A"))
    assert (parsed.reason, parsed.field, parsed.source_id) == ("missing_name", "name_ai_system", "2526-WET-MHC-001")


def test_prose_in_place_of_an_identifier_is_rejected() -> None:
    assert parse(row(ai_register_id="x" * 101))[0].reason == "invalid_id"


def test_identifiers_are_cleaned() -> None:
    parsed = one(ai_register_id=" 2526‑WET–MHC-009 ")
    assert parsed.record.source_id == "2526-WET-MHC-009"
    assert parsed.recodings == (Recoding("ai_register_id", "spaces", " 2526‑WET–MHC-009 ", "2526-WET-MHC-009"),)


def test_identifier_used_twice() -> None:
    parsed = parse(
        row(1),
        row(1, ai_register_id="2526-wet-mhc-001 "),
        row(1, name_ai_system_en="Marsh Watch "),
        row(1, status_date="2024"),
    )
    assert [type(each) for each in parsed] == [Accepted, Rejected, Accepted, Rejected]
    # Word for word the same once cleaned: a repeat. Anything else: the first row stays.
    assert (parsed[2].repeats, parsed[2].record) == (2, parsed[0].record)
    assert (parsed[3].reason, parsed[3].params) == ("duplicate_id", {"first_row": 2})


def test_broken_rows_stay_out_whole_and_the_others_come_in() -> None:
    lines = csv_of([row(i) for i in range(1, 7)]).decode("utf-8-sig").splitlines()
    lines[2] = lines[2].rsplit(",", 2)[0]
    lines[3] += ",en trop"
    lines[4] = lines[4].replace("Marsh Watch", '"Marsh Watch', 1)
    lines[5] = lines[5].replace("Counts birds in photos.", "=1+1")
    parsed = list(parse_register(read_table("\r\n".join(lines).encode(), known_headers=KNOWN_HEADERS)))
    assert [each.reason for each in parsed if isinstance(each, Rejected)] == [
        "row_too_short", "row_too_long", "unterminated_quote", "formula_cell",
    ]  # fmt: skip
    assert (parsed[4].field, parsed[4].source_id) == ("description_ai_system_en", "2526-WET-MHC-005")
    assert [each.record.source_id[-3:] for each in parsed if isinstance(each, Accepted)] == ["001", "006"]


def test_workbook_with_formula_error_and_extra_column() -> None:
    columns = [*COLUMNS, "note"]
    rows = [
        row(1, note="=1+1"),
        row(2, data_sources_en="=A1"),
        row(3, data_sources_fr="#REF!"),
        row(4, status_date="2025"),
    ]
    content = workbook(
        [("Registre 2026",), (), columns, *([each.get(column, "") for column in columns] for each in rows)]
    )
    parsed = list(parse_register(read_table(content, known_headers=KNOWN_HEADERS)))
    assert [type(each) for each in parsed] == [Accepted, Rejected, Accepted, Accepted]
    assert (parsed[1].row, parsed[1].field, parsed[1].reason) == (5, "data_sources_en", "formula_cell")
    assert [(each.kind, each.source) for each in parsed[2].recodings] == [("excel_error", "#REF!")]


def test_headers_in_any_order_case_and_spacing_with_others_between() -> None:
    shouted = {f" {column.upper().replace('_', ' ')} ": column for column in reversed(COLUMNS)}
    renamed = {title: row()[column] for title, column in shouted.items()} | {"extra": "x"}
    parsed = list(parse_register(read_table(csv_of([renamed], list(renamed)))))
    assert parsed[0].record == one().record


def test_missing_necessary_columns_are_named_in_one_refusal() -> None:
    kept = [column for column in CLEAN if column != "ai_register_id" and not column.startswith("name_ai_system")]
    with pytest.raises(UnreadableFile) as refusal:
        parse_register(read_table(csv_of([row()], kept)))
    assert refusal.value.code == "missing_columns"
    assert refusal.value.params == {"columns": "ai_register_id, name_ai_system_en / name_ai_system_fr", "count": 2}


@pytest.mark.parametrize("column", [column for column in COLUMNS if column != "ai_register_id"])
def test_any_other_column_may_be_absent_and_is_said(column: str) -> None:
    (parsed,) = parse_register(read_table(csv_of([row()], [each for each in CLEAN if each != column])))
    assert isinstance(parsed, Accepted)
    assert parsed.recodings == (Recoding(column, "absent", "", ""),)


def test_an_identifier_and_a_name_are_enough() -> None:
    (parsed,) = parse_register(read_table(csv_of([row()], ["ai_register_id", "name_ai_system_fr"])))
    assert isinstance(parsed, Accepted)
    assert dict(parsed.record.names) == {"fr": "Veille des marais"}
    assert set(parsed.record.codes.values()) == {"unknown"}
    assert {("names", "en"), ("organization",), ("codes", "phase"), ("texts", "data", "fr")} <= parsed.unsaid


def test_words_that_no_code_says_stay_in_the_language_of_their_column() -> None:
    cells = row(1, ai_system_status_en="On a break", ai_system_status_fr="Au repos")
    (said,) = parse_register(read_table(csv_of([cells], CLEAN)))
    assert isinstance(said, Accepted) and said.record.codes["phase"] == "unknown"
    assert said.record.texts["phase"] == {"en": "On a break", "fr": "Au repos"}


def test_of_two_columns_the_one_that_is_there_decides() -> None:
    kept = [each for each in CLEAN if each != "ai_system_status_fr"]
    said, blank = parse_register(read_table(csv_of([row(1), row(2, ai_system_status_en="")], kept)))
    assert isinstance(said, Accepted) and isinstance(blank, Accepted)
    assert (said.record.codes["phase"], said.unsaid) == ("in_service", frozenset({("texts", "phase", "fr")}))
    assert blank.unsaid == {("codes", "phase"), ("texts", "phase", "fr")}


@pytest.mark.parametrize("title", ["vendor_information", " Vendor Information"])
def test_repeated_column_is_refused(title: str) -> None:
    content = csv_of([row() | {title + " ": "x"}], [*CLEAN, title + " "])
    with pytest.raises(UnreadableFile) as refusal:
        parse_register(read_table(content))
    assert (refusal.value.code, refusal.value.params["columns"]) == ("repeated_columns", "vendor_information")


def test_another_file_is_refused() -> None:
    with pytest.raises(UnreadableFile) as refusal:
        parse_register(read_table(b"Nom,Statut\nA,B\n"))
    assert (refusal.value.code, refusal.value.params["found"]) == ("not_this_register", "Nom, Statut")


def test_digest_follows_the_content_and_not_the_dirt() -> None:
    clean, dirty = one(), one(ai_system_status_en="in production ", name_ai_system_en=" Marsh Watch")
    assert digest(clean.record) == digest(dirty.record)
    assert digest(clean.record) != digest(one(status_date="2024").record)
    assert len(digest(clean.record)) == 64


def test_recodings_are_counted() -> None:
    parsed = parse(row(1, ai_system_status_en="in production"), row(2, ai_system_status_en="in production"), row(3))
    assert count_recodings(parsed) == [
        {"field": "ai_system_status", "kind": "spelling", "from": "in production", "to": "in_service", "count": 2}
    ]


_cell = st.sampled_from(
    ["", " ", "N/A", "?", "Y", "In production", "Agence / Agency", "/", " / / ", "2025", "x\ny"]
) | st.text(max_size=30)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.fixed_dictionaries({column: _cell for column in COLUMNS}), min_size=1, max_size=3))
def test_any_cells_give_a_record_or_a_reason(rows: list[dict[str, str]]) -> None:
    table = Table(COLUMNS, tuple(Row(i, cells) for i, cells in enumerate(rows, start=2)), "csv", 1)
    parsed = list(parse_register(table))
    assert [each.row for each in parsed] == [row.number for row in table.rows]
    for each in parsed:
        if isinstance(each, Accepted):
            assert each.record.source_id and each.record.names
            assert json.loads(json.dumps(to_document(each.record))) == to_document(each.record)
            assert digest(each.record)
