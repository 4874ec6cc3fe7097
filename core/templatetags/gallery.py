"""Sample data of the gallery (templates/components/gallery.html): each component in each of its states."""

from datetime import date, datetime
from typing import Any

from django import forms, template
from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

register = template.Library()

SENTENCE = {"fr": "Classe les demandes d'aide selon leur urgence.", "en": "Sorts requests for help by urgency."}


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(max_length=120)
    summary = forms.CharField(max_length=200, widget=forms.Textarea(attrs={"rows": 3}))
    email = forms.EmailField()
    password = forms.CharField(widget=forms.PasswordInput)
    category = forms.ChoiceField()
    autonomy = forms.ChoiceField(widget=forms.RadioSelect)
    affected = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    started_on = forms.DateField(required=False, widget=forms.DateInput)
    evidence = forms.FileField(required=False, widget=forms.FileInput)
    share = forms.IntegerField(required=False)
    confirmed = forms.BooleanField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label, hint in self.words():
            self.fields[name].label, self.fields[name].help_text = label, hint
        self.fields["name"].example = _("Sorting of requests for help")  # type: ignore[attr-defined]
        self.fields["category"].choices = [("", _("Choose")), ("a", _("Decision support")), ("b", _("Conversation"))]  # type: ignore[attr-defined]
        self.fields["autonomy"].choices = [("assists", _("It assists")), ("alone", _("It decides alone"))]  # type: ignore[attr-defined]
        self.fields["autonomy"].choice_hints = {"assists": _("A person decides.")}  # type: ignore[attr-defined]
        self.fields["affected"].choices = [("public", _("The public")), ("staff", _("Staff"))]  # type: ignore[attr-defined]

    @staticmethod
    def words() -> list[tuple[str, str, str]]:
        return [
            ("name", _("Name of the system"), _("As people in your organization call it.")),
            ("summary", _("In one sentence, what does it do?"), ""),
            ("email", _("E-mail"), ""),
            ("password", _("Password"), ""),
            ("category", _("Category"), ""),
            ("autonomy", _("How far does it decide alone?"), ""),
            ("affected", _("Whom does it affect?"), _("Choose all that apply.")),
            ("started_on", _("In service since"), ""),
            ("evidence", _("Evidence"), _("PDF or Word, 20 MB at most.")),
            ("share", _("Share of results changed by a person"), ""),
            ("confirmed", _("I have read this again"), ""),
        ]


@register.simple_tag
def sample_form() -> SampleForm:
    """Nothing typed yet."""
    return SampleForm()


@register.simple_tag
def refused_form() -> SampleForm:
    """Sent with everything wrong."""
    return SampleForm({"refused-email": "x", "refused-started_on": "x", "refused-summary": "x" * 201}, prefix="refused")


@register.simple_tag
def sample_filters() -> SampleForm:
    """What a list may be filtered by; one filter is in use."""
    return SampleForm({"list-autonomy": "alone"}, prefix="list")


@register.simple_tag
def sample_page() -> Page[int]:
    """The fourth page of nine."""
    return Paginator(range(90), 10).page(4)


@register.simple_tag
def sample(name: str) -> Any:
    """Rows and items, by name of the component."""
    return getattr(Samples, name)()


class Samples:
    """Content as a record would give it: in French, as its author wrote it."""

    @staticmethod
    def rows() -> list[dict[str, Any]]:
        return [
            {"label": _("Name of the system"), "value": "Tri des demandes d'aide", "url": "#", "action": _("Change")},
            {"label": _("In one sentence, what does it do?"), "value": SENTENCE["fr"], "lang": "fr"},
            {"label": _("Evidence"), "value": ""},
        ]

    @staticmethod
    def events() -> list[dict[str, Any]]:
        return [
            {
                "title": _("Published"),
                "by": _("Project lead"),
                "date": datetime(2026, 11, 22, 14, 32),
                "text": "Version 2",
            },
            {"title": _("Declared"), "date": date(2026, 10, 5)},
        ]

    @staticmethod
    def phases() -> list[dict[str, str]]:
        return [
            {"label": _("Idea"), "state": "done"},
            {"label": _("In development"), "state": "done"},
            {"label": _("In pilot"), "state": "current", "note": _("since March 2026")},
            {"label": _("In service"), "state": "todo"},
        ]

    @staticmethod
    def tasks() -> list[dict[str, Any]]:
        return [
            {
                "title": _("Declare a system"),
                "url": "#",
                "hint": _("3 answers missing"),
                "status": _("In progress"),
                "colour": "blue",
            },
            {
                "title": _("Answer a report"),
                "url": "#",
                "due": date(2026, 11, 5),
                "is_late": True,
                "status": _("Overdue"),
                "colour": "red",
            },
        ]

    @staticmethod
    def parts() -> list[dict[str, Any]]:
        return [
            {"label": _("Sheet"), "url": "#", "current": True},
            {"label": _("Versions"), "url": "#", "current": False, "count": 3},
            {"label": _("Reports"), "url": "#", "current": False},
        ]

    @staticmethod
    def colours() -> list[str]:
        return ["grey", "green", "teal", "blue", "purple", "pink", "red", "orange", "yellow", "outline"]

    @staticmethod
    def icons() -> list[str]:
        names = "building check clock close download error external feed file flag inbox info left lock mail menu"
        return f"{names} people phone post right search theme user warning".split()

    @staticmethod
    def sentence() -> dict[str, str]:
        return {"en": SENTENCE["en"]}

    @staticmethod
    def table() -> dict[str, Any]:
        return {
            "columns": [_("Public body"), {"label": _("Systems"), "numeric": True}],
            "rows": [["Ministère des Saisons", "12"], ["Ville de Sainte-Étoile", "1 204"]],
        }
