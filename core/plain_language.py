"""Plain language, read by rules: long sentences, acronyms nobody explained, office words, how hard a text is to read.

Advice and never a refusal. The difficulty is Flesch's reading ease; for French, as Kandel and Moles adapted it (1958):
207 − 1.015 × words per sentence − 73.6 × syllables per word. Syllables are approximated by groups of vowels, without
the silent ending of French words: fair over a paragraph, and no more than that.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

LONGEST_SENTENCE = 25
# Below, a text is judged by its sentences alone: an average over a few words means nothing.
FEWEST_WORDS = 40
HARD = 35.0
MOST_READ = 10_000
MOST_FINDINGS = 12

_TOKEN = re.compile(r"\S+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_END = re.compile(r"[.!?…]+[\"»”)\]]*$")
_ACRONYM = re.compile(r"(?<![\w'-])[A-ZÀÂÇÉÈÊËÎÏÔÛÜ]{2,8}(?![\w-])")
_ROMAN = re.compile(r"[IVXLCDM]+")
_EXPLAINED_AFTER = re.compile(r"\s{0,3}\(\s{0,3}\w{1,40}[ '’-]\w")
_PASSIVE = {
    "fr": re.compile(
        r"\b(?:est|sont|était|étaient|sera|seront|(?:a|ont|avait|avaient|aura|auront) été) (?:\w{1,20}ment )?"
        r"\w{1,25}(?:ée?s?|ie?s?|ite?s?|ue?s?) par\b",
        re.IGNORECASE,
    ),
    "en": re.compile(r"\b(?:is|are|was|were|been) (?:\w{1,20}ly )?\w{1,25}(?:ed|en) by\b", re.IGNORECASE),
}
_SYLLABLES = {
    # «qu» and «gu» sound one consonant; an accented vowel that follows another one is heard apart.
    "fr": re.compile(r"(?:(?<=[qg])u(?=[aeiouyéèêàâîô]))|([éèêëïüö]|[aeiouyœæùäàâîôû]+)"),
    "en": re.compile(r"(?!)|([aeiouy]+)"),
}
_SILENT = {
    "fr": re.compile(r"(?<=[^aeiouyéèêëïü])es?$|(?<=[^aeiouyéèêëïüm])ent$"),
    "en": re.compile(r"(?<=[^aeiouyl])(?:e|ed|es)$"),
}
_FLESCH = {"fr": (207.0, 1.015, 73.6), "en": (206.835, 1.015, 84.6)}


@dataclass(frozen=True)
class Finding:
    """One thing to look at again: what kind, where in the text, and one sentence that says what to do."""

    kind: str
    start: int
    end: int
    sentence: str


@dataclass(frozen=True)
class Sentence:
    start: int
    end: int
    words: int


def findings(text: str, language: str = "fr") -> list[Finding]:
    """At most a dozen, in the order of the text; what is about the whole text comes last."""
    text = text[:MOST_READ]
    told = [*_long_sentences(text, language), *_acronyms(text, language), *_jargon(text, language)]
    told += _passives(text, language)
    told.sort(key=lambda each: (each.start, each.end))
    return [*told[: MOST_FINDINGS - 1], *_hard(text, language)]


def sentences(text: str, language: str = "fr") -> Iterator[Sentence]:
    """A line is a sentence at least; «M. Roy» and «art. 65» do not end one."""
    abbreviations = _data(language)["abbreviations"]
    for line in re.finditer(r"[^\n]+", text):
        start, end, words = -1, -1, 0
        for token in _TOKEN.finditer(line.group()):
            word = token.group()
            start = line.start() + token.start() if start < 0 else start
            end = line.start() + token.end()
            words += any(map(str.isalnum, word))
            if _END.search(word[-6:]) and _bare(word) not in abbreviations:
                yield Sentence(start, end, words)
                start, words = -1, 0
        if words:
            yield Sentence(start, end, words)


def _bare(word: str) -> str:
    """«l'art.» → «art»."""
    return word.rstrip(".").replace("’", "'").rpartition("'")[2].lstrip("(«").casefold()


def reading_ease(text: str, language: str = "fr") -> float | None:
    """From about 100 (very easy) down to 0 and below; nothing for a text of a few words."""
    words = [match.group() for match in _WORD.finditer(text)]
    found = [each for each in sentences(text, language) if each.words]
    if len(words) < FEWEST_WORDS or not found:
        return None
    top, per_sentence, per_word = _FLESCH[language]
    heard = sum(syllables(word, language) for word in words)
    return top - per_sentence * len(words) / len(found) - per_word * heard / len(words)


def syllables(word: str, language: str = "fr") -> int:
    """Groups of vowels that are heard; a word has one at least."""
    plain = _SILENT[language].sub("", word[:60].casefold())
    return max(1, sum(1 for match in _SYLLABLES[language].finditer(plain) if match.group(1)))


def _long_sentences(text: str, language: str) -> Iterator[Finding]:
    for each in sentences(text, language):
        if each.words > LONGEST_SENTENCE:
            told = {"number": each.words, "words": _opening(text[each.start : each.end])}
            sentence = ngettext(
                "“%(words)s”: this sentence has %(number)d word. Cut it in two.",
                "“%(words)s”: this sentence has %(number)d words. Cut it in two.",
                each.words,
            )
            yield Finding("long_sentence", each.start, each.end, sentence % told)


def _acronyms(text: str, language: str) -> Iterator[Finding]:
    """The first time each stands without its words, before or after. A text all in capitals has none."""
    capitals = sum(map(str.isupper, text))
    if capitals > 2 * sum(map(str.islower, text)):
        return
    seen = set(_data(language)["known_acronyms"])
    for match in _ACRONYM.finditer(text):
        acronym = match.group()
        if acronym in seen or _ROMAN.fullmatch(acronym):
            continue
        seen.add(acronym)
        if not _is_explained(text, match):
            sentence = _("“%(acronym)s”: write the words in full the first time, with the acronym in parentheses.")
            yield Finding("acronym", match.start(), match.end(), sentence % {"acronym": acronym})


def _is_explained(text: str, match: re.Match[str]) -> bool:
    """«évaluation des facteurs (ÉFVP)» or «ÉFVP (évaluation des facteurs)»."""
    before = text[max(0, match.start() - 200) : match.start()].rstrip()
    if before.endswith("(") and len(_WORD.findall(before)) >= 2:
        return True
    return bool(_EXPLAINED_AFTER.match(text, match.end()))


def _jargon(text: str, language: str) -> Iterator[Finding]:
    seen = set()
    for match in _office_words(language).finditer(text):
        typed = match.group()
        instead = _data(language)["instead"][typed.casefold()]
        if typed.casefold() not in seen:
            seen.add(typed.casefold())
            told = {"typed": typed, "instead": instead}
            sentence = _("“%(typed)s”: an office word. Try “%(instead)s”.") % told
            yield Finding("jargon", match.start(), match.end(), sentence)


def _passives(text: str, language: str) -> Iterator[Finding]:
    for match in _PASSIVE[language].finditer(text):
        sentence = _("“%(typed)s”: begin with who does it.") % {"typed": match.group()}
        yield Finding("passive", match.start(), match.end(), sentence)


def _hard(text: str, language: str) -> Iterator[Finding]:
    ease = reading_ease(text, language)
    if ease is not None and ease < HARD:
        yield Finding(
            "hard_to_read", 0, len(text), _("This text is hard to read as a whole: shorter sentences and words help.")
        )


def _opening(sentence: str) -> str:
    words = sentence.split()[:6]
    return " ".join(word[:30] for word in words) + "…"


@cache
def _data(language: str) -> Mapping[str, Any]:
    file = Path(__file__).with_suffix(".yaml")
    return {
        name: {
            "known_acronyms": frozenset(lists["known_acronyms"]),
            "abbreviations": frozenset(lists["abbreviations"]),
            "instead": {words.casefold(): instead for words, instead in lists["instead"].items()},
        }
        for name, lists in yaml.safe_load(file.read_text(encoding="utf-8")).items()
    }[language]


@cache
def _office_words(language: str) -> re.Pattern[str]:
    longest_first = sorted(_data(language)["instead"], key=len, reverse=True)
    return re.compile(rf"(?<![\w'-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])", re.IGNORECASE)
