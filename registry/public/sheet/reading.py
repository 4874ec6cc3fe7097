"""One version of one system read from its document, whatever its shape, and the list of its versions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from core.text import OTHER_LANGUAGE, Localized, pick, reader_language
from registry.field_catalogue import CATALOGUE
from registry.models import Publication, PublicRecord
from registry.public.codes import Coded, coded
from registry.public.names import Withheld, name_in, note_in, withheld_in
from registry.public.plain_words import in_plain_words
from registry.public.sheet.answers import answer_of
from registry.public.sheet.sections import citizen_sections, expert_sections
from registry.public.sheet.shapes import Answer, BodyThen, Section, Version
from registry.public.sheet.solution import SolutionTold, solution_in
from registry.workflow import NOT_SHOWN, Autonomy, PublicationKind

LINE_FIELDS = ("phase", "category")


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
    plain_words: tuple[Localized, ...]
    document: Mapping[str, Any]

    @property
    def has_sheet(self) -> bool:
        """Of a withdrawn sheet, whichever version is asked for, only what the last one says may be read."""
        return bool(self.document["kind"] == PublicationKind.SHEET)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """What a citizen reads."""
        return citizen_sections(self.document["system"], self.details) if self.has_sheet else ()

    @cached_property
    def full_sections(self) -> tuple[Section, ...]:
        """Every public field, for whoever studies the register."""
        return expert_sections(self.document["system"], self.details) if self.has_sheet else ()

    @property
    def details(self) -> Mapping[str, Any]:
        """Rows and what follows from the answers; documents of the first shape have none."""
        found: Mapping[str, Any] = self.document.get("details", {})
        return found

    @cached_property
    def solution(self) -> SolutionTold | None:
        """The shared product this version names, as it was described then; none in the document of a line."""
        return solution_in(self.document) if self.has_sheet else None

    @property
    def line_answers(self) -> tuple[Answer, ...]:
        """What a line «déclaré, fiche à venir» tells besides its name."""
        system = self.document["system"]
        return tuple(answer_of(CATALOGUE.field(code), system.get(code)) for code in LINE_FIELDS)

    @property
    def only_language(self) -> str:
        """The language it is published in when none of its texts is in the reader's; empty when one is, and of the
        trace of a withdrawn sheet, which has no text.
        """
        told = [texts for texts in self.document["system"].values() if isinstance(texts, Mapping)]
        languages = {language for texts in told for language, text in texts.items() if text}
        is_read = not languages or reader_language() in languages
        return "" if is_read or not self.is_shown else OTHER_LANGUAGE[reader_language()]

    @property
    def departs_from_principle_4(self) -> bool:
        """It decides alone about rights, which the strategy promised no system would."""
        return bool(self.details.get("departs_from_principle_4"))

    @property
    def is_withheld(self) -> bool:
        """The law keeps its description from the public: number, body, ground and date are told, and nothing else."""
        return bool(self.document["kind"] == PublicationKind.WITHHELD)

    @property
    def withheld(self) -> Withheld | None:
        return withheld_in(self.document)

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


def history_of(sheet: Sheet) -> list[Version]:
    """Every public version, latest first. Once it is withdrawn or withheld, only the last one still says what changed:
    the notes of the others may tell what was taken from the public.
    """
    columns = [column for column in Publication.public_columns if column != "document"]
    versions = Publication.objects.only(*columns).filter(reference=sheet.reference).order_by("-number")
    return [_version(each, is_told=sheet.is_shown or each.number == sheet.current_number) for each in versions]


def _sheet(publication: Publication, record: PublicRecord) -> Sheet:
    is_shown = record.kind not in NOT_SHOWN
    # Of a withdrawn or withheld sheet nothing is told but what its last version tells, whichever one is asked for.
    document = publication.document if is_shown else record.publication.document
    system, body = document["system"], document["body"]
    return Sheet(
        version=_version(publication, is_told=is_shown or publication.pk == record.publication_id),
        current_number=record.publication.number,
        is_shown=is_shown,
        reference=publication.reference,
        is_demonstration=document["is_demonstration"],
        name=name_in(document),
        summary=pick(system.get("summary", {})),
        unit=pick(system.get("unit", {})),
        body=_body(body),
        phase=coded("phase", system.get("phase", "")),
        autonomy=system.get("autonomy", ""),
        personal_information=system.get("personal_information", ""),
        email=system.get("contact_email", ""),
        phone=system.get("contact_phone", ""),
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


def _version(publication: Publication, *, is_told: bool) -> Version:
    return Version(
        number=publication.number,
        kind=publication.kind,
        is_major=publication.is_major,
        note=note_in(publication) if is_told else Localized("", "fr"),
        digest=publication.digest,
        published_at=publication.published_at,
        had_second_look=publication.case_id is not None,
    )
