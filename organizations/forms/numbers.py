"""Numbers as people type them, in French or in English, and as Vigie shows them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.text import AmbiguousNumber, read_number


class NumberAnswer(forms.DecimalField):
    """Spaces between thousands, a comma or a point before decimals; what may be read in two ways is not guessed."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # as in Django itself
        if value in self.empty_values or isinstance(value, Decimal):
            return value if isinstance(value, Decimal) else None
        try:
            return read_number(str(value))
        except AmbiguousNumber as found:
            told = {"typed": str(value).strip(), "whole": _plain(found.whole), "decimal": _plain(found.decimal)}
            sentence = _("“%(typed)s” can be read in two ways: write %(whole)s or %(decimal)s.") % told
            raise ValidationError(sentence, code="ambiguous") from None
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        return _plain(value) if isinstance(value, Decimal) else value


class WholeAnswer(forms.IntegerField):
    """The same without decimals."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values or isinstance(value, int):
            return value if isinstance(value, int) else None
        try:
            number = read_number(str(value), is_whole=True)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        if number != number.to_integral_value():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(number)


def _plain(value: Decimal) -> str:
    """With the decimals that say something, and nothing between thousands: read again, it is the same number."""
    whole = value == value.to_integral_value()
    return number_format(int(value) if whole else format(value.normalize(), "f"), force_grouping=False)
