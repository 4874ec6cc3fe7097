"""Text as people and other systems type it: folded for comparison, tidied for keeping."""

import re
import unicodedata
from functools import lru_cache

# Invisible characters that sites and word processors leave in pasted text; they break search and comparison.
INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad]")
_NOT_WORD = re.compile(r"[\W_]+")
_SPACES = re.compile(r"\s+")
_BLANK_LINES = re.compile(r"\n{3,}")
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "\N{RIGHT SINGLE QUOTATION MARK}": "'"})

# What people type to say that there is nothing to say, once folded. «-» and «…» fold to nothing at all.
BLANK_WORDS = frozenset(
    {"", "n a", "na", "n d", "nd", "s o", "so", "nil", "null", "nan", "sans objet", "non applicable", "not applicable"}
    | {"not available", "non disponible", "ne s applique pas", "does not apply", "information indisponible"}
    | {"n v t", "nvt", "niet van toepassing"}
)


@lru_cache(maxsize=8192)
def _fold_short(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return _NOT_WORD.sub(" ", plain.casefold()).strip()


def fold(text: str) -> str:
    """Words only: no case, accents, punctuation or double spaces. Two texts that fold alike say the same."""
    # Only short texts repeat (titles, codes, names); keeping long ones would fill the memory for nothing.
    return _fold_short(text) if len(text) <= 200 else _fold_short.__wrapped__(text)


def is_blank(text: str) -> bool:
    """Nothing, or one of the marks people use for nothing («s. o.», «N/A», «-»); a question mark asks something."""
    return len(text) <= 60 and fold(text) in BLANK_WORDS and "?" not in text


def one_line(text: str) -> str:
    """A name or a code: one line, single ordinary spaces, nothing invisible."""
    return _SPACES.sub(" ", INVISIBLE.sub("", text)).strip()


def tidy(text: str) -> str:
    """A paragraph: its own lines are kept, edges and invisible characters are not."""
    plain = INVISIBLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    lines = (line.strip(" \u00a0") for line in plain.split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
