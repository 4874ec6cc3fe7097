"""Handing in a file, saying what its columns hold, correcting a row that stayed out."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.text import reader_language
from registry.forms.answers import OneBodyForm
from registry.models import ImportRun
from registry.services.imports import (
    EXTERNAL_ID,
    NAME,
    NOT_IMPORTED,
    SOURCES,
    field_label,
    importable_fields,
    register_name,
    sentence_for,
)
from registry.standards.tabular import LIMITS
from registry.workflow import RunKind, RunState

ACCEPTED = ".xlsx,.csv,.txt,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SAMPLES_SHOWN = 3
LONGEST_SAMPLE = 60


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

    accepted = f"{ACCEPTED},.json,application/json"
    help_file = gettext_lazy("Excel workbook (.xlsx), CSV or JSON, 20 MB and 20,000 rows at most.")

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
        self.fields["file"].help_text = self.help_file
        self.fields["file"].widget.attrs["accept"] = self.accepted
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
                self.add_error(name, _("The column “%(other)s” holds this field already: choose another.") % other)
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
