"""Nothing was found: the words of the register that were meant. «immigartion» → «immigration»."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists
from django.db.models.functions import JSONObject

from registry.models import SearchWord
from registry.public.search.everyday_words import as_typed, normal_form, single_words
from registry.public.search.matching import holds_words
from registry.public.search.query import shown_records
from registry.standards.near_words import LONGEST, SHORTEST, mistakes_allowed, mistakes_between, near_keys
from registry.standards.words import fold

# A sentence is no typing mistake.
MOST_WORDS = 6
# So many words of the register look like one another: none has more neighbours than this.
MOST_READ = 500
# Words of names by which nothing is found.
EMPTY_WORDS = frozenset(
    "avec dans elle leur mais même notre pour sans sont sous votre from into that this with your".split()
)
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Correction:
    """`text`: the search with its mistakes put right, none when there is nothing to put right. `words`: those of the
    search, put right, that find something each on its own.
    """

    text: str = ""
    words: tuple[str, ...] = ()


def correct(text: str) -> Correction:
    """For a search that found nothing. One query at most; what it reads does not grow with the register.

    Quotes and minus are left alone: who writes them knows. So is an expression («aide sociale»).
    """
    typed = [] if _is_exact(text) else _words(text)[:MOST_WORDS]
    if not typed:
        return Correction()
    meant = _meant(typed)
    changed = {word: best for word, best in meant.items() if best and best != word}
    words = tuple(dict.fromkeys(best for best in meant.values() if best))
    return Correction(_rewritten(text, changed) if changed else "", words)


def suggested_words(text: str, correction: Correction) -> list[str]:
    """Words to try one by one; none for what was searched already."""
    return [word for word in correction.words if normal_form(word) != normal_form(text)]


def _is_exact(text: str) -> bool:
    return '"' in as_typed(text) or bool(re.search(r"(^|\s)-", text))


def _words(text: str) -> list[str]:
    words = (word.lower() for word in _WORD.findall(text))
    return [word for word in dict.fromkeys(words) if SHORTEST <= len(word) <= LONGEST and word not in EMPTY_WORDS]


def _rewritten(text: str, changed: dict[str, str]) -> str:
    return _WORD.sub(lambda found: changed.get(found[0].lower(), found[0]), text)


def _meant(typed: list[str]) -> dict[str, str]:
    """Each word → itself when it finds something, else the one that was meant, else nothing."""
    everyday = [_closest(word, {known: 1 for known in single_words()}) for word in typed]
    row = _read(typed, everyday)
    if row is None:
        return {}
    known = {each["word"]: each["records"] for each in row["near"]}
    meant = {}
    for position, word in enumerate(typed):
        candidates = known | ({everyday[position]: 1} if row[f"everyday_{position}"] else {})
        meant[word] = word if row[f"typed_{position}"] else _closest(word, candidates)
    return meant


def _read(typed: list[str], everyday: list[str]) -> dict[str, Any] | None:
    """Whether each word finds something, and the words of the register that look like one of them."""
    keys = sorted({key for word in typed for key in near_keys(word)})
    near = SearchWord.objects.filter(keys__overlap=keys, records__gt=0).order_by("-records", "pk")
    questions: dict[str, Any] = {
        "near": ArraySubquery(near.values(json=JSONObject(word="word", records="records"))[:MOST_READ])
    }
    for position, (word, known) in enumerate(zip(typed, everyday, strict=True)):
        questions[f"typed_{position}"] = Exists(shown_records().filter(holds_words(word)))
        questions[f"everyday_{position}"] = Exists(shown_records().filter(holds_words(known or word)))
    row: Any = shown_records().order_by("sort_key", "pk").values(**questions).first()
    return row  # type: ignore[no-any-return]


def _closest(word: str, candidates: dict[str, int] | Iterable[str]) -> str:
    """The candidate that the fewest mistakes lead to, if they are few enough; of two, the one of more sheets."""
    plain = fold(word)
    most = mistakes_allowed(plain)
    known = candidates if isinstance(candidates, dict) else dict.fromkeys(candidates, 1)
    scored = [(mistakes_between(plain, fold(each), most), -records, each) for each, records in known.items()]
    fewest, _records, best = min(scored, default=(most + 1, 0, ""))
    return best if fewest <= most else ""
