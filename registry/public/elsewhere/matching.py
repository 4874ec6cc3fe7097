"""Which records from elsewhere hold the words of a search: each language under its own grammar, whoever reads."""

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from core.text import OTHER_LANGUAGE
from registry.models import ForeignSystem
from registry.public.search.everyday_words import GROUP_IN, AnyQuery, as_typed, confused_words, websearch, wider_query

# The language of a vector; everyday words have groups in two of them.
GRAMMARS = ("fr", "en", "nl")


def with_words(text: str) -> QuerySet[ForeignSystem]:
    """Records that hold them in one of their languages, each with its `relevance`."""
    found = ForeignSystem.objects.filter(holds_words_elsewhere(text))
    return found.annotate(relevance=sum((_rank(text, language) for language in GRAMMARS), start=Value(0.0)))


def holds_words_elsewhere(text: str) -> Q:
    """As among our own systems: accents and plurals are forgiven, quotes and minus obeyed, everyday words stand for
    their group.
    """
    held = Q(pk__in=[])
    for language in GRAMMARS:
        column = f"search_{language}"
        held |= Q(**{column: _typed(text, language)}) & _meant(text, language)
        if (wider := _wider(text, language)) is not None:
            held |= Q(**{column: wider})
    return held


def _meant(text: str, language: str) -> Q:
    """A word that one grammar takes for another must be there under the other grammar too."""
    wanted = Q()
    for word in confused_words(text) if language in OTHER_LANGUAGE else ():
        other = OTHER_LANGUAGE[language]
        wanted &= Q(**{f"search_{other}": SearchQuery(word, config=f"vigie_{other}", search_type="plain")})
    return wanted


def _rank(text: str, language: str) -> Any:
    """What has the words as they were typed comes first."""
    column = F(f"search_{language}")
    rank: Any = SearchRank(column, _typed(text, language))
    if (wider := _wider(text, language)) is not None:
        rank += SearchRank(column, wider)
    return Coalesce(rank, Value(0.0))


def _typed(text: str, language: str) -> SearchQuery:
    return websearch(as_typed(text), f"vigie_{language}")


def _wider(text: str, language: str) -> AnyQuery | None:
    return wider_query(text, f"vigie_{language}", GROUP_IN[language]) if language in OTHER_LANGUAGE else None
