"""Handing in a file, saying what its columns hold, correcting a row that stayed out."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.text import reader_language
from registry.field_catalogue import CATALOGUE
from registry.forms.answers import OneBodyForm
from registry.models import ImportRow, ImportRun
from registry.services.imports import (
    EXTERNAL_ID,
    NAME,
    NOT_IMPORTED,
    SOURCES,
    field_label,
    importable_fields,
    register_name,
    sentence_for,
    told_problem,
)
from registry.standards.inventory import FieldProblem, recode
from registry.standards.tabular import LIMITS
from registry.workflow import RunKind, RunState

ACCEPTED = ".xlsx,.csv,.txt,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SAMPLES_SHOWN = 3
LONGEST_SAMPLE = 60
LONGEST_SHOWN = 200
CODED = frozenset(field.code for field in CATALOGUE.fields if field.choices)


class FileForm(forms.Form):
    """A file, and the key that makes a second sending harmless."""

    request_key = forms.UUIDField(widget=forms.HiddenInput)
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("Excel workbook (.xlsx) or CSV, 20 MB and 20,000 rows at most."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={
            "required": gettext_lazy("Choose the file to import."),
            "empty": gettext_lazy("This file is empty. Check that you chose the right one."),
            "invalid": gettext_lazy("Choose the file to import."),
            "missing": gettext_lazy("Choose the file to import."),
        },
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if (file.size or 0) > LIMITS.file_bytes:
            raise ValidationError(sentence_for("file_too_large", {"limit": LIMITS.file_bytes // 1_000_000}))
        return file

    @property
    def order(self) -> dict[str, Any]:
        """What a service takes. Read in the request: no larger than the limit above."""
        file = self.cleaned_data["file"]
        return {
            "content": file.read(),
            "file_name": file.name or "",
            "request_key": self.cleaned_data["request_key"],
        }


class InventoryForm(OneBodyForm, FileForm):
    """A body's own inventory."""

    choose_body = gettext_lazy("Choose the body whose inventory this is.")
    field_order = ["organization", "file"]

    @property
    def order(self) -> dict[str, Any]:
        return {**super().order, "organization": self.body}


class RegisterForm(FileForm):
    """The published file of a register from elsewhere."""

    register = forms.ChoiceField(
        label=gettext_lazy("Which register?"),
        error_messages={
            "required": gettext_lazy("Choose the register that this file comes from."),
            "invalid_choice": gettext_lazy("Choose the register that this file comes from."),
        },
    )
    field_order = ["register", "file"]

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        register: Any = self.fields["register"]
        register.choices = [(code, register_name(code, reader_language())) for code in SOURCES]

    @property
    def order(self) -> dict[str, Any]:
        return {**super().order, "register": self.cleaned_data["register"]}


class ColumnsForm(forms.Form):
    """One select per column of the file, in the order of the file, with what its first rows hold."""

    def __init__(self, data: Any = None, *, run: ImportRun, samples: Sequence[Mapping[str, str]]) -> None:
        super().__init__(data)
        self.headers: dict[str, str] = {}
        choices = self._choices(run)
        for index, header in enumerate(run.mapping["headers"]):
            name = f"column_{index}"
            self.headers[name] = header
            self.fields[name] = forms.ChoiceField(
                label=header,
                choices=choices,
                required=False,
                initial=run.mapping["columns"].get(header, NOT_IMPORTED),
                help_text=_sample_text(header, samples),
                error_messages={"invalid_choice": _("Choose a field of the list.")},
            )

    def _choices(self, run: ImportRun) -> list[tuple[str, str]]:
        language = reader_language()
        fields = importable_fields(run.organization) if run.organization else []
        return [
            (NOT_IMPORTED, _("Do not import")),
            *((field.code, field.label[language]) for field in fields),
            (EXTERNAL_ID, field_label(EXTERNAL_ID)),
        ]

    def clean(self) -> dict[str, Any]:
        """A field is held by one column, and the name by one of them."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first: dict[str, str] = {}
        for name in self.headers:
            field = cleaned.get(name, "")
            if field and first.setdefault(field, name) != name:
                other = {"other": self.headers[first[field]]}
                self.add_error(name, _("The column «%(other)s» holds this field already: choose another.") % other)
        if NAME not in first and not self.errors:
            self.add_error(
                None, _("Say which column holds the name of the system: without a name nothing can come in.")
            )
        return cleaned

    @property
    def columns(self) -> dict[str, str]:
        return {header: self.cleaned_data[name] for name, header in self.headers.items()}


class SheetForm(forms.Form):
    """Which sheet of the workbook holds the inventory."""

    sheet = forms.ChoiceField(label=gettext_lazy("Sheet of the workbook"))

    def __init__(self, data: Any = None, *, run: ImportRun) -> None:
        super().__init__(data, initial={"sheet": run.mapping.get("sheet", "")})
        sheet: Any = self.fields["sheet"]
        sheet.choices = [(name, name) for name in run.mapping.get("sheets", [])]


class RowForm(forms.Form):
    """The cells of a row that stayed out, those of the columns that are imported.

    Always bound: what is wrong with the row is shown as soon as the page opens.
    """

    def __init__(self, data: Any = None, *, run: ImportRun, row: ImportRow) -> None:
        self.headers: dict[str, str] = {}
        self.names: dict[str, str] = {}
        # Cells whose words are no answer: they stay as they are until an answer is chosen.
        self.not_understood: dict[str, str] = {}
        made: dict[str, forms.Field] = {}
        as_it_stands: dict[str, str] = {}
        for index, header in enumerate(run.mapping["headers"]):
            if field := run.mapping["columns"].get(header):
                name, text = f"cell_{index}", row.cells.get(header, "")
                self.headers[name], self.names[field] = header, name
                made[name], as_it_stands[name] = _cell_field(header, text, field), text
                if isinstance(made[name], forms.ChoiceField) and text not in _labels(field):
                    as_it_stands[name] = ""
                    self.not_understood |= {name: text} if text.strip() else {}
        super().__init__(as_it_stands if data is None else data)
        self.fields.update(made)

    @property
    def cells(self) -> dict[str, str]:
        return {
            header: self.cleaned_data[name] or self.not_understood.get(name, "")
            for name, header in self.headers.items()
        }

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


class RunFilter(forms.Form):
    """What the list of imports may be narrowed by."""

    kind = forms.MultipleChoiceField(
        label=gettext_lazy("What was imported"), required=False, widget=forms.CheckboxSelectMultiple
    )
    state = forms.MultipleChoiceField(label=gettext_lazy("State"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        kind: Any = self.fields["kind"]
        kind.choices = [
            (str(RunKind.INVENTORY), _("Inventory of a body")),
            (str(RunKind.REGISTER), _("Register from elsewhere")),
        ]
        state: Any = self.fields["state"]
        state.choices = [(str(code), label) for code, label in state_labels().items()]

    def narrow(self, runs: Any) -> Any:
        """Unknown values find nothing to narrow by."""
        self.is_valid()
        for name in ("kind", "state"):
            if chosen := self.cleaned_data.get(name):
                runs = runs.filter(**{f"{name}__in": chosen})
        return runs


def state_labels() -> dict[RunState, str]:
    return {
        RunState.PREPARING: _("Being prepared"),
        RunState.RUNNING: _("Coming in"),
        RunState.DONE: _("Finished"),
        RunState.FAILED: _("Stopped"),
    }


def _sample_text(header: str, samples: Sequence[Mapping[str, str]]) -> str:
    """«Tri des permis» · «Repérage des bris»: distinct values of the first rows, cut short."""
    found: dict[str, None] = {}
    for cells in samples:
        text = " ".join(cells.get(header, "").split())
        if text:
            found.setdefault(text if len(text) <= LONGEST_SAMPLE else text[: LONGEST_SAMPLE - 1] + "…")
    shown = list(found)[:SAMPLES_SHOWN]
    return " · ".join(shown) if shown else _("This column is empty in the first rows.")


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
        said = "" if is_answer else _("In the file: «%(value)s»") % {"value": Truncator(text).chars(LONGEST_SHOWN)}
        return forms.ChoiceField(
            label=header,
            help_text=". ".join(filter(None, (hint, said))),
            required=False,
            choices=[("", _("Choose an answer")), *labels.items()],
            error_messages={"invalid_choice": _("Choose an answer of the list.")},
        )
    is_long = len(text) > 80 or "\n" in text
    return forms.CharField(
        label=header,
        help_text=hint,
        required=False,
        max_length=LIMITS.cell_characters,
        widget=forms.Textarea(attrs={"rows": 3}) if is_long else forms.TextInput(),
        error_messages={"max_length": sentence_for("cell_too_long")},
    )
