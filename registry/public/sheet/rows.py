"""What a system has several of, as its page shows it: data sets, places, recourses, benefits with their measures…"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.text import day_in_words, pick
from registry.field_catalogue import CATALOGUE, Part
from registry.public.codes import coded_in
from registry.public.sheet.answers import answer_of, key_of, others_of, written_number
from registry.public.sheet.shapes import Answer, Measure, PartRows, Row

# Shown inside the benefit they measure.
MEASURES, BENEFITS, HOSTING = "measures", "benefits", "hosting"
# Of a benefit, said in its table.
IN_TABLE = frozenset({"baseline", "baseline_on", "target", "target_on"})
UNKNOWN_COUNTRY = "unknown"

Values = Mapping[str, Any]


def parts_in(section: str, details: Values, *, whole: bool = False) -> tuple[PartRows, ...]:
    """The rows of one section. `whole`: with their empty answers, and the parts without any row."""
    told: Values = details.get("parts", {})
    parts = [part for part in CATALOGUE.parts_in(section) if part.code != MEASURES]
    return tuple(
        PartRows(
            part.code,
            pick(dict(part.label)).text,
            tuple(_row(part, row, told.get(MEASURES, []), whole) for row in told.get(part.code, [])),
        )
        for part in parts
        if whole or told.get(part.code)
    )


def _row(part: Part, row: Values, measures: list[Values], whole: bool) -> Row:
    shown = [field for field in part.fields if field.visibility == "public"]
    answers = [answer_of(field, row.get(key_of(field))) for field in shown]
    title, rest = answers[0], answers[1:]
    if part.code == BENEFITS:
        rest = [answer for answer in rest if answer.code not in IN_TABLE]
    return Row(
        identifier=row["id"],
        title=title,
        answers=tuple(answer for answer in rest if whole or not answer.is_empty),
        note=_laws(part, row) if part.code == HOSTING else "",
        measures=_measures(row, measures) if part.code == BENEFITS else (),
    )


def row_title(part: Part, row: Values) -> Answer:
    """What names one row, whatever its part."""
    return answer_of(part.fields[0], row.get(key_of(part.fields[0])))


def _laws(part: Part, row: Values) -> str:
    """Under whose law the data may be: that of the place, and that of the group which operates it."""
    place, group = row.get("country", ""), row.get("operator_country", "")
    known = [code for code in (place, group) if code and code != UNKNOWN_COUNTRY]
    if not known:
        return _("Which law applies is not known: the body has not found the country yet.")
    labels = {code: coded_in(part.field("country"), code).label for code in known}
    if group in labels and group != place:
        owner = _("%(country)s (country of the operator's group)") % {"country": labels[group]}
        laws = [*([labels[place]] if place in labels else []), owner]
    else:
        laws = [labels[known[0]]]
    return _("Laws that may apply: %(laws)s.") % {"laws": "; ".join(laws)}


def _measures(benefit: Values, measures: list[Values]) -> tuple[Measure, ...]:
    """Before, then each year, then what was aimed at: the table reads downwards in time."""
    years = [each for each in measures if each.get("benefit") == benefit["id"]]
    rows = [_measure(each) for each in years]
    before = Measure("baseline", _day(benefit, "baseline_on"), _value(benefit, "baseline"), pick({}))
    target = Measure("target", _day(benefit, "target_on"), _value(benefit, "target"), pick({}))
    return tuple(each for each in (before, *sorted(rows, key=lambda row: row.when), target) if each.value)


def _measure(row: Values) -> Measure:
    year, texts = str(row["year"]), row.get("note", {})
    note = pick(texts)
    return Measure(year, year, _value(row, "value"), note, others_of(texts, note))


def _value(row: Values, key: str) -> str:
    return written_number(row.get(key))


def _day(row: Values, key: str) -> str:
    return day_in_words(date.fromisoformat(row[key])) if row.get(key) else ""
