"""The one PDF door: HTML of our own templates in, archival and accessible PDF out; WeasyPrint loads on first use."""

from core.pdf.errors import (
    DocumentTooLarge,
    FontsMissing,
    ForbiddenResource,
    LanguageMismatch,
    PdfError,
)
from core.pdf.render import Attachment, RenderedPdf, render_pdf

__all__ = [
    "Attachment",
    "DocumentTooLarge",
    "FontsMissing",
    "ForbiddenResource",
    "LanguageMismatch",
    "PdfError",
    "RenderedPdf",
    "render_pdf",
]
