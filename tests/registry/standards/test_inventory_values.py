"""Answers of a body's own inventory: read when they say one thing, left to a person when they do not."""

import time
from collections import Counter
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.field_catalogue import CATALOGUE
from registry.standards import inventory
from registry.standards.inventory import KNOWN_HEADERS, FieldProblem, guess_mapping, parse_inventory_row, recode
from registry.standards.inventory.vocabulary import READ, READ_TWINS
from registry.standards.tabular import Problem, read_table
from registry.standards.words import fold
from tests.registry.standards.builders import workbook

TOO_LONG = "x" * ((CATALOGUE.field("name_fr").max_length or 0) + 1)
FIELDS = [field.code for field in (*READ, *READ_TWINS)]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("field", [one for one in READ if one.kind == "choices"], ids=lambda field: field.code)
def test_all_the_labels_of_a_list_are_read_back_one_by_one(field: object, language: str) -> None:
    """As our own files write them: with commas between, and sometimes a comma or an «et» within."""
    choices = [choice for choice in field.choices if not choice.exclusive]  # type: ignore[attr-defined]
    text = ", ".join(choice.label[language] for choice in choices)
    assert recode(field.code, text) == [choice.code for choice in choices]  # type: ignore[attr-defined]


def problem(field: str, text: str) -> str:
    found = recode(field, text)
    assert isinstance(found, FieldProblem), found
    assert (found.field, found.value) == (field, text.strip())
    return found.code


@pytest.mark.parametrize("field", [field for field in READ if field.choices], ids=lambda field: field.code)
def test_our_own_labels_and_codes_are_answers(field: object) -> None:
    for choice in field.choices:  # type: ignore[attr-defined]
        for text in (choice.code, *choice.label.values(), choice.label["fr"].upper() + " "):
            assert recode(field.code, text) in (choice.code, [choice.code])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("phase", "En production depuis 2023", "in_service"),
        ("phase", "Solution en production", "in_service"),
        ("phase", "Développement de la solution", "development"),
        ("phase", "Projet-pilote (3 mois)", "pilot"),
        ("phase", "POC", "experiment"),
        ("phase", "Prototype / preuve de concept", "experiment"),
        ("phase", "en service - régularisation en cours", "regularizing"),
        ("phase", "Retired", "retired"),
        ("phase", "on hold", "suspended"),
        ("phase", "En étude", "idea"),
        ("affected", "Citoyennes et citoyens", ["public"]),
        ("affected", "Usagers, employés", ["service_users", "staff"]),
        ("affected", "Les employés et le public", ["staff", "public"]),
        ("affected", "Patients\nPersonnel\nPatients", ["patients", "staff"]),
        ("affected", "Personne", ["nobody"]),
        ("affected", "PME", ["businesses"]),
        ("autonomy", "Aide à la décision", "recommends"),
        ("autonomy", "Décision entièrement automatisée", "alone"),
        ("autonomy", "sans intervention humaine", "alone"),
        ("autonomy", "Aucune décision", "assists"),
        ("personal_information", "Oui", "yes"),
        ("personal_information", "O", "yes"),
        ("personal_information", "x", "yes"),
        ("personal_information", "✓", "yes"),
        ("personal_information", "true", "yes"),
        ("personal_information", "Oui, nom et adresse", "yes"),
        ("personal_information", "N", "no"),
        ("personal_information", "aucun renseignement personnel", "no"),
        ("personal_information", "?", "unsure"),
        ("personal_information", "Je ne sais pas", "unsure"),
        ("personal_information", "à valider", "unsure"),
        ("category", "Chatbot", "conversational"),
        ("category", "Assistant/agent conversationnel", "conversational"),
        ("category", "Vision par ordinateur", "image_processing"),
        ("category", "Expérience utilisateur — Personnalisation", "personalization"),
        ("origin", "Développé à l'interne", "own"),
        ("origin", "Achat d'une licence", "supplier"),
        ("origin", "licence libre", "open"),
        ("contact_email", "Info <info@Ville.Example>;", "info@ville.example"),
        ("contact_email", "mailto:info@ville.example", "info@ville.example"),
        ("contact_phone", "(555) 555-0142 poste 12", "(555) 555-0142 poste 12"),
        ("started_on", "2024-09-01", "2024-09-01"),
        ("started_on", "2024-09-01T00:00:00", "2024-09-01"),
        ("started_on", "1er mars 2023", "2023-03-01"),
        ("started_on", "15 janv. 2024", "2024-01-15"),
        ("started_on", "le 3 août 2022", "2022-08-03"),
        ("started_on", "March 5, 2024", "2024-03-05"),
        ("started_on", "31/01/2024", "2024-01-31"),
        ("started_on", "01/31/2024", "2024-01-31"),
        ("started_on", "20240901", "2024-09-01"),
        ("name_fr", "  Tri \n des demandes ", "Tri des demandes"),
        ("need_fr", " ligne 1 \r\nligne 2 ", "ligne 1\nligne 2"),
        ("supplier", "Aucun", "Aucun"),
        ("affects_rights", "Oui", "yes"),
        ("affects_rights", "je ne sais pas", "unsure"),
        ("solely_automated", "✓", "yes"),
        ("notice", "C'est prévu", "planned"),
        ("contract_amount", "125000", 125_000),
        ("contract_amount", "125\u00a0000\u00a0$", 125_000),
        ("contract_amount", "$1,250,000.00", 1_250_000),
        ("contract_amount", "12,500.00", 12_500),
        ("contract_amount", "1.250.000", 1_250_000),
        ("contract_amount", "125 000,00 $", 125_000),
        ("contract_amount", "0", 0),
        ("source_code_url", " https://code.example/depot ", "https://code.example/depot"),
        ("ended_on", "2024-09-01", "2024-09-01"),
        ("sensitive_information", "Origine, croyances et vie intime", ["origin"]),
    ],
)
def test_answers_that_say_one_thing(field: str, text: str, value: object) -> None:
    assert recode(field, text) == value


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("text", ["", "  ", "-", "N/A", "s. o.", "n.d.", "sans objet"])
def test_nothing_said_is_nothing(field: str, text: str) -> None:
    # One question has «Sans objet» among its answers.
    assert recode(field, text) == ("not_applicable" if (field, text) == ("notice", "sans objet") else None)


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("phase", "vert", "unknown_value"),
        ("phase", "En cours", "unknown_value"),
        ("phase", "Pas encore en production", "unknown_value"),
        ("phase", "Mise en production prévue en 2027", "unknown_value"),
        ("phase", "En production?", "unknown_value"),
        ("phase", "En développement et en essai", "several_values"),
        ("phase", "Information indisponible", "answer_needed"),
        ("phase", "?", "answer_needed"),
        ("affected", "toute personne qui demande un permis", "unknown_value"),
        ("affected", "Usagers et dragons", "unknown_value"),
        ("affected", "aucune donnée", "unknown_value"),
        ("affected", "Nobody; staff", "exclusive_value"),
        ("autonomy", "Oui", "unknown_value"),
        ("autonomy", "véhicule autonome", "unknown_value"),
        ("autonomy", "semi-automatisé", "unknown_value"),
        ("personal_information", "Oui et non", "unknown_value"),
        ("personal_information", "nom, prénom", "unknown_value"),
        ("category", "IA générative", "unknown_value"),
        ("category", "Apprentissage automatique", "unknown_value"),
        ("origin", "Nordique Logiciels", "unknown_value"),
        ("origin", "Logiciel libre adapté à l'interne", "several_values"),
        ("contact_email", "a@b.example; c@d.example", "several_emails"),
        ("contact_email", "demander à l'accueil", "not_an_email"),
        ("contact_email", "a@b", "not_an_email"),
        ("contact_phone", "appeler l'accueil", "not_a_phone"),
        ("contact_phone", "1-2-3-4-5-6", "not_a_phone"),
        ("started_on", "03/04/2024", "ambiguous_date"),
        ("started_on", "2024", "incomplete_date"),
        ("started_on", "mars 2024", "incomplete_date"),
        ("started_on", "2024-03", "incomplete_date"),
        ("started_on", "2024-02-30", "not_a_date"),
        ("started_on", "0024-02-03", "not_a_date"),
        ("started_on", "automne 2023", "not_a_date"),
        ("need_fr", "à déterminer", "answer_needed"),
        ("contract_amount", "12,500", "ambiguous_number"),
        ("contract_amount", "12.500", "ambiguous_number"),
        ("contract_amount", "250k$", "not_a_number"),
        ("contract_amount", "environ 250 000", "not_a_number"),
        ("contract_amount", "-5", "not_a_number"),
        ("contract_amount", "12,50", "not_a_number"),
        ("contract_amount", "99999999999", "not_a_number"),
        ("source_code_url", "www.ville.example", "not_an_address"),
        ("source_code_url", "javascript:alert(1)", "not_an_address"),
        ("source_code_url", "https://a b.example", "not_an_address"),
        ("source_code_url", "https://a.example/" + "x" * 300, "not_an_address"),
        # Only our own words for the answers of the sections: «réalisée» may be said of another one.
        ("privacy_assessment", "Oui", "unknown_value"),
        ("privacy_assessment", "ÉFVP complétée en partie", "unknown_value"),
        ("technique", "réseaux de neurones", "unknown_value"),
        ("notice", "Non, sauf par la poste", "unknown_value"),
    ],
)
def test_answers_left_to_a_person_keep_their_text(field: str, text: str, code: str) -> None:
    assert problem(field, text) == code


def test_a_text_that_is_too_long_is_kept_whole_for_its_author() -> None:
    found = recode("name_fr", TOO_LONG)
    assert isinstance(found, FieldProblem)
    assert (found.code, found.value, found.params["limit"]) == ("too_long", TOO_LONG, len(TOO_LONG) - 1)


MAPPING = {
    "Nom": "name_fr",
    "Statut": "phase",
    "RP?": "personal_information",
    "Notes": None,
    "Courriel": "contact_email",
}


def test_a_row_comes_in_with_its_name_and_its_doubts() -> None:
    row = parse_inventory_row({"Nom": "Tri", "Statut": "vert", "RP?": "?", "Notes": "x", "Courriel": ""}, MAPPING)
    assert row.comes_in
    assert row.values == {"name_fr": "Tri", "personal_information": "unsure"}
    assert [(each.field, each.code, each.value) for each in row.problems] == [("phase", "unknown_value", "vert")]


@pytest.mark.parametrize(
    ("name", "codes"), [("", ["name_missing"]), ("N/A", ["name_missing"]), (TOO_LONG, ["too_long"])]
)
def test_a_row_without_usable_name_stays_out(name: str, codes: list[str]) -> None:
    row = parse_inventory_row({"Nom": name, "Statut": "Pilote"}, MAPPING)
    assert not row.comes_in
    assert row.values == {"phase": "pilot"}
    assert [each.code for each in row.problems] == codes


def test_what_was_wrong_in_the_file_is_said_by_field() -> None:
    found = [Problem("formula_cell", "Statut"), Problem("formula_cell", "Notes"), Problem("control_character", "Nom")]
    row = parse_inventory_row({"Nom": "Tri", "Statut": ""}, MAPPING, problems=found)
    assert row.comes_in
    assert [(each.field, each.code) for each in row.problems] == [("phase", "formula_cell")]


def test_a_row_whose_cells_may_have_moved_stays_out() -> None:
    row = parse_inventory_row({"Nom": "Tri", "Statut": "Pilote"}, MAPPING, problems=[Problem("row_too_long", "", "x")])
    assert not row.comes_in
    assert [(each.field, each.code, each.value) for each in row.problems] == [("", "row_too_long", "x")]


def test_of_two_columns_for_a_field_the_first_that_says_something_counts() -> None:
    mapping = {"Nom": "name_fr", "Titre": "name_fr"}
    assert parse_inventory_row({"Nom": "", "Titre": "Tri"}, mapping).values == {"name_fr": "Tri"}
    assert parse_inventory_row({"Nom": "Repérage", "Titre": "Tri"}, mapping).values == {"name_fr": "Repérage"}


TOWN_HALL = [
    ("Inventaire IA – Ville de Rivière-aux-Cèdres",),
    (),
    ("No", "Nom du projet", "Remarques", "Service", "Fournisseur", "Statut", "RP?", "Courriel", "Depuis"),
    (1, "Repérage des nids-de-poule", "x", "Voirie", "Interne", "En service", "Non", "v@ville.example", None),
    (2, "Robot du 311", "y", "Citoyens", "Boréal IA", "Pilote", "?", "c@ville.example", "2024-03-01"),
    (3, None, "z", "Greffe", None, "Terminé", "Oui", "=A1", "2024"),
]
TOWN_HALL_FIELDS = [None, "name_fr", None, "unit_fr", "supplier", "phase", "personal_information"]
TOWN_HALL_FIELDS += ["contact_email", "started_on"]


def test_a_workbook_from_the_town_hall_from_bytes_to_drafts() -> None:
    table = read_table(workbook(TOWN_HALL), filename="inventaire.xlsx", known_headers=KNOWN_HEADERS)
    guesses = guess_mapping(table.headers, [row.cells for row in table.rows])
    mapping = {header: guess.field for header, guess in guesses.items()}
    assert mapping == dict(zip(TOWN_HALL[2], TOWN_HALL_FIELDS, strict=True))
    rows = [parse_inventory_row(row.cells, mapping, problems=row.problems) for row in table.rows]
    assert [row.comes_in for row in rows] == [True, True, False]
    assert rows[1].values == {
        "name_fr": "Robot du 311",
        "unit_fr": "Citoyens",
        "supplier": "Boréal IA",
        "phase": "pilot",
        "personal_information": "unsure",
        "contact_email": "c@ville.example",
        "started_on": "2024-03-01",
    }
    assert {each.field: each.code for each in rows[2].problems} == {
        "name_fr": "name_missing",
        "phase": "unknown_value",
        "contact_email": "formula_cell",
        "started_on": "incomplete_date",
    }


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(FIELDS), st.text(max_size=80) | st.sampled_from(["oui", "?", "✓", "a@b.ca", "2024-01-01", "a, b"])
)
def test_any_text_in_any_field(field: str, text: str) -> None:
    found = recode(field, text)
    codes = {choice.code for choice in CATALOGUE.field(field).choices}
    if isinstance(found, FieldProblem):
        assert found.field == field
    elif found is not None and codes:
        assert codes >= set(found if isinstance(found, list) else [found])
    elif isinstance(found, int):
        assert CATALOGUE.field(field).kind == "integer" and 0 <= found < 2**31
    elif found is not None:
        assert isinstance(found, str) and found == found.strip()


@pytest.mark.parametrize(
    "text",
    [
        "a" * 30_000,
        "en production " * 2_000,
        "@" * 30_000,
        "1" * 30_000,
        "a@a." * 7_000,
        "oui, " * 6_000,
        " " * 30_000 + "x",
    ],
)
def test_long_texts_take_no_time(text: str) -> None:
    start = time.process_time()
    for field in FIELDS:
        recode(field, text)
    assert time.process_time() - start < 2


DATA = yaml.safe_load((Path(inventory.__file__).parents[1] / "inventory.yaml").read_text(encoding="utf-8"))


def test_the_data_file_knows_only_fields_and_choices_of_the_catalogue() -> None:
    assert set(DATA["fields"]) == {field.code for field in READ}
    for field, choices in DATA["choices"].items():
        assert set(choices) - {""} == {choice.code for choice in CATALOGUE.field(field).choices}


def test_no_answer_has_two_meanings_and_no_title_two_fields() -> None:
    for field, choices in DATA["choices"].items():
        said = Counter(text for texts in choices.values() for text in {fold(each) for each in texts})
        assert not [text for text, count in said.items() if count > 1], field
    titles = Counter(
        text
        for field in DATA["fields"].values()
        for text in {fold(title) for titles in field["titles"].values() for title in titles}
    )
    assert not [text for text, count in titles.items() if count > 1]
