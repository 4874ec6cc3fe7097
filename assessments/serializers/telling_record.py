"""What the record of a system says of its privacy assessment, beside what the assessment would have it say."""

from assessments import permissions
from assessments.services.telling_record import Source, said_otherwise
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
