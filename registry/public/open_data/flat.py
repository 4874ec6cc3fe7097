"""A publication document as one line of a table, or as one table: for spreadsheets."""

from collections.abc import Iterator, Mapping
from typing import Any

from core.text import pick, reader_language, safe_cell
from registry.field_catalogue import CATALOGUE, Field
from registry.public.codes import coded_in
from registry.public.names import name_in
from registry.public.sheet.answers import key_of

Values = Mapping[str, Any]

# What every line begins with; the data dictionary explains them.
ABOUT = ("reference", "version", "kind", "published_on", "body_slug", "body_name", "title")
FIELDS: tuple[Field, ...] = tuple(field for field in CATALOGUE.fields if field.may_be_public)
LANGUAGES = ("fr", "en")
# The shared product: rows of different systems are joined by its identifier.
SOLUTION = ("solution", *(f"solution_name_{language}" for language in LANGUAGES), "solution_supplier_claims_count")


def columns() -> list[str]:
    """Codes of the data dictionary: they stay when a label is better said. Texts once a language, codes with words."""
    names = list(ABOUT)
    for field in FIELDS:
        names += [f"{key_of(field)}{end}" for end in _ends(field)]
    return [*names, *(f"{part.code}_count" for part in CATALOGUE.parts), "departs_from_principle_4", *SOLUTION]


def _ends(field: Field) -> tuple[str, ...]:
    if field.code.endswith("_fr"):
        return tuple(f"_{language}" for language in LANGUAGES)
    return ("", "_label") if field.choices else ("",)


def line(document: Values) -> list[Any]:
    """One system. Rows (data sets, recourses…) are counted here; the JSON has them whole."""
    system, details, body = document["system"], document.get("details", {}), document["body"]
    cells: list[Any] = [
        document["reference"],
        document["number"],
        document["kind"],
        document["published_on"],
        body["slug"],
        pick(body["name"]).text,
        name_in(document).text,
    ]
    for field in FIELDS:
        cells += _cells(field, system.get(key_of(field)))
    parts = details.get("parts", {})
    cells += [len(parts.get(part.code, ())) for part in CATALOGUE.parts]
    return [safe_cell(cell) for cell in [*cells, _yes(details), *_solution(details)]]


def _solution(details: Values) -> list[Any]:
    facts = details.get("solution_facts", {})
    names = facts.get("name", {})
    claims = len(facts.get("supplier_claims", ())) if facts else ""
    return [details.get("solution", ""), *(names.get(language, "") for language in LANGUAGES), claims]


def _cells(field: Field, value: Any) -> list[Any]:
    if field.code.endswith("_fr"):
        texts = value if isinstance(value, Mapping) else {}
        return [texts.get(language, "") for language in LANGUAGES]
    if field.choices:
        codes = value if isinstance(value, list) else [value] if value else []
        return ["; ".join(codes), "; ".join(coded_in(field, code).label for code in codes)]
    return [value or ""]


def _yes(details: Values) -> str:
    return "true" if details.get("departs_from_principle_4") else "false" if details else ""


ONE_SYSTEM = ("section", "part", "row", "field", "label", "language", "value", "words")


def table(document: Values) -> Iterator[list[Any]]:
    """One version of one system, a line a value: its fields, then its rows."""
    for section in CATALOGUE.sections:
        for field in CATALOGUE.in_section(section.code):
            for language, value, words in _values(field, document["system"].get(key_of(field))):
                yield _safe(
                    [section.code, "", "", key_of(field), field.label[reader_language()], language, value, words]
                )
    parts = document.get("details", {}).get("parts", {})
    for part in CATALOGUE.parts:
        for number, row in enumerate(parts.get(part.code, []), start=1):
            for field in part.fields:
                for language, value, words in _values(field, row.get(key_of(field))):
                    label = field.label[reader_language()]
                    yield _safe([part.section, part.code, number, key_of(field), label, language, value, words])
    yield from map(_safe, _solution_table(document.get("details", {})))


def _solution_table(details: Values) -> Iterator[list[Any]]:
    """The shared product of this version and, a row each, what its supplier claims of it."""
    facts = details.get("solution_facts", {})
    for part in CATALOGUE.shared:
        rows = [facts] if part.code == "solution_facts" else facts.get("supplier_claims", [])
        for number, row in enumerate(rows, start=1):
            for field in part.fields:
                if field.code != "name_en":
                    for language, value, words in _values(field, row.get(key_of(field))):
                        label = field.label[reader_language()]
                        yield [part.section, part.code, number, key_of(field), label, language, value, words]


def _values(field: Field, value: Any) -> Iterator[tuple[str, str, str]]:
    """(language, value, words): a text once a language, codes one by one with their words."""
    if isinstance(value, Mapping):
        yield from ((language, text, "") for language, text in value.items())
    elif value not in (None, "", []):
        for one in value if isinstance(value, list) else [value]:
            yield "", str(one), coded_in(field, one).label if field.choices else ""


def _safe(cells: list[Any]) -> list[Any]:
    return [safe_cell(cell) for cell in cells]
