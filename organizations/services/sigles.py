"""A sigle is in every number its body gives out, so it never changes hands."""

import re

from django.utils.translation import gettext as _

from core.services import InvalidInput
from core.text import clean_line
from organizations.models import Organization, Succession

SIGLE = re.compile(r"[A-Z][A-Z0-9]{1,11}\Z")


def check_sigle(typed: str, *, of: Organization | None = None) -> str:
    """The sigle in capitals. Raises `InvalidInput` when its form is wrong or another body bears it or bore it."""
    sigle = clean_line(typed).upper()
    if not SIGLE.match(sigle):
        raise InvalidInput(
            _("A sigle has 2 to 12 capital letters without accents or digits, and begins with a letter."), field="sigle"
        )
    others = Organization.objects.exclude(pk=of.pk) if of else Organization.objects.all()
    if others.filter(sigle=sigle).exists():
        raise InvalidInput(_("Another body has this sigle: choose one that tells yours apart."), field="sigle")
    former = Succession.objects.exclude(successor=of) if of else Succession.objects.all()
    if former.filter(former_sigle=sigle).exists():
        raise InvalidInput(
            _("Another body had this sigle and its numbers still carry it: choose another one."), field="sigle"
        )
    return sigle
