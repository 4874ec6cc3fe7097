"""What is known of a system and of its body: read by the conditions of questionnaires, offered as answers."""

from collections.abc import Iterable
from typing import Any

from assessments.models import Assessment
from assessments.questionnaires import Record
from assessments.scoring.asking import Reading
from assessments.scoring.conditions import Facts
from core import clock
from organizations.models import Organization
from registry.field_catalogue import CATALOGUE, Field
from registry.field_catalogue.glossary import TERMS
from registry.models import AISystem
from registry.public.facts import answers_of, as_json_value

HEALTH = "health"


def facts_of(system: AISystem, screened: dict[str, Any] | None = None) -> dict[str, Any]:
    """`system.<field>`, `body.<fact>` and `screening.<question>` → what they are now, as JSON holds them."""
    found = {f"system.{code}": as_json_value(value) for code, value in answers_of(system).items()}
    found |= {f"body.{name}": value for name, value in body_facts(system.organization).items()}
    return found | {f"screening.{question}": value for question, value in (screened or {}).items()}


def body_facts(body: Organization) -> dict[str, Any]:
    """Under the health regime the text asks for no consultation of the committee (R-22.1, s. 106)."""
    return {
        "regimes": list(body.regimes),
        "kind": body.kind,
        "country": body.country,
        "employees": body.employees,
        "has_committee": not body.is_committee_exempt,
        "publishes_in_english": body.publishes_in_english,
    }


def reading_of(assessment: Assessment, answers: dict[str, Any] | None = None) -> Reading:
    """The assessment as it is asked and answered now. `answers`: those there are, when they were read already."""
    return Reading(
        assessment.questionnaire,
        assessment.values() if answers is None else answers,
        known_facts(assessment),
        depth=assessment.depth,
        today=clock.civil_date(clock.now()),
    )


def known_facts(assessment: Assessment) -> Facts:
    return facts_of(assessment.system, assessment.screened)


def _codes(fields: Iterable[Field]) -> dict[str, frozenset[str]]:
    return {field.code: frozenset(choice.code for choice in field.choices) for field in fields}


RECORD = Record(
    fields=_codes((*CATALOGUE.fields, *CATALOGUE.twins)),
    parts={part.code: _codes(part.fields) for part in CATALOGUE.parts},
    body=frozenset(field.name for field in Organization._meta.get_fields()),
    terms=frozenset(term.code for term in TERMS),
)
"""What questionnaires may take from the record, for their check."""
