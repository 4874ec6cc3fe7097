"""How fast a register from elsewhere comes in: five thousand rows in Canada's columns, then the same file again."""

import csv
import io

from bench.content import PLACES, THINGS, VERBS
from bench.results import Result, elapsed_ms, number
from core.audit import NamedJob
from registry.services.imports import RegisterResult, import_register
from registry.standards.canada import COLUMNS, KNOWN_HEADERS, parse_register
from registry.standards.tabular import read_table

ROWS = 5000


def measure() -> list[Result]:
    content = synthetic_register()
    read = elapsed_ms(lambda: list(parse_register(read_table(content, known_headers=KNOWN_HEADERS)))) / 1000
    results: list[RegisterResult] = []
    first, second = (elapsed_ms(lambda: results.append(_import(content))) / 1000 for _time in range(2))
    created, unchanged = results[0].counts["created"], results[1].counts["unchanged"]
    return [
        Result(
            f"Registre d'ailleurs, {number(ROWS)} lignes",
            f"{number(ROWS / first)} lignes/s ({number(created)} créées en {number(first, 1)}\u00a0s)",
            reference=f"lecture du fichier seule\u00a0: {number(ROWS / read)} lignes/s",
        ),
        Result(
            "Le même fichier une seconde fois",
            f"{number(ROWS / second)} lignes/s ({number(unchanged)} inchangées)",
            "toutes inchangées",
            unchanged == ROWS,
        ),
    ]


def _import(content: bytes) -> RegisterResult:
    return import_register(register="ca", content=content, file_name="registre.csv", by=NamedJob("bench"))


def synthetic_register() -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    for one in range(ROWS):
        writer.writerow(_row(one))
    return out.getvalue().encode("utf-8-sig")


def _row(one: int) -> dict[str, str]:
    name = f"{VERBS[one % 8]} des {THINGS[one % 9]} des {PLACES[one // 9 % 9]} {one}"
    filled = {column: f"{name}. {column}." for column in COLUMNS}
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
