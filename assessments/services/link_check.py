"""References that name no record: refused where somebody writes them, each in one sentence at its field."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from assessments.models import Assessment, GuestAccess
from assessments.questionnaires import Question
from assessments.scoring.leaves import Flat, flat_of, name_of
from assessments.scoring.links import RECORD_KINDS, Link, links_of
from assessments.services.linked import records_of
from assessments.services.words import label_of, leaf_at
from core.services import InvalidInput
from organizations.models import User


def check_links(
    assessment: Assessment, stored: Mapping[str, Any], values: Mapping[str, Any], by: User | GuestAccess
) -> None:
    """Raises `InvalidInput`, with each row that this save changes and whose text names no system or no assessment. The
    text of an invited person is not looked up: the answer would tell which numbers exist.
    """
    if isinstance(by, GuestAccess):
        return
    flats = {each.id: flat_of(each, values[each.id]) for each in _linking(assessment, values)}
    refused = [InvalidInput(sentence, field=place) for place, sentence in _unresolved(assessment, stored, flats)]
    if refused:
        raise InvalidInput(refused[0].sentence, refused[0].field, others=refused[1:])


def _linking(assessment: Assessment, codes: Mapping[str, Any]) -> list[Question]:
    """Those of these questions that link to what Vigie keeps."""
    questions = map(assessment.questionnaire.question, codes)
    return [question for question in questions if RECORD_KINDS & set(question.links)]


def unresolved(assessment: Assessment, sent: Mapping[str, Flat]) -> Iterator[tuple[str, str]]:
    """(name of a leaf, sentence) for each row of these answers, whole, that would be refused: a program is told all its
    faults at once. One query for what is stored, when something is sent that links to records.
    """
    flats = {each.id: sent[each.id] for each in _linking(assessment, sent)}
    return _unresolved(assessment, assessment.values(), flats) if flats else iter(())


def _unresolved(
    assessment: Assessment, stored: Mapping[str, Any], flats: Mapping[str, Flat]
) -> Iterator[tuple[str, str]]:
    """The reference, where it is what changed; else the kind, under which it names nothing. No query unless a row that
    names a record changed.
    """
    changed = [each for code, flat in flats.items() for each in _changed(assessment, code, stored.get(code), flat)]
    found = records_of((link for _question, link, _leaf in changed), assessment.organization)
    for question, link, leaf in changed:
        if (link.kind, link.reference) not in found:
            said = _sentence(assessment, question, link, leaf, flats[question.id])
            yield name_of(question.id, link.path(leaf)), said


def _changed(assessment: Assessment, code: str, stored: Any, flat: Flat) -> Iterator[tuple[Question, Link, str]]:
    question = assessment.questionnaire.question(code)
    before = {link.row: link for link in links_of(question, flat_of(question, stored))}
    for link in links_of(question, flat):
        was = before.get(link.row)
        if link.is_of_record and link != was:
            leaf = "kind" if was and was.reference == link.reference else "reference"
            yield question, link, leaf


def _sentence(assessment: Assessment, question: Question, link: Link, leaf: str, flat: Flat) -> str:
    questionnaire, body = assessment.questionnaire, assessment.organization
    told = {
        "label": label_of(questionnaire, question, leaf_at(questionnaire, question, link.path(leaf), flat)),
        "number": f"{'DÉMO' if body.is_demonstration else 'QC'}-{body.sigle}-0001",
    }
    if link.kind == "system":
        return (
            _(
                "“%(label)s”: this text names no system. Choose it in the list, write its number, such as "
                "%(number)s, or paste the address of its page."
            )
            % told
        )
    return (
        _(
            "“%(label)s”: this text names no assessment. Choose it in the list, write the number of its system "
            "and the code of the questionnaire, such as %(number)s efvp, or paste the address of its page."
        )
        % told
    )
