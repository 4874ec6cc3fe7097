"""Typesetting by WeasyPrint under fixed conditions: bundled files and fonts only, one date, no clock."""

import atexit
import functools
import io
import logging
import os
import tempfile
import warnings
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

# Every step of every document, and letters of the texts: neither belongs in the logs of a worker.
for _chatty in ("weasyprint.progress", "fontTools"):
    logging.getLogger(_chatty).setLevel(logging.WARNING)


def typeset(
    *, html: str, language: str, identifier: bytes | str, created: datetime, attachments: Sequence[Attachment]
) -> bytes:
    """Lay the HTML out and write it as PDF/A-3a, still to be finished."""
    tagging.install()
    fonts, faces, drawable = _fonts()
    files = BundledFiles()
    try:
        # fontTools stamps the fonts it cuts with this date instead of now.
        with _environment(SOURCE_DATE_EPOCH=str(int(created.timestamp()))):
            source = HTML(string=html, url_fetcher=files, media_type="print")
            _check_language(source.etree_element, language)
            make_legible(source.etree_element, drawable)
            _split_folio(source.etree_element)
            document = source.render(font_config=fonts, stylesheets=[faces], presentational_hints=False)
            draft = _write(document, identifier, created, attachments)
    except FatalURLFetchingError as refusal:
        raise ForbiddenResource from refusal
    if files.has_refused:
        raise ForbiddenResource
    return draft


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
    about = document.metadata
    about.title, about.description = (" ".join((text or "").split()) for text in (about.title, about.description))
    if not about.title:
        raise ValueError("A document needs a <title>: it is what a screen reader announces first.")
    moment = created.astimezone(UTC)
    about.created = about.modified = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    about.generator = "Vigie"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # WeasyPrint never closes its colour profile
        return bytes(
            document.write_pdf(
                pdf_variant="pdf/a-3a",
                pdf_identifier=identifier.encode() if isinstance(identifier, str) else identifier,
                attachments=[_carried(attachment, moment) for attachment in attachments],
            )
        )


def _carried(attachment: Attachment, moment: datetime) -> WeasyAttachment:
    return WeasyAttachment(
        file_obj=io.BytesIO(attachment.content),
        name=attachment.name,
        description=attachment.description,
        relationship=attachment.relationship,
        created=moment,
        modified=moment,
    )


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
