"""What can go wrong at the PDF door, each in a sentence that says what to do."""

from django.utils.translation import gettext as _


class PdfError(Exception):
    """No PDF was made; the message is for the person who asked for it."""


class DocumentTooLarge(PdfError):
    def __init__(self, size: int, limit: int) -> None:
        super().__init__(
            _(
                "This document is too large to become a PDF: %(size)d MB of text, the limit is %(limit)d MB. "
                "Use its web page, or ask for a smaller part of it."
            )
            % {"size": -(-size // 1_000_000), "limit": limit // 1_000_000}
        )


class ForbiddenResource(PdfError):
    """A template or a text tried to reach something that is not bundled with the program."""

    def __init__(self) -> None:
        super().__init__(
            _("The PDF was not made: the document asks for a resource outside the program. Tell the administrator.")
        )


class FontsMissing(PdfError):
    def __init__(self, names: str) -> None:
        super().__init__(
            _("The fonts of the PDF are missing (%(names)s). Build the front-end with “make start” or “make test”.")
            % {"names": names}
        )


class LanguageMismatch(PdfError):
    """A programming fault: the template was rendered in another language than the one asked for."""

    def __init__(self, *, asked: str, found: str) -> None:
        super().__init__(f"The HTML says lang={found!r} but the PDF was asked for in {asked!r}.")
