"""The one PDF door: HTML of our own templates in, archival and accessible PDF out; PDFs made elsewhere are looked into.

No PDF library loads before its first use.
"""

from core.pdf.errors import (
    DocumentTooLarge,
    FontsMissing,
    ForbiddenResource,
    LanguageMismatch,
    PdfError,
)
from core.pdf.foreign import problem_of_pdf
from core.pdf.render import Attachment, RenderedPdf, render_pdf

__all__ = [
    "Attachment",
    "DocumentTooLarge",
    "FontsMissing",
    "ForbiddenResource",
    "LanguageMismatch",
    "PdfError",
    "RenderedPdf",
    "problem_of_pdf",
    "render_pdf",
]
