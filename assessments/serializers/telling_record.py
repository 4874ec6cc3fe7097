"""What the record of a system says of its privacy assessment, beside what the assessment would have it say."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse

from assessments import permissions
from assessments.models import Assessment, DepositedAssessment
from assessments.services.telling_record import Source, said_otherwise
from assessments.workflow import EFVP, AssessmentState
from core.text import reader_language
from organizations.models import User
from registry.field_catalogue import CATALOGUE


def record_told(source: Source, reader: User) -> list[dict[str, str]]:
    """Each field that it would say otherwise: its label, its words now and then. For those who may write them."""
    if not permissions.can_tell_record(reader, source.system):
        return []
    language, found = reader_language(), []
    for code, value in said_otherwise(source).items():
        field = CATALOGUE.field(code)
        words = {choice.code: choice.label[language] for choice in field.choices}
        now = str(source.system.value(code) or "")
        label = field.label[language]
        found.append({"label": label, "now": words.get(now, now), "then": words.get(value, value)})
    return found


def told_by_system(told: Mapping[str, Any], reader: User) -> dict[str, Any]:
    """For the page of the assessments of a system: what the one that holds would have its record say, and the address
    that writes it. `told`: that page, whose rows are read already.
    """
    source = next(_holding(told), None)
    if source is None:
        return {}
    page = "deposit_in_record" if isinstance(source, DepositedAssessment) else "in_record"
    return {"record": record_told(source, reader), "tell_url": reverse(f"assessments:{page}", args=[source.uuid])}


def _holding(told: Mapping[str, Any]) -> Iterator[Source]:
    """One decided here comes before one deposited, and both before a screening."""
    for each in told["instruments"]:
        if each.instrument == EFVP:
            yield from (row["assessment"] for row in each.assessments if _is_decided(row["assessment"]))
            yield from (row["deposit"] for row in each.deposits if not row["deposit"].withdrawn_at)
    yield from filter(_is_decided, told["screenings"])


def _is_decided(assessment: Assessment) -> bool:
    return assessment.state == AssessmentState.DECIDED
