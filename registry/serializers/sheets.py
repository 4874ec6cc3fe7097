"""One system as staff read it: each field by question, with who may see it; and what its documents say of the body."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.text import OTHER_LANGUAGE, reader_language
from organizations.workflow import Kind, Regime
from registry.field_catalogue import CATALOGUE, Field
from registry.models import AISystem
from registry.models.rows import rows_of
from registry.public.facts import answers_of, progress_of
from registry.rules.attention import Progress, is_required
from registry.serializers.record import PartList, part_list
from registry.services.answers import shown_value
from registry.services.visibility import chosen_visibilities


@dataclass(frozen=True)
class Row:
    """One field and its value in words; `language` is that of the text when it is not the reader's."""

    code: str
    label: str
    value: str
    language: str = ""
    visibility: str = "public"
    reason: str = ""


@dataclass(frozen=True)
class SheetSection:
    """One of the citizen's questions, the fields under it, and the lists of rows."""

    code: str
    title: str
    rows: tuple[Row, ...]
    parts: tuple[PartList, ...] = ()
    progress: Progress | None = None


def phase_label(system: AISystem) -> str:
    """The phase in the reader's words; empty while a draft has none."""
    return dict(CATALOGUE.choices("phase", reader_language())).get(system.phase, "")


def words(field: Field, value: Any) -> str:
    """A stored value as a person reads it; a history holds its dates as texts."""
    is_text_of_date = field.kind == "date" and isinstance(value, str) and value
    return shown_value(field, date.fromisoformat(value) if is_text_of_date else value)


def system_sections(system: AISystem) -> list[SheetSection]:
    """What is answered and what is wanted now, in the order of the citizen's questions; how far each section is."""
    answers, chosen, rows = answers_of(system), chosen_visibilities(system), rows_of(system)
    return [
        SheetSection(
            code := each.section,
            CATALOGUE.section(code).question[reader_language()],
            tuple(_system_rows(system, code, answers, chosen)),
            tuple(part_list(part, rows[part.code], system.organization) for part in CATALOGUE.parts_in(code)),
            each,
        )
        for each in progress_of(system)
    ]


def _system_rows(system: AISystem, section: str, answers: Mapping[str, Any], chosen: Mapping[str, str]) -> list[Row]:
    found = []
    for field in CATALOGUE.in_section(section):
        if field.asked_first or answers[field.code] or is_required(field, answers):
            found.append(_row(field, answers[field.code], chosen.get(field.code, field.visibility)))
        if field.twin and system.organization.publishes_in_english and system.value(field.twin):
            found.append(_row(CATALOGUE.field(field.twin), system.value(field.twin), field.visibility))
    return found


def _row(field: Field, value: Any, visibility: str) -> Row:
    language = reader_language()
    return Row(
        code=field.code,
        label=field.label[language],
        value=words(field, value),
        language=_other_language(field.code[-2:]) if field.code.endswith(("_fr", "_en")) else "",
        visibility=visibility,
        reason=field.visibility_reason[language],
    )


def because(code: str, answers: Mapping[str, Any]) -> tuple[str, str]:
    """A question and its answer, in words."""
    field = CATALOGUE.field(code)
    return field.label[reader_language()], shown_value(field, answers[code])


def body_rows(document: Mapping[str, Any]) -> list[Row]:
    """What a document says of the body."""
    return [Row(key, _body_label(key), text) for key, text in _body_values(document["body"]).items() if text]


def _other_language(language: str) -> str:
    return language if language == OTHER_LANGUAGE[reader_language()] else ""


def _body_values(body: Mapping[str, Any]) -> dict[str, str]:
    names = body["name"]
    return {
        "name": names.get(reader_language()) or names.get("fr", ""),
        "sigle": body["sigle"],
        "kind": str(Kind(body["kind"]).label),
        "regimes": ", ".join(str(Regime(code).label) for code in body["regimes"]),
        **{key: body.get(key, "") for key in ("phone", "email", "postal_address", "website")},
    }


def _body_label(key: str) -> str:
    return {
        "name": _("Name of the body"),
        "sigle": _("Sigle"),
        "kind": _("Kind of body"),
        "regimes": _("Legal regimes"),
        "phone": _("Public telephone"),
        "email": _("Public e-mail"),
        "postal_address": _("Postal address"),
        "website": _("Web site"),
    }[key]
