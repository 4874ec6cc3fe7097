"""Publication documents as lines of tables: one a system, one for each of its rows; or one version as one table."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from core.text import pick, reader_language, safe_cell
from registry.field_catalogue import CATALOGUE, Field, Part
from registry.public.codes import coded_in
from registry.public.names import name_in
from registry.public.open_data.columns import (
    CLAIMS,
    FIELDS,
    LANGUAGES,
    SOLUTION,
    SYSTEMS,
    Table,
    columns_of,
    rows_fields,
    tables,
)
from registry.public.sheet.answers import key_of

Values = Mapping[str, Any]


def columns() -> list[str]:
    """Of the table of systems. Codes of the data dictionary: they stay when a label is better said."""
    return columns_of(SYSTEMS)


def tables_of_documents() -> list[Table]:
    """The tables that documents fill: the systems first, then what each has several of."""
    rows = [*CATALOGUE.parts, *CATALOGUE.shared]
    return [tables()[SYSTEMS], *(tables()[part.code] for part in rows)]


def lines_of(document: Values) -> Iterator[tuple[str, list[Any]]]:
    """(table, line) of one version of one system: its own line, then its rows in the order of the tables."""
    yield SYSTEMS, line(document)
    about = [document["reference"], document["number"], flag(document["is_demonstration"])]
    details: Values = document.get("details", {})
    parts = details.get("parts", {})
    for part in CATALOGUE.parts:
        for row in parts.get(part.code, ()):
            yield part.code, _safe([*about, row["id"], *_row_cells(part, row)])
    if facts := details.get("solution_facts"):
        solution, claims = CATALOGUE.shared_part(SOLUTION), CATALOGUE.shared_part(CLAIMS)
        yield SOLUTION, _safe([*about, details["solution"], *_row_cells(solution, facts)])
        for row in facts.get("supplier_claims", ()):
            yield CLAIMS, _safe([*about, details["solution"], row["id"], *_row_cells(claims, row)])


def _row_cells(part: Part, row: Values) -> Iterator[Any]:
    for field in rows_fields(part):
        yield from _cells(field, row.get(key_of(field)))


def line(document: Values) -> list[Any]:
    """One system. Its rows (data sets, recourses…) are counted here and told in tables of their own."""
    system, details, body = document["system"], document.get("details", {}), document["body"]
    cells: list[Any] = [
        document["reference"],
        document["number"],
        document["kind"],
        document["published_on"],
        body["slug"],
        pick(body["name"]).text,
        name_in(document).text,
        flag(document["is_demonstration"]),
    ]
    for field in FIELDS:
        cells += _cells(field, system.get(key_of(field)))
    parts = details.get("parts", {})
    cells += [len(parts.get(part.code, ())) for part in CATALOGUE.parts]
    return _safe(
        [*cells, flag(details.get("departs_from_principle_4", False if details else None)), *_solution(details)]
    )


def flag(value: bool | None) -> str:
    """As programs write it; empty when it is not known."""
    return "" if value is None else "true" if value else "false"


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
    return ["" if value is None else value]


def one_system() -> list[str]:
    """The header of the table of one version."""
    return columns_of("one_system")


def table(document: Values) -> Iterator[list[Any]]:
    """One version of one system, a line a value: its fields, then its rows."""
    is_demonstration = flag(document["is_demonstration"])
    yield from (_safe([*cells, is_demonstration]) for cells in _values_in(document))


def _values_in(document: Values) -> Iterator[list[Any]]:
    for section in CATALOGUE.sections:
        for field in CATALOGUE.in_section(section.code):
            for language, value, words in _values(field, document["system"].get(key_of(field))):
                yield [section.code, "", "", key_of(field), field.label[reader_language()], language, value, words]
    details = document.get("details", {})
    for part in CATALOGUE.parts:
        yield from _rows_in(part, details.get("parts", {}).get(part.code, []))
    # The shared product of this version and, a row each, what its supplier claims of it.
    solution = details.get("solution_facts", {})
    for part in CATALOGUE.shared:
        yield from _rows_in(part, [solution] if part.code == "solution_facts" else solution.get("supplier_claims", []))


def _rows_in(part: Part, rows: Iterable[Values]) -> Iterator[list[Any]]:
    """A text is told once, in its two languages: an English twin has no line of its own."""
    fields = [field for field in part.fields if not field.code.endswith("_en")]
    for number, row in enumerate(rows, start=1):
        for field in fields:
            label = field.label[reader_language()]
            for language, value, words in _values(field, row.get(key_of(field))):
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
