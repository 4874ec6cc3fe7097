"""Joining a file to an answer; depositing an assessment that was made elsewhere."""

from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.rules.accepted_files import EXTENSIONS
from assessments.services.evidence import check_file
from core.services import InvalidInput
from organizations.forms.texts import TextAnswer

ALL = frozenset(EXTENSIONS.values())
NO_FILE = dict.fromkeys(("required", "invalid", "missing"), gettext_lazy("Choose a file."))
EMPTY = gettext_lazy("This file is empty. Check that you chose the right one.")
AGAIN = gettext_lazy("Choose your file again: it was sound, but a browser does not keep it when a form comes back.")


class FileForm(forms.Form):
    """A file read in the request, no larger than the limit, and the key that makes a second sending harmless."""

    kinds = ALL

    request_key = forms.UUIDField(widget=forms.HiddenInput)
    # Longer names are cut where the file is kept, their ending apart.
    file = forms.FileField(
        label=gettext_lazy("File"), max_length=None, error_messages={**NO_FILE, "empty": EMPTY}, widget=forms.FileInput
    )

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("request_key", uuid4())
        super().__init__(data, files, **kwargs)
        endings = [ending for ending, kind in EXTENSIONS.items() if kind in self.kinds]
        told = {"kinds": ", ".join(endings), "size": number_format(settings.UPLOAD_LIMIT // 1_000_000)}
        file: Any = self.fields["file"]
        file.help_text = _("%(kinds)s; %(size)s MB at most. No macros, no password.") % told
        file.widget.attrs["accept"] = ",".join(endings)

    def add_error(self, field: str | None, error: Any) -> None:
        """A page that comes back shows the field of the file empty, whatever was wrong: whoever corrects the rest must
        know it before they send again.
        """
        super().add_error(field, error)
        if field != "file" and "file" in self.cleaned_data:
            super().add_error("file", AGAIN)

    def clean_file(self) -> Any:
        """What the service would refuse is said beside the field, before anything is written."""
        file = self.cleaned_data["file"]
        # A larger one is not read: the service says so by its size.
        content = file.read(settings.UPLOAD_LIMIT + 1)
        try:
            check_file(content, file.name or "", only=self.kinds)
        except InvalidInput as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal
        file.taken = content
        return file

    @property
    def wanted(self) -> dict[str, Any]:
        """As a service takes it."""
        file = self.cleaned_data["file"]
        others = {name: value for name, value in self.cleaned_data.items() if name != "file"}
        return {**others, "content": file.taken, "name": file.name or ""}


class EvidenceForm(FileForm):
    note = TextAnswer(
        label=gettext_lazy("What does it show?"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("For instance: the page or the section to read."),
    )
