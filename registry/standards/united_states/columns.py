"""The columns of the federal AI inventories of the United States, and the words found in them."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from registry.standards.foreign import Place, Register
from registry.standards.foreign_rows import Layout
from registry.standards.recoding import Spoken, read_vocabularies

REGISTER: Final = Register(
    code="us",
    country="US",
    names={
        "fr": "Inventaire fédéral des usages de l'IA des États-Unis",
        "en": "United States Federal AI Use Case Inventory",
    },
    publisher={
        "fr": "Office of Management and Budget (États-Unis)",
        "en": "Office of Management and Budget (United States)",
    },
    languages=("en",),
    licence="US-Government-Work",
    licence_names={
        "fr": "Œuvre du gouvernement des États-Unis, du domaine public dans ce pays",
        "en": "U.S. Government work, in the public domain in the United States",
    },
    licence_urls={
        "fr": "https://www.usa.gov/government-copyright",
        "en": "https://www.usa.gov/government-copyright",
    },
    attribution={
        "fr": "Source\u00a0: inventaires des organismes fédéraux, réunis par l'Office of Management and Budget.",
        "en": "Source: inventories of federal agencies, brought together by the Office of Management and Budget.",
    },
)

ID: Final = "id"
NAME: Final = "use_case_name"
AGENCY: Final = "agency"
AGENCY_NAME: Final = "agency_name"
ABBREVIATION: Final = "agency_abbreviation"
BUREAU: Final = "agency_bureau"
VENDOR: Final = "vendor_name"
# Concept → column.
TEXTS: Final = {
    "purpose": "problem_solved",
    "benefits": "benefits",
    "purpose_and_benefits": "purpose_and_benefits",
    "outputs": "system_outputs",
    "data": "data_description",
    "high_impact_reason": "HI_justification",
    "potential_impacts": "hi_potential_impacts",
}
CODES: Final = {
    "phase": "development_stage",
    "high_impact": "is_high_impact",
    "rights_safety": "rights_safety_impact",
    "topic": "topic_area",
    "technique": "classification",
    "origin": "contracting_usage",
    "personal_information": "has_pii",
    "withheld": "is_withheld",
    "authorization": "have_ato",
    "custom_code": "has_custom_code",
    "testing": "hi_testing_conducted",
    "impact_assessment": "hi_assessment_completed",
    "independent_review": "hi_independent_review",
    "monitoring": "hi_ongoing_monitoring",
    "training": "hi_training_established",
    "failsafe": "hi_failsafe_presence",
    "appeal": "hi_appeal_process",
}
LISTS: Final = {"demographics": "demographic_features", "consultation": "hi_public_consultation"}
DATES: Final = {
    "operational": "operational_date",
    "initiated": "date_initiated",
    "acquired": "date_acquisition",
    "retired": "date_retired",
}
# Kept under their own names. The addresses of people (`contact_email`) are not: they serve nobody here.
DETAILS: Final = (BUREAU, "system_name_ato", "link_to_data", "pia_url", "code_url")
_EARLIER: Final = frozenset({ABBREVIATION, "purpose_and_benefits", "rights_safety_impact"}) | set(DATES.values())
_EARLIER_ONLY: Final = _EARLIER - {"operational_date"}
COLUMNS: Final = (
    *(ID, NAME, AGENCY, AGENCY_NAME, ABBREVIATION, VENDOR),
    *TEXTS.values(),
    *CODES.values(),
    *LISTS.values(),
    *DATES.values(),
    *DETAILS,
)
# The questions of the form that agencies filled in, 2025 then 2024; their own files have these for titles.
_QUESTIONS: Final = {
    ID: ("Use Case ID", "Use Case ID [Agency Abbrev.] – [#]"),
    NAME: ("AI Use Case Name",),
    ABBREVIATION: (),
    BUREAU: ("Bureau/Component", "Bureau", "Bureau / Department", "Bureau/Component/Division/Branch"),
    VENDOR: ("Vendor(s) Name", "Vendor Name"),
    "is_withheld": ("Should this AI use case be withheld from public reporting?",),
    "development_stage": ("Stage of Development",),
    "is_high_impact": ("Is the AI use case high-impact?",),
    "rights_safety_impact": ("Is the AI use case rights-impacting, safety-impacting, both, or neither?",),
    "HI_justification": ("Justification",),
    "topic_area": ("Use Case Topic Area",),
    "classification": ("AI Classification",),
    "problem_solved": ("What problem is the AI intended to solve?",),
    "benefits": (
        "What are the expected benefits and positive outcomes from the AI for an agency's mission and/or the general "
        "public?",
    ),
    "purpose_and_benefits": ("What is the intended purpose and expected benefits of the AI?",),
    "system_outputs": ("Describe the AI system's outputs.", "Describe the AI system\u0092s outputs."),
    "operational_date": (
        "Date when AI use case became operational or the pilot's start date",
        "Date Implemented",
    ),
    "date_initiated": ("Date Initiated",),
    "date_acquisition": ("Date when Acquisition and/or Development began",),
    "date_retired": ("Date Retired",),
    "contracting_usage": (
        "Was the system involved in this use case purchased from a vendor or developed under contract(s) or in-house?",
        "Was the AI system involved in this use case developed (or is it to be developed) under contract(s) or "
        "in-house?",
    ),
    "have_ato": (
        "Does this AI use case have an associated Authorization to Operate (ATO)?",
        "Does this AI use case have an associated Authority to Operate (ATO) for an AI system?",
    ),
    "system_name_ato": ("System(s) Name", "System Name"),
    "data_description": (
        "Describe any data used to train, fine-tune, and/or evaluate performance of the model(s) used in this use "
        "case.",
        "Describe any agency-owned data used to train, fine-tune, and/or evaluate performance of the model(s) used in "
        "this use case.",
    ),
    "link_to_data": (
        "If the data is required to be publicly disclosed as an open government data asset, provide a link to the "
        "entry on the Federal Data Catalog.",
    ),
    "has_pii": (
        "Does this AI use case involve personally identifiable information (PII) that is maintained by the agency?",
    ),
    "pia_url": (
        "If publicly available, provide the link to the AI use case's associated Privacy Impact Assessment (PIA).",
    ),
    "demographic_features": (
        "Which, if any, demographic variables does the AI use case explicitly use as model features?",
    ),
    "has_custom_code": (
        "Does this project include custom-developed code?",
        "Does this project include custom-developed code?*",
    ),
    "code_url": (
        "If the code is open source, provide the link for the publicly available source code.",
        "If the code is open-source, provide the link for the publicly available source code.",
    ),
    "hi_testing_conducted": ("Has pre-deployment testing been conducted for this AI use case?",),
    "hi_assessment_completed": ("Has an AI impact assessment been completed for this AI use case?",),
    "hi_potential_impacts": (
        "What are the potential impacts of using the AI for this particular use case and how were they identified?",
    ),
    "hi_independent_review": ("Has as independent review of the AI use case been conducted?",),
    "hi_ongoing_monitoring": (
        "Is there a process to conduct ongoing monitoring to identify any adverse impacts to the performance and "
        "security of the AI functionality",
    ),
    "hi_training_established": (
        "Has the agency established sufficient and periodic training for operators of the AI to interpret and act on",
    ),
    "hi_failsafe_presence": (
        "Does this AI use case have an appropriate fail-safe that minimizes the risk of significant harm?",
    ),
    "hi_appeal_process": (
        "Is there an established appeal process in the event that an impacted individual would like to appeal or "
        "contest the AI system's outcome?",
    ),
    "hi_public_consultation": (
        "What steps has the agency taken to consult and incorporate feedback from end users of this AI use case and "
        "the public?",
    ),
}
_PLACES: Final[Mapping[str, tuple[Place, ...]]] = (
    {VENDOR: (("vendor",),)}
    | {column: (("texts", concept),) for concept, column in TEXTS.items()}
    | {column: (("codes", concept), ("texts", concept)) for concept, column in CODES.items()}
    | {column: (("lists", concept), ("texts", concept)) for concept, column in LISTS.items()}
    | {column: (("dates", concept), ("details", column)) for concept, column in DATES.items()}
    | {column: (("details", column),) for column in DETAILS}
)
LAYOUT: Final = Layout(
    register=REGISTER,
    columns=COLUMNS,
    identifier=ID,
    needed=((NAME,),),
    recognized=8,
    places=_PLACES,
    codes={},
    titles={title: column for column, titles in _QUESTIONS.items() for title in titles},
    expected=tuple(column for column in COLUMNS if column not in _EARLIER_ONLY),
)

_LETTER = re.compile(r"^(?:[a-l]\)\W*)+", re.IGNORECASE)
# A definition follows its term; the dash may have lost its encoding («Pilot ñ The use case…»).
_DEFINITION = re.compile(r":\s|\s+[-–—ñ\u0096]\s+")


# An answer may be preceded by its letter, and followed by what explains it.
SPOKEN: Final = Spoken(
    whole=lambda text: (text, _LETTER.sub("", text.strip())),
    start=lambda text: _DEFINITION.split(text, maxsplit=1)[0],
)
VOCABULARIES: Final = read_vocabularies(Path(__file__).with_name("vocabulary.yaml"), SPOKEN)
