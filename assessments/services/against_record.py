"""Answers that do not say what the record says: told to whoever concludes a screening, and to whoever signs it."""

from dataclasses import dataclass

from assessments.models import Assessment
from assessments.questionnaires import Question
from assessments.scoring.asking import Reading
from assessments.scoring.leaves import flat_of
from assessments.services.prefill import holds_in, offer_of, shown_answer
from registry.field_catalogue import CATALOGUE, Field
from registry.services.answers import shown_value


@dataclass(frozen=True)
class AgainstRecord:
    """One question, its answer and what the record says, each in the words of its own list."""

    question: Question
    answer: str
    field: Field
    recorded: str


def against_record(assessment: Assessment, reading: Reading) -> list[AgainstRecord]:
    """What the record holds today is looked at; a question without answer says nothing against it. No query."""
    answered = (question for question in reading.asked if reading.value_of(question.id) is not None)
    return list(filter(None, (_told(assessment, reading, question) for question in answered)))


def _told(assessment: Assessment, reading: Reading, question: Question) -> AgainstRecord | None:
    sources = [source for source in question.prefill if source.source == "system"]
    found = ((source, offer_of(assessment, reading, question, source, {})) for source in sources)
    source, offer = next((pair for pair in found if pair[1]), (None, None))
    given = flat_of(question, reading.value_of(question.id))
    if source is None or offer is None or holds_in(offer.leaves, given):
        return None
    field = CATALOGUE.field(source.field)
    return AgainstRecord(
        question=question,
        answer="\n".join(shown_answer(reading, question, given)),
        field=field,
        recorded=shown_value(field, assessment.system.value(field.code)),
    )
