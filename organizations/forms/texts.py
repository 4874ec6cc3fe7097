"""Reading a text that a person types."""

from typing import Any

from django import forms

from core.text import clean_line, clean_text


class TextAnswer(forms.CharField):
    """A text counted as it will be stored: line ends and spaces are put in order before its length is looked at."""

    def __init__(self, *, has_lines: bool = False, **kwargs: Any) -> None:
        self.has_lines = has_lines
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = str(value or "")
        return clean_text(text) if self.has_lines else clean_line(text)
