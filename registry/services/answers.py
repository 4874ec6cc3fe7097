"""Answers as they are stored and shown: cleaned by the kind of their field, whichever door they come by."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.audit import record
from core.models import Versioned
from core.services import Difference, EditConflict, InvalidInput, Signature, contested, signatures
from core.text import clean_line, clean_text, day_in_words, reader_language
from organizations.models import Organization, User
from registry.field_catalogue import Field
from registry.standards.values import MOST_INTEGER, is_web_address

Answers = Mapping[str, Any]

LONG_TEXT = "long_text"
MOST_DECIMAL = Decimal(10) ** 13


def clean_answer(field: Field, value: Any) -> Any:
    """Texts without control characters and within their column, codes of the catalogue, addresses of the Web, numbers
    that the column holds. Raises `InvalidInput`, which names the question.
    """
    if field.choices:
        return _clean_codes(field, value)
    if field.kind in {"integer", "decimal", "year"}:
        return _clean_number(field, value)
    if not isinstance(value, str):
        return value
    text = clean_text(value) if field.kind == LONG_TEXT else clean_line(value)
    if field.max_length and len(text) > field.max_length:
        told = {"label": _label(field), "most": number_format(field.max_length, force_grouping=True)}
        raise InvalidInput(_("“%(label)s” is too long: %(most)s characters at most.") % told, field=field.code)
    if field.kind == "url" and text and not is_web_address(text):
        sentence = _("“%(label)s”: give a whole web address, such as https://body.example/page.")
        raise InvalidInput(sentence % {"label": _label(field)}, field=field.code)
    return text


def _clean_number(field: Field, value: Any) -> Any:
    most = MOST_DECIMAL if field.kind == "decimal" else MOST_INTEGER
    lowest = -most if field.kind == "decimal" else 0
    if value is not None and not lowest <= value <= most:
        sentence = _("“%(label)s”: this number cannot be kept. Correct it.")
        raise InvalidInput(sentence % {"label": _label(field)}, field=field.code)
    return value


def _clean_codes(field: Field, value: Any) -> Any:
    given = [value] if isinstance(value, str) else list(value)
    if not {*given} - {""} <= {choice.code for choice in field.choices}:
        sentence = _("“%(label)s”: choose among the answers shown.")
        raise InvalidInput(sentence % {"label": _label(field)}, field=field.code)
    # Order means nothing in a list of codes, and neither does a code said twice.
    return str(value) if isinstance(value, str) else field.in_order(given)


def _label(field: Field) -> str:
    return field.label[reader_language()]


def shown_value(field: Field, value: Any) -> str:
    """The value as a reader sees it: labels for codes, dates and numbers as the language writes them; a year is no
    number of things.
    """
    if value is None or value == "":
        return ""
    labels = {choice.code: choice.label[reader_language()] for choice in field.choices}
    if isinstance(value, (list, tuple)):
        return ", ".join(str(labels.get(code, code)) for code in field.in_order(value))
    if isinstance(value, date):
        return day_in_words(value)
    if isinstance(value, (int, Decimal)) and field.kind != "year":
        return number_format(value.normalize() if isinstance(value, Decimal) else value, force_grouping=True)
    return labels.get(value, str(value))


def difference(field: Field, *, stored: Any, typed: Any, wrote: Signature | None = None) -> Difference:
    """What two people wrote in the same field, and who wrote what is stored."""
    wrote = wrote or Signature()
    return Difference(
        field=field.code,
        label=_label(field),
        stored=shown_value(field, stored),
        typed=shown_value(field, typed),
        stored_value=stored,
        typed_value=typed,
        by=wrote.by,
        at=wrote.at,
        by_ref=wrote.ref,
    )


def merged(
    thing: Versioned,
    typed: Answers,
    version: int,
    *,
    field: Callable[[str], Field],
    unsettled: Collection[str] = (),
    signed: tuple[str, str] = ("updated_by", "updated_at"),
) -> dict[str, Any]:
    """What is to be written of the answers that differ from the stored ones: what was only read at `version` is not
    written over what somebody else wrote since. Raises `EditConflict` for what both changed.
    """
    read = _lists_as_read(thing, typed, version)
    # A list that says what was read, in another order, was only read.
    typed = {code: read[code] if _is_as_read(field(code), read, value) else value for code, value in typed.items()}
    changed, both = contested(thing, typed, version, unsettled=unsettled)
    changed = {code: field(code).in_order(value) for code, value in changed.items()}
    stored = {code: getattr(thing, code) for code in read}
    ours = {code for code in read if code not in unsettled and field(code).is_same(read[code], stored[code])}
    shown = [code for code in both if field(code).kind != "row" and code not in ours]
    if not shown:
        return changed
    by, at = signed
    wrote = signatures(thing, shown, by=by, at=at)
    raise EditConflict(
        thing.version,
        [difference(field(c), stored=getattr(thing, c), typed=changed[c], wrote=wrote[c]) for c in shown],
    )


def _lists_as_read(thing: Versioned, typed: Answers, version: int) -> dict[str, list[str]]:
    """Lists of codes as they stood at `version`, where somebody wrote since."""
    codes = [code for code, value in typed.items() if isinstance(value, list)]
    if not codes or version == thing.version:
        return {}
    events = type(thing).pgh_event_models["insert"].objects  # type: ignore[attr-defined]
    rows = events.filter(pgh_obj_id=thing.pk, version=version).order_by("-pgh_id")
    return dict(rows.values(*codes).first() or {})


def _is_as_read(field: Field, read: Mapping[str, list[str]], value: Any) -> bool:
    return field.code in read and field.is_same(read[field.code], value)


@transaction.atomic
def record_change_by_program(*, thing: Versioned, organization: Organization, by: User) -> None:
    """History knows the person who wrote, the ledger alone through which of their tokens. Saved once `version` grew."""
    if by.through:
        record(by=by, verb="change_answers", thing=thing, organization=organization, facts={"version": thing.version})
