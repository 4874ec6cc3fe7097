"""Facts of the record and of the body in words: what changed since a screening was concluded."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from django.db.models import Field
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from assessments.models import ScreeningConclusion
from assessments.services.facts import facts_of
from assessments.services.screening import changed_facts
from core.text import reader_language
from organizations.forms.bodies import country_choices
from organizations.models import Organization
from organizations.workflow import Kind, Regime
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem
from registry.services.answers import shown_value

# Facts of a body that its sheet holds under another name.
ON_THE_SHEET = {"has_committee": "is_committee_exempt"}


def changes_told(conclusion: ScreeningConclusion, system: AISystem) -> list[dict[str, str]]:
    """Label, what it was when the screening was concluded, what it is now."""
    changed = changed_facts(conclusion, system)
    now = facts_of(system) if changed else {}
    return [_change(name, conclusion.facts[name], now.get(name)) for name in changed]


def _change(name: str, then: Any, now: Any) -> dict[str, str]:
    source, _dot, code = name.partition(".")
    empty = _("Not answered")
    if source == "body":
        told = _body_label(code), _body_words(code, then), _body_words(code, now)
    elif any(code == field.code for field in CATALOGUE.fields):
        label = CATALOGUE.label(code, reader_language())
        told = label, _record_words(code, then), _record_words(code, now)
    else:  # a field that the record has no more
        told = code, str(then or ""), str(now or "")
    return {"label": told[0], "then": told[1] or empty, "now": told[2] or empty}


def _record_words(code: str, value: Any) -> str:
    field = CATALOGUE.field(code)
    return shown_value(field, date.fromisoformat(value) if field.kind == "date" and value else value)


def _body_label(code: str) -> str:
    field = cast("Field[Any, Any]", Organization._meta.get_field(ON_THE_SHEET.get(code, code)))
    return str(field.verbose_name)


def _body_words(code: str, value: Any) -> str:
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value is not (code in ON_THE_SHEET) else _("No")
    lists: Mapping[str, Mapping[str, Any]] = {
        "regimes": dict(Regime.choices),
        "kind": dict(Kind.choices),
        "country": dict(country_choices()),
    }
    if code in lists:
        return ", ".join(str(lists[code].get(one, one)) for one in (value if isinstance(value, list) else [value]))
    return str(number_format(value, force_grouping=True)) if isinstance(value, int) else str(value)
