"""What a published system is called: its name, or that the law keeps it from the public."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.text import Localized, pick, reader_language


def name_in(document: Mapping[str, Any]) -> Localized:
    """A withheld system has no name in its document; lists and pages still need words for it."""
    names = document["system"].get("name", {})
    return pick(names) if names else Localized(_("System not disclosed"), reader_language())
