"""Names of federal bodies: one cell holds both languages, and now and then only one of them, swapped or misspelled."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

from registry.standards.canada.columns import ORGANIZATION
from registry.standards.foreign import Recoding
from registry.standards.words import fold, is_blank, one_line

Pair = tuple[str, str]

_IDENTIFIER = re.compile(r"\d{4}-(.+)-\d+[a-z]?\Z", re.IGNORECASE)
# A slash with a space on one side at least; else any other mark people put between two languages.
_SPACED_SLASH = re.compile(r"\s+/\s*|\s*/\s+|^/|/$")
_OTHER_MARKS = (
    re.compile(r"\s*/\s*"),
    re.compile(r"\s+\|\s+|\s*\|\s*"),
    re.compile(r"\s+[–—-]\s+"),
    re.compile(r"\s*;\s*"),
)
_FRENCH = frozenset(
    "du de des la le les et l d en au aux agence ministere conseil bureau commission centre administration regie "
    "service services canadien canadienne nationale secretariat office francais sante ecole gendarmerie".split()
)
_ENGLISH = frozenset(
    "of and the for department agency board office council commission centre authority canadian national "
    "secretariat school service services health police border bank library archives heritage affairs".split()
)
_ALIKE = 0.88


def acronym(source_id: str) -> str:
    """What stands for the body in the identifiers of its systems: `CSPS-EFPC` in `2526-CSPS-EFPC-001`."""
    match = _IDENTIFIER.match(source_id)
    return match.group(1).casefold() if match else ""


class Bodies:
    """How this file writes each body most often: the reference against which odd spellings are read."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        """From (identifier, cell) of every sound row."""
        spellings: dict[Pair, Counter[Pair]] = defaultdict(Counter)
        groups: dict[str, Counter[Pair]] = defaultdict(Counter)
        for source_id, cell in rows:
            pair, _ = split(cell)
            if all(pair):
                key = (fold(pair[0]), fold(pair[1]))
                spellings[key][pair] += 1
                groups[acronym(source_id)][key] += 1
        self._spelling = {key: _most_common(counter) for key, counter in spellings.items()}
        self._usual = {group: _most_common(counter) for group, counter in groups.items() if group}
        self._count = {key: sum(counter.values()) for key, counter in spellings.items()}
        self._only = {group for group, counter in groups.items() if group and len(counter) == 1}
        # Each half → the pair it belongs to; of two pairs, the more frequent. «Téléfilm / Telefilm» proves nothing.
        self._halves: dict[str, Pair] = {}
        for key in sorted(self._count, key=lambda key: self._count[key]):
            if key[0] != key[1]:
                self._halves |= {key[0]: key, key[1]: key}

    def read(self, source_id: str, cell: str) -> tuple[Mapping[str, str], Recoding | None]:
        """Language → name, and how it differs from the cell."""
        group = acronym(source_id)
        if is_blank(cell):
            return self._say(self._usual[group], "completed", cell) if group in self._only else ({}, None)
        pair, is_reversed = split(cell)
        if all(pair):
            return self._read_pair((fold(pair[0]), fold(pair[1])), group, cell, is_reversed=is_reversed)
        half = pair[0] or pair[1]
        known = self._complete(half, group)
        if known:
            return self._say(known, "completed", cell)
        return {"en" if pair[0] else "fr": half}, (
            Recoding(ORGANIZATION, "spaces", cell, half) if half != cell else None
        )

    def _read_pair(
        self, key: Pair, group: str, cell: str, *, is_reversed: bool
    ) -> tuple[Mapping[str, str], Recoding | None]:
        swapped, usual = (key[1], key[0]), self._usual.get(group, key)
        count = self._count.get(key, 0)
        if self._count.get(swapped, 0) > count:
            return self._say(swapped, "reversed", cell)
        if usual != key and self._count[usual] > count and _alike(usual, key):
            return self._say(usual, "spelling", cell)
        if key[0] == key[1] and key[0] in self._halves:
            return self._say(self._halves[key[0]], "completed", cell)
        return self._say(key, "reversed" if is_reversed else "spelling", cell)

    def _complete(self, text: str, group: str) -> Pair | None:
        """The pair a text belongs to: a half known elsewhere in the file, two known halves without their slash, or
        nearly the usual name of its own group."""
        half = fold(text)
        if half in self._halves:
            return self._halves[half]
        for mark in _OTHER_MARKS:
            found = {self._halves.get(fold(piece)) for piece in mark.split(text)}
            if len(found) == 1 and None not in found:
                return found.pop()
        usual = self._usual.get(group)
        if usual and any(SequenceMatcher(None, half, other).ratio() >= _ALIKE for other in usual):
            return usual
        return None

    def _say(self, key: Pair, kind: str, cell: str) -> tuple[Mapping[str, str], Recoding | None]:
        english, french = self._spelling[key]
        told = f"{english} / {french}"
        if told == cell:
            return {"en": english, "fr": french}, None
        if kind == "spelling" and one_line(cell) == told:
            kind = "spaces"
        return {"en": english, "fr": french}, Recoding(ORGANIZATION, kind, cell[:250], told)


def split(cell: str) -> tuple[Pair, bool]:
    """((English, French), were they the other way round); a half that is not there is empty."""
    text = one_line(re.sub(r"\s*\n\s*", " / ", cell.strip()))
    pieces = _SPACED_SLASH.split(text)
    for mark in _OTHER_MARKS:
        if len(pieces) > 1:
            break
        pieces = mark.split(text)
        # Without its usual slash, only two languages side by side prove that the name is cut there.
        if len(pieces) != 2 or not _are_two_languages(*pieces):
            pieces = [text]
    if len(pieces) == 1:
        return ("", text) if _leaning(text) > 0 else (text, ""), False
    cuts = [(" / ".join(pieces[:cut]).strip(), " / ".join(pieces[cut:]).strip()) for cut in range(1, len(pieces))]
    # A name may hold a slash of its own: cut where the two sides are most unlike in language.
    first, second = max(cuts, key=lambda cut: abs(_share(cut[1]) - _share(cut[0])))
    if first and second and _leaning(first) > 0 > _leaning(second):
        return (second, first), True
    return (first, second), False


def _are_two_languages(one: str, other: str) -> bool:
    return (_leaning(one) > 0) != (_leaning(other) > 0)


def _share(text: str) -> float:
    return _leaning(text) / max(1, len(text.split()))


def _leaning(text: str) -> int:
    """Above zero the name looks French, below English."""
    words = fold(text).split()
    score = sum((word in _FRENCH) - (word in _ENGLISH) for word in words)
    return score + sum(1 for character in text if character in "éèêàâçôîûÉÈÀÎ")


def _alike(one: Pair, other: Pair) -> bool:
    return all(SequenceMatcher(None, a, b).ratio() >= _ALIKE for a, b in zip(one, other, strict=True))


def _most_common(counter: Counter[Pair]) -> Pair:
    return counter.most_common(1)[0][0]
