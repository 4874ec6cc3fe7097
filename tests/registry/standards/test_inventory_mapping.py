"""Columns of a body's own inventory: recognized by title and by look, in both languages, and never forced."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.standards.inventory import KNOWN_HEADERS, THRESHOLD, guess_mapping
from registry.standards.inventory.vocabulary import READ, READ_TWINS
from registry.standards.words import fold

CANADA = {
    "ai_register_id": None,
    "name_ai_system_en": "name_en",
    "name_ai_system_fr": "name_fr",
    "government_organization": None,
    "description_ai_system_en": "summary_en",
    "description_ai_system_fr": "summary_fr",
    # Who uses a system is not on whom it is used.
    "ai_system_primary_users_fr": None,
    "developed_by_fr": "origin",
    "vendor_information": "supplier",
    "ai_system_status_fr": "phase",
    "status_date": None,
    "data_sources_en": "data_description_en",
    "data_sources_fr": "data_description_fr",
    "involves_personal_information": "personal_information",
    "personal_information_banks_fr": None,
    "notification_ai": None,
    "ai_system_results_fr": "benefit_fr",
}
PORTRAIT = {
    "nom de l'actif informatique, du projet ou de l'initiative en IA": "name_fr",
    "catégorie": "category",
    "organisme public responsable": None,
    "portefeuille ministériel de rattachement": None,
    "bénéfices associés": "benefit_fr",
    "statut": "phase",
}
ATRS = {
    "name": "name_fr",
    "description": "summary_fr",
    "contact_email": "contact_email",
    "organisation": None,
    "team": "unit_fr",
    "senior_responsible_owner": None,
    "external_supplier": "supplier",
    "scope": "need_fr",
    "benefit": "benefit_fr",
    "phase": "phase",
    "source_data_description": "data_description_fr",
    "risk_name": None,
}
ETALAB = {
    "Nom de l'administration concernée": None,
    "Direction/service porteur": "unit_fr",
    "Nom de l'algorithme": "name_fr",
    "Finalité de l'algorithme": "need_fr",
    "Niveau d'automatisation": "autonomy",
    "Fondements juridiques": None,
    "Nombre de décisions administratives prises par an": "affected_details_fr",
    "Public concerné": "affected",
    "Données traitées": "data_description_fr",
}


def guess(header: str, *values: str) -> str | None:
    return guess_mapping([header], [{header: value} for value in values])[header].field


@pytest.mark.parametrize("expected", [CANADA, PORTRAIT, ATRS, ETALAB], ids=["canada", "portrait", "atrs", "etalab"])
def test_columns_of_other_registers(expected: dict[str, str | None]) -> None:
    assert {header: found.field for header, found in guess_mapping(list(expected), []).items()} == expected


@pytest.mark.parametrize("field", [*READ, *READ_TWINS], ids=lambda field: field.code)
def test_our_own_labels_come_back_to_their_field(field: object) -> None:
    for text in (*field.label.values(), field.code):  # type: ignore[attr-defined]
        found = guess_mapping([text], [])[text]
        assert (found.field, found.confidence >= 0.9) == (field.code, True)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Nom du projet", "name_fr"),
        ("NOM  DU PROJET :", "name_fr"),
        ("1. Nom du projet *", "name_fr"),
        ("Nom du système d'IA (obligatoire)", "name_fr"),
        ("Titre", "name_fr"),
        ("Nom (anglais)", "name_en"),
        ("Description (en anglais)", "summary_en"),
        ("Project name", "name_fr"),
        ("Fournisseur", "supplier"),
        ("Nom du fournisseur", "supplier"),
        ("Founisseur", "supplier"),
        ("Nom commercial", "supplier"),
        ("Statut", "phase"),
        ("État d'avancement", "phase"),
        ("Phase (voir liste)", "phase"),
        ("RP?", "personal_information"),
        ("R.P.", "personal_information"),
        ("Renseignements personnels? (oui/non)", "personal_information"),
        ("Utilise-t-il des renseignements personnels?", "personal_information"),
        ("Données personnelles", "personal_information"),
        ("Direction", "unit_fr"),
        ("Unité responsable", "unit_fr"),
        ("Courriel de contact", "contact_email"),
        ("Adresse courriel générique", "contact_email"),
        ("Tél.", "contact_phone"),
        ("Clientèle visée", "affected"),
        ("Objectif", "need_fr"),
        ("Gains attendus", "benefit_fr"),
        # The label of one of our questions; its values may say that it answers another one (below).
        ("Mode d'acquisition", "procurement"),
        ("Date de fin", "ended_on"),
        ("Leçons apprises", "lesson_fr"),
        ("Risques connus (anglais)", "risks_en"),
        ("Région administrative", "territory"),
        ("Montant du contrat ($)", "contract_amount"),
        ("Interne/externe", "origin"),
        ("Date de mise en service", "started_on"),
        ("Nombre de personnes touchées", "affected_details_fr"),
    ],
)
def test_what_small_bodies_type(header: str, field: str) -> None:
    assert guess(header) == field


@pytest.mark.parametrize(
    "header",
    [
        "No",
        "ID",
        "Organisme",
        "Ministère",
        "Commentaires",
        "Budget",
        "Coût annuel",
        "Niveau de risque",
        "ÉFVP réalisée?",
        "Statut de l'ÉFVP",
        "Nature des renseignements personnels",
        "Courriel du fournisseur",
        "Utilisateurs",
        "Date de fin de contrat",
        "Suivi",
        "Modèle",
        "Essais",
        "Risque",
        "Risque résiduel",
        "Formation à venir",
        "Hébergement des données",
        "Nom du responsable",
        "Responsable",
        "Numéro de contrat",
        "",
        "(B)",
        "2026",
    ],
)
def test_what_is_none_of_our_fields_is_left_alone(header: str) -> None:
    assert guess(header) is None


@pytest.mark.parametrize(
    ("header", "values", "field"),
    [
        ("Contact", ["ti@ville.example", "greffe@ville.example"], "contact_email"),
        ("Contact", ["555 555-0142", "555 555-0143 poste 2"], "contact_phone"),
        ("Contact", ["la directrice", "le chef d'équipe"], None),
        ("Responsable", ["Direction des TI", "Service de l'urbanisme"], "unit_fr"),
        # Names of people never go to a public field by themselves.
        ("Responsable", ["A. Tremblay", "B. Nguyen"], None),
        ("Développé par", ["Interne", "Fournisseur", "interne"], "origin"),
        ("Développé par", ["Nordique Logiciels", "Boréal IA", "Acme"], "supplier"),
        ("Type", ["Chatbot", "Traitement d'image", "Automatisation"], "category"),
        ("Type", ["A", "B", "C"], None),
        ("Mode d'acquisition", ["Interne", "Fournisseur"], "origin"),
        ("Mode d'acquisition", ["Appel d'offres public", "Gré à gré"], "procurement"),
        ("Date", ["2024-01-01", "2023-05-06"], "started_on"),
        ("Colonne 4", ["ti@ville.example", "greffe@ville.example", "info@ville.example"], "contact_email"),
        ("Colonne 4", ["En production", "Pilote", "En développement"], "phase"),
        ("Colonne 4", ["Oui", "Non", "Oui"], None),
        ("Projet", ["Oui", "Non", "Oui"], "name_fr"),
        ("Application", ["Oui", "Non", "Oui"], None),
        # A column per answer, ticked: no field of ours.
        ("Entreprises", ["x", "X", "X"], None),
        ("Entreprises touchées", ["X"], None),
        ("Citoyens touchés", ["✓", "x"], None),
        ("Fournisseur", ["X", "X"], None),
        ("RP", ["X", "✓"], "personal_information"),
    ],
)
def test_values_help_where_titles_do_not_say(header: str, values: list[str], field: str | None) -> None:
    assert guess(header, *values) == field


def test_a_strange_value_does_not_hide_a_clear_title() -> None:
    found = guess_mapping(["Statut"], [{"Statut": "vert"}, {"Statut": "rouge"}])["Statut"]
    assert found.field == "phase"
    assert THRESHOLD < found.confidence < 0.9


def test_one_column_per_field_and_english_beside_french() -> None:
    found = guess_mapping(["Nom", "Name", "Statut", "Phase", "Description", "Résumé"], [])
    assert {header: each.field for header, each in found.items()} == {
        "Nom": "name_fr",
        "Name": "name_en",
        # Both name it; «Phase» is our own label.
        "Statut": None,
        "Phase": "phase",
        "Description": "summary_fr",
        "Résumé": None,
    }


def test_known_headers_are_folded() -> None:
    assert {"nom du projet", "statut", "rp", "project name", "unite responsable"} <= KNOWN_HEADERS
    assert all(title == fold(title) for title in KNOWN_HEADERS)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=6, unique=True), st.lists(st.text(max_size=40), max_size=4))
def test_any_headers_and_values(headers: list[str], values: list[str]) -> None:
    found = guess_mapping(headers, [dict.fromkeys(headers, value) for value in values])
    assert list(found) == headers
    fields = [each.field for each in found.values() if each.field]
    assert len(set(fields)) == len(fields)
    assert all(0 <= each.confidence <= 1 for each in found.values())
