"""The form of a comment: the same to begin a thread, to answer in it, to resolve it and to reopen it."""

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.forms.texts import TextAnswer
from organizations.models import User
from review.models import CommentThread
from review.models.threads import LONGEST_COMMENT, PLACE

ACTIONS = ("open", "comment", "resolve", "reopen")
WITH_TEXT = {"open", "comment"}


class CommentForm(forms.Form):
    """What a person writes at one place: of a thread that is there, or of the one they begin. `people`: whom they may
    mention. A page holds many of these, hence their ids.
    """

    request_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    place = forms.RegexField(
        rf"{PLACE}\Z",
        max_length=60,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid", "max_length"), gettext_lazy("There is no such question. Open the page again.")
        ),
    )
    thread = forms.UUIDField(
        widget=forms.HiddenInput,
        required=False,
        error_messages={"invalid": gettext_lazy("There is no such thread. Open the page again.")},
    )
    action = forms.ChoiceField(
        choices=[(action, "") for action in ACTIONS],
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), gettext_lazy("Use one of the buttons under the form.")
        ),
    )
    text = TextAnswer(
        label=gettext_lazy("Your comment"),
        has_lines=True,
        max_length=LONGEST_COMMENT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": gettext_lazy("Write the comment in 4000 characters at most.")},
    )
    mentions = forms.MultipleChoiceField(
        label=gettext_lazy("Who should answer?"),
        help_text=gettext_lazy("Each person finds it under “To do” and receives a message, without your text."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": gettext_lazy("Choose again among the people of the list: it has changed."),
            "invalid_list": gettext_lazy("Choose again among the people of the list: it has changed."),
        },
    )

    def __init__(
        self, data: Any = None, *, people: Iterable[User] = (), place: str = "", thread: CommentThread | None = None
    ) -> None:
        self.people = {str(person.uuid): person for person in people}
        self.about = _about(data) if data is not None else (place, thread.uuid if thread else None)
        given = {"place": place, "thread": thread.uuid if thread else "", "request_key": uuid4()}
        super().__init__(data, auto_id=f"{self.anchor}-%s", initial=given)
        mentions: Any = self.fields["mentions"]
        mentions.choices = [(uuid, str(person)) for uuid, person in self.people.items()]

    @property
    def anchor(self) -> str:
        """The id of this form in its page."""
        place, thread = self.about
        return f"answer-{thread}" if thread else f"new-thread-{place}"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        action = cleaned.get("action")
        if action in set(ACTIONS) - {"open"} and not cleaned.get("thread") and "thread" not in self.errors:
            self.add_error("thread", _("There is no such thread. Open the page again."))
        if not cleaned.get("text") and "text" not in self.errors:
            if action in WITH_TEXT:
                self.add_error("text", _("Write your comment."))
            elif cleaned.get("mentions"):
                self.add_error("text", _("Write your comment: the people you mention must know what for."))
        return cleaned

    @property
    def said(self) -> dict[str, Any]:
        """As each service of threads takes it."""
        return {
            "text": self.cleaned_data["text"],
            "mentions": [self.people[uuid] for uuid in self.cleaned_data["mentions"]],
            "request_key": self.cleaned_data["request_key"],
        }


def _about(data: Any) -> tuple[str, UUID | None]:
    """Which form of the page was sent. What was sent there may be anything: an id is made of nothing else."""
    place, thread = str(data.get("place", "")), str(data.get("thread", ""))
    try:
        return "", UUID(thread)
    except ValueError:
        return (place if re.fullmatch(PLACE, place) else ""), None
