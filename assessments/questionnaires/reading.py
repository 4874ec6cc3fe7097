"""A data file, checked by its schema and its own rules, turned into the objects of `shapes`."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from assessments.questionnaires import shapes

Row = Mapping[str, Any]
SCHEMA_FILE = Path(__file__).with_name("schema.json")


class NotAQuestionnaire(ValueError):
    """The data is no questionnaire of ours. `place`: where in it («sections/2/questions/0/label»)."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place or 'file'}: {problem}")
        self.place, self.problem = place, problem


@cache
def _validator() -> Any:
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=FormatChecker())


def check_shape(content: Any) -> None:
    """Raise `NotAQuestionnaire` at the first place that the schema refuses, or inside it where more is said."""
    errors = {tuple(map(str, error.absolute_path)): error for error in _validator().iter_errors(content)}
    if errors:
        first = min(errors)
        place = max((place for place in errors if place[: len(first)] == first), key=len)
        raise NotAQuestionnaire("/".join(place), _words(errors[place]))


def _words(error: Any) -> str:
    """The library's own, but where it would print the whole question."""
    if error.validator == "not":
        names = ", ".join(f"`{name}`" for name in error.validator_value.get("required", ()))
        return f"{names} is not for this kind of question"
    if error.validator == "oneOf":
        return "it has none of the shapes that README.md gives"
    return str(error.message)[:400]


def read_questionnaire(content: Row) -> shapes.Questionnaire:
    """Of a content whose shape was checked: a released file, or the copy of it that a row keeps."""
    depth, scoring, matrix = content.get("depth"), content["scoring"], content.get("matrix")
    return shapes.Questionnaire(
        **{key: content[key] for key in ("id", "version", "licence", "source_url", "replaces")},
        issued=str(content["issued"]),
        title=_text(content["title"]),
        short_title=_text(content["short_title"]),
        purpose=_maybe(content.get("purpose")),
        notice=_maybe(content.get("notice")),
        score_levels=tuple(
            shapes.ScoreLevel(row["code"], _text(row["label"]), row["from"])
            for row in (scoring or {}).get("levels", ())
        ),
        depth=_depth(depth) if depth else None,
        sources={code: _source(code, row) for code, row in content["sources"].items()},
        parts=tuple(shapes.Part(row["code"], _text(row["title"])) for row in content["parts"]),
        sections=tuple(_section(row) for row in content["sections"]),
        matrix=_matrix(matrix) if matrix else None,
        risks=tuple(_risk(row) for row in content.get("risks", ())),
        measures=tuple(_measure(row) for row in content.get("measures", ())),
        outcomes=tuple(_outcome(row) for row in content.get("outcomes", ())),
    )


def _text(value: Row) -> shapes.Text:
    return MappingProxyType(dict(value))


def _maybe(value: Row | None) -> shapes.Text | None:
    return _text(value) if value else None


def _source(code: str, row: Row) -> shapes.Source:
    return shapes.Source(code, _text(row["label"]), row["origin"], row["certainty"])


def _options(rows: Iterable[Row]) -> tuple[shapes.Option, ...]:
    return tuple(
        shapes.Option(
            code=row["code"],
            label=_text(row["label"]),
            help=_maybe(row.get("help")),
            points=row.get("points", 0),
            exclusive=row.get("exclusive", False),
            visible_when=row.get("visible_when"),
        )
        for row in rows
    )


def _column(row: Row) -> shapes.Column:
    options = _options(row.get("options", ()))
    return shapes.Column(row["code"], _text(row["label"]), row["kind"], options, row.get("required", False))


def _prefill(row: Row) -> shapes.Prefill:
    return shapes.Prefill(
        source=row["from"],
        field=row.get("field") or row.get("question") or row.get("part", ""),
        instrument=row.get("instrument", ""),
        codes=row.get("map"),
        unmapped=row.get("unmapped", ""),
        columns=row.get("columns", {}),
    )


def _standards(row: Row) -> Mapping[str, tuple[str | int, ...]]:
    return {name: tuple(codes) for name, codes in row.get("standards", {}).items()}


def _question(row: Row, section: str) -> shapes.Question:
    return shapes.Question(
        id=row["id"],
        section=section,
        kind=row["kind"],
        label=_text(row["label"]),
        help=_maybe(row.get("help")),
        example=_maybe(row.get("example")),
        required=row.get("required", False),
        depth=row.get("depth", "short"),
        visible_when=row.get("visible_when"),
        options=_options(row.get("options", ())),
        lines=_options(row.get("lines", ())),
        scale=_options(row.get("scale", ())),
        columns=tuple(_column(each) for each in row.get("columns", ())),
        links=tuple(row.get("links", ())),
        max_length=row.get("max_length"),
        at_most=row.get("at_most"),
        unit=_maybe(row.get("unit")),
        public=row.get("public", False),
        prefill=tuple(_prefill(each) for each in row.get("prefill", ())),
        refs=tuple(row.get("refs", ())),
        terms=tuple(row.get("terms", ())),
        standards=_standards(row),
    )


def _section(row: Row) -> shapes.Section:
    return shapes.Section(
        code=row["code"],
        title=_text(row["title"]),
        purpose=_text(row["purpose"]),
        part=row["part"],
        visible_when=row.get("visible_when"),
        questions=tuple(_question(each, row["code"]) for each in row["questions"]),
    )


def _matrix(row: Row) -> shapes.Matrix:
    def degrees(name: str) -> tuple[shapes.Degree, ...]:
        return tuple(
            shapes.Degree(number, _text(each["label"]), _text(each["explanation"]))
            for number, each in enumerate(row[name], start=1)
        )

    return shapes.Matrix(
        severity=degrees("severity"),
        likelihood=degrees("likelihood"),
        levels=tuple(
            shapes.RiskLevel(
                each["code"], _text(each["label"]), frozenset((cell[0], cell[1]) for cell in each["cells"])
            )
            for each in row["levels"]
        ),
        moments=tuple((each["code"], _text(each["label"])) for each in row["moments"]),
    )


def _risk(row: Row) -> shapes.Risk:
    return shapes.Risk(
        code=row["code"],
        label=_text(row["label"]),
        explanation=_text(row["explanation"]),
        depth=row.get("depth", "short"),
        visible_when=row.get("visible_when"),
        standards=_standards(row),
    )


def _measure(row: Row) -> shapes.Measure:
    return shapes.Measure(
        code=row["code"],
        label=_text(row["label"]),
        help=_maybe(row.get("help")),
        family=row["family"],
        risks=tuple(row["risks"]),
        visible_when=row.get("visible_when"),
    )


def _depth(row: Row) -> shapes.DepthChoice:
    return shapes.DepthChoice(
        factors=tuple(row["factors"]),
        explanation=_text(row["explanation"]),
        refs=tuple(row.get("refs", ())),
        rules=tuple(
            shapes.DepthRule(rule["depth"], rule["when"], _text(rule["because"]), rule.get("floor", False))
            for rule in row["rules"]
        ),
        otherwise=row["otherwise"],
    )


def _outcome(row: Row) -> shapes.Outcome:
    return shapes.Outcome(
        instrument=row["instrument"],
        label=_text(row["label"]),
        signed_when_not_required=row.get("signed_when_not_required", False),
        rules=tuple(
            shapes.OutcomeRule(rule["result"], rule.get("when"), _text(rule["sentence"]), tuple(rule["refs"]))
            for rule in row["rules"]
        ),
    )
