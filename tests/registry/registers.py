"""Editions of the registers of the United States and of the Netherlands, made from nothing."""

import json
from collections.abc import Mapping
from typing import Any

UNITED_STATES = {
    "agency": "DOW",
    "agency_name": "Department of Wetlands",
    "id": "DOW-001",
    "use_case_name": "Marsh Watch",
    "agency_bureau": "Bureau of Reeds",
    "contact_email": "somebody@wetlands.example",
    "is_withheld": "No",
    "development_stage": "Deployed",
    "is_high_impact": "High-impact",
    "HI_justification": "It decides where nobody may walk.",
    "topic_area": "Science",
    "classification": "Computer Vision",
    "problem_solved": "Counting birds takes weeks.",
    "benefits": "Counts within the day.",
    "system_outputs": "A number of birds",
    "operational_date": "10/1/2024",
    "contracting_usage": "Vendor Purchased",
    "vendor_name": "Wing and Reed",
    "have_ato": "Yes",
    "system_name_ato": "REEDS",
    "data_description": "Photos of marshes",
    "link_to_data": "",
    "has_pii": "No",
    "pia_url": "https://wetlands.example/pia",
    "demographic_features": "['k) None of the above']",
    "has_custom_code": "Yes",
    "code_url": "",
    "hi_testing_conducted": "Yes",
    "hi_assessment_completed": "In-progress",
    "hi_potential_impacts": "Walkers go elsewhere.",
    "hi_independent_review": "CAIO Review",
    "hi_ongoing_monitoring": "Yes - Monitoring Established",
    "hi_training_established": "Training In-progress",
    "hi_failsafe_presence": "Not Applicable",
    "hi_appeal_process": "Appeal Precluded by Law",
    "hi_public_consultation": "['Usability Testing', 'Other']",
}
DAILY = {
    "id": "10000001",
    "title": "Moeraswacht",
    "organisatie": "Gemeente Rietland",
    "doel": "Telt vogels op foto's van het moeras.",
    "juridische_basis": "Omgevingswet",
    "impactassessment": "Ja",
    "status": "in_gebruik",
    "geregistreerd": "2026-04-07",
    "toegevoegd": "2026-05-13",
    "url": "https://algoritmes.example/nl/algoritme/10000001",
}
FULL = {
    "name": "Moeraswacht",
    "organization": "Gemeente Rietland",
    "description_short": "Telt vogels.",
    "category": ["Natuur en milieu", "Wonen"],
    "status": "In gebruik",
    "begin_date": "2024-03",
    "publication_category": "Impactvolle algoritmes",
    "goal": "<p>Telt vogels op foto's.</p><p>Sneller &amp; beter.</p>",
    "human_intervention": "Een boswachter kijkt mee.",
    "lawful_basis": "Omgevingswet",
    "lawful_basis_grouping": [{"title": "Omgevingswet", "link": "https://wetten.example/ow"}],
    "impacttoetsen_grouping": [{"title": "DPIA", "link": None}],
    "provider": "Riet en Vleugel bv",
    "contact_email": "iemand@rietland.example",
    "lang": "NLD",
    "standard_version": "1.0",
    "lars": "10000001",
    "publication_dt": "2024-05-01",
}


def united_states(number: int = 1, **cells: str) -> dict[str, str]:
    return UNITED_STATES | {"id": f"DOW-{number:03d}"} | cells


def daily(number: int = 1, **fields: Any) -> dict[str, Any]:
    """A record of the daily file."""
    return DAILY | {"id": f"{10_000_000 + number}"} | fields


def full(number: int = 1, **fields: Any) -> dict[str, Any]:
    """A record with all its texts, as the publication standard has them."""
    return FULL | {"lars": f"{10_000_000 + number}"} | fields


def daily_file(*records: Mapping[str, Any]) -> bytes:
    return json_of({"algoritmes": list(records), "count": len(records), "fetched_at": "2026-08-08T06:20:11Z"})


def json_of(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()
