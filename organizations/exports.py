"""The shape of what leaves by mail: one text, in the reader's language, and the same as plain HTML."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

# A mail server that does not answer must not hold the person who waits for the page.
SECONDS = 10
BLANK_LINE = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Block:
    """A paragraph, a list or the one address a message is about."""

    kind: str
    lines: tuple[str, ...]


def letter(template: str, context: Mapping[str, Any], *, to: str, language: str) -> EmailMultiAlternatives:
    """A mail made of one text template: its first line is the subject. Nothing in it is fetched from elsewhere.

    The `organization` of the context says whether all of it is a demonstration; the mail then says so.
    """
    with translation.override(language):
        text = render_to_string(template, dict(context)).strip()
        subject, _blank, body = text.partition("\n")
        if getattr(context.get("organization"), "is_demonstration", False):
            body += "\n\n" + _("Demonstration: no body, person or system in this message exists.")
        return letter_of(subject, body, to=to, language=language)


def letter_of(subject: str, body: str, *, to: str, language: str) -> EmailMultiAlternatives:
    """The same from a subject and a text made already, in the language in force."""
    subject = " ".join(subject.split())
    signature = _("Vigie – governance register of public AI")
    body = f"{body.strip()}\n\n-- \n{signature}\n{settings.PUBLIC_URL}/\n"
    mail = EmailMultiAlternatives(subject, body, settings.DEFAULT_FROM_EMAIL, [to])
    mail.connection = get_connection(timeout=SECONDS)
    told = {"subject": subject, "blocks": blocks(body), "language": language}
    mail.attach_alternative(render_to_string("organizations/email/letter.html", told), "text/html")
    # Machines that answer mail leave this one alone (RFC 3834).
    mail.extra_headers["Auto-Submitted"] = "auto-generated"
    return mail


def blocks(body: str) -> list[Block]:
    found = []
    for part in BLANK_LINE.split(body.strip()):
        lines = tuple(line.strip() for line in part.splitlines() if line.strip())
        if all(line.startswith("- ") for line in lines):
            found.append(Block("list", tuple(line[2:] for line in lines)))
        elif len(lines) == 1 and lines[0].startswith(("http://", "https://")):
            found.append(Block("link", lines))
        else:
            found.append(Block("text", lines))
    return found
