"""The publication document: gathered from the rooms, checked against its schema, sealed by its digest."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
from django.conf import settings
from django.utils.module_loading import import_string

from organizations.public import answering_body
from registry.field_catalogue import CATALOGUE, SheetAnswer
from registry.models import AISystem
from registry.public.facts import answers_of
from registry.rules.sheet import missing_sheet_answers
from registry.workflow import PublicationKind

# The shape of what is published now. Documents of earlier shapes stay as they are, and are still shown.
SCHEMA_NAME = "publication.v2"
SCHEMAS = Path(__file__).resolve().parent.parent
# What a line «déclaré, fiche à venir» tells of a system, and no more.
LINE_KEYS = ("name", "phase", "category")


def gather_facts(system: AISystem) -> dict[str, Any]:
    """What each room publishes of this system: section → facts, in the order of PUBLICATION_FACTS."""
    facts = (import_string(path)(system) for path in settings.PUBLICATION_FACTS)
    return {section.section: section.as_json() for section in facts}


def missing_for_sheet(system: AISystem) -> list[SheetAnswer]:
    """Which of the six answers a citizen needs are not there; while one is missing, only a line goes public."""
    values = answers_of(system)
    body = answering_body(system.organization)
    contacts = {"contact_phone": system.contact_phone or body.contact_phone, "postal_address": body.postal_address}
    return list(missing_sheet_answers(values, contacts))


def kind_for(system: AISystem) -> PublicationKind:
    return PublicationKind.LINE if missing_for_sheet(system) else PublicationKind.SHEET


def frozen_facts(system: AISystem, kind: PublicationKind) -> dict[str, Any]:
    """The part of the document that is submitted to a second look: everything but number and date."""
    facts = gather_facts(system)
    if kind != PublicationKind.SHEET:
        facts["system"] = {key: facts["system"][key] for key in LINE_KEYS if key in facts["system"]}
        facts["details"] = {}
    return {
        "schema": SCHEMA_NAME,
        "catalogue": CATALOGUE.version,
        "reference": system.reference,
        "kind": str(kind),
        "is_demonstration": system.organization.is_demonstration,
        **_each_code_once(facts),
    }


def _each_code_once(told: Any) -> Any:
    """A list of codes holds each of them once, also where one was stored twice: the schema refuses the second."""
    return _with_codes(told, lambda codes: list(dict.fromkeys(codes)))


def codes_as_sets(told: Any) -> Any:
    """To compare two documents: the order of codes means nothing, and an older one may have another."""
    return _with_codes(told, frozenset)


def _with_codes(told: Any, read: Callable[[Iterable[str]], Any]) -> Any:
    """The same document, each of its lists of codes as `read` gives it back."""
    if isinstance(told, Mapping):
        return {key: _with_codes(value, read) for key, value in told.items()}
    if isinstance(told, (list, tuple)):
        are_codes = all(isinstance(one, str) for one in told)
        return read(told) if are_codes else [_with_codes(one, read) for one in told]
    return told


def withheld_facts(system: AISystem, ground: str, note: Mapping[str, str]) -> dict[str, Any]:
    """All that is told of a system that the law keeps from the public: its number, its body, the ground."""
    frozen = frozen_facts(system, PublicationKind.WITHHELD)
    return frozen | {"system": {}, "details": {}, "withheld": {"ground": ground, "note": dict(note)}}


def finish_document(frozen: Mapping[str, Any], *, number: int, is_major: bool, note: str, day: date) -> dict[str, Any]:
    """The whole document of one version, checked: a document that its schema refuses is never published."""
    document = {
        **_each_code_once(frozen),
        "number": number,
        "published_on": day.isoformat(),
        "change": {"is_major": is_major, "note": {"fr": note} if note else {}},
    }
    validator(document["schema"]).validate(document)
    return document


def digest_of(document: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON: sorted keys, no spaces, UTF-8. Anyone may recompute it from the public file."""
    return hashlib.sha256(canonical_json(document)).hexdigest()


def canonical_json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


@cache
def validator(name: str) -> jsonschema.Draft202012Validator:
    """The shape of one generation of documents: `publication.v1`, `publication.v2`…"""
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
