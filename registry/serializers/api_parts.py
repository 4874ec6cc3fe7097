"""Rows of a system as programs of staff read and write them: the fields of each part, made from the catalogue."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from core.rest.fields import Identifier, Members, Strict
from core.rest.paging import PageSerializer
from core.text import reader_language
from registry.field_catalogue import CATALOGUE, Field, Part
from registry.models import SystemPart
from registry.models.parts import PART_MODELS
from registry.serializers.api import of_kind, plain

PARTS = [part.code for part in CATALOGUE.parts]
_PART_OF = {model: code for code, model in PART_MODELS.items()}


def _of_row(field: Field) -> serializers.Field[Any, Any, Any, Any]:
    return Identifier(required=False) if field.kind == "row" else of_kind(field)


class RowAnswersSerializer(Strict):
    """What is sent of one row of `part`."""

    def __init__(self, *arguments: Any, part: Part, **options: Any) -> None:
        self.part = part
        super().__init__(*arguments, **options)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {field.code: _of_row(field) for field in self.part.columns}


@cache
def _readers(part: str) -> Mapping[str, serializers.Field[Any, Any, Any, Any]]:
    return {field.code: _of_row(field) for field in CATALOGUE.part(part).columns}


def _told_now() -> str:
    """One line for each part: the description has one pair of addresses for all of them."""
    told = _("Answers under the code of their field. A row cannot do without those that have a star.")
    lines = [f"- {part.code}: {', '.join(_coded(field) for field in part.columns)}" for part in CATALOGUE.parts]
    return "\n".join([told, "", *lines])


def _coded(field: Field) -> str:
    codes = f" ({'|'.join(choice.code for choice in field.choices)})" if field.choices else ""
    return field.code + ("*" if "row" in field.mandatory_for else "") + codes


def _part_now() -> str:
    language = reader_language()
    told = _("What a system has several of.")
    return " ".join([told, ", ".join(f"{part.code} = {part.label[language]}" for part in CATALOGUE.parts)]) + "."


def _title_now(named: Field | Part) -> str:
    return named.label[reader_language()]


_told, part_told, _title = lazy(_told_now, str), lazy(_part_now, str), lazy(_title_now, str)
# What JSON Schema calls each kind; any other one is a text.
_KINDS: Mapping[str, Mapping[str, str]] = {
    "choices": {"type": "array"},
    "date": {"type": "string", "format": "date"},
    "decimal": {"type": "number"},
    "integer": {"type": "integer"},
    "year": {"type": "integer"},
    "row": {"type": "string", "format": "uuid"},
}


def _shape(field: Field) -> dict[str, Any]:
    shape: dict[str, Any] = {**_KINDS.get(field.kind, {"type": "string"}), "description": _title(field)}
    codes = {"enum": [choice.code for choice in field.choices]} if field.choices else {}
    most = {"maxLength": field.max_length} if field.max_length else {}
    return shape | ({"items": {"type": "string", **codes}} if field.kind == "choices" else codes) | most


# Part → its answers in JSON Schema: for programs that want more than the description, and for the page.
ROW_SHAPES = {
    part.code: {
        "type": "object",
        "title": _title(part),
        "required": [field.code for field in part.fields if "row" in field.mandatory_for],
        "properties": {field.code: _shape(field) for field in part.columns},
    }
    for part in CATALOGUE.parts
}


class _Answers(Members):
    """Those of a row, as its part has them. What is sent is read by `RowAnswersSerializer`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(child=serializers.JSONField(), help_text=_told(), **options)

    def to_representation(self, value: Any) -> dict[str, Any]:
        readers = _readers(_PART_OF[type(value)])
        return {code: plain(reader, _named(getattr(value, code))) for code, reader in readers.items()}


def _named(value: Any) -> Any:
    return value.uuid if isinstance(value, SystemPart) else value


class RowSerializer(serializers.Serializer[Any]):
    """One row of a system."""

    uuid = serializers.UUIDField()
    part = serializers.SerializerMethodField(help_text=gettext_lazy("Code of the part that the row belongs to."))
    version = serializers.IntegerField(help_text=gettext_lazy("Grows by one at each change; the ETag repeats it."))
    updated_at = serializers.DateTimeField()
    answers = _Answers(source="*")

    def get_part(self, row: SystemPart) -> str:
        return _PART_OF[type(row)]


class RowPageSerializer(PageSerializer):
    results = RowSerializer(many=True)


class RowSentSerializer(Strict):
    """A row to add, or the answers to change in it. With `part`, they are looked at one by one."""

    answers = _Answers()

    def __init__(self, *arguments: Any, part: Part | None = None, **options: Any) -> None:
        self.part = part
        super().__init__(*arguments, **options)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        return fields | {"answers": RowAnswersSerializer(part=self.part)} if self.part else fields


_SITE = {"name_fr": "Base de données", "place_fr": "Québec", "country": "quebec"}
NEW_ROW = OpenApiExample("new", value={"answers": _SITE}, request_only=True)
ROW_CHANGES = OpenApiExample("change", value={"answers": {"place_fr": "Lévis"}}, request_only=True)
