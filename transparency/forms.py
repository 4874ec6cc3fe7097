"""What visitors type: filters that never fail, and two forms that a robot fills in badly."""

import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.text import clean_line, clean_text, pick
from organizations.public import BodyName, PublicBodyPage
from registry.public.codes import public_choices
from registry.public.coverage import LABELS, BodyCoverage, Coverage, counted
from registry.public.scope import SCOPE
from registry.public.search.facets import SearchCounts
from registry.public.search.query import FILTERS, KINDS, ORDERS, SystemSearch
from registry.public.strategy import followed_choices, objective_choices

LONGEST_SEARCH = 200
# An address by hand may hold anything: enough values for every choice there is, and no more.
MOST_VALUES = 400
LONGEST_VALUE = 40


def searched_text(data: QueryDict) -> str:
    """The words of a search: no control character, at most 200 characters."""
    return clean_line(data.get("q", ""))[:LONGEST_SEARCH].strip()


@dataclass(frozen=True)
class FacetChoice:
    """One value of a filter, and how many systems it would show. `is_partial`: at least so many."""

    id: str
    value: str
    label: str
    count: int
    is_checked: bool
    is_partial: bool


@dataclass(frozen=True)
class Facet:
    """One filter of the results: its choices, and those that fold when there are many."""

    name: str
    label: str
    choices: tuple[FacetChoice, ...]
    rest: tuple[FacetChoice, ...]

    @property
    def chosen(self) -> int:
        return sum(choice.is_checked for choice in self.choices)


class SystemFilters(forms.Form):
    """The filters of the results. What an address asks for and nobody offers finds nothing; it is never an error."""

    body = forms.MultipleChoiceField(label=gettext_lazy("Public body"))
    phase = forms.MultipleChoiceField(label=gettext_lazy("Phase"))
    category = forms.MultipleChoiceField(label=gettext_lazy("Category"))
    autonomy = forms.MultipleChoiceField(label=gettext_lazy("How far it decides alone"))
    personal = forms.MultipleChoiceField(label=gettext_lazy("Personal information"))
    technique = forms.MultipleChoiceField(label=gettext_lazy("Technique"))
    territory = forms.MultipleChoiceField(label=gettext_lazy("Territory"))
    life_events = forms.MultipleChoiceField(label=gettext_lazy("Moment of life"))
    objective = forms.MultipleChoiceField(label=gettext_lazy("Objective of the strategy"))
    followed = forms.MultipleChoiceField(label=gettext_lazy("Benefit that is followed"))
    kind = forms.MultipleChoiceField(label=gettext_lazy("Sheet"))

    # Of a filter with more choices than this, the first ones are shown and the others fold.
    MANY, SHOWN = 12, 10
    # Filters whose choices come in the order of what they would show.
    BY_COUNT = ("body",)

    def __init__(self, data: QueryDict, *, bodies: Iterable[BodyName]) -> None:
        self.text = searched_text(data)
        self.is_cut = len(data.get("q", "")) > LONGEST_SEARCH
        self.is_exact = data.get("exact") == "1"
        self.everywhere = data.get("partout") == "1"
        self.wants_elsewhere = data.get("ailleurs") == "1"
        self.chosen = {name: _values(data.getlist(name)) for name in FILTERS}
        self.order = data.get("sort", "")
        self.bodies = tuple(bodies)
        super().__init__(MultiValueDict({name: list(values) for name, values in self.chosen.items()}))
        choices = {
            "body": [(body.slug, str(body.name)) for body in self.bodies],
            "personal": public_choices("personal_information"),
            "objective": objective_choices(),
            "followed": followed_choices(),
            "kind": [(str(code), str(label)) for code, label in KINDS.items()],
        }
        for name, field in self.fields.items():
            field.required = False
            field.widget = forms.CheckboxSelectMultiple()
            field.choices = choices[name] if name in choices else public_choices(name)  # type: ignore[attr-defined]

    @cached_property
    def search(self) -> SystemSearch:
        """A body is looked for under each sigle it bears or bore."""
        filters = self.chosen | {"body": _values(slug for one in self.chosen["body"] for slug in self._slugs_of(one))}
        return SystemSearch(self.text, filters, self.order if self.order in ORDERS else "", self.everywhere)

    def _slugs_of(self, slug: str) -> tuple[str, ...]:
        return next((body.slugs for body in self.bodies if slug in body.slugs), (slug,))

    def facets(self, counts: SearchCounts) -> list[Facet]:
        """Each filter with its numbers; a value that would show nothing is left out, unless it is chosen."""
        return [facet for name in self.fields if (facet := self._facet(name, counts)).choices]

    def _facet(self, name: str, counts: SearchCounts) -> Facet:
        choices = [
            choice
            for choice in self._choices(name, self._found_by_value(name, counts), name in counts.partial)
            if choice.count or choice.is_partial or choice.is_checked
        ]
        if name in self.BY_COUNT:
            choices.sort(key=lambda choice: -choice.count)
        shown = self.SHOWN if len(choices) > self.MANY else len(choices)
        first = [choice for place, choice in enumerate(choices) if place < shown or choice.is_checked]
        rest = [choice for place, choice in enumerate(choices) if place >= shown and not choice.is_checked]
        return Facet(name, str(self.fields[name].label), tuple(first), tuple(rest))

    def _found_by_value(self, name: str, counts: SearchCounts) -> dict[str, int]:
        """Systems published under an old sigle count with the body of today."""
        found = dict(counts.of.get(name, {}))
        for body in self.bodies if name == "body" else ():
            if any(slug in found for slug in body.slugs):
                found[body.slug] = sum(found.get(slug, 0) for slug in body.slugs)
        return found

    def _choices(self, name: str, found: dict[str, int], is_partial: bool) -> list[FacetChoice]:
        offered: list[tuple[str, str]] = self.fields[name].choices  # type: ignore[attr-defined]
        return [
            FacetChoice(
                id=f"id_{name}_{place}",
                value=str(value),
                label=str(label),
                count=found.get(str(value), 0),
                is_checked=value in self.chosen[name],
                is_partial=is_partial and str(value) in found,
            )
            for place, (value, label) in enumerate(offered)
        ]


class BodyFilters(forms.Form):
    """Bodies by name or sigle, by where they stand before the register, in two orders. A state that nobody offers is
    no filter. `with_systems`: what addresses of before asked for.
    """

    def __init__(self, data: QueryDict) -> None:
        super().__init__()
        self.text = searched_text(data)
        self.order = "systems" if data.get("sort") == "systems" else "name"
        self.with_systems = data.get("avec") == "1"
        asked = data.get("etat", "")
        self.state = Coverage(asked) if asked in list(Coverage) else None
        self.is_to_renew = data.get("renouveler") == "1"

    @property
    def label(self) -> str:
        """The words of the state that was asked for."""
        if self.is_to_renew:
            return _("attestation to be renewed")
        return str(LABELS[self.state]) if self.state else ""

    def apply(self, bodies: list[BodyCoverage]) -> list[BodyCoverage]:
        words = _folded(self.text).split()
        kept = counted(bodies) if self.state or self.is_to_renew else bodies
        found = [row for row in kept if self._keeps(row) and all(word in _names_of(row.body) for word in words)]
        return sorted(found, key=lambda row: -row.systems) if self.order == "systems" else found

    def _keeps(self, row: BodyCoverage) -> bool:
        return (
            (not self.with_systems or row.systems > 0)
            and (not self.state or row.state == self.state)
            and (not self.is_to_renew or row.is_to_renew)
        )


class CleanText(forms.CharField):
    """A text as it will be kept: its length is counted as its author sees it."""

    def to_python(self, value: Any) -> str:
        return clean_text(value or "")


class SentByAPerson(forms.Form):
    """Draws a signed key when shown. Sent twice it creates once; sent at once, or a day later, it is asked for again.

    Nothing is kept about the visitor: no address, no cookie of ours.
    """

    SHORTEST, LONGEST = 2, 24 * 3600

    request_key = forms.CharField(widget=forms.HiddenInput, required=False)
    # A field that people do not see: programs that fill in everything give themselves away.
    site = forms.CharField(required=False)

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.must_wait = False
        self.signer = TimestampSigner(salt=type(self).__qualname__)
        self.initial.setdefault("request_key", self._new_key())

    def _new_key(self) -> str:
        return self.signer.sign(str(uuid.uuid4()))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("site"):
            self._ask_again(_("One field that must stay empty was filled in. Check your text, then send it again."))
        key = cleaned.get("request_key", "")
        try:
            cleaned["request_key"] = uuid.UUID(self.signer.unsign(key, max_age=self.LONGEST))
        except SignatureExpired:
            self._ask_again(_("This page was open for more than a day. Your text is still here: send it again."))
        except (BadSignature, ValueError):
            self._ask_again(_("This form came back incomplete. Your text is still here: send it again."))
        else:
            self.must_wait = self._is_too_fast(key)
        return cleaned

    def is_valid(self) -> bool:
        """A browser that fills forms in may be as quick as a robot: nobody is told of a mistake, only asked to wait."""
        return super().is_valid() and not self.must_wait

    def _is_too_fast(self, key: str) -> bool:
        try:
            self.signer.unsign(key, max_age=self.SHORTEST)
        except SignatureExpired:
            return False
        return True

    def _ask_again(self, sentence: str) -> None:
        """The page comes back with what was typed and a new key."""
        self.add_error(None, sentence)
        self.data = {**self.data, "request_key": self._new_key(), "site": ""}


class ErrorReportForm(SentByAPerson):
    """«Signaler une erreur»."""

    message = CleanText(
        label=gettext_lazy("What is wrong on this sheet?"),
        help_text=gettext_lazy("This is not a complaint: write nothing about your health, your money or your file."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": gettext_lazy("Write what is wrong on this sheet, in a few words."),
            "max_length": gettext_lazy("Your message is too long: %(limit_value)d characters at most."),
        },
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail"),
        help_text=gettext_lazy("Only to tell you when the body has answered. Without it, a tracking code is enough."),
        required=False,
        max_length=254,
        error_messages={
            "invalid": gettext_lazy("Write the e-mail in full, such as name@example.org, or leave it empty.")
        },
    )

    @property
    def handed_in(self) -> dict[str, Any]:
        """What the service keeps."""
        return {name: self.cleaned_data[name] for name in ("message", "email", "request_key")}


class ScopeForm(SentByAPerson):
    """«Suis-je visé?»: four questions from the data file, three answers each."""

    tool = CleanText(
        label=gettext_lazy("Which tool?"),
        help_text=gettext_lazy("A word or two, to find your answer again."),
        required=False,
        max_length=200,
    )

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        answers = [(code, pick(dict(label)).text) for code, label in SCOPE.answers.items()]
        for question in SCOPE.questions:
            self.fields[question.code] = forms.ChoiceField(
                label=pick(dict(question.question)).text,
                help_text=pick(dict(question.help)).text,
                choices=answers,
                widget=forms.RadioSelect,
                error_messages={"required": _("Answer this question; “I do not know” is an answer.")},
            )

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self[question.code] for question in SCOPE.questions]

    @property
    def answers(self) -> dict[str, str]:
        return {question.code: self.cleaned_data[question.code] for question in SCOPE.questions}


def _values(given: Iterable[str]) -> tuple[str, ...]:
    cleaned = (clean_line(value)[:LONGEST_VALUE] for value in list(given)[:MOST_VALUES])
    return tuple(dict.fromkeys(value for value in cleaned if value))


def _names_of(body: PublicBodyPage) -> str:
    old_names = (text for old in body.old_names for text in old.name.values())
    return _folded(" ".join([*body.facts.name.values(), *old_names, *body.slugs]))


def _folded(text: str) -> str:
    """Without accents or capitals, as a person types in a hurry."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
