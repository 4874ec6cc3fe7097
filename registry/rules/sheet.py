"""What makes a sheet: the six answers a citizen needs."""

from collections.abc import Mapping

from registry.field_catalogue import CATALOGUE, SheetAnswer


def missing_sheet_answers(
    system: Mapping[str, object], organization: Mapping[str, object] | None = None
) -> tuple[SheetAnswer, ...]:
    """Which of the six answers are not there yet; `system` and `organization` map field codes to values."""
    body = organization or {}

    def given(answer: SheetAnswer) -> bool:
        for code in answer.fields:
            value = system.get(code)
            if not value or (isinstance(value, str) and not value.strip()):
                return False
            if value in answer.not_enough.get(code, ()):
                return False
        return all(str(body.get(code) or "").strip() for code in answer.organization_fields)

    return tuple(answer for answer in CATALOGUE.sheet_answers if not given(answer))
