"""What programs send, field by field: each as JSON writes it, and each mistake told by one sentence that says what to
send. The names that a language of programming gives to things are in none of them.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

ALWAYS: dict[str, Any] = {
    "required": gettext_lazy("This member is missing: send it."),
    "null": gettext_lazy("null is no answer here: send a value."),
}
OBJECT = gettext_lazy("Send an object: its members between braces.")


class Text(serializers.CharField):
    """A text and nothing that would become one."""

    default_error_messages = {
        **ALWAYS,
        "invalid": gettext_lazy("Send a text, between quotation marks."),
        "blank": gettext_lazy("This text is empty: send it with its words."),
        "max_length": gettext_lazy("This text is too long: {max_length} characters at most."),
        "nul": gettext_lazy("This text holds a control character: send its words alone."),
    }

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if "\0" in data:
            self.fail("nul")
        return super().to_internal_value(data)


class Code(serializers.ChoiceField):
    """A code; a mistake is answered with those that there are."""

    default_error_messages = {**ALWAYS}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or (data not in self.choices and not (data == "" and self.allow_blank)):
            told = _("This is no code of this field. Those that are: %(codes)s.")
            raise serializers.ValidationError(told % {"codes": ", ".join(map(str, self.choices))})
        return data


class Codes(serializers.ListField):
    """A list of codes."""

    default_error_messages = {
        **ALWAYS,
        "not_a_list": gettext_lazy("Send a list: its elements between square brackets."),
        "max_length": gettext_lazy("This list is too long: {max_length} elements at most."),
    }


class Number(serializers.IntegerField):
    """A number as JSON writes it, and no text that holds one."""

    default_error_messages = {
        **ALWAYS,
        "invalid": gettext_lazy("Send a whole number, without quotation marks."),
        "min_value": gettext_lazy("This number is too small: send {min_value} or more."),
        "max_value": gettext_lazy("This number is too large: send {max_value} or less."),
    }

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class DecimalNumber(serializers.FloatField):
    """Read as it is written, without the dust of binary fractions."""

    default_error_messages = {
        **ALWAYS,
        "invalid": gettext_lazy("Send a number, without quotation marks, with a point before its decimals."),
    }

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, (int, float)) or isinstance(data, bool):
            self.fail("invalid")
        return Decimal(str(data))


class Day(serializers.DateField):
    """A day as ISO 8601 writes it."""

    default_error_messages = {
        **ALWAYS,
        "invalid": gettext_lazy("Write the date like this: 2026-11-23."),
        "datetime": gettext_lazy("Write the date like this: 2026-11-23."),
    }

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str):
            self.fail("invalid")
        return super().to_internal_value(value)


class TrueOrFalse(serializers.BooleanField):
    """As JSON writes them, and no word that would say as much."""

    default_error_messages = {**ALWAYS, "invalid": gettext_lazy("Send true or false, without quotation marks.")}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Identifier(serializers.UUIDField):
    """An identifier as JSON writes it: a text."""

    default_error_messages = {**ALWAYS, "invalid": gettext_lazy("Send the identifier as it was answered: “uuid”.")}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class Upload(serializers.FileField):
    """A file; what it holds is looked at elsewhere."""

    default_error_messages = {
        **ALWAYS,
        "invalid": gettext_lazy("Send a file, in multipart/form-data."),
        "no_name": gettext_lazy("Send the file with its name."),
    }


class Members(serializers.DictField):
    """An object whose members are looked at elsewhere."""

    default_error_messages = {**ALWAYS, "not_a_dict": OBJECT}


class Strict(serializers.Serializer[Any]):
    """An object whose every member is known."""

    default_error_messages = {**ALWAYS, "invalid": OBJECT}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, Mapping) and (unknown := sorted(set(map(str, data)) - self.fields.keys())):
            told = self.unknown_told() if self.fields else _("This address takes no member: send an empty object.")
            told = told % {"known": ", ".join(self.fields)} if self.fields else told
            raise serializers.ValidationError({name[:60]: [told] for name in unknown})
        found: dict[str, Any] = super().to_internal_value(data)
        return found

    def unknown_told(self) -> str:
        return _("This member is not known. Those that are: %(known)s.")
