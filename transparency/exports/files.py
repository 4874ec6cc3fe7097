"""Public data as files: CSV, Excel, JSON; nothing that a spreadsheet would run."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from openpyxl import Workbook

from core import clock
from core.files import made_attachment
from core.text import safe_cell
from registry.public.open_data.workbook import excel_cell, sheet_title, write_register

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json; charset=utf-8",
}
LICENCE = "CC BY 4.0"


def as_csv(rows: Iterable[list[Any]]) -> bytes:
    """With the mark that tells Excel that it is UTF-8."""
    text = io.StringIO()
    csv.writer(text).writerows([safe_cell(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_xlsx(rows: Iterable[list[Any]], title: str) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_title(title))
    for row in rows:
        sheet.append([excel_cell(cell) for cell in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def documents_as_xlsx(documents: Iterable[Mapping[str, Any]], *, notice: str) -> bytes:
    """A sheet of systems, one for each kind of rows, the dictionary, what the file is."""
    content, made_on = io.BytesIO(), clock.civil_date(clock.now()).isoformat()
    write_register(content, documents, made_on=made_on, address=settings.PUBLIC_URL, notice=notice)
    return content.getvalue()


def as_json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def table_as(kind: str, rows: Iterable[list[Any]], title: str) -> bytes:
    return as_xlsx(rows, title) if kind == "xlsx" else as_csv(rows)


def attachment(content: bytes, *, kind: str, name: str, seconds: int) -> HttpResponse:
    """The whole answer at once: the thread is free while a slow visitor reads it."""
    response = made_attachment(content, media_type=MEDIA_TYPES[kind], name=f"{name}.{kind}")
    patch_cache_control(response, public=True, max_age=seconds)
    return response


def cut_notice(is_cut: bool, most: int) -> str:
    """What the reader of a long list must know."""
    if not is_cut:
        return ""
    return _("The first %(most)d systems only: take the file of the whole register.") % {"most": most}
