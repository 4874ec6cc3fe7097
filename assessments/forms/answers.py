"""The questions of a page as a form: one field for each leaf, so that one answer is written by several people."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.choices import BaseChoiceIterator
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from assessments.forms.measures import offered_measures, taken_measures
from assessments.questionnaires import Question
from assessments.scoring.asking import Reading
from assessments.scoring.leaves import HAS_ROWS, MANY_CODES, MOST_ROWS, ROW_KEY, Leaf, flat_of, leaves_of, name_of
from assessments.scoring.links import RECORD_KINDS
from assessments.scoring.values import WrongValue
from assessments.services.words import choices_of, label_of, name_of_leaf, sentence_of
from core.services import InvalidInput, Unsaved
from core.text import form_value, reader_language
from organizations.forms.numbers import NumberAnswer, WholeAnswer
from organizations.forms.texts import TextAnswer
from registry.forms.answers import CodesAnswer

SELECTED = frozenset({"degree", "measure_state", "link_kind", "rating"})
"""Of many lines: a list that unfolds takes one line each, where radios would take five."""
MOST_RADIOS = 8
LATE_ROWS = 20
"""Beyond the most that an answer has: colleagues may add some while a page is filled in."""
MOST_ON_A_LINE = 60
"""A text of one line that is longer is shown on several: nobody reads it through a slot."""


class Listed(BaseChoiceIterator):
    """Choices that are pairs already. Django looks at each again, twice a field: half of the time that a page of three
    hundred fields takes to read.
    """

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self.pairs = pairs

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.pairs)


class AnswersForm(forms.Form):
    """Some questions of one assessment. Nothing is required to be saved; what is missing is told, not refused.

    `added`: question → keys of rows that the page shows empty. A row that was posted has its fields, whoever added it.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        reading: Reading,
        questions: Iterable[Question],
        version: int,
        added: Mapping[str, list[str]] | None = None,
    ) -> None:
        self.reading, self.questions, self.data_sent = reading, tuple(questions), data
        self.leaves: dict[str, list[tuple[str, Leaf]]] = {}
        self.owners: dict[str, tuple[Question, Leaf]] = {}
        initial: dict[str, Any] = {"version": version}
        fields: dict[str, forms.Field] = {}
        for question in self.questions:
            flat = flat_of(question, reading.answers.get(question.id))
            shown = dict(flat) | {f"{key}.": "" for key in (added or {}).get(question.id, ())}
            shown |= dict.fromkeys(_posted_rows(question, data), "")
            for leaf in leaves_of(reading.questionnaire, question, shown):
                name = name_of(question.id, leaf.path)
                self.owners[name] = (question, leaf)
                if leaf.is_file:
                    continue
                self.leaves.setdefault(question.id, []).append((name, leaf))
                fields[name] = self._field(question, leaf, flat.get(leaf.path), is_sent=data is not None)
                initial[name] = flat.get(leaf.path)
        super().__init__(data, initial=initial)
        self.fields |= fields
        self.refused: list[InvalidInput] = []

    def _field(self, question: Question, leaf: Leaf, stored: Any, *, is_sent: bool) -> forms.Field:
        # What is sent was offered when the page was made; other answers may have changed since.
        offered = None if is_sent else self._offered(question, leaf)
        choices = choices_of(self.reading.questionnaire, leaf, offered)
        sent = self._sent(question, leaf) if is_sent else []
        if leaf.kind == "risk_measures":
            linked = [*(stored or []), *sent]
            made = _make(leaf, taken_measures(choices, sent))
            made.widget.choices = Listed(offered_measures(self.reading, leaf, choices, linked))  # type: ignore[attr-defined]
        else:
            # A list of suggestions stands at a text of one line; what is chosen there is told whole beside it.
            longest = 0 if RECORD_KINDS & set(question.links) else max(map(len, [str(stored or ""), *sent]))
            made = _make(leaf, choices, longest=longest)
        language = reader_language()
        is_alone = not leaf.path
        made.label = question.label[language] if is_alone else name_of_leaf(leaf)
        made.help_text = (question.help or {}).get(language, "") if is_alone else ""
        made.example = (question.example or {}).get(language, "") if is_alone else ""  # type: ignore[attr-defined]
        options = {option.code: option.help[language] for option in leaf.options if option.help}
        made.choice_hints = options  # type: ignore[attr-defined]
        if is_sent:
            made.error_messages |= _messages(label_of(self.reading.questionnaire, question, leaf), leaf)
        if leaf.kind in {"text", "long_text"}:
            made.widget.attrs["lang"] = "fr"
        made.is_optional = leaf.is_optional  # type: ignore[attr-defined]
        made.is_counted = leaf.kind == "long_text"  # type: ignore[attr-defined]
        return made

    def _sent(self, question: Question, leaf: Leaf) -> list[str]:
        """As it came; the page of a conflict joins codes with commas."""
        sent: Any = self.data_sent
        values = sent.getlist(name_of(question.id, leaf.path))
        return [code for each in values for code in each.split(",")] if leaf.kind in MANY_CODES else values

    def _offered(self, question: Question, leaf: Leaf) -> Any:
        """An option that is not shown any more stays where it was chosen."""
        if leaf.options != question.options:
            return None
        value = self.reading.answers.get(question.id)
        shown = {option.code for option in self.reading.options_of(question)}
        kept = [option for option in question.options if option.code in shown or option.code in str(value)]
        return tuple(kept)

    def clean_version(self) -> int:
        """A form without its version has read nothing: whatever differs from what is stored is shown, not written."""
        return self.cleaned_data["version"] or 0

    @property
    def sent_names(self) -> list[str]:
        """No box checked sends nothing at all: the page says which lists of boxes it held."""
        sent: Any = self.data
        held = set(sent.getlist("boxes"))
        return [name for name in self.fields if name in self.data or name in held]

    @property
    def answers(self) -> dict[str, Any]:
        """What may be saved: the valid leaves among those that were sent."""
        return {
            name: _stored(self.cleaned_data[name])
            for name in self.sent_names
            if name != "version" and name in self.cleaned_data
        }

    def refuse(self, refusal: InvalidInput) -> None:
        """What the service does not accept is told at its field, and what was sent to that question is left out, so
        that the other answers are saved. Raises the refusal when it is about nothing of this page.
        """
        leaves = [name for found in self.leaves.values() for name, _leaf in found]
        names = [name for name in leaves if refusal.field in (name, name.partition(".")[0])]
        if not names:
            raise refusal
        self.refused.append(refusal)
        self.add_error(names[0], refusal.sentence)
        for name in names:
            self.cleaned_data.pop(name, None)

    @property
    def unsaved(self) -> list[Unsaved]:
        """What is not valid, as it was typed: it is given back beside what is in dispute."""
        sent: Any = self.data
        return [
            Unsaved(name, self.label(name), ",".join(sent.getlist(name)), str(self.errors[name][0]))
            for name in self.errors
            if name in self.owners and name in sent
        ]

    def label(self, name: str) -> str:
        question, leaf = self.owners[name]
        return label_of(self.reading.questionnaire, question, leaf)

    def others(self, after: Reading, disputed: Iterable[str]) -> dict[str, list[str]]:
        """What this person only read, and somebody else wrote meanwhile: name → values as a form sends them."""
        found, left = {}, set(disputed)
        flats = {question.id: flat_of(question, after.answers.get(question.id)) for question in self.questions}
        for name, typed in self.answers.items():
            question, leaf = self.owners[name]
            stored = flats[question.id].get(leaf.path)
            if name not in left and not _same(stored, typed):
                found[name] = [str(each) for each in stored] if isinstance(stored, list) else [form_value(stored)]
        return found


def _posted_rows(question: Question, data: Any) -> set[str]:
    """Rows that were sent and that nobody stored yet, as paths that make their leaves. Raises `InvalidInput` for many
    more than an answer has, which no page shows: drawing them again would take longer than reading the refusal.
    """
    if question.kind not in HAS_ROWS or data is None:
        return set()
    start = f"{question.id}."
    keys = {name.removeprefix(start).partition(".")[0] for name in data if name.startswith(start)}
    found = {f"{key}." for key in keys if ROW_KEY.fullmatch(key)}
    if len(found) > MOST_ROWS + LATE_ROWS:
        problem = WrongValue("too_many_rows", most=MOST_ROWS)
        raise InvalidInput(sentence_of(problem, question.label[reader_language()]), field=question.id)
    return found


def _stored(value: Any) -> Any:
    """As the engine keeps it: days and numbers as in JSON."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value if value is not None else ""


def _same(stored: Any, typed: Any) -> bool:
    if isinstance(typed, list):
        return set(stored or []) == set(typed)
    return bool((stored if stored is not None else "") == typed)


def _make(leaf: Leaf, choices: list[tuple[str, str]], *, longest: int = 0) -> forms.Field:
    if leaf.kind in MANY_CODES:
        return CodesAnswer(choices=Listed(choices), required=False)
    if leaf.codes or leaf.kind == "single_choice":
        in_row = leaf.label is not None and leaf.kind == "single_choice"
        is_listed = leaf.kind in SELECTED or in_row or len(choices) > MOST_RADIOS
        if is_listed:
            listed = Listed([("", _("Choose")), *choices])
            return forms.ChoiceField(choices=listed, widget=forms.Select, required=False)
        return forms.ChoiceField(choices=Listed(choices), widget=forms.RadioSelect, required=False)
    if leaf.kind == "date":
        return forms.DateField(widget=forms.DateInput, required=False)
    if leaf.kind == "url":
        return forms.URLField(max_length=leaf.max_length, required=False, assume_scheme="https")
    if leaf.kind == "whole":
        return WholeAnswer(min_value=0, max_value=int(leaf.at_most or 10**9), required=False)
    if leaf.kind == "number":
        return NumberAnswer(min_value=0, max_digits=15, decimal_places=6, required=False)
    is_long = leaf.kind == "long_text"
    return TextAnswer(has_lines=is_long, max_length=leaf.max_length, widget=_text_widget(leaf, longest), required=False)


def _text_widget(leaf: Leaf, longest: int) -> forms.Widget:
    if leaf.kind == "long_text":
        return forms.Textarea(attrs={"rows": 4 if not leaf.name else 2})
    if leaf.path and longest > MOST_ON_A_LINE:
        return forms.Textarea(attrs={"rows": min(6, 1 + longest // MOST_ON_A_LINE)})
    return forms.TextInput()


def _messages(label: str, leaf: Leaf) -> dict[str, str]:
    """One sentence for each way to be wrong, which names the question: it is read in the summary too."""
    told = {"label": label, "most": number_format(leaf.max_length or 0, force_grouping=True)}
    number = _("“%(label)s”: write a number, such as 1250 or 12.5.") % told
    if leaf.kind == "whole":
        number = _("“%(label)s”: write a whole number, such as 30.") % told
    invalid = {
        "date": _("“%(label)s”: give a date like 2026-11-22.") % told,
        "url": _("“%(label)s”: give a whole web address, such as https://body.example/page.") % told,
    }
    return {
        "max_length": _("“%(label)s” is too long: %(most)s characters at most.") % told,
        "invalid_choice": _("“%(label)s”: choose one of the answers of the list.") % told,
        "invalid_list": _("“%(label)s”: choose one of the answers of the list.") % told,
        **dict.fromkeys(("min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits"), number),
        "invalid": invalid.get(leaf.kind, number),
    }
