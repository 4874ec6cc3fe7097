"""Words that a typing mistake or two lead from one to the other, found without comparing with every word.

Each word is kept under the numbers of what is left of it without some of its letters. A letter left out, added, changed
or swapped leaves two words with one of these in common: a search for them reads a few rows of any vocabulary.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import combinations
from zlib import crc32

from registry.standards.words import fold

# Three letters tell nothing; thirty are no word.
SHORTEST, LONGEST = 4, 30
# One typing mistake in a short word, two from this many letters.
LONG = 7
# Mistakes are looked for in the first letters: few numbers, and what follows is compared whole afterwards.
FIRST_LETTERS = 10
_WORD = re.compile(r"[^\W\d_]+")
_HALF, _WHOLE = 2**31, 2**32


def words_of(texts: Iterable[str]) -> set[str]:
    """Words of four to thirty letters, in small letters."""
    return {word.lower() for text in texts for word in _WORD.findall(text) if SHORTEST <= len(word) <= LONGEST}


def mistakes_allowed(plain: str) -> int:
    return 1 if len(plain) < LONG else 2


def near_keys(word: str) -> list[int]:
    """Numbers under which the word is kept, and looked for."""
    plain = fold(word).replace(" ", "")
    return sorted({_number(rest) for rest in _without_letters(plain[:FIRST_LETTERS], mistakes_allowed(plain))})


def _without_letters(plain: str, most: int) -> Iterator[str]:
    for left_out in range(most + 1):
        for kept in combinations(plain, len(plain) - left_out):
            yield "".join(kept)


def _number(text: str) -> int:
    """Signed, as the database keeps it. Two texts may share a number: the words are compared anyway."""
    number = crc32(text.encode())
    return number - _WHOLE if number >= _HALF else number


def mistakes_between(one: str, other: str, most: int) -> int:
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
