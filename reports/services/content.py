"""What a sheet says, frozen when it is asked for: texts and labels in the language of the document.

It is the published version when that still says what the register knows; else today's facts, marked as a draft.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.encoding import uri_to_iri
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import clock
from core.text import Localized, pick
from registry.field_catalogue import CATALOGUE, Field
from registry.models import AISystem, Publication
from registry.public.codes import coded
from registry.services.documents import digest_of, frozen_facts
from registry.workflow import PublicationKind
from reports.services.recourse import freeze_recourse

FORMAT = "system_sheet.v1"
# The title of the document says it already.
NOT_REPEATED = frozenset({"name_fr"})

Texts = dict[str, Any]


@dataclass(frozen=True)
class Source:
    """The facts of a sheet, and the publication they come from when it is not a draft."""

    facts: Texts
    publication: Publication | None


def source_of(system: AISystem) -> Source:
    """The version shown to the public if nothing changed since, else the facts of now."""
    facts = frozen_facts(system, PublicationKind.SHEET)
    latest = system.publications.first()
    if latest and all(latest.document.get(key) == value for key, value in facts.items()):
        return Source(latest.document, latest)
    return Source(facts, None)


def freeze_sheet(*, system: AISystem, language: str, moment: datetime) -> Texts:
    """The whole content of the report, as JSON. The document is made from it alone, today or in ten years."""
    source = source_of(system)
    with override(language):
        return {
            "format": FORMAT,
            "facts": source.facts,
            "sheet": _sheet(source, language) | {"generated_at": moment.isoformat()},
        }


def _sheet(source: Source, language: str) -> Texts:
    facts, version = source.facts, source.publication
    address = _public_address(version) if version else ""
    system, body = facts["system"], facts["body"]
    name, body_name = pick(system["name"], language), pick(body["name"], language)
    return {
        "reference": facts["reference"] or _("Draft without a number"),
        "name": name.text,
        "name_lang": _other(name, language),
        "body_name": body_name.text,
        "body_lang": _other(body_name, language),
        "sigle": body["sigle"],
        "language": language,
        "phase_label": coded("phase", system["phase"]).label if system.get("phase") else "",
        "sections": [_section(section.code, section.question[language], system) for section in CATALOGUE.sections],
        "recourse": freeze_recourse(system, body, language),
        "digest": version.digest if version else digest_of(facts),
        "is_draft": version is None,
        "version_number": str(version.number) if version else "",
        "published_on": clock.civil_date(version.published_at).isoformat() if version else None,
        "demonstration": facts["is_demonstration"],
        "url": address,
        "url_shown": uri_to_iri(address),
    }


def _section(code: str, question: str, system: Texts) -> Texts:
    """Every public field of the catalogue, filled in or not: what is not known yet is said to be so."""
    fields = [field for field in CATALOGUE.in_section(code) if field.visibility == "public"]
    return {"title": question, "rows": [_row(field, system) for field in fields if field.code not in NOT_REPEATED]}


def _row(field: Field, system: Texts) -> Texts:
    value, label = system.get(field.code.removesuffix("_fr")), pick(dict(field.label))
    row: Texts = {"label": label.text, "lang": None, "missing": not value}
    if isinstance(value, dict):
        text = pick(value)
        return row | {"value": text.text, "lang": _other(text, label.language), "missing": not text}
    if field.choices:
        codes = value if isinstance(value, list) else [value] if value else []
        return row | {"value": "; ".join(coded(field.code, one).label for one in codes)}
    if field.kind == "date":
        return row | {"value": date_format(date.fromisoformat(value), "DATE_FORMAT") if value else ""}
    link = {"href": f"mailto:{value}"} if field.kind == "email" and value else {}
    return row | {"value": value or ""} | link


def _other(text: Localized, language: str) -> str | None:
    return text.language if text and text.language != language else None


def _public_address(publication: Publication) -> str:
    """Where the public reads this system, in the language of the document: for whoever holds the paper."""
    return str(settings.PUBLIC_URL) + reverse("transparency:system", args=[publication.reference])
