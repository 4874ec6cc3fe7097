"""One value of a publication document, in the reader's words."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format

from core.text import Localized, pick
from registry.field_catalogue import Field
from registry.public.codes import coded_in
from registry.public.sheet.shapes import Answer

NOTHING = Localized("", "fr")


def key_of(field: Field) -> str:
    """The name of a field in a document: texts are maps of languages there, so the column's `_fr` is not."""
    return field.code.removesuffix("_fr")


def answer_of(field: Field, value: Any) -> Answer:
    """The answer as a page shows it; an empty one when the document says nothing."""
    code, label = key_of(field), pick(dict(field.label)).text
    if isinstance(value, dict):
        text = pick(value)
        return Answer(code, label, text, others=others_of(value, text))
    if field.choices:
        codes = value if isinstance(value, list) else [value] if value else []
        return Answer(code, label, NOTHING, tuple(coded_in(field, one) for one in field.in_order(codes)))
    if field.kind == "date":
        return Answer(code, label, NOTHING, day=date.fromisoformat(value) if value else None)
    if field.kind == "url":
        return Answer(code, label, NOTHING, link=safe_link(value or ""))
    if field.kind == "year":
        return Answer(code, label, Localized(str(value or ""), "fr"))
    if field.kind in {"decimal", "integer"}:
        return Answer(code, label, Localized(written_number(value), "fr"))
    return Answer(code, label, Localized(value or "", "fr"))


def others_of(texts: Mapping[str, str], shown: Localized) -> tuple[Localized, ...]:
    """The same text in the languages that are not shown."""
    return tuple(Localized(texts[each], each) for each in sorted(texts) if each != shown.language)


def safe_link(address: str) -> str:
    """Only addresses of the web become links: a document of another day may hold anything."""
    return address if address.startswith(("https://", "http://")) else ""


def written_number(value: str | int | None) -> str:
    """«1 000,25» in French, «1,000.25» in English, as on the pages of staff; a year is not a quantity."""
    return "" if value in (None, "") else number_format(Decimal(str(value)), force_grouping=True)
