"""Records of registers from elsewhere as rows: made, renewed, or seen again and left as they are."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Lower

from core.fields import Unaccent, WeightedVector
from registry.field_catalogue import CATALOGUE
from registry.models import ForeignSystem
from registry.public.search.everyday_words import CONFUSED
from registry.services.documents import digest_of
from registry.services.search_index import learn_foreign_words
from registry.standards.foreign import LANGUAGE, ORIGINAL, Place, words_of
from registry.workflow import RowOutcome

Document = Mapping[str, Any]

# Weight of each text in a search, as for our own systems: the name first, then what the system does, then the rest.
_WEIGHTS = {"description": "B", "purpose": "B", "purpose_and_benefits": "B"} | dict.fromkeys(
    ("capabilities", "results", "benefits", "outputs", "impact"), "C"
)
# PostgreSQL refuses a vector of one megabyte; no text needs more than this to be found.
_LONGEST_INDEXED = 20_000
# Languages that search has a grammar for, and the one whose grammar reads the others.
GRAMMARS = ("fr", "en", "nl")
LANGUAGES = ("fr", "en")
OTHERWISE = "en"
MANY = 500
_CONFUSED = re.compile(rf"\b(?:{'|'.join(sorted(CONFUSED))})\b", re.IGNORECASE)


def keep_foreign_systems(
    documents: Sequence[Document], *, moment: datetime, today: date, unsaid: Sequence[Collection[Place]] = ()
) -> Counter[RowOutcome]:
    """Make what is new, renew what changed, note that the rest was seen. One transaction, the caller's.

    `unsaid`: of each document, the places its file has no column for; what is stored there stays.
    """
    is_partial = any(unsaid)
    known = _lock(documents, whole=is_partial)
    if is_partial:
        pairs = zip(documents, unsaid, strict=True)
        documents = [_completed(document, places, known.get(_key(document))) for document, places in pairs]
    outcomes: Counter[RowOutcome] = Counter()
    fresh: dict[str, ForeignSystem] = {}
    seen: list[int] = []
    renewed: list[Document] = []
    for document in documents:
        key, digest = _key(document), digest_of(document)
        row = known.get(key)
        if row is None and key not in fresh:
            fresh[key] = _new(document, digest, moment=moment, today=today)
            outcomes[RowOutcome.CREATED] += 1
        elif row is None or row.digest == digest:
            outcomes[RowOutcome.UNCHANGED] += 1
            seen += [row.pk] if row and row.last_seen_on != today else []
        else:
            values = {**_values(document, digest), "updated_at": moment, "last_seen_on": today}
            ForeignSystem.objects.filter(pk=row.pk).update(**values)
            outcomes[RowOutcome.UPDATED] += 1
            renewed.append(document)
    ForeignSystem.objects.bulk_create(fresh.values())
    learn_foreign_words(
        text for document in (*(row.document for row in fresh.values()), *renewed) for text in _said(document)
    )
    ForeignSystem.objects.filter(pk__in=seen).update(last_seen_on=today)
    return outcomes


def _completed(document: Document, places: Collection[Place], row: ForeignSystem | None) -> Document:
    """The document with what is stored where its own file is silent."""
    if row is None or not places:
        return document
    whole = deepcopy(dict(document))
    for place in places:
        _carry(row.document, whole, place)
    if any(place[0] == "names" for place in places):
        languages = (*document["languages"], *row.document["languages"])
        whole["languages"] = sorted({each for each in languages if each in whole["names"]})
    return whole


def _carry(stored: Mapping[str, Any], whole: dict[str, Any], place: Place) -> None:
    """Copy one place, if it is stored at all."""
    *path, last = place
    target: dict[str, Any] = whole
    for step in path:
        if step not in stored:
            return
        stored, target = stored[step], target.setdefault(step, {})
    if last in stored:
        target[last] = stored[last]


def _key(document: Document) -> str:
    return str(document["source_id"]).lower()


def _lock(documents: Sequence[Document], *, whole: bool) -> dict[str, ForeignSystem]:
    """The rows we have of these records, held until the end of the transaction. An identifier is the same in capitals
    and in small letters.
    """
    found = (
        ForeignSystem.objects.filter(register=documents[0]["register"])
        .annotate(key=Lower("source_id"))
        .filter(key__in=[_key(document) for document in documents])
        .only("digest", "last_seen_on", *(("document",) if whole else ()))
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    return {row.key: row for row in found}  # type: ignore[attr-defined]


def _new(document: Document, digest: str, *, moment: datetime, today: date) -> ForeignSystem:
    return ForeignSystem(
        register=document["register"],
        first_seen_on=today,
        last_seen_on=today,
        updated_at=moment,
        **_values(document, digest),
    )


def _values(document: Document, digest: str) -> dict[str, Any]:
    names = document["names"]
    return {
        "source_id": document["source_id"],
        "document": dict(document),
        "digest": digest,
        "phase": document["codes"].get("phase", ""),
        "sort_key": Unaccent(Value((names.get("fr") or words_of(names)[0]).lower())),
        **{f"search_{language}": _search_vector(document, language) for language in GRAMMARS},
    }


def _search_vector(document: Document, language: str) -> WeightedVector:
    """Words of the record in this language, with their weights. Proper names are in every one, and so are the words
    that a grammar takes for another; a text in a language that has no grammar here stands among the English ones.
    """
    parts: dict[str, list[str]] = {
        "A": _in(document["names"], language),
        "B": [*words_of(document["organization"]), document["vendor"], document["source_id"]],
        "C": [],
        "D": [*(_labels(document["codes"], language) if language in LANGUAGES else []), *_confused(document)],
    }
    for concept, texts in document["texts"].items():
        parts[_WEIGHTS.get(concept, "D")] += [text[:_LONGEST_INDEXED] for text in _in(texts, language)]
    return WeightedVector(language, {weight: " ".join(texts) for weight, texts in parts.items()})


def _in(texts: Mapping[str, str], language: str) -> list[str]:
    """What is written in this language."""
    own = texts.get(LANGUAGE, "") if texts.get(ORIGINAL) else ""
    is_original = bool(own) and language == (own if own in GRAMMARS else OTHERWISE)
    return [text for text in (texts.get(language, ""), texts[ORIGINAL] if is_original else "") if text]


def _confused(document: Document) -> set[str]:
    return {word.lower() for text in _said(document) for word in _CONFUSED.findall(text)}


def _labels(codes: Mapping[str, str], language: str) -> list[str]:
    found = []
    for field in ("phase", "origin"):
        labels = dict(CATALOGUE.choices(field, language))
        found += [labels[codes[field]]] if codes.get(field) in labels else []
    return found


def _said(document: Document) -> Iterator[str]:
    """Every text of the record that is searched."""
    for texts in (document["names"], document["organization"], *document["texts"].values()):
        yield from (text[:_LONGEST_INDEXED] for text in words_of(texts))
    yield document["vendor"]


@transaction.atomic
def index_old_records() -> None:
    """Vectors and words of records that an older version of the program brought in."""
    rows = ForeignSystem.objects.filter(search_nl__isnull=True).order_by("pk")
    while part := list(rows.select_for_update()[:MANY]):
        for row in part:
            vectors = {f"search_{language}": _search_vector(row.document, language) for language in GRAMMARS}
            ForeignSystem.objects.filter(pk=row.pk).update(**vectors)
        learn_foreign_words(text for row in part for text in _said(row.document))
