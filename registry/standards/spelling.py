"""Words that French or English know: one that is written right is no typing mistake, whatever it looks like."""

from functools import cache, lru_cache

from spellchecker import SpellChecker

from registry.standards.words import fold

LANGUAGES = ("fr", "en")


@lru_cache(maxsize=4096)
def is_known(word: str) -> bool:
    """With or without its capitals and accents: «metro» is «métro», and no mistake for «météo»."""
    return f"\n{fold(word)}\n" in _known_words()


@cache
def _known_words() -> str:
    """One text of some three megabytes: as many words in a set would take ten times that in each process."""
    words = {fold(word) for language in LANGUAGES for word in SpellChecker(language=language).word_frequency.words()}
    return "\n".join(["", *sorted(words), ""])
