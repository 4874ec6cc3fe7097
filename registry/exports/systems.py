"""The list of systems as a file: Excel or CSV, every answer in words, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from core.text import reader_language, safe_cell
from registry.field_catalogue import CATALOGUE, Field
from registry.models import AISystem
from registry.models.system import AISystemQuerySet
from registry.services.systems import shown_value
from registry.workflow import Status

MOST_ROWS = 10_000
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class SystemsFile:
    """The systems of a list, in its order: at most 10,000, and the file says so when there were more."""

    def __init__(self, systems: AISystemQuerySet) -> None:
        found = list(systems.select_related("organization")[: MOST_ROWS + 1])
        self.is_cut = len(found) > MOST_ROWS
        self.systems = found[:MOST_ROWS]
        self.is_demonstration = any(system.organization.is_demonstration for system in self.systems)
        has_english = any(system.organization.publishes_in_english for system in self.systems)
        self.fields: list[Field] = [*CATALOGUE.fields, *(CATALOGUE.twins if has_english else ())]

    def __len__(self) -> int:
        return len(self.systems)

    def content(self, kind: str) -> bytes:
        return self._xlsx() if kind == "xlsx" else self._csv()

    def lines(self) -> Iterator[list[Any]]:
        """Notices, heads, then one line a system. Texts that a spreadsheet would run are quoted."""
        if self.is_demonstration:
            yield [_("Fictitious data – demonstration")]
        if self.is_cut:
            yield [_("The first %(most)s systems of the list only: narrow the list to have the others.") % self._most]
        yield [*_heads(), *(field.label[reader_language()] for field in self.fields)]
        for system in self.systems:
            yield [safe_cell(value) for value in self._cells(system)]

    @property
    def _most(self) -> dict[str, str]:
        return {"most": f"{MOST_ROWS:,}".replace(",", "\xa0" if reader_language() == "fr" else ",")}

    def _cells(self, system: AISystem) -> Iterable[Any]:
        yield system.reference or ""
        yield _("Declared") if system.status == Status.DECLARED else _("In progress")
        yield system.organization.sigle
        yield str(system.organization.name)
        yield timezone.localtime(system.updated_at).strftime("%Y-%m-%d")
        for field in self.fields:
            value = system.value(field.code)
            yield value.isoformat() if hasattr(value, "isoformat") else shown_value(field, value)

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
