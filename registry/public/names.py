"""What a published system is called: its name, or on which ground the law keeps it from the public."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.text import Localized, pick, reader_language
from registry.models import Publication
from registry.rules.withholding import GROUNDS, REVIEW, Ground, Review
from registry.workflow import PublicationKind


@dataclass(frozen=True)
class Withheld:
    """Why a system is not described. `ground` is empty for a code that the list no longer has."""

    code: str
    ground: Ground | None
    note: Localized
    review: Review

    @property
    def label(self) -> Localized:
        return pick(dict(self.ground.label)) if self.ground else Localized(self.code, reader_language())


def name_in(document: Mapping[str, Any]) -> Localized:
    """A withheld system has no name in its document; lists and pages still need words for it."""
    names = document["system"].get("name", {})
    return pick(names) if names else Localized(_("System not disclosed"), reader_language())


def withheld_in(document: Mapping[str, Any]) -> Withheld | None:
    """The ground, when this version is the stub of a withheld system."""
    told = document.get("withheld")
    return Withheld(told["ground"], GROUNDS.get(told["ground"]), pick(told["note"]), REVIEW) if told else None


def note_in(version: Publication) -> Localized:
    """What changed, as its body wrote it; of a withheld system the ground, which is told in the reader's language."""
    note = version.change_note_fr
    if version.kind == PublicationKind.WITHHELD:
        for ground in GROUNDS.values():
            if ground.label["fr"] == note:
                return pick(dict(ground.label))
    return Localized(note, "fr")
