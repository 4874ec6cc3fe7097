"""Why a system is among the results when its card does not say so: the sentence of its sheet that holds the word."""

import re
from collections.abc import Mapping
from itertools import chain
from typing import Any

from core.text import Localized, pick
from registry.public.search.everyday_words import normal_form
from registry.public.search.texts import free_answers

# Where search looks besides the name and the sentence, in the order of the page.
FIELDS = ("need", "benefit", "data_description", "affected_details", "unit")
SHORTEST, LONGEST = 4, 240
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_WORD = re.compile(r"[^\W_]+")


def excerpt_for(text: str, document: Mapping[str, Any], *, everywhere: bool = False) -> Localized:
    """The first sentence with a word that was typed; nothing when the name or the sentence of the card has one.

    `everywhere`: in any text of the sheet, when none of those that say what it is about has it.
    """
    system = document["system"]
    typed = {word for word in _words(text) if len(word) >= SHORTEST}
    shown = " ".join(str(pick(system.get(key, {}))) for key in ("name", "summary"))
    if not typed or typed & _words(shown):
        return Localized("", "fr")
    about = (system.get(key, {}) for key in FIELDS)
    for answer in chain(about, free_answers(document) if everywhere else ()):
        told = Localized(answer, "fr") if isinstance(answer, str) else pick(answer)
        for sentence in _SENTENCE.split(told.text):
            if typed & _words(sentence) and len(sentence) <= LONGEST:
                return Localized(sentence.strip(), told.language)
    return Localized("", "fr")


def _words(text: str) -> set[str]:
    return {normal_form(word) for word in _WORD.findall(text)}
