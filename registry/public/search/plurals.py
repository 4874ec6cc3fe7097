"""A word in its other number, where the grammars of the database take the two for two words: «feu» and «feux».

A form that is no word («dangereu») finds nothing: rules may be wide.
"""

from collections.abc import Iterable, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from registry.standards.words import fold

PLURALS_FILE = Path(__file__).with_name("plurals.yaml")
_SHORTEST = 3
# «décident» and «décide»: French grammar leaves the plural of a verb as it is.
_SHORTEST_VERB = 6
# Ending → endings of the other number. The first that fits is the one. Under French grammar an «s» stays after a vowel
# other than «e»: «photo» and «photos», «menu» and «menus».
_RULES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("eaux", ("eau",)),
    ("yaux", ("yau",)),
    ("aux", ("al",)),
    ("eux", ("eu",)),
    ("oux", ("ou",)),
    ("eau", ("eaux",)),
    ("au", ("aux", "aus")),
    ("al", ("aux",)),
    ("eu", ("eux", "eus")),
    ("ou", ("oux", "ous")),
    *((f"{vowel}s", (vowel,)) for vowel in "aiou"),
    *((vowel, (f"{vowel}s",)) for vowel in "aiou"),
)
# So many forms of one expression are looked for, and no more.
_MOST_FORMS = 6


def other_numbers(word: str) -> tuple[str, ...]:
    """The plurals of a singular or the singulars of a plural that the grammars do not find by themselves, without
    capitals or accents; none for most words.
    """
    plain = fold(word)
    if len(plain) < _SHORTEST or not plain.isalpha():
        return ()
    found = list(_IRREGULAR.get(plain, ()))
    if plain.endswith("ent") and len(plain) >= _SHORTEST_VERB and plain not in _NO_VERBS:
        found.append(plain[:-2])
    for ending, others in _RULES:
        if plain.endswith(ending):
            found += [plain[: -len(ending)] + other for other in others]
            break
    return tuple(dict.fromkeys(found))


def both_numbers(text: str) -> list[str]:
    """A word or an expression as it is written, then under the other numbers of its words."""
    forms = ((word, *other_numbers(word)) for word in text.split())
    return list(dict.fromkeys(" ".join(said) for said in product(*forms)))[:_MOST_FORMS]


def read_plurals() -> Mapping[str, Any]:
    words: Mapping[str, Any] = yaml.safe_load(PLURALS_FILE.read_text(encoding="utf-8"))
    return words


def _both_ways(pairs: Iterable[list[str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for one, many in pairs:
        for word, other in ((one, many), (many, one)):
            found[fold(word)] = (*found.get(fold(word), ()), fold(other))
    return found


_NO_VERBS = frozenset(fold(word) for word in read_plurals()["no_verbs"])
_IRREGULAR = _both_ways(pair for pairs in read_plurals()["irregular"].values() for pair in pairs)
