"""What changed between two versions of one system: fields in their words, rows matched by their identifier."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.text import Localized, day_in_words, pick, reader_language
from organizations.workflow import Kind, Regime
from registry.field_catalogue import CATALOGUE, Field, Part
from registry.models import Publication
from registry.public.sheet.answers import answer_of, key_of
from registry.public.sheet.rows import MEASURES, row_title
from registry.public.sheet.shapes import Answer
from registry.workflow import PublicationKind

KINDS = {
    PublicationKind.SHEET: gettext_lazy("Full sheet"),
    PublicationKind.LINE: gettext_lazy("Declared, sheet to come"),
    PublicationKind.WITHDRAWN: gettext_lazy("Sheet withdrawn"),
    PublicationKind.WITHHELD: gettext_lazy("Not disclosed"),
}
BODY_LABELS = {
    "name": gettext_lazy("Name of the body"),
    "sigle": gettext_lazy("Acronym of the body"),
    "email": gettext_lazy("E-mail of the body"),
    "phone": gettext_lazy("Telephone of the body"),
    "postal_address": gettext_lazy("Address of the body"),
    "website": gettext_lazy("Web site of the body"),
}

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One text before and after; one of the two may be empty. `language`: of the text."""

    label: str
    before: str
    after: str
    language: str


@dataclass(frozen=True)
class RowChange:
    """One row `added`, `removed` or `changed`."""

    kind: str
    part: str
    title: Localized
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class SectionChange:
    """What changed in one of the citizen's questions; the last one is about the body and the sheet itself."""

    question: str
    changes: tuple[Change, ...]
    rows: tuple[RowChange, ...] = ()


def differences_between(reference: str, before: int, after: int) -> tuple[SectionChange, ...]:
    """Section by section, in the order of the page; nothing where nothing changed. One query."""
    rows = Publication.objects.filter(reference=reference, number__in=[before, after])
    documents = dict(rows.order_by().values_list("number", "document"))
    return compare_documents(documents[before], documents[after])


def compare_documents(old: Values, new: Values) -> tuple[SectionChange, ...]:
    found = [
        SectionChange(
            pick(dict(section.question)).text,
            tuple(_fields(CATALOGUE.in_section(section.code), old["system"], new["system"])),
            tuple(change for part in CATALOGUE.parts_in(section.code) for change in _rows(part, old, new)),
        )
        for section in CATALOGUE.sections
    ]
    found.append(_solution(old, new))
    found.append(SectionChange(_("The body and the sheet itself"), tuple(_around(old, new))))
    return tuple(section for section in found if section.changes or section.rows)


def _fields(fields: tuple[Field, ...], old: Values, new: Values) -> Iterator[Change]:
    for field in fields:
        key = key_of(field)
        if not field.is_same(old.get(key), new.get(key)):
            yield from _change(field, old.get(key), new.get(key))


def _change(field: Field, old: Any, new: Any) -> Iterator[Change]:
    """A text once a language; anything else in the reader's words."""
    label = pick(dict(field.label)).text
    if isinstance(old, Mapping) or isinstance(new, Mapping):
        yield from _texts(label, old or {}, new or {})
    else:
        before, after = answer_of(field, old), answer_of(field, new)
        yield Change(label, _written(before), _written(after), "")


def _texts(label: str, old: Values, new: Values) -> Iterator[Change]:
    for language in sorted({*old, *new}, key=lambda code: (code != "fr", code)):
        if old.get(language, "") != new.get(language, ""):
            yield Change(label, old.get(language, ""), new.get(language, ""), language)


def _written(answer: Answer) -> str:
    if answer.day:
        return day_in_words(answer.day)
    return answer.text.text or answer.link or "; ".join(chosen.label for chosen in answer.chosen)


def _solution(old: Values, new: Values) -> SectionChange:
    """The shared product, another one or better described, and the claims of its supplier."""
    shape, claims = CATALOGUE.shared_part("solution_facts"), CATALOGUE.shared_part("supplier_claims")
    was, now = (document.get("details", {}).get("solution_facts", {}) for document in (old, new))
    # A document holds the two columns of its name as one text in two languages.
    fields = tuple(field for field in shape.fields if field.code != "name_en")
    before, after = ({each["id"]: each for each in facts.get("supplier_claims", ())} for facts in (was, now))
    rows = tuple(_compared(claims, before, after, old, new))
    return SectionChange(pick(dict(shape.label)).text, tuple(_fields(fields, was, now)), rows)


def _rows(part: Part, old: Values, new: Values) -> Iterator[RowChange]:
    """Rows keep their identifier from one version to the next: the same one is compared with itself."""
    return _compared(part, _by_id(part, old), _by_id(part, new), old, new)


def _compared(
    part: Part, before: Mapping[str, Values], after: Mapping[str, Values], old: Values, new: Values
) -> Iterator[RowChange]:
    fields = tuple(field for field in part.fields if field.kind != "row")
    for identifier in dict.fromkeys([*before, *after]):
        was, now = before.get(identifier, {}), after.get(identifier, {})
        if _in_order(part, was) == _in_order(part, now):
            continue
        kind = "changed" if was and now else "added" if now else "removed"
        changes = tuple(_fields(fields, was, now))
        yield RowChange(kind, pick(dict(part.label)).text, _title(part, now or was, new if now else old), changes)


def _in_order(part: Part, row: Values) -> dict[str, Any]:
    """A list of codes that only changed its order says the same."""
    fields = {key_of(field): field for field in part.fields}
    return {key: fields[key].in_order(value) if key in fields else value for key, value in row.items()}


def _by_id(part: Part, document: Values) -> dict[str, Values]:
    rows = document.get("details", {}).get("parts", {}).get(part.code, [])
    return {row["id"]: row for row in rows}


def _title(part: Part, row: Values, document: Values) -> Localized:
    if part.code != MEASURES:
        answer = row_title(part, row)
        return answer.text or Localized(_written(answer), reader_language())
    benefits = _by_id(CATALOGUE.part("benefits"), document)
    name = pick(benefits.get(row.get("benefit", ""), {}).get("name", {}))
    return Localized(f"{name} – {row['year']}" if name else str(row["year"]), name.language)


def _around(old: Values, new: Values) -> Iterator[Change]:
    """Kind of version, what the law keeps, what is given on request, and how the body was named and reached."""
    if old["kind"] != new["kind"]:
        yield Change(_("What is public"), str(KINDS[old["kind"]]), str(KINDS[new["kind"]]), "")
    before, after = (_asked(document) for document in (old, new))
    if before != after:
        yield Change(_("On request"), before, after, "")
    for key, label in BODY_LABELS.items():
        was, now = old["body"].get(key, ""), new["body"].get(key, "")
        if isinstance(was, Mapping) or isinstance(now, Mapping):
            yield from _texts(str(label), was or {}, now or {})
        elif was != now:
            yield Change(str(label), was, now, "")
    yield from _status(old["body"], new["body"])


def _status(old: Values, new: Values) -> Iterator[Change]:
    """What sort of body it was, and the laws it followed."""
    was, now = (str(Kind(body["kind"]).label) for body in (old, new))
    if was != now:
        yield Change(_("Kind of body"), was, now, "")
    before, after = ("; ".join(str(each.label) for each in Regime if each in body["regimes"]) for body in (old, new))
    if before != after:
        yield Change(_("Legal regimes"), before, after, "")


def _asked(document: Values) -> str:
    codes = frozenset(document.get("details", {}).get("on_request", ()))
    return "; ".join(pick(dict(field.label)).text for field in CATALOGUE.fields if key_of(field) in codes)
