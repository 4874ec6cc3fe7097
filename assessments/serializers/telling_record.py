"""What the record of a system says of its privacy assessment, beside what the assessment would have it say."""

from assessments.services.telling_record import Source, said_otherwise
from core.text import reader_language
from registry.field_catalogue import CATALOGUE


def record_told(source: Source) -> list[dict[str, str]]:
    """Each field that it would say otherwise: its label, its words now and then."""
    language, found = reader_language(), []
    for code, value in said_otherwise(source).items():
        field = CATALOGUE.field(code)
        words = {choice.code: choice.label[language] for choice in field.choices}
        now = str(source.system.value(code) or "")
        label = field.label[language]
        found.append({"label": label, "now": words.get(now, now), "then": words.get(value, value)})
    return found
