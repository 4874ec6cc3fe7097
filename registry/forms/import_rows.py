"""Correcting a row that stayed out: its cells, and beside each what is wrong with it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from core.text import reader_language
from registry.field_catalogue import CATALOGUE
from registry.models import ImportRow, ImportRun
from registry.services.imports import columns_of, field_label, sentence_for, told_problem
from registry.standards.inventory import FieldProblem, recode
from registry.standards.tabular import LIMITS
from registry.workflow import RunKind

LONGEST_SHOWN = 200
CODED = frozenset(field.code for field in CATALOGUE.fields if field.choices)


class RowForm(forms.Form):
    """One cell after the other. Always bound: what is wrong with the row is shown as soon as the page opens."""

    def __init__(self, data: Any, made: Mapping[str, forms.Field], as_it_stands: Mapping[str, str]) -> None:
        super().__init__(as_it_stands if data is None else data)
        # Name of a field of the form → title of its column; what a problem speaks of → name of the field.
        self.headers: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.fields.update(made)

    @property
    def cells(self) -> dict[str, str]:
        return {header: self.cleaned_data[name] for name, header in self.headers.items()}

    @property
    def summary(self) -> list[tuple[str, str]]:
        """(anchor, sentence): far from its cell, a sentence says which column it speaks of."""
        found = [("", str(message)) for message in self.non_field_errors()]
        for bound in self:
            column = self.headers[bound.name]
            found += [(bound.id_for_label, _of_column(column, str(message))) for message in bound.errors]
        return found

    def tell(self, problems: Sequence[Mapping[str, Any]]) -> None:
        """Each problem of the row beside the cell it speaks of."""
        self.full_clean()
        for problem in problems:
            name = self.names.get(problem["field"])
            label, sentence = told_problem(problem, has_draft=False)
            self.add_error(name, _of_column(label, sentence) if label and not name else sentence)


class InventoryRowForm(RowForm):
    """The cells of the columns that are imported."""

    def __init__(self, data: Any = None, *, run: ImportRun, row: ImportRow) -> None:
        headers: dict[str, str] = {}
        names: dict[str, str] = {}
        # Cells whose words are no answer: they stay as they are until an answer is chosen.
        self.not_understood: dict[str, str] = {}
        made: dict[str, forms.Field] = {}
        as_it_stands: dict[str, str] = {}
        for index, header in enumerate(run.mapping["headers"]):
            if field := run.mapping["columns"].get(header):
                name, text = f"cell_{index}", row.cells.get(header, "")
                headers[name], names[field] = header, name
                made[name], as_it_stands[name] = _cell_field(header, text, field), text
                if isinstance(made[name], forms.ChoiceField) and text not in _labels(field):
                    as_it_stands[name] = ""
                    self.not_understood |= {name: text} if text.strip() else {}
        super().__init__(data, made, as_it_stands)
        self.headers, self.names = headers, names

    @property
    def cells(self) -> dict[str, str]:
        return {header: text or self.not_understood.get(name, "") for name, header, text in self._typed()}

    def _typed(self) -> list[tuple[str, str, str]]:
        return [(name, header, self.cleaned_data[name]) for name, header in self.headers.items()]


class RegisterRowForm(RowForm):
    """The cells of the columns that the register announces, under the titles of its file."""

    def __init__(self, data: Any = None, *, run: ImportRun, row: ImportRow) -> None:
        columns = {header: column for column, header in columns_of(run, row).items()}
        ours = [(f"cell_{index}", header) for index, header in enumerate(row.cells) if header in columns]
        made = {name: _text_field(header, row.cells[header]) for name, header in ours}
        super().__init__(data, made, {name: row.cells[header] for name, header in ours})
        self.headers = dict(ours)
        self.names = {columns[header]: name for name, header in ours}


def row_form(data: Any = None, *, run: ImportRun, row: ImportRow) -> RowForm:
    form = RegisterRowForm if run.kind == RunKind.REGISTER else InventoryRowForm
    return form(data, run=run, row=row)


def _of_column(column: str, sentence: str) -> str:
    return _("%(column)s: %(sentence)s") % {"column": column, "sentence": sentence}


def _labels(field: str) -> dict[str, str]:
    """What the list of a field writes into the cell (it is in French, as the file) → how the reader sees it."""
    if field not in CODED:
        return {}
    shown = dict(CATALOGUE.choices(field, reader_language()))
    return {label: shown[code] for code, label in CATALOGUE.choices(field, "fr")}


def _cell_field(header: str, text: str, field: str) -> forms.Field:
    hint = field_label(field) if field_label(field) != header else ""
    labels = _labels(field)
    is_answer = text in labels or not text.strip()
    if labels and (is_answer or isinstance(recode(field, text), FieldProblem)):
        said = "" if is_answer else _("In the file: “%(value)s”") % {"value": Truncator(text).chars(LONGEST_SHOWN)}
        return forms.ChoiceField(
            label=header,
            help_text=". ".join(filter(None, (hint, said))),
            required=False,
            choices=[("", _("Choose an answer")), *labels.items()],
            error_messages={"invalid_choice": _("Choose an answer of the list.")},
        )
    return _text_field(header, text, hint)


def _text_field(header: str, text: str, hint: str = "") -> forms.CharField:
    is_long = len(text) > 80 or "\n" in text
    return forms.CharField(
        label=header,
        help_text=hint,
        required=False,
        max_length=LIMITS.cell_characters,
        widget=forms.Textarea(attrs={"rows": 3}) if is_long else forms.TextInput(),
        error_messages={"max_length": sentence_for("cell_too_long")},
    )
