"""Handing over what a person holds."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from organizations.forms.named import NamedChoice
from organizations.models import User
from organizations.services.handover import Holding


class HandOverForm(forms.Form):
    """To whom, and which kinds of things: all of them unless the person unticks one."""

    to = NamedChoice(
        label=_("To whom?"),
        queryset=User.objects.none(),
        empty_label=_("Choose"),
        error_messages={
            "required": _("Choose who takes over."),
            "invalid_choice": _("Choose another person of this body."),
        },
    )
    kinds = forms.MultipleChoiceField(
        label=_("What is handed over?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose what is handed over."),
            "invalid_choice": _("This person does not hold that any more: choose among what is left on this page."),
        },
    )

    def __init__(self, *args: Any, people: QuerySet[User], holdings: Iterable[Holding], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to: Any = self.fields["to"]
        kinds: Any = self.fields["kinds"]
        to.queryset = people
        kinds.choices = [(one.code, f"{one.title} ({len(one.things)})") for one in holdings]
        kinds.initial = [one.code for one in holdings]
