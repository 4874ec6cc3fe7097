"""The list of systems as a file: Excel or CSV, every answer in words, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from core.text import reader_language, safe_cell
from organizations.models import Organization
from registry.field_catalogue import CATALOGUE, Field
from registry.models.system import AISystemQuerySet
from registry.workflow import Status

MOST_ROWS = 10_000
CHUNK = 500
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
COLUMNS = ("reference", "status", "organization_id", "updated_at")


class SystemsFile:
    """The systems of a list, in its order: at most 10,000, and the file says so when there were more.

    Read by chunks and as plain values: the process that makes it also answers people.
    """

    def __init__(self, systems: AISystemQuerySet) -> None:
        self.systems = systems
        total = systems.count()
        self.is_cut = total > MOST_ROWS
        self.rows = min(total, MOST_ROWS)
        self.bodies = Organization.objects.in_bulk(set(systems.order_by().values_list("organization_id", flat=True)))
        self.is_demonstration = any(body.is_demonstration for body in self.bodies.values())
        has_english = any(body.publishes_in_english for body in self.bodies.values())
        self.fields: list[Field] = [*CATALOGUE.fields, *(CATALOGUE.twins if has_english else ())]
        language = reader_language()
        self.labels = {field.code: dict(CATALOGUE.choices(field.code, language)) for field in self.fields}

    def content(self, kind: str) -> bytes:
        return self._xlsx() if kind == "xlsx" else self._csv()

    def lines(self) -> Iterator[list[Any]]:
        """Notices, heads, then one line a system. Texts that a spreadsheet would run are quoted."""
        if self.is_demonstration:
            yield [_("Fictitious data – demonstration")]
        if self.is_cut:
            most = f"{MOST_ROWS:,}".replace(",", "\xa0" if reader_language() == "fr" else ",")
            notice = _("The first %(most)s systems of the list only: narrow the list to have the others.")
            yield [notice % {"most": most}]
        yield [*_heads(), *(field.label[reader_language()] for field in self.fields)]
        states = {Status.DECLARED: _("Declared"), Status.DRAFT: _("Being written")}
        wanted = self.systems.values(*COLUMNS, *(field.code for field in self.fields))
        for row in wanted[:MOST_ROWS].iterator(chunk_size=CHUNK):
            yield [safe_cell(value) for value in self._cells(row, states)]

    def _cells(self, row: Mapping[str, Any], states: Mapping[Any, str]) -> Iterator[Any]:
        body = self.bodies[row["organization_id"]]
        yield row["reference"] or ""
        yield states[row["status"]]
        yield body.sigle
        yield str(body.name)
        yield timezone.localdate(row["updated_at"]).isoformat()
        for field in self.fields:
            yield self._words(field.code, row[field.code])

    def _words(self, code: str, value: Any) -> str:
        """Labels for codes; a date as every program reads it."""
        labels = self.labels[code]
        if isinstance(value, list):
            return ", ".join(str(labels.get(one, one)) for one in value)
        return value.isoformat() if isinstance(value, date) else labels.get(value, value or "")

    def _xlsx(self) -> bytes:
        book = Workbook(write_only=True)
        sheet = book.create_sheet(_("Systems"))
        for line in self.lines():
            sheet.append(line)
        target = io.BytesIO()
        book.save(target)
        return target.getvalue()

    def _csv(self) -> bytes:
        """With the mark by which Excel knows UTF-8, and the separator it expects in the reader's language."""
        target = io.StringIO()
        writer = csv.writer(target, delimiter=";" if reader_language() == "fr" else ",")
        writer.writerows(self.lines())
        return "\ufeff".encode() + target.getvalue().encode()


def _heads() -> list[str]:
    return [_("Number"), _("Status"), _("Sigle"), _("Body"), _("Last change")]


def file_name(kind: str) -> str:
    """`systemes-2026-11-22.xlsx`."""
    name = "systemes" if reader_language() == "fr" else "systems"
    return f"{name}-{timezone.localdate().isoformat()}.{kind}"
