"""Nothing was found: a word that is in the register and looks like the one typed. «prmis» → «permis»."""

import re
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Exists, F, FloatField, Value
from django.db.models.functions import Greatest

from registry.public.everyday_words import as_typed, normal_form, single_words
from registry.public.site import matching, shown_records
from registry.standards.words import fold

# Three letters tell nothing; a sentence is no typing error.
SHORTEST, LONGEST, MOST_WORDS = 4, 30, 3
# One typing error in a short word, two from this many letters.
LONG = 7
# The closest names are enough to find one word: what is read does not grow with the register.
NAMES_READ = 20
# Words of names by which nothing is found.
EMPTY_WORDS = frozenset(
    "avec dans elle leur mais même notre pour sans sont sous votre from into that this with your".split()
)
_WORD = re.compile(r"[^\W\d_]+")


def suggested_words(text: str) -> list[str]:
    """Words that find something, one for each word typed, at most three; none for a mere synonym. One query."""
    typed = _words_to_mend(text)
    if not typed:
        return []
    known = [_closest(word, single_words()) for word in typed]
    rows = list(_closest_names(typed, known))
    in_names = {word for names, *_told in rows for name in names.values() for word in _words(name)}
    found = []
    for position, word in enumerate(typed):
        finds = bool(rows and rows[0][1 + position])
        candidates = in_names | ({known[position]} if finds and known[position] else set())
        found.append(_closest(word, candidates))
    same = normal_form(text)
    return [word for word in dict.fromkeys(found) if word and normal_form(word) != same]


def _words_to_mend(text: str) -> list[str]:
    """An expression («aide sociale») is left alone, and so are quotes and minus: who writes them knows."""
    if '"' in as_typed(text) or re.search(r"(^|\s)-", text):
        return []
    return _words(text)[:MOST_WORDS]


def _words(text: str) -> list[str]:
    words = (word.lower() for word in _WORD.findall(text))
    return [word for word in words if SHORTEST <= len(word) <= LONGEST and word not in EMPTY_WORDS]


def _closest_names(typed: list[str], known: list[str]) -> Any:
    """Names of systems that hold the most similar words; of each everyday word, whether it finds anything."""
    near: list[Any] = [TrigramWordSimilarity(fold(word), "sort_key") for word in typed]
    finds = {}
    for position, word in enumerate(known):
        finds[f"finds_{position}"] = Exists(matching(shown_records(), word))
    rows = shown_records().annotate(near=Greatest(*near, Value(0.0, FloatField())), **finds)
    return rows.order_by(F("near").desc(), "sort_key", "pk").values_list("publication__document__system__name", *finds)[
        :NAMES_READ
    ]


def _closest(word: str, candidates: Iterable[str]) -> str:
    """The candidate that the fewest typing errors lead to, if they are few enough."""
    plain = fold(word)
    most = 1 if len(plain) < LONG else 2
    scored = [(_errors_between(plain, fold(each), most), -len(each), each) for each in candidates]
    fewest, _length, best = min(scored, default=(most + 1, 0, ""))
    return best if fewest <= most else ""


def _errors_between(one: str, other: str, most: int) -> int:
    """Letters left out, added, changed or swapped with their neighbour; above `most`, how many does not matter."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, its_letter in enumerate(other, 1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != its_letter))
            if i > 1 and j > 1 and (letter, one[i - 2]) == (other[j - 2], its_letter):
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]
