"""The files of an assessment by their kind, and how each is called."""

import hashlib
import unicodedata
from datetime import datetime

from django.template.loader import render_to_string

from assessments.exports import json_document, table, word, workbook
from assessments.exports.told import Comments, Material, told_of_material
from assessments.exports.told.heads import reference_of
from assessments.exports.told.remarks import comments_of
from core import clock

MEDIA_TYPES = {
    "csv": table.MEDIA_TYPE,
    "xlsx": workbook.MEDIA_TYPE,
    "docx": word.MEDIA_TYPE,
    "html": "text/html; charset=utf-8",
    "json": json_document.MEDIA_TYPE,
}
DRAFT = {"fr": "brouillon", "en": "draft"}


class AssessmentFile:
    """One file of an assessment, told once. Threads of comments travel in the files that one works in, Word and Excel,
    and in no other.
    """

    def __init__(self, material: Material, kind: str) -> None:
        self.material, self.kind = material, kind
        self.told = told_of_material(material, comments=self._comments()) if kind != "json" else None

    def _comments(self) -> Comments:
        return comments_of(self.material.assessment) if self.kind in {"docx", "xlsx"} else {}

    @property
    def digest(self) -> str:
        """Of what it says: the moment of its making, which Word and Excel keep, does not move it."""
        said = json_document.assessment_json(self.material) if self.told is None else repr(self.told).encode()
        return hashlib.sha256(self.kind.encode() + b"\0" + said).hexdigest()

    def content(self, moment: datetime) -> bytes:
        if self.told is None:
            return json_document.assessment_json(self.material)
        if self.kind == "csv":
            return table.answers_csv(self.told)
        if self.kind == "html":
            return render_to_string("assessments/export.html", {"told": self.told}).encode()
        if self.kind == "docx":
            return word.assessment_word(self.told, moment=moment)
        return workbook.assessment_workbook(self.told)


def made(material: Material, kind: str, *, moment: datetime) -> bytes:
    return AssessmentFile(material, kind).content(moment)


def file_name(material: Material, kind: str, *, language: str, moment: datetime) -> str:
    """`efvp-DEMO-SIGLE-0001-v2-2026-11-22.docx`: ASCII, so that no system spoils it; the demonstration is in it."""
    body = material.assessment.organization
    prefix = "DEMO" if body.is_demonstration else "QC"
    number = reference_of(material) or f"{prefix}-{body.sigle}"
    plain = unicodedata.normalize("NFKD", number).encode("ascii", "ignore").decode()
    state = f"v{material.submission.number}" if material.submission else DRAFT[language] if material.is_draft else ""
    day = f"{clock.civil_date(moment):%Y-%m-%d}"
    return "-".join(filter(None, (material.assessment.instrument, plain, state, day))) + f".{kind}"
