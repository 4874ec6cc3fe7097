"""Typesetting by WeasyPrint under fixed conditions: bundled files and fonts only, one date, no clock."""

import atexit
import functools
import io
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from fontTools.ttLib import TTFont
from weasyprint import CSS, HTML
from weasyprint import Attachment as WeasyAttachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from core.pdf import tagging
from core.pdf.bundled import BundledFiles, font_faces, font_paths
from core.pdf.errors import ForbiddenResource, LanguageMismatch
from core.pdf.legible import make_legible
from core.pdf.render import Attachment

_NO_SYSTEM_FONT = b'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig></fontconfig>'


def typeset(
    *, html: str, language: str, identifier: bytes | str, created: datetime, attachments: Sequence[Attachment]
) -> bytes:
    """Lay the HTML out and write it as PDF/A-3a, still to be finished."""
    tagging.install()
    fonts, faces, drawable = _fonts()
    try:
        # fontTools stamps the fonts it cuts with this date instead of now.
        with _environment(SOURCE_DATE_EPOCH=str(int(created.timestamp()))):
            source = HTML(string=html, url_fetcher=BundledFiles(), media_type="print")
            _check_language(source.etree_element, language)
            make_legible(source.etree_element, drawable)
            _split_folio(source.etree_element)
            document = source.render(font_config=fonts, stylesheets=[faces], presentational_hints=False)
            return bytes(_write(document, identifier, created, attachments))
    except FatalURLFetchingError as refusal:
        raise ForbiddenResource from refusal


def _check_language(tree: Any, language: str) -> None:
    found = tree.get("lang", "")
    if found.split("-")[0] != language.split("-")[0]:
        raise LanguageMismatch(asked=language, found=found)


def _split_folio(tree: Any) -> None:
    """`data-folio="page {page} of {pages}"` → what stands before, between and after the counters of print.css."""
    for body in tree.iter("body"):
        before, _, rest = body.get("data-folio", "").partition("{page}")
        between, _, after = rest.partition("{pages}")
        for name, text in (("before", before), ("between", between), ("after", after)):
            body.set(f"data-folio-{name}", text)


def _write(document: Any, identifier: bytes | str, created: datetime, attachments: Sequence[Attachment]) -> bytes:
    if not document.metadata.title:
        raise ValueError("A document needs a <title>: it is what a screen reader announces first.")
    moment = created.astimezone(UTC)
    document.metadata.created = document.metadata.modified = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    document.metadata.generator = "Vigie"
    content: bytes = document.write_pdf(
        pdf_variant="pdf/a-3a",
        pdf_identifier=identifier.encode() if isinstance(identifier, str) else identifier,
        attachments=[
            WeasyAttachment(
                file_obj=io.BytesIO(attachment.content),
                name=attachment.name,
                description=attachment.description,
                relationship=attachment.relationship,
                created=moment,
                modified=moment,
            )
            for attachment in attachments
        ],
    )
    return content


@functools.cache
def _fonts() -> tuple[FontConfiguration, CSS, frozenset[int]]:
    """Our fonts alone, unpacked once per process: the fonts of the machine would change the bytes of a document."""
    paths = font_paths()
    with tempfile.NamedTemporaryFile(suffix=".conf") as settings:
        settings.write(_NO_SYSTEM_FONT)
        settings.flush()
        with _environment(FONTCONFIG_FILE=settings.name):
            configuration = FontConfiguration()
    atexit.register(_fonts.cache_clear)  # removes the unpacked files while the modules it needs are still there
    faces = CSS(string=font_faces(paths), url_fetcher=BundledFiles(), font_config=configuration)
    drawable: set[int] = set()
    for path in paths.values():
        with TTFont(path, lazy=True) as font:
            drawable.update(font.getBestCmap())
    return configuration, faces, frozenset(drawable)


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    """Variables that two C and Python libraries read, for the time of a call; `render_pdf` holds the lock."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
