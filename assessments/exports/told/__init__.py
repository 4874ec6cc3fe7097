"""One reading of an assessment for people, from which every document is made: the same words in each format."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.exports.told.answers import AnswerInWords
from assessments.exports.told.heads import day_of, head_of, name_of_system, outcomes_of, reached_of, reference_of
from assessments.exports.told.linked import linked_in
from assessments.exports.told.material import Given, Joined, Material, material_of, material_of_submission
from assessments.exports.told.risks import words_of_problem
from assessments.exports.told.shapes import (
    Block,
    Bullets,
    Leading,
    Pair,
    Pairs,
    Paragraphs,
    Said,
    Table,
    ToldAnswered,
    ToldAssessment,
    ToldComment,
    ToldFile,
    ToldLeaf,
    ToldPart,
    ToldQuestion,
    ToldReference,
    ToldSection,
    cleaned,
)
from assessments.models import Assessment, Submission
from assessments.questionnaires import Question, Section, Source
from assessments.scoring.completeness import completeness
from assessments.services.authorship import said_of_guests
from assessments.workflow import AnswerOrigin
from core import clock
from core.text import clean_line, clean_text, reader_language
from organizations.models import User

__all__ = [
    "Block",
    "Bullets",
    "Comments",
    "Joined",
    "Leading",
    "Material",
    "Pair",
    "Pairs",
    "Paragraphs",
    "Said",
    "Table",
    "ToldAssessment",
    "ToldComment",
    "ToldFile",
    "ToldPart",
    "ToldQuestion",
    "ToldSection",
    "material_of",
    "material_of_submission",
    "told_of",
    "told_of_material",
    "told_of_submission",
]

Comments = Mapping[str, Sequence[ToldComment]]
"""Id of a question → what was said beside it, in its order."""

ORIGINS: Mapping[str, Any] = {
    "statute": gettext_lazy("statute"),
    "regulation": gettext_lazy("regulation"),
    "government_direction": gettext_lazy("government direction"),
    "own_rule": gettext_lazy("the body’s own rule"),
    "good_practice": gettext_lazy("good practice"),
}
CERTAINTIES: Mapping[str, Any] = {
    "text_read": gettext_lazy("according to the official text"),
    "secondary_source": gettext_lazy("according to a summary of the official text"),
    "from_memory": gettext_lazy("not checked against the official text"),
}
WITHOUT_TEXT = frozenset({"own_rule", "good_practice"})


def told_of(assessment: Assessment, *, comments: Comments | None = None, is_extract: bool = False) -> ToldAssessment:
    """A draft as it stands; from its submission on, exactly what was submitted. In the reader's language.

    `is_extract`: the questions whose answers may be public, and nobody's name.
    """
    return told_of_material(material_of(assessment), comments=comments, is_extract=is_extract)


def told_of_submission(
    submission: Submission, *, comments: Comments | None = None, is_extract: bool = False
) -> ToldAssessment:
    """One version, whichever it is, as it was submitted."""
    return told_of_material(material_of_submission(submission), comments=comments, is_extract=is_extract)


def told_of_material(
    material: Material, *, comments: Comments | None = None, is_extract: bool = False, reader: User | None = None
) -> ToldAssessment:
    """`reader`: whoever is shown a page of it, where what an answer links to is one click away."""
    return _Telling(material, comments or {}, is_extract=is_extract, reader=reader).assessment()


class _Telling:
    """The work of one telling: what each of its pieces needs to know."""

    def __init__(self, material: Material, comments: Comments, *, is_extract: bool, reader: User | None) -> None:
        self.material, self.comments, self.is_extract = material, comments, is_extract
        self.reading, self.language = material.reading, reader_language()
        self.linked = linked_in(material, is_extract=is_extract, reader=reader)
        self.state = completeness(material.reading)
        self.missing = {question.id for question in self.state.missing}
        self.files = () if is_extract else tuple(map(_file, material.joined))

    def assessment(self) -> ToldAssessment:
        material, questionnaire = self.material, self.reading.questionnaire
        body, is_draft = material.assessment.organization, material.is_draft
        is_listed = is_draft and not self.is_extract
        aside = self.reading.kept_aside if is_listed else ()
        return ToldAssessment(
            language=self.language,
            title=questionnaire.title[self.language],
            short_title=questionnaire.short_title[self.language],
            name=cleaned(name_of_system(material)),
            reference=reference_of(material),
            body=cleaned(body.name),
            sigle=body.sigle,
            is_demonstration=body.is_demonstration,
            is_draft=is_draft,
            is_extract=self.is_extract,
            head=head_of(material, is_extract=self.is_extract),
            reached=reached_of(material, is_extract=self.is_extract),
            outcomes=outcomes_of(material),
            notice=questionnaire.notice[self.language] if questionnaire.notice else "",
            missing=tuple(self._names_missing()) if is_listed else (),
            problems=tuple(map(words_of_problem, self.state.problems)) if is_listed else (),
            parts=self._parts(),
            kept_aside=tuple(self._question(question) for question in aside),
            files=self.files,
            digest=material.digest,
        )

    def _names_missing(self) -> list[str]:
        """The question, after its section."""
        return [
            f"{state.section.title[self.language]} – {question.label[self.language]}"
            for state in self.state.sections
            for question in state.missing
        ]

    def _parts(self) -> tuple[ToldPart, ...]:
        """Those of the questionnaire, in its order, that hold something."""
        found = []
        for part in self.reading.questionnaire.parts:
            sections = (self._section(each) for each in self.reading.sections if each.part == part.code)
            if asked := tuple(section for section in sections if section.questions):
                found.append(ToldPart(part.code, part.title[self.language], asked))
        return tuple(found)

    def _section(self, section: Section) -> ToldSection:
        asked = (each for each in self.reading.asked_in(section) if each.public or not self.is_extract)
        return ToldSection(section.code, section.title[self.language], tuple(map(self._question, asked)))

    def _question(self, question: Question) -> ToldQuestion:
        value = self.reading.answers.get(question.id)
        answer = AnswerInWords(self.reading, question, value, self.linked)
        files = tuple(file for file in self.files if file.question == question.id)
        given = self.material.given.get(question.id) if value is not None and not self.is_extract else None
        said = () if self.is_extract else tuple(map(_comment, self.comments.get(question.id, ())))
        return ToldQuestion(
            code=question.id,
            label=question.label[self.language],
            is_required=question.required,
            is_missing=question.id in self.missing,
            is_public=question.public,
            references=tuple(self._reference(code) for code in question.refs),
            blocks=answer.blocks(),
            leaves=(
                *answer.told_leaves(given.guest_leaves if given else {}),
                *(ToldLeaf("files", "", _("Files"), one.digest, one.name) for one in files),
            ),
            answered=_answered(given, answer) if given else None,
            comments=said,
            files=files,
        )

    def _reference(self, code: str) -> ToldReference:
        source = self.reading.questionnaire.sources[code]
        return ToldReference(source.label[self.language], sure_of(source))


def sure_of(source: Source) -> str:
    """Where a rule comes from and how sure we are of what it says."""
    told = f"{_('Origin:')} {ORIGINS[source.origin]}"
    return f"{told}." if source.origin in WITHOUT_TEXT else f"{told}; {CERTAINTIES[source.certainty]}."


def _answered(given: Given, answer: AnswerInWords) -> ToldAnswered:
    reading, question = answer.reading, answer.question
    own = ""
    if not given.guest_of and given.origin != AnswerOrigin.TYPED:
        own = " – ".join(filter(None, (str(AnswerOrigin(given.origin).label), clean_line(given.note))))
    said = said_of_guests(reading.questionnaire, question, answer.flat, given.guest_leaves)
    origin = ". ".join(filter(None, (own, *said)))
    return ToldAnswered(
        clean_line(given.by), given.at.astimezone(clock.CIVIL_ZONE).isoformat(), day_of(given.at), origin, own
    )


def _file(joined: Joined) -> ToldFile:
    return ToldFile(
        question=joined.question,
        name=clean_line(joined.name),
        note=clean_line(joined.note),
        digest=joined.digest,
        size=joined.size,
        by=clean_line(joined.by),
        on=day_of(joined.at),
    )


def _comment(comment: ToldComment) -> ToldComment:
    return replace(comment, author=clean_line(comment.author), text=clean_text(comment.text))
