"""The files of an assessment by their kind, and how each is called."""

import unicodedata
from datetime import datetime

from assessments.exports import json_document, table, word, workbook
from assessments.exports.told import Material, told_of_material
from assessments.exports.told.heads import reference_of
from assessments.exports.told.remarks import comments_of
from core import clock

MEDIA_TYPES = {
    "csv": table.MEDIA_TYPE,
    "xlsx": workbook.MEDIA_TYPE,
    "docx": word.MEDIA_TYPE,
    "json": json_document.MEDIA_TYPE,
}
DRAFT = {"fr": "brouillon", "en": "draft"}


def made(material: Material, kind: str, *, moment: datetime) -> bytes:
    """Threads of comments travel in the files that one works in, Word and Excel, and in no other."""
    if kind == "json":
        return json_document.assessment_json(material)
    if kind == "csv":
        return table.answers_csv(told_of_material(material))
    told = told_of_material(material, comments=comments_of(material.assessment))
    return word.assessment_word(told, moment=moment) if kind == "docx" else workbook.assessment_workbook(told)


def file_name(material: Material, kind: str, *, language: str, moment: datetime) -> str:
    """`efvp-DEMO-SIGLE-0001-v2-2026-11-22.docx`: ASCII, so that no system spoils it; the demonstration is in it."""
    body = material.assessment.organization
    prefix = "DEMO" if body.is_demonstration else "QC"
    number = reference_of(material) or f"{prefix}-{body.sigle}"
    plain = unicodedata.normalize("NFKD", number).encode("ascii", "ignore").decode()
    state = f"v{material.submission.number}" if material.submission else DRAFT[language] if material.is_draft else ""
    day = f"{clock.civil_date(moment):%Y-%m-%d}"
    return "-".join(filter(None, (material.assessment.instrument, plain, state, day))) + f".{kind}"
