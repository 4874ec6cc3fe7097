"""Nothing was found: the words of the register that were meant. «immigartion» → «immigration»."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Q, QuerySet
from django.db.models.functions import JSONObject

from registry.models import ForeignWord, SearchWord
from registry.public.search.everyday_words import is_common, is_name, meaningful, normal_form, single_words
from registry.public.search.matching import EVERYTHING, holds_words
from registry.public.search.query import RANKED, shown_records
from registry.standards.near_words import LONGEST, SHORTEST, mistakes_allowed, mistakes_between, near_keys
from registry.standards.spelling import is_known
from registry.standards.words import fold

# Of a sentence, so many words that mean something are looked at.
MOST_WORDS = 6
# A word of four letters looks like too many others to be the one that was meant.
SHORTEST_MEANT = 5
# So many words of the register look like one another: none has more neighbours than this.
MOST_READ = 500
_WORD = re.compile(r"[^\W\d_]+")
# «procès-verbal», «x-ray»: one word, whose parts say something else.
_COMPOUND = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")
_OR = re.compile(r"\bor\b", re.IGNORECASE)


@dataclass(frozen=True)
class Correction:
    """`text`: the search with its mistakes put right, none when there is nothing to put right. `words`: those of the
    search, put right, that find something each on its own. `part`: a search for any of them, none when each is on so
    many sheets that it says little; `is_passing`: they stand in passing only.
    """

    text: str = ""
    words: tuple[str, ...] = ()
    part: str = ""
    is_passing: bool = False


@dataclass(frozen=True)
class Vocabulary:
    """Where words are looked for: a table of known words, the rows they find, and those that say them in passing."""

    words: type[SearchWord] | type[ForeignWord]
    rows: Callable[[], QuerySet[Any]]
    holds: Callable[[str], Q]
    says: Callable[[str], Q] | None = None


OURS = Vocabulary(SearchWord, shown_records, holds_words, lambda text: holds_words(text, EVERYTHING))


def correct(text: str, vocabulary: Vocabulary = OURS) -> Correction:
    """For a search that found nothing. One query at most; what it reads does not grow with the register.

    Quotes and minus are left alone: who writes them knows. So is an expression («aide sociale»).
    """
    asked = [] if _is_exact(text) else _asked(text)
    if not asked:
        return Correction()
    row = _read(asked, vocabulary)
    if row is None:
        return Correction()
    meant = _meant(asked, row)
    changed = {word: best for word, best in meant.items() if best and best != word}
    words = tuple(dict.fromkeys(best for best in meant.values() if best))
    # A word that nothing has leaves no system with all of them.
    is_hopeful = bool(changed) and (all(meant.values()) or bool(_OR.search(text)))
    return Correction(_rewritten(text, changed) if is_hopeful else "", words, *_part(asked, meant, row))


def suggested_words(text: str, correction: Correction) -> list[str]:
    """Words to try one by one; none for what was searched already."""
    return [word.strip('"') for word in correction.words if normal_form(word) != normal_form(text)]


def _is_exact(text: str) -> bool:
    return '"' in text or bool(re.search(r"(^|\s)-", text))


def _asked(text: str) -> list[str]:
    """What the search asks for, word by word; an expression is one. A name is never put right."""
    asked: list[str] = []
    for said in meaningful(text):
        words = [f'"{word.lower()}"' if is_name(word) else word.lower() for word in _WORD.findall(said)]
        if " " in said:
            asked.append(f'"{said}"')
        elif any(map(str.isdigit, said)):  # a number, or a part of one
            continue
        elif _COMPOUND.fullmatch(said):
            asked.append(said.lower())
        else:
            asked += [word for word in words if len(word) > 1 and not is_common(word)]
    return list(dict.fromkeys(asked))[:MOST_WORDS]


def _may_be_mistyped(word: str) -> bool:
    """Not a word that is written right, though the register has none such: «vote» is no mistake for «côte»."""
    return SHORTEST <= len(word) <= LONGEST and '"' not in word and not is_known(word)


def _rewritten(text: str, changed: dict[str, str]) -> str:
    return _WORD.sub(lambda found: changed.get(found[0].lower(), found[0]), text)


def _part(asked: list[str], meant: dict[str, str], row: dict[str, Any]) -> tuple[str, bool]:
    """Any of the words that tell systems apart; when no system is about one of them, those said in passing."""
    if len(asked) < 2:
        return "", False
    rare = [meant[word] for position, word in enumerate(asked) if meant[word] and not row[f"many_{position}"]]
    passing = [] if any(meant.values()) else [w for position, w in enumerate(asked) if row.get(f"passing_{position}")]
    return " or ".join(dict.fromkeys(rare or passing)), bool(passing)


def _meant(asked: list[str], row: dict[str, Any]) -> dict[str, str]:
    """Each word → itself when it finds something, else the one that was meant, else nothing."""
    known = {each["word"]: each["records"] for each in row["near"]}
    meant = {}
    for position, word in enumerate(asked):
        everyday = _everyday(word)
        candidates = ({everyday: 1} if everyday and row[f"everyday_{position}"] else {}) | known
        closest = _closest(word, candidates) if _may_be_mistyped(word) else ""
        meant[word] = word if row[f"typed_{position}"] else closest
    return meant


def _everyday(word: str) -> str:
    """The word of everyday language that this one looks like."""
    return _closest(word, single_words()) if _may_be_mistyped(word) else ""


def _read(asked: list[str], vocabulary: Vocabulary) -> dict[str, Any] | None:
    """Whether each word finds something, and the words of the register that look like one of them."""
    keys = sorted({key for word in asked if _may_be_mistyped(word) for key in near_keys(word)})
    near = vocabulary.words.objects.filter(keys__overlap=keys, records__gt=0).order_by("-records", "pk")
    questions: dict[str, Any] = {
        "near": ArraySubquery(near.values(json=JSONObject(word="word", records="records"))[:MOST_READ])
    }
    rows, holds = vocabulary.rows(), vocabulary.holds
    for position, word in enumerate(asked):
        found = rows.filter(holds(word))
        questions[f"typed_{position}"] = Exists(found)
        questions[f"many_{position}"] = Exists(found.order_by()[RANKED:])
        questions[f"everyday_{position}"] = Exists(rows.filter(holds(_everyday(word) or word)))
        if vocabulary.says:
            questions[f"passing_{position}"] = Exists(rows.filter(vocabulary.says(word)))
    row: Any = rows.order_by("sort_key", "pk").values(**questions).first()
    return row  # type: ignore[no-any-return]


def _closest(word: str, candidates: dict[str, int] | Iterable[str]) -> str:
    """The candidate that the fewest mistakes lead to, if they are few enough; of two, the one of more sheets."""
    plain = fold(word)
    most = mistakes_allowed(plain)
    known = candidates if isinstance(candidates, dict) else dict.fromkeys(candidates, 1)
    scored = [
        (mistakes_between(plain, fold(each), most), -records, each)
        for each, records in known.items()
        if len(each) >= SHORTEST_MEANT
    ]
    fewest, _records, best = min(scored, default=(most + 1, 0, ""))
    return best if fewest <= most else ""
