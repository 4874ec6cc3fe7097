"""The Dutch register in each of its shapes: texts stay Dutch and say so, numbers and themes are recognized."""

from typing import Any

import pytest

from registry.standards.foreign import Accepted, Rejected, to_document
from registry.standards.netherlands import KNOWN_HEADERS, parse_register
from registry.standards.tabular import UnreadableFile, read_table
from tests.registry.imports.builders import csv_of, xlsx_of
from tests.registry.registers import DAILY, FULL, daily, daily_file, full, json_of


def parse(content: bytes) -> list[Any]:
    return list(parse_register(read_table(content, known_headers=KNOWN_HEADERS, takes_json=True)))


def one(**fields: Any) -> Accepted:
    (parsed,) = parse(json_of([full(**fields)]))
    assert isinstance(parsed, Accepted)
    return parsed


def test_the_daily_file() -> None:
    (parsed,) = parse(daily_file(daily()))
    assert to_document(parsed.record) == {
        "register": "nl",
        "source_id": "10000001",
        "names": {"original": "Moeraswacht", "lang": "nl"},
        "organization": {"original": "Gemeente Rietland", "lang": "nl"},
        "texts": {
            "purpose": {"original": "Telt vogels op foto's van het moeras.", "lang": "nl"},
            "legal_basis": {"original": "Omgevingswet", "lang": "nl"},
        },
        "codes": {
            "phase": "in_service",
            "publication_category": "unknown",
            "learning": "unknown",
            "impact_assessment": "yes",
            "human_rights_assessment": "unknown",
            "data_protection_assessment": "unknown",
            "base_registers": "unknown",
        },
        "status_year": None,
        "vendor": "",
        "licence": "CC0-1.0",
        "languages": ["nl"],
        "details": {},
        "dates": {"registered": "2026-04-07"},
        "url": "https://algoritmes.example/nl/algoritme/10000001",
    }
    assert parsed.recodings == ()
    assert ("texts", "risks") in parsed.unsaid and ("texts", "purpose") not in parsed.unsaid


def test_a_record_of_the_publication_standard() -> None:
    parsed = one()
    document = to_document(parsed.record)
    assert document["source_id"] == "10000001"
    assert document["texts"]["purpose"]["original"] == "Telt vogels op foto's.\nSneller & beter."
    assert document["texts"]["legal_basis"]["original"] == "Omgevingswet\n\nOmgevingswet (https://wetten.example/ow)"
    assert document["texts"]["impact_assessments"]["original"] == "DPIA"
    assert document["lists"] == {"themes": ["environment", "housing"]}
    assert document["codes"]["publication_category"] == "impactful"
    assert document["dates"] == {"begin": "2024-03", "published": "2024-05-01"}
    assert document["vendor"] == "Riet en Vleugel bv"
    assert "iemand@" not in str(document)
    assert [(each.field, each.kind) for each in parsed.recodings] == [
        ("lang", "spelling"), ("goal", "markup"), ("goal", "spaces"),
    ]  # fmt: skip


def test_the_names_of_version_1_in_english_and_the_titles_of_the_form() -> None:
    renamed = {"purpose_and_impact": "Telt vogels.", "considerations": "Beter dan tellen.", "theme": ["Werk"]}
    renamed |= {"supplier": "Riet bv", "start_date": "2024-03", "legal_basis": "Omgevingswet", "language": "nld"}
    (parsed,) = parse(json_of({"data": [{"name": "Wacht", "organization": "Rietland"} | renamed]}))
    assert parsed.record.texts["proportionality"]["original"] == "Beter dan tellen."
    assert (parsed.record.vendor, parsed.record.lists["themes"]) == ("Riet bv", ("work",))
    titles = ["Naam", "Organisatienaam", "Algoritme-ID", "Doel en impact", "Thema", "Status", "Herzieningsdatum"]
    row = ["Wacht", "Rietland", "10000002", "Telt", "Economie, Wonen", "In ontwikkeling", "03-04-2025"]
    (parsed,) = parse(xlsx_of([titles, row]))
    assert (parsed.record.source_id, parsed.record.codes["phase"]) == ("10000002", "development")
    assert parsed.record.lists["themes"] == ("economy", "housing")
    assert parsed.record.dates == {"review": "2025-04-03"}, "days come first"


def test_the_csv_has_no_number_of_the_register() -> None:
    columns = [column for column in FULL if column not in {"lars", "category"}]
    first, other, twin = parse(
        csv_of([full(), full(organization="Gemeente Vennep"), full(goal="Iets anders")], columns)
    )
    assert first.record.source_id.startswith("NL~") and first.record.source_id != other.record.source_id
    assert (twin.reason, twin.params) == ("same_name", {"first_row": 2})


@pytest.mark.parametrize(
    ("fields", "source_id"),
    [
        ({"id": "4", "uuid": "79ce4e44-b227-4f77-a206-34eac706b35c"}, "79ce4e44-b227-4f77-a206-34eac706b35c"),
        ({"id": "4"}, "4"),
        ({"id": 12345678, "uuid": "79ce4e44"}, "12345678"),
        ({"id": "4", "lars": "12345678"}, "12345678"),
    ],
)
def test_the_best_identifier_that_a_file_gives(fields: dict[str, Any], source_id: str) -> None:
    (parsed,) = parse(json_of([{"name": "Wacht", "organization": "Rietland", "status": "In gebruik"} | fields]))
    assert parsed.record.source_id == source_id


@pytest.mark.parametrize(("lang", "key"), [("", "nl"), ("Nederlands", "nl"), ("fry", "fy"), ("klingon", "nl")])
def test_texts_say_their_language(lang: str, key: str) -> None:
    assert one(lang=lang).record.names == {"original": "Moeraswacht", "lang": key}
    assert one(lang=lang).record.languages == (key,)


def test_a_translated_file_is_in_english() -> None:
    record = one(lang="ENG", name="Marsh Watch").record
    assert record.names == {"en": "Marsh Watch"}
    assert record.organization == {"original": "Gemeente Rietland", "lang": "nl"}


@pytest.mark.parametrize(
    ("column", "concept", "text", "code"),
    [
        ("status", "phase", "Buiten gebruik", "retired"),
        ("status", "phase", "", "unknown"),
        ("status", "phase", "Misschien", "unknown"),
        ("impactassessment", "impact_assessment", "Onbekend", "unknown"),
        ("type", "learning", "Rule based", "rules"),
        ("type", "learning", "Diagnostisch", "unknown"),
        ("dpia", "data_protection_assessment", "True", "yes"),
        ("publication_category", "publication_category", "Hoog-risico AI-systeem (Categorie A)", "high_risk"),
    ],
)
def test_codes(column: str, concept: str, text: str, code: str) -> None:
    assert one(**{column: text}).record.codes[concept] == code


def test_a_theme_of_their_own_keeps_its_words() -> None:
    record = one(category=["Natuur en milieu", "Toerisme"]).record
    assert (record.lists["themes"], record.texts["themes"]["original"]) == (("environment",), "Toerisme")


def test_what_cannot_be_identified_stays_out() -> None:
    nameless, nobody, sound = parse(json_of([full(1, name=""), full(2, organization=None, lars=""), full(3)]))
    assert isinstance(nameless, Rejected) and (nameless.row, nameless.reason) == (1, "missing_name")
    assert nameless.source_id == "10000001"
    assert (nobody.row, nobody.field, nobody.reason) == (2, "organization", "missing_body")
    assert isinstance(sound, Accepted)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://x y", "see the site", "//evil.example"])
def test_only_an_address_of_the_web_is_one(url: str) -> None:
    (parsed,) = parse(daily_file(daily(url=url)))
    assert parsed.record.url == "" and [each.field for each in parsed.recodings] == ["url"]


@pytest.mark.parametrize(
    "content",
    [
        b'[{"a": 1}]',
        b'{"algoritmes": [{"title": "x"}]}',
        b"titel;doel\nx;y\n",
        json_of([{"ai_register_id": "1", "name_ai_system_en": "x"}]),
    ],
)
def test_another_file_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        parse(content)
    assert refusal.value.code == "not_this_register"


def test_without_its_names_a_register_is_refused() -> None:
    with pytest.raises(UnreadableFile) as refusal:
        parse(json_of([{key: value for key, value in DAILY.items() if key != "title"}]))
    assert (refusal.value.code, refusal.value.params["columns"]) == ("missing_columns", "name")
