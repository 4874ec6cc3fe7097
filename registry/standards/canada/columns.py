"""The columns of the Government of Canada AI Register, and the words found in them."""

from pathlib import Path
from typing import Final

from registry.standards.foreign import Register
from registry.standards.foreign_rows import Layout
from registry.standards.recoding import read_vocabularies

REGISTER: Final = Register(
    code="ca",
    country="CA",
    names={
        "fr": "Registre de l'intelligence artificielle du gouvernement du Canada",
        "en": "Government of Canada AI Register",
    },
    publisher={"fr": "Secrétariat du Conseil du Trésor du Canada", "en": "Treasury Board of Canada Secretariat"},
    languages=("en", "fr"),
    licence="OGL-Canada-2.0",
    licence_names={
        "fr": "Licence du gouvernement ouvert – Canada",
        "en": "Open Government Licence – Canada",
    },
    licence_urls={
        "fr": "https://ouvert.canada.ca/fr/licence-du-gouvernement-ouvert-canada",
        "en": "https://open.canada.ca/en/open-government-licence-canada",
    },
    attribution={
        "fr": "Contient des informations visées par la Licence du gouvernement ouvert – Canada.",
        "en": "Contains information licensed under the Open Government Licence – Canada.",
    },
)

ID: Final = "ai_register_id"
NAME: Final = "name_ai_system"
ORGANIZATION: Final = "government_organization"
VENDOR: Final = "vendor_information"
YEAR: Final = "status_date"
# Concept → stem of its two columns.
TEXTS: Final = {
    "description": "description_ai_system",
    "capabilities": "ai_system_capabilities",
    "data": "data_sources",
    "personal_information_banks": "personal_information_banks",
    "results": "ai_system_results",
}
# Concept → (name it goes by in a report of recodings, columns that say it).
CODES: Final = {
    "phase": ("ai_system_status", ("ai_system_status_en", "ai_system_status_fr")),
    "origin": ("developed_by", ("developed_by_en", "developed_by_fr")),
    "primary_users": ("ai_system_primary_users", ("ai_system_primary_users_en", "ai_system_primary_users_fr")),
    "personal_information": ("involves_personal_information", ("involves_personal_information",)),
    "notification": ("notification_ai", ("notification_ai",)),
}
COLUMNS: Final = (
    ID,
    f"{NAME}_en",
    f"{NAME}_fr",
    ORGANIZATION,
    VENDOR,
    YEAR,
    *(f"{stem}_{language}" for stem in TEXTS.values() for language in REGISTER.languages),
    *(column for _, columns in CODES.values() for column in columns),
)

VOCABULARIES: Final = read_vocabularies(Path(__file__).with_name("vocabulary.yaml"))
LAYOUT: Final = Layout(
    register=REGISTER,
    columns=COLUMNS,
    identifier=ID,
    needed=((ID,), tuple(f"{NAME}_{language}" for language in REGISTER.languages)),
    # Without identifier or name and with fewer of its columns than this, the file is another register, not a damaged
    # copy.
    recognized=8,
    places={ORGANIZATION: (("organization",),), VENDOR: (("vendor",),), YEAR: (("status_year",),)}
    | {
        f"{stem}_{language}": (place,)
        for language in REGISTER.languages
        for stem, place in (
            (NAME, ("names", language)),
            *((stem, ("texts", concept, language)) for concept, stem in TEXTS.items()),
        )
    }
    | {
        column: (("texts", concept, "fr" if column.endswith("_fr") else "en"),)
        for concept, (_, columns) in CODES.items()
        for column in columns
    },
    codes={concept: columns for concept, (_, columns) in CODES.items()},
)
