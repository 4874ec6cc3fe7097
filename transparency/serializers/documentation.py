"""The description of the API, arranged for a person who reads it: operations by subject, each with an example."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.rest.problems import KINDS, Kind

Schema = Mapping[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Member:
    """A parameter, or a member of a JSON object."""

    name: str
    where: str
    kind: str
    told: str
    is_required: bool = False
    codes: tuple[str, ...] = ()

    @property
    def about(self) -> str:
        """Whether it must be there, what it is, the codes it may hold."""
        need = [_("Required.")] if self.is_required else []
        codes = [_("Codes: %(codes)s.") % {"codes": ", ".join(self.codes)}] if self.codes else []
        return " ".join([*need, self.told, *codes])


@dataclass(frozen=True)
class Operation:
    code: str
    method: str
    path: str
    summary: str
    told: str
    scope: str
    parameters: tuple[Member, ...]
    sent: tuple[Member, ...]
    answered: tuple[Member, ...]
    statuses: tuple[tuple[str, str], ...]
    example: str


@dataclass(frozen=True)
class Subject:
    code: str
    told: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True)
class RowShape:
    """What a row of one part holds."""

    code: str
    title: str
    members: tuple[Member, ...]


@dataclass(frozen=True)
class Documentation:
    subjects: tuple[Subject, ...]
    answers: tuple[Member, ...]
    rows: tuple[RowShape, ...]
    problems: tuple[Kind, ...]


def arranged(schema: Schema, *, address: str) -> Documentation:
    """`address`: of this site, for the examples."""
    operations = [
        (one["tags"][0], _operation(schema, method, path, one, address))
        for path, by_method in schema["paths"].items()
        for method, one in sorted(by_method.items(), key=lambda pair: METHODS.index(pair[0]))
    ]
    subjects = tuple(
        Subject(tag["name"], tag["description"], tuple(one for name, one in operations if name == tag["name"]))
        for tag in schema["tags"]
    )
    return Documentation(subjects, tuple(_members(schema, _component(schema, "Answers"))), tuple(_rows(schema)), KINDS)


def _rows(schema: Schema) -> Iterator[RowShape]:
    """The description has one pair of addresses for the rows of every part, and what each part holds beside."""
    found = [one["x-rows"] for by_method in schema["paths"].values() for one in by_method.values() if "x-rows" in one]
    for shapes in found:
        for code, shape in shapes.items():
            yield RowShape(code, shape["title"], tuple(_members(schema, shape)))


def _operation(schema: Schema, method: str, path: str, one: Schema, address: str) -> Operation:
    sent: Schema = next(iter(one.get("requestBody", {}).get("content", {}).values()), {})
    answered: Schema = next(
        (found["content"]["application/json"] for found in one["responses"].values() if _has_json(found)), {}
    )
    return Operation(
        code=one["operationId"],
        method=method.upper(),
        path=path,
        summary=one["summary"],
        told=one["description"],
        scope=_scope(schema, one),
        parameters=tuple(_parameter(each) for each in one.get("parameters", [])),
        sent=tuple(_members(schema, sent.get("schema", {}))),
        answered=tuple(_members(schema, answered.get("schema", {}))),
        statuses=tuple((status, found["description"]) for status, found in sorted(one["responses"].items())),
        example=_example(schema, method, path, one, sent, address),
    )


def _needs_token(one: Schema) -> bool:
    """Open to all is told as a choice that asks for nothing; what a person alone may do names no token."""
    return any("token" in way for way in one.get("security", ()))


def _scope(schema: Schema, one: Schema) -> str:
    """What a token needs, as the page of tokens names it, with its code."""
    labels = schema["components"]["securitySchemes"]["token"]["x-scopes"]
    codes = [code for ways in one.get("security", ()) for code in ways.get("token", ())]
    return ", ".join(f"{labels[code]} ({code})" for code in codes)


def _has_json(found: Schema) -> bool:
    return "application/json" in found.get("content", {})


def _parameter(one: Schema) -> Member:
    where = {"query": _("in the address"), "path": _("in the path"), "header": _("header")}[one["in"]]
    told = one.get("description", "")
    return Member(one["name"], where, _kind(one["schema"]), told, one.get("required", False), _codes(one["schema"]))


def _component(schema: Schema, name: str) -> Schema:
    found: Schema = schema["components"]["schemas"][name]
    return found


def _members(schema: Schema, shape: Schema) -> Iterator[Member]:
    """Those of an object; `results` of a page are one line, which says of what."""
    shape = _resolved(schema, shape)
    required = shape.get("required", [])
    for name, one in shape.get("properties", {}).items():
        whole = _resolved(schema, one)
        told = one.get("description") or whole.get("description", "")
        yield Member(name, "", _kind(whole), _first_line(told), name in required, _codes(whole))


def _resolved(schema: Schema, shape: Schema) -> Schema:
    """The component behind a reference, alone or with its own description."""
    for one in [shape, *shape.get("allOf", [])]:
        if "$ref" in one:
            return _component(schema, one["$ref"].rpartition("/")[2])
    return shape


def _first_line(told: str) -> str:
    """Without the list of codes that the description repeats for other tools."""
    return told.split("\n\n", 1)[0].split("\n* `", 1)[0]


def _codes(shape: Schema) -> tuple[str, ...]:
    inner = shape.get("items", shape)
    return tuple(str(code) for code in inner.get("enum", []) if code not in ("", None))


def _kind(shape: Schema) -> str:
    kinds = shape.get("type", "")
    kind = next((one for one in kinds if one != "null"), "") if isinstance(kinds, list) else kinds
    if shape.get("format") in {"date", "date-time", "uuid", "email", "uri"}:
        kind = shape["format"]
    words = {
        "string": _("text"),
        "integer": _("whole number"),
        "number": _("number"),
        "boolean": _("true or false"),
        "array": _("list"),
        "date": _("date, such as 2026-11-22"),
        "date-time": _("moment"),
        "uuid": _("identifier"),
        "email": _("e-mail"),
        "uri": _("address"),
    }
    most = shape.get("maxLength")
    told = words.get(kind, _("object"))
    return _("%(kind)s, %(most)d characters at most") % {"kind": told, "most": most} if most else told


def _example(schema: Schema, method: str, path: str, one: Schema, sent: Schema, address: str) -> str:
    """A command to copy. Its token is the reader's."""
    lines = ["curl" if method == "get" else f"curl -X {method.upper()}"]
    if _needs_token(one):
        lines.append('-H "Authorization: Bearer $VIGIE_TOKEN"')
    for each in one.get("parameters", []):
        if each["in"] == "header" and each["name"] in {"If-Match", "Idempotency-Key"}:
            value = "'If-Match: \"3\"'" if each["name"] == "If-Match" else '"Idempotency-Key: $(uuidgen)"'
            lines.append(f"-H {value}")
    if "multipart/form-data" in one.get("requestBody", {}).get("content", {}):
        lines += [f"-F {each.name}=…" for each in _members(schema, sent["schema"]) if each.is_required]
    elif sent:
        examples: list[Schema] = list(sent.get("examples", {}).values())
        body = examples[0]["value"] if examples else {}
        lines += ['-H "Content-Type: application/json"', f"-d '{json.dumps(body, ensure_ascii=False)}'"]
    lines.append(f'"{address}{path}"')
    return " \\\n  ".join(lines)
