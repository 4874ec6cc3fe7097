"""The columns of the Dutch algorithm register, in its daily file and in every version of its publication standard."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from registry.standards.foreign import Place, Register
from registry.standards.foreign_rows import Layout
from registry.standards.recoding import read_vocabularies

REGISTER: Final = Register(
    code="nl",
    country="NL",
    names={
        "fr": "Registre des algorithmes du gouvernement des Pays-Bas",
        "en": "Algorithm Register of the Dutch government",
    },
    publisher={
        "fr": "Ministère de l'Intérieur et des Relations au sein du Royaume (Pays-Bas)",
        "en": "Ministry of the Interior and Kingdom Relations (Netherlands)",
    },
    languages=("nl",),
    licence="CC0-1.0",
    licence_names={"fr": "CC0 1.0 – transfert dans le domaine public", "en": "CC0 1.0 – public domain dedication"},
    licence_urls={
        "fr": "https://creativecommons.org/publicdomain/zero/1.0/deed.fr",
        "en": "https://creativecommons.org/publicdomain/zero/1.0/deed.en",
    },
    attribution={
        "fr": "Source\u00a0: Algoritmeregister van de Nederlandse overheid.",
        "en": "Source: Algoritmeregister van de Nederlandse overheid.",
    },
)

NATIONAL_ID: Final = "lars"
ID: Final = "id"
UUID: Final = "uuid"
SOURCE_ID: Final = "source_id"
NAME: Final = "name"
ORGANIZATION: Final = "organization"
VENDOR: Final = "provider"
LANGUAGE: Final = "lang"
URL: Final = "url"
THEMES: Final = "category"
# Concept → the columns whose texts it gathers, in this order.
TEXTS: Final = {
    "description": ("description_short",),
    "details": ("description",),
    "purpose": ("goal",),
    "impact": ("impact",),
    "proportionality": ("proportionality",),
    "decision_process": ("decision_making_process",),
    "data": ("source_data", "source_data_title", "source_data_grouping", "source_data_link"),
    "capabilities": ("methods_and_models",),
    "human_intervention": ("human_intervention",),
    "risks": ("risks",),
    "performance": ("performance_standard",),
    "monitoring": ("monitoring",),
    "legal_basis": ("lawful_basis", "lawful_basis_title", "lawful_basis_grouping", "lawful_basis_link"),
    "impact_assessments": (
        "impacttoetsen",
        "impacttoetsen_grouping",
        "iama_description",
        "dpia_description",
        "impact_assessment_link",
    ),
    "objection": ("objection_procedure",),
}
CODES: Final = {
    "phase": "status",
    "publication_category": "publication_category",
    "learning": "type",
    "impact_assessment": "impactassessment",
    "human_rights_assessment": "iama",
    "data_protection_assessment": "dpia",
    "base_registers": "mprd",
}
DATES: Final = {
    "begin": "begin_date",
    "end": "end_date",
    "registered": "geregistreerd",
    "published": "publication_dt",
    "review": "revision_date",
}
# Kept under their own names. The mailboxes of people (`contact_email`) are not: they serve nobody here.
DETAILS: Final = (
    *("department", "area", "competent_authority", "website", "documentation", "application_url", "publiccode"),
    *("process_index_url", "tags", "standard_version"),
)
COLUMNS: Final = (
    *(NATIONAL_ID, ID, UUID, SOURCE_ID, NAME, ORGANIZATION, VENDOR, LANGUAGE, URL, THEMES),
    *(column for columns in TEXTS.values() for column in columns),
    *CODES.values(),
    *DATES.values(),
    *DETAILS,
)
# The daily file, the JSON schema of version 1.0, and the titles of the form in Dutch.
_TITLES: Final = {
    NAME: ("title", "titel", "naam"),
    ORGANIZATION: ("organisatie", "organisatienaam"),
    NATIONAL_ID: ("algoritme-ID", "lars_code"),
    UUID: ("Landelijk-ID",),
    SOURCE_ID: ("Bron-ID",),
    VENDOR: ("supplier", "leverancier"),
    LANGUAGE: ("language", "taal"),
    URL: ("source_link", "Link naar bronregistratie"),
    THEMES: ("theme", "thema", "beleidsterrein"),
    "description_short": ("Korte omschrijving",),
    "description": ("omschrijving",),
    "goal": ("doel", "Doel en impact", "purpose_and_impact"),
    "proportionality": ("considerations", "afwegingen", "proportionaliteit"),
    "decision_making_process": ("proces",),
    "source_data": ("data", "gegevens", "databronnen"),
    "source_data_title": ("data_source_title",),
    "source_data_link": ("data_source_link", "Link naar gegevensbronnen"),
    "source_data_grouping": ("Verwijzingen gegevensbronnen",),
    "methods_and_models": ("technical_operation", "Technische werking", "Methoden en modellen"),
    "human_intervention": ("Menselijke tussenkomst",),
    "risks": ("risk_management", "risicobeheer", "risico's"),
    "performance_standard": ("prestatienormen",),
    "lawful_basis": ("juridische_basis", "legal_basis", "Wettelijke basis", "Wettelijke grondslag"),
    "lawful_basis_title": ("legal_basis_title",),
    "lawful_basis_link": ("legal_basis_link", "Link naar wettelijke basis"),
    "lawful_basis_grouping": ("Verwijzingen wettelijke basis",),
    "impacttoetsen": ("impact_assessment_explanation", "Toelichting op impacttoetsen"),
    "impacttoetsen_grouping": ("impact_assessments",),
    "objection_procedure": ("bezwaarprocedure",),
    "publication_category": ("publicatiecategorie",),
    "type": ("Type algoritme", "(Zelf)lerend"),
    "begin_date": ("start_date", "begindatum"),
    "end_date": ("einddatum",),
    "publication_dt": ("Publicatie datum", "publicatiedatum"),
    "revision_date": ("herzieningsdatum",),
    "department": ("afdeling",),
    "area": ("Geografisch gebied",),
    "competent_authority": ("Bevoegde authoriteit", "Bevoegde autoriteit"),
    "website": ("link", "Link naar publiekspagina"),
    "documentation": ("Link naar projectpagina",),
    "application_url": ("Link naar ontwikkelaar", "Link naar leverancier"),
    "publiccode": ("source_code_link", "Link naar broncode"),
    "process_index_url": ("processing_register_link", "Link naar verwerkingsregister"),
    "tags": ("search_terms", "zoektermen"),
    "standard_version": ("schema", "Versie publicatiestandaard"),
}
_PLACES: Final[Mapping[str, tuple[Place, ...]]] = (
    {ORGANIZATION: (("organization",),), VENDOR: (("vendor",),), URL: (("url",),)}
    | {LANGUAGE: (("texts", "language"),), THEMES: (("lists", "themes"), ("texts", "themes"))}
    | {column: (("texts", concept),) for concept, columns in TEXTS.items() for column in columns}
    | {column: (("codes", concept), ("texts", concept)) for concept, column in CODES.items()}
    | {column: (("dates", concept), ("details", column)) for concept, column in DATES.items()}
    | {column: (("details", column),) for column in DETAILS}
)
LAYOUT: Final = Layout(
    register=REGISTER,
    columns=COLUMNS,
    identifier=ID,
    needed=((NAME,), (ORGANIZATION,)),
    recognized=6,
    places=_PLACES,
    codes={},
    titles={title: column for column, titles in _TITLES.items() for title in titles},
    # Each version of the standard has columns of its own: only those of every version are missed.
    expected=(ORGANIZATION, "status", "goal", "lawful_basis"),
)
VOCABULARIES: Final = read_vocabularies(Path(__file__).with_name("vocabulary.yaml"))
