"""One system as staff read it: each field by question, with who may see it; and what its documents say or change."""

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
from registry.public.facts import answers_of
from registry.rules.attention import Progress, is_required, progress
from registry.serializers.record import PartList, part_list
from registry.services.answers import shown_value
from registry.services.visibility import chosen_visibilities

BODY_LABELS = ("name", "sigle", "kind", "regimes", "phone", "email", "postal_address", "website")


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


@dataclass(frozen=True)
class Change:
    """One public field that a new version changes: what the public reads now and what it would read."""

    label: str
    before: str
    after: str
    language: str = ""


def phase_label(system: AISystem) -> str:
    """The phase in the reader's words; empty while a draft has none."""
    return dict(CATALOGUE.choices("phase", reader_language())).get(system.phase, "")


def words(field: Field, value: Any) -> str:
    """A stored or published value as a person reads it; a document holds its dates as texts."""
    is_published_date = field.kind == "date" and isinstance(value, str) and value
    return shown_value(field, date.fromisoformat(value) if is_published_date else value)


def system_sections(system: AISystem) -> list[SheetSection]:
    """What is answered and what is wanted now, in the order of the citizen's questions; how far each section is."""
    answers, chosen, rows = answers_of(system), chosen_visibilities(system), rows_of(system)
    return [
        SheetSection(
            code := each.section,
            CATALOGUE.section(code).question[reader_language()],
            tuple(_system_rows(system, code, answers, chosen)),
            tuple(part_list(part, rows[part.code]) for part in CATALOGUE.parts_in(code)),
            each,
        )
        for each in progress(answers)
    ]


def _system_rows(system: AISystem, section: str, answers: Mapping[str, Any], chosen: Mapping[str, str]) -> list[Row]:
    found = []
    for field in CATALOGUE.in_section(section):
        if field.asked_first or answers[field.code] or is_required(field, answers):
            found.append(_row(field, answers[field.code], chosen.get(field.code, field.visibility)))
        if field.twin and system.value(field.twin):
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


def document_sections(document: Mapping[str, Any]) -> list[SheetSection]:
    """What a publication document says, and nothing else: the body first, then each section that has an answer."""
    body = tuple(Row(key, _body_label(key), text) for key, text in _body_values(document["body"]).items() if text)
    found = [SheetSection("body", _("The body"), body)]
    for section in CATALOGUE.sections:
        rows = [row for field in CATALOGUE.in_section(section.code) for row in _document_rows(document, field)]
        if rows:
            found.append(SheetSection(section.code, section.question[reader_language()], tuple(rows)))
    return found


def _document_rows(document: Mapping[str, Any], field: Field) -> list[Row]:
    value = document["system"].get(field.code.removesuffix("_fr"))
    if not value:
        return []
    label = field.label[reader_language()]
    if isinstance(value, Mapping):
        return [Row(field.code, label, text, _other_language(language)) for language, text in value.items()]
    return [Row(field.code, label, words(field, value))]


def document_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Field by field, what the public would read otherwise; the kind of the version first."""
    found = []
    if before["kind"] != after["kind"]:
        found.append(Change(_("What is published"), kind_words(before["kind"]), kind_words(after["kind"])))
    for field in CATALOGUE.fields:
        code = field.code.removesuffix("_fr")
        found += _field_changes(field, before["system"].get(code), after["system"].get(code))
    old, new = _body_values(before["body"]), _body_values(after["body"])
    return found + [Change(_body_label(key), old[key], new[key]) for key in BODY_LABELS if old[key] != new[key]]


def _field_changes(field: Field, old: Any, new: Any) -> list[Change]:
    if old == new:
        return []
    label = field.label[reader_language()]
    if isinstance(old, Mapping) or isinstance(new, Mapping):
        old, new = old or {}, new or {}
        languages = sorted({*old, *new}, key=lambda code: (code != "fr", code))
        return [
            Change(label, old.get(code, ""), new.get(code, ""), _other_language(code))
            for code in languages
            if old.get(code, "") != new.get(code, "")
        ]
    return [Change(label, words(field, old), words(field, new))]


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


def kind_words(kind: str) -> str:
    """What a version is, in words."""
    return {
        "sheet": _("the whole sheet"),
        "line": _("one line: declared, sheet to come"),
        "withdrawn": _("the trace of a withdrawal"),
        "withheld": _("a number and the ground on which the system is not disclosed"),
    }[kind]
