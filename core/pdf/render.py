"""Limits, typed result and order of work of the PDF door; it imports no PDF library until a document is asked for."""

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.pdf.errors import DocumentTooLarge

# A sheet is about 20 KB; the largest report of one body about 2 MB. Beyond this a page of the site serves better.
HTML_LIMIT = 5_000_000
# Pango's font map and the process environment are shared by threads: one document at a time in a process.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Attachment:
    """A file carried inside the PDF (PDF/A-3), such as the data of a table."""

    name: str
    content: bytes
    description: str
    relationship: str = "Data"


@dataclass(frozen=True)
class RenderedPdf:
    """A finished PDF, with the HTML it came from so that people and tests can read it."""

    html: str
    content: bytes
    sha256: str
    pages: int


def render_pdf(
    *,
    html: str,
    language: str,
    identifier: bytes | str,
    created: datetime,
    attachments: Sequence[Attachment] = (),
) -> RenderedPdf:
    """Make a PDF/A-3a and PDF/UA-1 document; same arguments, same bytes, whatever the process or the moment.

    `identifier` names the document for ever (reference, version, language); `created` is the only date written in it.
    Raises `DocumentTooLarge`, `ForbiddenResource`, `FontsMissing` or `LanguageMismatch`.
    """
    size = len(html.encode(errors="replace"))
    if size > HTML_LIMIT:
        raise DocumentTooLarge(size, HTML_LIMIT)
    if created.tzinfo is None:
        raise ValueError("`created` needs a time zone: the same moment must give the same bytes everywhere.")
    # WeasyPrint costs 60 MB and half a second: only the worker that makes a document pays for it.
    from core.pdf import engine, finish

    with _one_at_a_time:
        draft = engine.typeset(
            html=html, language=language, identifier=identifier, created=created, attachments=attachments
        )
        content, pages = finish.finish(draft)
    return RenderedPdf(html=html, content=content, sha256=hashlib.sha256(content).hexdigest(), pages=pages)
