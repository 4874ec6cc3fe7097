"""Everyday uses of AI on one page: five short questions for each."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from core.text import reader_language
from registry.forms.answers import TextAnswer
from registry.models import CommonToolUse
from registry.rules.common_tools import COMMON_TOOLS, CommonTool
from registry.services.common_tools import QUESTIONS, question_label

LONGEST_PRODUCT = 200


@dataclass(frozen=True)
class ToolQuestions:
    """One use with its questions: the first always in sight, the others when it is used."""

    tool: CommonTool
    first: BoundField
    others: list[BoundField]
    is_open: bool


class CommonToolsAnswers(forms.Form):
    """Every answer may wait; only what was sent is saved, so that the page of a conflict may send two answers alone."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, required=False)

    def __init__(self, data: Any = None, *, uses: list[CommonToolUse], version: int) -> None:
        known = {use.tool: use for use in uses}
        initial: dict[str, Any] = {"version": version}
        for tool in COMMON_TOOLS.codes:
            for question in QUESTIONS:
                initial[f"{question}_{tool}"] = getattr(known[tool], question) if tool in known else ""
        super().__init__(data, initial=initial)
        for each in COMMON_TOOLS.tools:
            for question in QUESTIONS:
                self.fields[f"{question}_{each.code}"] = _question(each, question)

    @property
    def answers(self) -> dict[str, dict[str, str]]:
        sent = self.cleaned_data
        return {
            tool: {
                question: sent[f"{question}_{tool}"]
                for question in QUESTIONS
                if f"{question}_{tool}" in self.data and f"{question}_{tool}" in sent
            }
            for tool in COMMON_TOOLS.codes
        }

    @property
    def tools(self) -> list[ToolQuestions]:
        found = []
        for tool in COMMON_TOOLS.tools:
            first, *others = [self[f"{question}_{tool.code}"] for question in QUESTIONS]
            is_open = first.value() == "yes" or any(other.errors for other in others)
            found.append(ToolQuestions(tool, first, others, is_open))
        return found


def _question(tool: CommonTool, question: str) -> forms.Field:
    """What is wrong names the use and the question: it is read in the summary too, beside that of other uses."""
    choices: Any = QUESTIONS[question]
    told = {"label": f"{tool.label[reader_language()]} – {question_label(question)}", "most": LONGEST_PRODUCT}
    if choices is None:
        too_long = _("“%(label)s” is too long: %(most)s characters at most.") % told
        return TextAnswer(
            label=question_label(question),
            required=False,
            max_length=LONGEST_PRODUCT,
            error_messages={"max_length": too_long},
        )
    language = reader_language()
    listed = [(code, words[language]) for code, words in choices.items()]
    is_first = question == "is_used"
    return forms.ChoiceField(
        label=question_label(question),
        required=False,
        choices=listed if is_first else [("", _("Choose")), *listed],
        widget=forms.RadioSelect if is_first else forms.Select,
        error_messages={"invalid_choice": _("“%(label)s”: choose one of the answers of the list.") % told},
    )
