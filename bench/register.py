"""How fast registers from elsewhere come in: five thousand rows of each, then the same file again."""

import csv
import io
import json
from collections.abc import Callable

from bench.content import PLACES, THINGS, VERBS
from bench.results import Result, elapsed_ms, number
from core.audit import NamedJob
from registry.services.imports import SOURCES, RegisterResult, import_register
from registry.standards import canada, netherlands, united_states
from registry.standards.tabular import read_table

ROWS = 5000


def measure() -> list[Result]:
    return [result for code, make in FILES.items() for result in _measure(code, make())]


def _measure(code: str, content: bytes) -> list[Result]:
    source = SOURCES[code]

    def parse() -> None:
        list(source.parse(read_table(content, known_headers=source.layout.known_headers, takes_json=True)))

    read = elapsed_ms(parse) / 1000
    results: list[RegisterResult] = []
    first, second = (elapsed_ms(lambda: results.append(_import(code, content))) / 1000 for _time in range(2))
    created, unchanged = results[0].counts["created"], results[1].counts["unchanged"]
    return [
        Result(
            f"Registre d'ailleurs ({code}), {number(ROWS)} lignes",
            f"{number(ROWS / first)} lignes/s ({number(created)} créées en {number(first, 1)}\u00a0s)",
            reference=f"lecture du fichier seule\u00a0: {number(ROWS / read)} lignes/s",
        ),
        Result(
            f"Le même fichier ({code}) une seconde fois",
            f"{number(ROWS / second)} lignes/s ({number(unchanged)} inchangées)",
            "toutes inchangées",
            unchanged == ROWS,
        ),
    ]


def _import(code: str, content: bytes) -> RegisterResult:
    return import_register(register=code, content=content, file_name="registre", by=NamedJob("bench"))


def _csv(columns: tuple[str, ...], make: Callable[[int], dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    writer.writerows(make(one) for one in range(ROWS))
    return out.getvalue().encode("utf-8-sig")


def _name(one: int) -> str:
    return f"{VERBS[one % 8]} des {THINGS[one % 9]} des {PLACES[one // 9 % 9]} {one}"


def _canadian(one: int) -> dict[str, str]:
    name = _name(one)
    filled = {column: f"{name}. {column}." for column in canada.COLUMNS}
    return filled | {
        "ai_register_id": f"2526-BEN-{one:05d}",
        "name_ai_system_en": f"System {one}",
        "name_ai_system_fr": name,
        "government_organization": f"Wetlands Canada {one % 40} / Milieux humides Canada {one % 40}",
        "vendor_information": "",
        "status_date": "2025",
        "ai_system_primary_users_en": "GC employees",
        "ai_system_primary_users_fr": "Employés du GC",
        "developed_by_en": "Vendor",
        "developed_by_fr": "Fournisseur",
        "ai_system_status_en": "In production",
        "ai_system_status_fr": "En production",
        "involves_personal_information": "N",
        "notification_ai": "Y",
    }


def _american(one: int) -> dict[str, str]:
    """Texts of about two hundred characters, as the real ones."""
    columns = united_states.COLUMNS
    answers = dict.fromkeys(columns, "Yes")
    texts = {column: f"{_name(one)}. {column}. " * 4 for column in ("problem_solved", "benefits", "system_outputs")}
    return answers | texts | {
        "id": f"BEN-{one:05d}",
        "use_case_name": _name(one),
        "agency": "BEN",
        "agency_name": f"Department {one % 40}",
        "development_stage": "Deployed",
        "is_high_impact": "Not High-impact",
        "topic_area": "Science",
        "classification": "NLP",
        "contracting_usage": "Vendor Purchased",
        "operational_date": f"{one % 12 + 1}/1/2024",
        "demographic_features": "['b) Sex', 'c) Age']",
        "hi_public_consultation": "[]",
    }  # fmt: skip


def _dutch(one: int) -> dict[str, str]:
    """Texts of about four hundred characters, as the real ones."""
    return {
        "id": f"{10_000_000 + one}",
        "title": _name(one),
        "organisatie": f"Gemeente {one % 300}",
        "doel": f"{_name(one)}. " * 8,
        "juridische_basis": f"{_name(one)}. " * 4,
        "impactassessment": "Ja",
        "status": "in_gebruik",
        "geregistreerd": "2026-04-07",
        "url": f"https://algoritmes.example/{one}",
    }


def _dutch_file() -> bytes:
    return json.dumps({"algoritmes": [_dutch(one) for one in range(ROWS)]}).encode()


FILES: dict[str, Callable[[], bytes]] = {
    canada.REGISTER.code: lambda: _csv(canada.COLUMNS, _canadian),
    netherlands.REGISTER.code: _dutch_file,
    united_states.REGISTER.code: lambda: _csv(united_states.COLUMNS, _american),
}
