"""The page of one system: its published answers in the order of a citizen's questions, and its versions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.text import Localized, pick
from registry.field_catalogue import CATALOGUE, Field
from registry.models import Publication, PublicRecord
from registry.public.codes import Coded, coded
from registry.public.plain_words import in_plain_words
from registry.workflow import Autonomy, PublicationKind

# Said elsewhere on the page: in its title, its first paragraph, or beside the telephone.
NOT_REPEATED = frozenset({"name_fr", "summary_fr", "contact_email", "contact_phone"})


@dataclass(frozen=True)
class Answer:
    """One public field: a text, one or several codes, or a date; all empty when the body has not filled it in."""

    code: str
    label: str
    text: Localized
    chosen: tuple[Coded, ...] = ()
    day: date | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.chosen or self.day)


@dataclass(frozen=True)
class Section:
    """One of the citizen's questions and what answers it."""

    code: str
    question: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Version:
    """One line of the history."""

    number: int
    kind: str
    is_major: bool
    note: str
    digest: str
    published_at: datetime
    had_second_look: bool


@dataclass(frozen=True)
class BodyThen:
    """The body as it was when this version was published."""

    sigle: str
    slug: str
    name: Localized
    regimes: tuple[str, ...]
    email: str
    phone: str
    postal_address: str


@dataclass(frozen=True)
class Sheet:
    """One version of one system, ready to be shown."""

    version: Version
    current_number: int
    is_shown: bool
    reference: str
    is_demonstration: bool
    name: Localized
    summary: Localized
    unit: Localized
    body: BodyThen
    phase: Coded
    autonomy: str
    personal_information: str
    email: str
    phone: str
    sections: tuple[Section, ...]
    plain_words: tuple[Localized, ...]
    document: Mapping[str, Any]

    @property
    def kind(self) -> str:
        return self.version.kind

    @property
    def is_readable(self) -> bool:
        """Of a withdrawn sheet only the last version, which says so, is still told."""
        return self.is_shown or self.is_current

    @property
    def autonomy_scale(self) -> tuple[Coded, ...]:
        """The four degrees, from helping to deciding alone: one is understood beside the others."""
        return tuple(coded("autonomy", degree) for degree in Autonomy)

    @property
    def is_current(self) -> bool:
        return self.version.number == self.current_number

    @property
    def canonical_json(self) -> bytes:
        """The bytes whose SHA-256 is the digest: anyone may check."""
        return json.dumps(self.document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def find_sheet(reference: str, number: int | None = None) -> Sheet | None:
    """The version shown now, or the one with this number; none if the public has never seen it."""
    record = (
        PublicRecord.objects.select_related("publication")
        .only("kind", *(f"publication__{column}" for column in Publication.public_columns))
        .filter(reference=reference)
        .first()
    )
    if record is None:
        return None
    publication: Publication | None = record.publication
    if number is not None and number != record.publication.number:
        versions = Publication.objects.only(*Publication.public_columns)
        publication = versions.filter(reference=reference, number=number).first()
    return _sheet(publication, record) if publication else None


def history_of(reference: str) -> list[Version]:
    """Every public version, latest first."""
    columns = [column for column in Publication.public_columns if column != "document"]
    versions = Publication.objects.only(*columns).filter(reference=reference).order_by("-number")
    return [_version(each) for each in versions]


def _sheet(publication: Publication, record: PublicRecord) -> Sheet:
    is_withdrawn = record.kind == PublicationKind.WITHDRAWN
    # Of a withdrawn sheet nothing is told but what its last version tells, whichever version is asked for.
    document = record.publication.document if is_withdrawn else publication.document
    system, body = document["system"], document["body"]
    return Sheet(
        version=_version(publication),
        current_number=record.publication.number,
        is_shown=not is_withdrawn,
        reference=publication.reference,
        is_demonstration=document["is_demonstration"],
        name=pick(system["name"]),
        summary=pick(system.get("summary", {})),
        unit=pick(system.get("unit", {})),
        body=_body(body),
        phase=coded("phase", system["phase"]),
        autonomy=system.get("autonomy", ""),
        personal_information=system.get("personal_information", ""),
        email=system.get("contact_email", ""),
        phone=system.get("contact_phone", ""),
        sections=_sections(system) if document["kind"] == PublicationKind.SHEET else (),
        plain_words=in_plain_words(system) if document["kind"] == PublicationKind.SHEET else (),
        document=document,
    )


def _body(body: Mapping[str, Any]) -> BodyThen:
    return BodyThen(
        sigle=body["sigle"],
        slug=body["slug"],
        name=pick(body["name"]),
        regimes=tuple(body["regimes"]),
        email=body.get("email", ""),
        phone=body.get("phone", ""),
        postal_address=body.get("postal_address", ""),
    )


def _version(publication: Publication) -> Version:
    return Version(
        number=publication.number,
        kind=publication.kind,
        is_major=publication.is_major,
        note=publication.change_note_fr,
        digest=publication.digest,
        published_at=publication.published_at,
        had_second_look=publication.case_id is not None,
    )


def _sections(system: Mapping[str, Any]) -> tuple[Section, ...]:
    """Every public field of the catalogue, filled in or not: an empty one is shown as such."""
    found = []
    for section in CATALOGUE.sections:
        fields = [field for field in CATALOGUE.in_section(section.code) if _is_told(field, system)]
        question = pick(dict(section.question)).text
        # How to reach the body is told beside its name: the heading stays.
        if fields or section.code == "contact":
            found.append(Section(section.code, question, tuple(_answer(each, system) for each in fields)))
    return tuple(found)


def _is_told(field: Field, system: Mapping[str, Any]) -> bool:
    """What every declaration answers, and whatever else this one answered; the reading for experts shows the rest."""
    if field.code in NOT_REPEATED or not field.may_be_public:
        return False
    return field.code.removesuffix("_fr") in system or (field.asked_first and field.visibility == "public")


def _answer(field: Field, system: Mapping[str, Any]) -> Answer:
    code = field.code.removesuffix("_fr")
    value = system.get(code)
    label = pick(dict(field.label)).text
    if isinstance(value, dict):
        return Answer(code, label, pick(value))
    if field.choices:
        codes = value if isinstance(value, list) else [value] if value else []
        return Answer(code, label, pick({}), tuple(coded(field.code, one) for one in codes))
    if field.kind == "date":
        return Answer(code, label, pick({}), day=date.fromisoformat(value) if value else None)
    return Answer(code, label, Localized(value or "", "fr"))
