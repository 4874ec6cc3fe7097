"""Choosing one thing by its identifier."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError


class NamedChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # no parameter when it runs
    """One of a list, told by its uuid. What is no uuid is no choice of the list: the sentence is the same."""

    def __init__(self, queryset: Any, **kwargs: Any) -> None:
        super().__init__(queryset, to_field_name="uuid", **kwargs)

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError as error:
            sentence = self.error_messages["invalid_choice"]
            raise ValidationError(sentence, code="invalid_choice", params={"value": value}) from error
