"""What a person chooses when asking for a document."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from core.text import reader_language
from reports.services.requests import LANGUAGES

NAMES = {"fr": "Français", "en": "English"}


class SheetForm(forms.Form):
    """Language of the document; the key drawn at display makes a double click one report."""

    language = forms.ChoiceField(
        label=_("Language of the document"),
        help_text=_("Labels are in this language; texts stay in the language of the body."),
        choices=[(code, NAMES[code]) for code in LANGUAGES],
        widget=forms.RadioSelect,
        initial=reader_language,
        error_messages={
            "required": _("Choose French or English as the language of the document."),
            "invalid_choice": _("Choose French or English as the language of the document."),
        },
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
