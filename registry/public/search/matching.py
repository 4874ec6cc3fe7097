"""Which rows hold the words of a search, and how well: the one place where texts become questions to the database.

`vectors`: the columns that hold the words, without their language: those of what a system is about, or of everything.
"""

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Case, F, Q, QuerySet, Value, When

from core.fields import WordsOfWeight
from core.text import reader_language
from registry.public.search.everyday_words import alternatives, as_typed, confused_words, websearch, wider_query

ABOUT = "search"
EVERYTHING = "whole__words"
MOST_ALTERNATIVES = 6


def matching(found: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Rows that hold the words, each with its `relevance`."""
    rows: QuerySet[Any] = found.filter(holds_words(text)).annotate(relevance=relevance_of(text))
    return rows


def holds_words(text: str, vectors: str = ABOUT) -> Q:
    """Words match in the language of the page; accents and plurals are forgiven, quotes and minus obeyed.

    An everyday word also finds those of its group, in either language.
    """
    wider = wider_query(text, _config())
    typed = _as_typed(text, vectors)
    return typed if wider is None else typed | Q(**{_column(vectors): wider})


def named_so(found: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Of these rows, those that have the words in their name."""
    rows: QuerySet[Any] = found.annotate(name_words=WordsOfWeight(_column(ABOUT), "a")).filter(
        name_words=_typed_query(text)
    )
    return rows


def relevance_of(text: str, vectors: str = ABOUT) -> Any:
    """What holds the words as typed comes first, above all when it holds others of their group too: of the two senses
    of a word, it has the one that is meant. Of words between «or», what has more of them comes before all that.
    """
    typed = SearchRank(F(_column(vectors)), _typed_query(text))
    wider = wider_query(text, _config())
    relevance: Any = typed
    if wider is not None:
        near = SearchRank(F(_column(vectors)), wider)
        # A rank is below 1.
        relevance = Case(When(_as_typed(text, vectors), then=typed + near + Value(1.0)), default=near)
    for each in alternatives(text)[:MOST_ALTERNATIVES]:
        relevance += Case(When(holds_words(each, vectors), then=Value(3.0)), default=Value(0.0))
    return relevance


def _config() -> str:
    return f"vigie_{reader_language()}"


def _column(vectors: str) -> str:
    return f"{vectors}_{reader_language()}"


def _typed_query(text: str) -> SearchQuery:
    return websearch(as_typed(text), _config())


def _as_typed(text: str, vectors: str) -> Q:
    """A word that one grammar takes for another must be there under the other grammar too."""
    other = "en" if reader_language() == "fr" else "fr"
    wanted = Q(**{_column(vectors): _typed_query(text)})
    for word in confused_words(text):
        query = SearchQuery(word, config=f"vigie_{other}", search_type="plain")
        wanted &= Q(**{f"{vectors}_{other}": query})
    return wanted
