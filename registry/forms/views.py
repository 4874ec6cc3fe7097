"""The name of a kept list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from registry.forms.answers import TextAnswer
from registry.models import SavedView
from registry.services.saved_views import LONGEST_NAME


class ViewForm(forms.Form):
    """A name, and for a new list the address that shows it."""

    name = TextAnswer(
        label=gettext_lazy("Name of this list"),
        max_length=LONGEST_NAME,
        error_messages={
            "required": gettext_lazy("Give this list a name."),
            "max_length": gettext_lazy("Give a name of 80 characters at most."),
        },
    )
    query = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, view: SavedView | None = None, query: str = "") -> None:
        # Several of these stand on one page: each name has its own anchor.
        prefix = f"id_{view.uuid}_%s" if view else "id_view_%s"
        super().__init__(data, initial={"name": view.name if view else "", "query": query}, auto_id=prefix)
        if view:
            del self.fields["query"]
