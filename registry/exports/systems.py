"""The list of systems as a file: Excel or CSV, every answer in words, safe to open in a spreadsheet.

The table of systems has one line a system; what a system has several of stands in tables apart, one for each part of
the catalogue: sheets of the workbook, files of the ZIP.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from core.text import reader_language, safe_cell
from organizations.models import Organization
from registry.field_catalogue import CATALOGUE, Field, Part
from registry.models.parts import PART_MODELS
from registry.models.system import AISystemQuerySet
from registry.public.open_data.workbook import sheet_title
from registry.rules.attention import Attention, attention
from registry.workflow import PublicationKind, Status

MOST_ROWS = 10_000
CHUNK = 500
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
COLUMNS = (
    "uuid", "reference", "status", "organization_id", "updated_at", "solution__name_fr", "lead__name", "lead__email",
    "public_record__kind", "public_record__publication__number",
)  # fmt: skip
ROW_COLUMNS = ("system__uuid", "system__reference", "system__name_fr", "system__organization_id")
Line = list[Any]


class SystemsFile:
    """The systems of a list, in its order: at most 10,000, and the name of the file says so when there were more.

    Read by chunks and as plain values: the process that makes it also answers people.
    """

    def __init__(self, systems: AISystemQuerySet) -> None:
        self.systems = systems
        total = systems.count()
        self.is_cut = total > MOST_ROWS
        self.rows = min(total, MOST_ROWS)
        self.bodies = Organization.objects.in_bulk(set(systems.order_by().values_list("organization_id", flat=True)))
        self.is_demonstration = any(body.is_demonstration for body in self.bodies.values())
        self.has_english = any(body.publishes_in_english for body in self.bodies.values())
        self.fields: list[Field] = [*CATALOGUE.fields, *(CATALOGUE.twins if self.has_english else ())]

    def content(self, kind: str) -> bytes:
        return {"xlsx": self._xlsx, "csv": self._csv, "zip": self._zip}[kind]()

    def lines(self) -> Iterator[Line]:
        """Heads, then one line a system. Texts that a spreadsheet would run are quoted."""
        yield [*_heads(), *_labels(self.fields), *_last_heads(), *self._mark_head()]
        states = {Status.DECLARED: _("Declared"), Status.DRAFT: _("Being written")}
        levels = {Attention.LOW: _("Low"), Attention.MODERATE: _("Moderate"), Attention.HIGH: _("High")}
        words = _Words(self.fields)
        wanted = self.systems.values(*COLUMNS, *(field.code for field in self.fields))
        for row in wanted[:MOST_ROWS].iterator(chunk_size=CHUNK):
            body = self.bodies[row["organization_id"]]
            day = timezone.localdate(row["updated_at"]).isoformat()
            first = [row["reference"] or "", states[row["status"]], body.sigle, str(body.name), day]
            last = [levels[attention(row).level], row["solution__name_fr"] or "", *_state(row), str(row["uuid"])]
            last += self._mark(body)
            yield [safe_cell(value) for value in (*first, *words.of(row), *last)]

    def part_lines(self, part: Part) -> Iterator[Line]:
        """The rows of one part, of the same systems."""
        fields = part.columns if self.has_english else part.fields
        heads = [_("Number"), CATALOGUE.label("name_fr", reader_language()), _("Sigle"), *_labels(fields)]
        yield [*heads, _("Identifier in Vigie"), *self._mark_head()]
        # A row that another one points to is said by its name.
        columns = {field.code: f"{field.code}__name_fr" if field.kind == "row" else field.code for field in fields}
        kept = self.systems.values("pk")[:MOST_ROWS]
        rows = PART_MODELS[part.code]._default_manager.filter(system__in=kept)
        ordered = rows.order_by("system__sort_key", "system_id", "pk").values(*ROW_COLUMNS, *columns.values())
        words = _Words(fields)
        for row in ordered.iterator(chunk_size=CHUNK):
            body = self.bodies[row["system__organization_id"]]
            first = [row["system__reference"] or "", row["system__name_fr"], body.sigle]
            told = words.of({code: row[column] for code, column in columns.items()})
            last = [str(row["system__uuid"]), *self._mark(body)]
            yield [safe_cell(value) for value in (*first, *told, *last)]

    def _mark_head(self) -> list[str]:
        """What is fictitious has a column: above the heads, a sentence would be taken for them."""
        return [_("Demonstration")] if self.is_demonstration else []

    def _mark(self, body: Organization) -> list[str]:
        return [_("Yes") if body.is_demonstration else _("No")] if self.is_demonstration else []

    def _tables(self) -> Iterator[tuple[str, str, Iterable[Line]]]:
        """Name of a file, title of a sheet, lines: the systems first."""
        yield _stem(), _("Systems"), self.lines()
        for part in CATALOGUE.parts:
            yield part.code.replace("_", "-"), sheet_title(part.label[reader_language()]), self.part_lines(part)

    def _xlsx(self) -> bytes:
        book = Workbook(write_only=True)
        for _name, title, lines in self._tables():
            sheet = book.create_sheet(title)
            for line in lines:
                sheet.append(line)
        target = io.BytesIO()
        book.save(target)
        return target.getvalue()

    def _csv(self) -> bytes:
        return _csv(self.lines())

    def _zip(self) -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, _title, lines in self._tables():
                archive.writestr(f"{name}.csv", _csv(lines))
        return target.getvalue()


class _Words:
    """What a file says of stored values: labels for codes, a date and a number as every program reads them."""

    def __init__(self, fields: Iterable[Field]) -> None:
        language = reader_language()
        self.labels = {
            field.code: {choice.code: choice.label[language] for choice in field.choices} for field in fields
        }

    def of(self, row: Mapping[str, Any]) -> Iterator[Any]:
        return (self._said(labels, row[code]) for code, labels in self.labels.items())

    def _said(self, labels: Mapping[str, str], value: Any) -> Any:
        if isinstance(value, list):
            return ", ".join(labels.get(one, one) for one in value)
        if isinstance(value, (int, Decimal)):
            return value
        return value.isoformat() if isinstance(value, date) else labels.get(value, value or "")


def _csv(lines: Iterable[Line]) -> bytes:
    """With the mark by which Excel knows UTF-8, and the separator it expects in the reader's language."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";" if reader_language() == "fr" else ",")
    writer.writerows(lines)
    return "\ufeff".encode() + target.getvalue().encode()


def _heads() -> list[str]:
    return [_("Number"), _("Status"), _("Sigle"), _("Body"), _("Last change")]


def _last_heads() -> list[str]:
    """The identifier is the same in each file: two drafts may bear one name, and they have no number."""
    state = [_("Record kept by"), _("Public site"), _("Public version"), _("Identifier in Vigie")]
    return [_("Level of attention"), _("Shared product"), *state]


def _state(row: Mapping[str, Any]) -> Line:
    """Who keeps the record, what the public reads of it, and in which version."""
    states = {
        PublicationKind.SHEET: _("Sheet published"),
        PublicationKind.LINE: _("One line, sheet to come"),
        PublicationKind.WITHDRAWN: _("Withdrawn"),
        PublicationKind.WITHHELD: _("Withheld"),
    }
    kind, number = row["public_record__kind"], row["public_record__publication__number"]
    return [row["lead__name"] or row["lead__email"] or "", states.get(kind, _("Not published")), number or ""]


def _labels(fields: Iterable[Field]) -> list[str]:
    return [field.label[reader_language()] for field in fields]


def _stem() -> str:
    return "systemes" if reader_language() == "fr" else "systems"


def file_name(kind: str, *, is_cut: bool = False) -> str:
    """`systemes-2026-11-22.xlsx`; of a list that is cut, `systemes-2026-11-22-10000-premiers.xlsx`."""
    first = "premiers" if reader_language() == "fr" else "first"
    cut = f"-{MOST_ROWS}-{first}" if is_cut else ""
    return f"{_stem()}-{timezone.localdate().isoformat()}{cut}.{kind}"
