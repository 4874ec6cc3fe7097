"""What a questionnaire takes from the record: fields, rows, codes and terms that are there, in codes of its own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assessments.questionnaires.reading import NotAQuestionnaire
from assessments.questionnaires.shapes import YES_NO_UNSURE, Prefill, Question, Questionnaire

CODED = frozenset({"single_choice", "yes_no_unsure"})


@dataclass(frozen=True)
class Record:
    """What the program knows of a system and of its body. `fields` and columns of `parts`: their codes, none for a
    text, a number or a date; `body`: what its sheet has; `terms`: those of the glossary.
    """

    fields: Mapping[str, frozenset[str]]
    parts: Mapping[str, Mapping[str, frozenset[str]]]
    body: frozenset[str]
    terms: frozenset[str]


def check_prefills(questionnaire: Questionnaire, record: Record) -> None:
    """Raise `NotAQuestionnaire` at the first source or term that is not there."""
    for question in questionnaire.questions:
        place = f"{question.section}/{question.id}"
        _among(f"{place}/terms", question.terms, record.terms)
        for source in question.prefill:
            _check(f"{place}/prefill", question, source, record)


def _check(place: str, question: Question, source: Prefill, record: Record) -> None:
    if source.source == "system":
        _among(place, [source.field], record.fields)
        _check_codes(place, question, source, record.fields[source.field])
    elif source.source == "body":
        _among(place, [source.field], record.body)
    elif source.source == "rows":
        _among(place, [source.field], record.parts)
        _among(f"{place}/columns", source.columns.values(), record.parts[source.field])
        # A cell of the record comes in words: a column of choices would refuse the whole offer.
        _among(
            f"{place}/columns", source.columns, {column.code for column in question.columns if column.kind not in CODED}
        )


def _check_codes(place: str, question: Question, source: Prefill, theirs: frozenset[str]) -> None:
    ours = frozenset(YES_NO_UNSURE) if question.kind == "yes_no_unsure" else {each.code for each in question.options}
    if source.codes is not None:
        _among(f"{place}/map", source.codes, theirs)
        _among(f"{place}/map", source.codes.values(), ours)
        _among(f"{place}/unmapped", filter(None, [source.unmapped]), ours)
    elif theirs and ours and not theirs & ours:
        raise NotAQuestionnaire(place, "none of these codes is one of ours: say which is which in a `map`")


def _among(place: str, codes: Iterable[str], known: Iterable[str]) -> None:
    for code in codes:
        if code not in known:
            raise NotAQuestionnaire(place, f"{code!r} is not known")
