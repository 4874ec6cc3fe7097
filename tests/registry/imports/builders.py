"""Files that people hand in, made from nothing: an edition of Canada's register, an inventory."""

import csv
from collections.abc import Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook

CANADA = {
    "ai_register_id": "2526-WET-MHC-001",
    "name_ai_system_en": "Marsh Watch",
    "name_ai_system_fr": "Veille des marais",
    "government_organization": "Wetlands Canada / Milieux humides Canada",
    "description_ai_system_en": "Counts birds in photos.",
    "description_ai_system_fr": "Compte les oiseaux sur des photos.",
    "ai_system_primary_users_en": "GC employees",
    "ai_system_primary_users_fr": "Employés du GC",
    "developed_by_en": "Vendor",
    "developed_by_fr": "Fournisseur",
    "vendor_information": "Aile et Roseau inc.",
    "ai_system_status_en": "In production",
    "ai_system_status_fr": "En production",
    "status_date": "2025",
    "ai_system_capabilities_en": "Image recognition",
    "ai_system_capabilities_fr": "Reconnaissance d'images",
    "data_sources_en": "Photos",
    "data_sources_fr": "Photos",
    "involves_personal_information": "N",
    "personal_information_banks_en": "",
    "personal_information_banks_fr": "",
    "notification_ai": "Y",
    "ai_system_results_en": "Faster counts",
    "ai_system_results_fr": "Dénombrements plus rapides",
}
INVENTORY_COLUMNS = ("Nom du projet", "Direction", "Statut", "Courriel")
SCRIPT = "<script>alert(1)</script>"


def canada(number: int = 1, **cells: str) -> dict[str, str]:
    """One record of Canada's register."""
    return CANADA | {"ai_register_id": f"2526-WET-MHC-{number:03d}"} | cells


def inventory(*rows: tuple[str, ...], columns: Sequence[str] = INVENTORY_COLUMNS) -> bytes:
    """An inventory of a few columns."""
    return csv_of([dict(zip(columns, row, strict=False)) for row in rows], columns)


def csv_of(rows: Sequence[Mapping[str, str]], columns: Sequence[str] = ()) -> bytes:
    out = StringIO()
    writer = csv.DictWriter(out, list(columns) or list(rows[0]), extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def xlsx_of(rows: Sequence[Sequence[Any]], *, title: str = "Inventaire") -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def dirty_edition(count: int) -> bytes:
    """An edition as real registers are: blanks, spellings, a formula, a repeated identifier, a script, a bad row."""
    rows = [canada(number) for number in range(1, count + 1)]
    rows[1] |= {"ai_system_status_en": " in production ", "ai_system_status_fr": "", "status_date": "vers 2024"}
    rows[2] |= {"name_ai_system_en": SCRIPT, "name_ai_system_fr": ""}
    rows[3] |= {"description_ai_system_en": '=HYPERLINK("http://exemple.test","ici")'}
    rows[4] |= {"ai_register_id": rows[0]["ai_register_id"], "name_ai_system_en": "Another thing"}
    rows[5] |= {"ai_register_id": " "}
    rows[6] |= {"government_organization": "Milieux humides Canada"}
    return csv_of(rows) + b'2526-WET-MHC-999,"never closed,x\r\n'
