"""What a template must know to draw one form field: its kind, its ids, what describes it."""

import re
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

# Order matters: the first class that fits decides, so a subclass stands before its parent.
KINDS: list[tuple[type[forms.Widget], str]] = [
    (forms.HiddenInput, "hidden"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
    (forms.PasswordInput, "password"),
    (forms.DateInput, "date"),
    (forms.MultiWidget, "group"),
    (forms.SelectDateWidget, "group"),
]
WIDGET_CLASSES = {
    "input": "govuk-input",
    "date": "govuk-input govuk-input--width-10",
    "password": "govuk-input govuk-password-input__input govuk-js-password-input-input",
    "textarea": "govuk-textarea",
    "select": "govuk-select",
    "file": "govuk-file-upload",
}
ERROR_CLASSES = {
    "textarea": "govuk-textarea--error",
    "select": "govuk-select--error",
    "file": "govuk-file-upload--error",
}
MODULES = {"password": "govuk-password-input"}
GROUPS = {"radios", "checkboxes", "group"}
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
# Options of {% field %} that go to the widget as they are.
PASSED_ON = ("autocomplete", "inputmode", "lang", "spellcheck", "rows", "accept", "placeholder", "autofocus")


def kind_of(bound: BoundField) -> str:
    """`input` unless the widget says more."""
    widget = bound.field.widget
    return next((kind for cls, kind in KINDS if isinstance(widget, cls)), "input")


def anchor_of(bound: BoundField) -> str:
    """Where a link of the error summary leads: the control, or the first choice of a group."""
    if kind_of(bound) in {"radios", "checkboxes"}:
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id


def messages_of(bound: BoundField) -> list[str]:
    """What is wrong; «this field is required», which Django says of every field, becomes a sentence that names it."""
    general = str(forms.Field.default_error_messages["required"])
    missing = _("Check “%(label)s”.") if isinstance(bound.field, forms.BooleanField) else _("Fill in “%(label)s”.")
    said = [str(message) for message in bound.errors]
    return [missing % {"label": bound.label} if text == general else text for text in said]


def describe_field(bound: BoundField, options: dict[str, Any]) -> dict[str, Any]:
    """Everything `components/field.html` reads."""
    kind = kind_of(bound)
    limit = _limit(bound, kind, options)
    view: dict[str, Any] = {
        "bound": bound,
        "kind": kind,
        "id": bound.auto_id,
        "anchor": anchor_of(bound),
        "label": options.get("label") or bound.label,
        "label_size": options.get("label_size", "s"),
        "is_heading": bool(options.get("heading")),
        "is_inline": bool(options.get("inline")),
        "is_optional": options.get("optional", not bound.field.required and kind != "checkbox"),
        "hint": options.get("hint", bound.help_text),
        "example": options.get("example") or getattr(bound.field, "example", ""),
        "errors": messages_of(bound),
        "limit": limit,
        "prefix": options.get("prefix", ""),
        "suffix": options.get("suffix", ""),
        "fieldset": kind in GROUPS,
        "module": "govuk-character-count" if limit else MODULES.get(kind, ""),
    }
    view["described_by"] = _described_by(view)
    if kind in {"radios", "checkboxes"}:
        view["choices"] = list(_choices(bound, options))
    elif kind == "date":
        value = _iso(bound.value())
        # A browser's date field shows nothing of a value it does not understand: what was typed must stay visible.
        view["input_type"] = "date" if not value or ISO_DATE.fullmatch(value) else "text"
        view["value"], view["attrs"] = value, _widget_attrs(bound, view, options)
    elif kind == "checkbox":
        view["is_checked"] = bool(bound.value())
    else:
        view["widget"] = bound.as_widget(attrs=_widget_attrs(bound, view, options))
    return view


def _limit(bound: BoundField, kind: str, options: dict[str, Any]) -> int | None:
    """The longest text, when a count must be shown: always for a textarea, on request for one line."""
    if kind not in {"textarea", "input"} or options.get("count", kind == "textarea") is False:
        return None
    limit = options.get("limit") or getattr(bound.field, "max_length", None)
    return int(limit) if limit else None


def _described_by(view: dict[str, Any]) -> str:
    names = ("hint", "helptext"), ("example", "example"), ("errors", "error")
    ids = [f"{view['id']}_{suffix}" for key, suffix in names if view[key]]
    if view["limit"]:
        ids.append(f"{view['id']}-info")  # name fixed by govuk-frontend's character count
    return " ".join(ids)


def _widget_attrs(bound: BoundField, view: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    kind = view["kind"]
    classes = [bound.field.widget.attrs.get("class", ""), WIDGET_CLASSES.get(kind, WIDGET_CLASSES["input"])]
    if kind == "group":
        classes = [bound.field.widget.attrs.get("class", ""), "govuk-input govuk-input--width-10"]
    if view["errors"]:
        classes.append(ERROR_CLASSES.get(kind, "govuk-input--error"))
    if view["limit"]:
        classes.append("govuk-js-character-count")
    if width := options.get("width"):
        classes.append(f"govuk-input--width-{width}")
    attrs: dict[str, Any] = {"class": " ".join(filter(None, classes))}
    attrs |= {name: options[name] for name in PASSED_ON if name in options}
    # A browser that obeys `maxlength` drops the end of a pasted text without a word: the server says it instead.
    attrs["maxlength"] = False
    if view["described_by"]:
        attrs["aria-describedby"] = view["described_by"]
    if kind == "date":
        return {**bound.field.widget.attrs, **attrs}
    if kind in {"input", "password"} and getattr(bound.field.widget, "input_type", "") in {"email", "url", "password"}:
        attrs.setdefault("spellcheck", "false")
        attrs["autocapitalize"] = "none"
    return attrs


def _choices(bound: BoundField, options: dict[str, Any]) -> Any:
    hints = options.get("choice_hints") or getattr(bound.field, "choice_hints", {})
    for choice in bound.subwidgets:
        data = choice.data
        value = str(data["value"])
        yield {
            "id": data["attrs"].get("id", ""),
            "name": data["name"],
            "value": value,
            "label": data["label"],
            "is_checked": data["selected"],
            "hint": hints.get(value, ""),
        }


def _iso(value: Any) -> str:
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value or "")


def count_texts() -> dict[str, str]:
    """Sentences of the character count; the browser fills in `%{count}`."""
    texts = {
        "under_one": _("You have {count} character left"),
        "under_other": _("You have {count} characters left"),
        "at": _("You have no characters left"),
        "over_one": _("You have {count} character too many"),
        "over_other": _("You have {count} characters too many"),
    }
    return {name: text.replace("{count}", "%{count}") for name, text in texts.items()}
