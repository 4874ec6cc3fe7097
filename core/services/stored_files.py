"""A file is handed out only while it is there."""

from django.utils.translation import gettext as _

from core.models import StoredFile
from core.services.refusals import NotPossibleNow


def check_stored(stored: StoredFile, sentence: str = "") -> None:
    """Raise `NotPossibleNow` for a file that was erased or lost; `sentence`: what to do about this one."""
    if not stored.content.name or not stored.content.storage.exists(stored.content.name):
        lost = _("This file is missing from the store: tell the administration of the platform.")
        raise NotPossibleNow(sentence or lost)
