"""Coverage of the register as a table of open data: a line a body. The data dictionary says what each column is."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from registry.public.coverage import BodyCoverage

COLUMNS: Mapping[str, Promise] = {
    "body": gettext_lazy("Code of the body in the addresses of this site."),
    "sigle": gettext_lazy("Acronym of the body."),
    "name_fr": gettext_lazy("Name in French."),
    "name_en": gettext_lazy("Name in English, when the body has one."),
    "kind": gettext_lazy("Kind of body, as a code."),
    "parent": gettext_lazy("Code of the body above it."),
    "state": gettext_lazy(
        "«published», «in_progress», «none» (attested that it uses no AI) or «silent»; empty for a closed body that "
        "published nothing, and for a company or a foreign government that is silent."
    ),
    "systems": gettext_lazy("Systems on this site."),
    "lines": gettext_lazy("Of these, those whose sheet is still to come."),
    "withheld": gettext_lazy("Of these, those that are not disclosed, on a ground of the law."),
    "no_ai_attested_on": gettext_lazy("Day of the attestation that the body uses no AI."),
    "no_ai_function": gettext_lazy("Function of who attested, as a code; never a person."),
    "no_ai_note_fr": gettext_lazy("What the body adds to its attestation."),
    "no_ai_to_renew": gettext_lazy("1 when the attestation is more than a year old, else 0; empty without one."),
    "closed_on": gettext_lazy("Day on which the body was closed."),
    "is_demonstration": gettext_lazy("1 for a fictitious body, else 0."),
}


def line(row: BodyCoverage) -> list[Any]:
    """In the order of `COLUMNS`."""
    body, facts, no_ai = row.body, row.body.facts, row.no_ai
    return [
        facts.slug,
        facts.sigle,
        facts.name.get("fr", ""),
        facts.name.get("en", ""),
        facts.kind,
        body.parent_slug,
        str(row.state or ""),
        row.systems,
        row.lines,
        row.withheld,
        no_ai.on.isoformat() if no_ai else "",
        no_ai.code if no_ai else "",
        no_ai.note.text if no_ai else "",
        int(no_ai.is_to_renew) if no_ai else "",
        body.closed_on.isoformat() if body.closed_on else "",
        int(body.is_demonstration),
    ]


def lines(rows: Iterable[BodyCoverage]) -> list[list[Any]]:
    return [line(row) for row in rows]


def as_dicts(rows: Iterable[BodyCoverage]) -> list[dict[str, Any]]:
    """The same for programs."""
    return [dict(zip(COLUMNS, line(row), strict=True)) for row in rows]
