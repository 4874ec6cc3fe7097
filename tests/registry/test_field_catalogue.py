"""The field catalogue says the truth about the form, the sheet and the other registers, and nobody can change it."""

import csv
import dataclasses
import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from registry.field_catalogue import CATALOGUE, FIELDS_FILE, SCHEMA_FILE, STRATEGY_LISTS, read_catalogue

REGISTRIES = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "registries"
needs_shared = pytest.mark.skipif(not REGISTRIES.exists(), reason="../shared is absent")

MANDATORY = {
    "name_fr", "summary_fr", "need_fr", "unit_fr", "contact_email", "phase", "affected", "autonomy",
    "personal_information", "category", "benefit_fr", "origin",
}  # fmt: skip


@pytest.fixture(scope="module")
def data():
    return yaml.safe_load(FIELDS_FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def schema():
    return json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))


def test_the_data_file_follows_its_schema(data, schema):
    jsonschema.Draft202012Validator.check_schema(schema)
    errors = list(jsonschema.Draft202012Validator(schema).iter_errors(data))
    assert not errors, "\n".join(f"{error.json_path}: {error.message}" for error in errors)


@pytest.mark.parametrize("damage", ["no_french", "unknown_kind", "choices_without_choice", "unknown_standard"])
def test_the_schema_refuses_a_damaged_file(data, schema, damage):
    field = dict(data["fields"][0])
    if damage == "no_french":
        field["label"] = {"en": "Name"}
    elif damage == "unknown_kind":
        field["kind"] = "number"
    elif damage == "choices_without_choice":
        field["kind"] = "choice"
    else:
        field["standards"] = {**field["standards"], "mars": "x"}
    broken = {**data, "fields": [field, *data["fields"][1:]]}
    assert not jsonschema.Draft202012Validator(schema).is_valid(broken)


def test_twelve_fields_are_mandatory_in_a_declaration_and_none_is_english():
    mandatory = {field.code for field in CATALOGUE.mandatory("declaration")}
    assert mandatory == MANDATORY
    assert all(not twin.mandatory_for for twin in CATALOGUE.twins)


def test_codes_are_unique_and_every_name_in_the_file_exists():
    codes = [field.code for field in (*CATALOGUE.fields, *CATALOGUE.twins)]
    assert len(codes) == len(set(codes))
    sections = [section.code for section in CATALOGUE.sections]
    assert {field.section for field in CATALOGUE.fields} == set(sections)
    assert [field.section for field in CATALOGUE.fields] == sorted(
        (field.section for field in CATALOGUE.fields), key=sections.index
    ), "the fields follow the order of the citizen's questions"
    for field in CATALOGUE.fields:
        choices = [choice.code for choice in field.choices]
        assert len(choices) == len(set(choices)), field.code


def test_a_twin_points_back_to_its_french_field_and_asks_the_same():
    assert {field.twin for field in CATALOGUE.fields if field.twin} == {twin.code for twin in CATALOGUE.twins}
    for twin in CATALOGUE.twins:
        french = CATALOGUE.field(twin.twin_of)
        assert french.twin == twin.code
        assert (twin.kind, twin.max_length, twin.visibility) == (french.kind, french.max_length, french.visibility)
        assert "qc_portrait" not in twin.standards


def test_every_public_text_of_a_row_and_of_a_claim_has_its_twin_and_nothing_else_has_one():
    for part in (*CATALOGUE.parts, CATALOGUE.shared_part("supplier_claims")):
        public = [field for field in part.fields if field.code.endswith("_fr") and field.visibility == "public"]
        assert [field.twin for field in part.fields if field.twin] == [twin.code for twin in part.twins], part.code
        assert [twin.twin_of for twin in part.twins] == [field.code for field in public], part.code
        for twin in part.twins:
            french = part.field(twin.twin_of)
            assert twin.code == french.code.removesuffix("_fr") + "_en" and part.field(twin.code) is twin
            assert (twin.kind, twin.max_length, twin.visibility) == (french.kind, french.max_length, french.visibility)
            assert not twin.mandatory_for and twin.twin is None
            assert twin.label["en"] == f"{french.label['en']} (in English)"
        codes = [field.code for field in part.columns]
        assert len(codes) == len(set(codes))


def test_twins_are_asked_right_under_their_french_field_or_not_at_all():
    part = CATALOGUE.part("hosting")
    assert part.asked(in_english=False) == part.fields
    asked = [field.code for field in part.asked(in_english=True)]
    assert asked[:5] == ["name_fr", "name_en", "place_fr", "place_en", "country"]
    asked = [field.code for field in CATALOGUE.asked(CATALOGUE.in_section("contact"), in_english=True)]
    assert asked == ["contact_email", "contact_phone"], "nothing there is written in a language"


@pytest.mark.parametrize("damage", ["required", "of_nothing", "no_english_label"])
def test_the_schema_refuses_a_damaged_twin_of_a_row(data, schema, damage):
    twin = dict(data["parts"][0]["twins"][0])
    if damage == "required":
        twin["mandatory_for"] = ["row"]
    elif damage == "of_nothing":
        del twin["of"]
    else:
        twin["label"] = {"fr": "Nom"}
    part = {**data["parts"][0], "twins": [twin]}
    assert not jsonschema.Draft202012Validator(schema).is_valid({**data, "parts": [part, *data["parts"][1:]]})


def test_six_answers_make_a_sheet_and_their_fields_are_public_and_mandatory_for_it():
    assert [answer.code for answer in CATALOGUE.sheet_answers] == [
        "purpose", "people", "decision", "data", "responsible", "contact",
    ]  # fmt: skip
    for answer in CATALOGUE.sheet_answers:
        for code in answer.fields:
            field = CATALOGUE.field(code)
            assert "sheet" in field.mandatory_for
            assert field.visibility == "public"
    needed = {code for answer in CATALOGUE.sheet_answers for code in answer.fields}
    assert {field.code for field in CATALOGUE.mandatory("sheet")} == needed | {"name_fr"}
    data = next(answer for answer in CATALOGUE.sheet_answers if answer.code == "data")
    assert data.not_enough == {"personal_information": {"unsure"}}


def test_approximate_codes_are_codes_that_are_given():
    for field in (*CATALOGUE.fields, *CATALOGUE.twins):
        assert field.approximate <= set(field.standards), field.code
        for choice in field.choices:
            assert choice.approximate <= set(choice.standards), (field.code, choice.code)
            assert set(choice.standards) <= set(field.standards), (field.code, choice.code)


def test_reading_it():
    assert CATALOGUE.label("autonomy", "fr") == "Rôle dans la décision"
    answers = (("yes", "Oui"), ("no", "Non"), ("unsure", "Je ne sais pas"))
    assert CATALOGUE.choices("personal_information", "fr") == answers
    assert CATALOGUE.field("origin").choice("own").standards["gc_register"] == "Government of Canada"
    unsure = CATALOGUE.field("personal_information").choice("unsure")
    assert unsure.public_label["fr"] == "L'organisme le vérifie"
    assert CATALOGUE.field("origin").choice("own").public_label == CATALOGUE.field("origin").choice("own").label
    assert CATALOGUE.field("supplier").visibility == "internal"
    assert [field.code for field in CATALOGUE.in_section("contact")] == ["contact_email", "contact_phone"]
    assert [choice.code for choice in CATALOGUE.field("affected").choices if choice.exclusive] == ["nobody"]
    with pytest.raises(KeyError):
        CATALOGUE.field("nothing")
    with pytest.raises(KeyError):
        CATALOGUE.field("origin").choice("nothing")


def test_nobody_can_change_it(data):
    with pytest.raises(dataclasses.FrozenInstanceError):
        CATALOGUE.field("name_fr").kind = "date"
    with pytest.raises(TypeError):
        CATALOGUE.field("name_fr").label["fr"] = "autre"
    with pytest.raises(TypeError):
        CATALOGUE.field("name_fr").standards["dtpr"] = "autre"
    assert read_catalogue(data, STRATEGY_LISTS) == CATALOGUE


@needs_shared
def test_the_ten_categories_are_those_of_the_portrait_in_its_own_words():
    portrait = json.loads((REGISTRIES / "qc" / "portrait_ia_quebec_dictionary_and_counts.json").read_text())
    ours = {choice.standards["qc_portrait"] for choice in CATALOGUE.field("category").choices}
    assert ours == set(portrait["categories"])
    statuses = {choice.standards.get("qc_portrait") for choice in CATALOGUE.field("phase").choices}
    assert statuses - {None} <= set(portrait["statuts"])


@needs_shared
def test_the_names_of_canadas_register_are_its_own():
    with (REGISTRIES / "ca" / "gc-ai-register-mvp_2025-11.csv").open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        columns = set(reader.fieldnames)
        rows = list(reader)
    for field in (*CATALOGUE.fields, *CATALOGUE.twins):
        column = field.standards.get("gc_register")
        assert column is None or column in columns, field.code
        if column and field.choices:
            seen = {row[column.replace("_fr", "_en")].strip() for row in rows}
            codes = {choice.standards["gc_register"] for choice in field.choices if "gc_register" in choice.standards}
            assert codes <= seen, (field.code, codes - seen)


@needs_shared
def test_the_names_of_the_dutch_standard_and_of_the_american_inventory_are_theirs():
    dutch = json.loads((REGISTRIES / "nl" / "schemas" / "algoritmeregister_v1_0.json").read_text())["properties"]
    american = json.loads((REGISTRIES / "us" / "2025_data_dictionary.json").read_text())
    for field in CATALOGUE.fields:
        assert field.standards.get("nl_1_0") in {None, *dutch}, field.code
        assert field.standards.get("omb_2025") in {None, *american}, field.code
        for choice in field.choices:
            if "nl_1_0" in choice.standards:
                assert choice.standards["nl_1_0"] in dutch[field.standards["nl_1_0"]]["permitted_values"]
            if "omb_2025" in choice.standards:
                column = american[field.standards["omb_2025"]]
                allowed = column.get("short_hand_recodings", {}).values() or column["valid_selections"]
                assert choice.standards["omb_2025"] in allowed, (field.code, choice.code)
