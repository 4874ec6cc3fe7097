"""What search reads of a sheet: the texts that say what the system is about, then every other one."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils import translation

from core.fields import WeightedVector
from organizations.workflow import Kind, Regime
from registry.field_catalogue import CATALOGUE, Field
from registry.public.codes import ANSWERS
from registry.workflow import PublicationKind

# Weight of each text in a search: the name first, then what the system does, then the rest. A word that a sheet has
# elsewhere (risks that are set aside, a legal basis) says little of what it is about: «embauche» or «job» would find
# half of the register.
WEIGHTS = {
    "name": "A",
    "keywords": "A",
    "summary": "B",
    "service": "B",
    "need": "C",
    "benefit": "C",
    "unit": "C",
    "supplier": "C",
    "model_name": "C",
    "data_description": "D",
    "affected_details": "D",
    "how_it_works": "D",
    "outputs": "D",
    "decision_role": "D",
    "risks": "D",
}
CODED = ("category", "autonomy", "affected", "phase", "origin", "technique", "territory", "life_events")
# What a sheet is about when it answers yes: the question itself says it.
SAID_BY_YES = ("personal_information", "solely_automated")
LANGUAGES = ("fr", "en")
FREE = ("text", "long_text")

Document = Mapping[str, Any]


def search_vector(document: Document, language: str, names: Iterable[str] = ()) -> WeightedVector:
    """Words of the sheet with their weights. Both languages index all texts and the labels of codes in French and
    English, each with its own grammar: a sheet in French is found in English pages too.
    """
    return _vector(document, language, searched_texts(document, names))


def whole_vector(document: Document, language: str, names: Iterable[str] = ()) -> WeightedVector:
    """The same, with every public text of the sheet, of its rows and of the solution it uses, and the words of every
    coded answer («États-Unis», «Appel d'offres public»).
    """
    told = (text for answer in free_answers(document) for text in _texts(answer))
    rest = ((text, "D") for text in (*told, *coded_answers(document)))
    return _vector(document, language, [*searched_texts(document, names), *rest])


def _vector(document: Document, language: str, texts: Iterable[tuple[str, str]]) -> WeightedVector:
    by_weight: dict[str, list[str]] = {}
    if document["kind"] != PublicationKind.WITHDRAWN:
        for text, weight in texts:
            by_weight.setdefault(weight, []).append(text)
    return WeightedVector(language, {weight: " ".join(told) for weight, told in by_weight.items()})


def searched_texts(document: Document, names: Iterable[str] = ()) -> list[tuple[str, str]]:
    """What search reads of a sheet before anything else, each text with its weight."""
    system, body = document["system"], document["body"]
    parts = [(" ".join(_texts(system.get(key, ""))), weight) for key, weight in WEIGHTS.items()]
    parts.append((" ".join(_texts(document.get("details", {}).get("solution_facts", {}).get("name", ""))), "C"))
    parts.append((" ".join([body["sigle"], *body["name"].values(), document["reference"]]), "B"))
    parts.append((" ".join(names), "C"))
    parts.append((" ".join([*_labels(system), *_labels_of_body(body)]), "D"))
    return [(text, weight) for text, weight in parts if text]


def _texts(value: str | Mapping[str, str]) -> list[str]:
    return list(value.values()) if isinstance(value, Mapping) else [value]


def free_answers(document: Document) -> Iterator[str | Mapping[str, str]]:
    """Texts that people wrote, of the system, its rows and its solution: not codes, days, numbers or addresses."""
    yield from _free_in([document["system"], document.get("details", {})])


def _free_in(values: Any) -> Iterator[str | Mapping[str, str]]:
    if isinstance(values, Mapping):
        for key, value in values.items():
            if key in _FREE_KEYS:
                yield value
            else:
                yield from _free_in(value)
    elif isinstance(values, list):
        for value in values:
            yield from _free_in(value)


def _free_keys() -> frozenset[str]:
    parts = (*CATALOGUE.parts, *CATALOGUE.shared)
    fields = [*CATALOGUE.fields, *(field for part in parts for field in part.fields)]
    return frozenset(field.code.removesuffix("_fr") for field in fields if field.kind in FREE)


_FREE_KEYS = _free_keys()


def _labels(system: Mapping[str, Any]) -> list[str]:
    found = [label for code in CODED for label in _words_of(CATALOGUE.field(code), system.get(code, []))]
    return found + [
        CATALOGUE.label(code, language) for code in SAID_BY_YES if system.get(code) == "yes" for language in LANGUAGES
    ]


def coded_answers(document: Document) -> Iterator[str]:
    """The words of every code of the sheet and of its rows, in both languages; not «yes» or «other», which say nothing
    away from their question.
    """
    yield from _coded_in(CATALOGUE.fields, document["system"])
    details = document.get("details", {})
    yield from _coded_in(CATALOGUE.fields, details)
    for code, rows in details.get("parts", {}).items():
        fields = next((part.fields for part in CATALOGUE.parts if part.code == code), ())
        for row in rows:
            yield from _coded_in(fields, row)


def _coded_in(fields: Iterable[Field], values: Mapping[str, Any]) -> Iterator[str]:
    for field in fields:
        if field.choices and field.code in values:
            yield from _words_of(field, values[field.code], but=ANSWERS)


def _words_of(field: Field, value: str | Sequence[str], but: Collection[str] = ()) -> list[str]:
    codes = {value} if isinstance(value, str) else set(value)
    told = [choice for choice in field.choices if choice.code in codes and choice.code not in but]
    return [choice.label[language] for language in LANGUAGES for choice in told]


def _labels_of_body(body: Mapping[str, Any]) -> list[str]:
    """Kind and legal regimes, in both languages; a code of an old document that is no more is passed over."""
    kinds, regimes = {str(each): each for each in Kind}, {str(each): each for each in Regime}
    labels = [kinds[code].label for code in [body.get("kind")] if code in kinds]
    labels += [regimes[code].label for code in body.get("regimes", []) if code in regimes]
    found = []
    for language in LANGUAGES:
        with translation.override(language):
            found += [str(label) for label in labels]
    return found
