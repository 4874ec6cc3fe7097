"""What a document of an assessment is made of, read once: the answers as they stand, or as they were frozen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from assessments.models import Answer, Assessment, Evidence, ScreeningConclusion, Submission
from assessments.scoring.asking import Reading
from assessments.scoring.leaves import flat_of
from assessments.services.facts import reading_of
from assessments.workflow import AssessmentState


@dataclass(frozen=True)
class Given:
    """How one answer came. `by`: who saved it last, of the body when a part of it is the body's; `guest_of`: for whom,
    when all of it is of invited persons; `guest_leaves`: path of each leaf that one gave → for whom.
    """

    by: str
    guest_of: str
    at: datetime
    origin: str
    note: str
    guest_leaves: Mapping[str, str]


@dataclass(frozen=True)
class Joined:
    """One file joined to an answer."""

    question: str
    uuid: str
    name: str
    digest: str
    note: str = ""
    size: int | None = None
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Material:
    """One assessment, by its live rows, by what was submitted (`submission`) or by what was concluded (`conclusion`).

    `reading` counts by the facts of that moment.
    """

    assessment: Assessment
    reading: Reading
    given: Mapping[str, Given]
    joined: tuple[Joined, ...]
    submission: Submission | None = None
    conclusion: ScreeningConclusion | None = None

    @property
    def is_draft(self) -> bool:
        return self.submission is None and self.conclusion is None

    @property
    def digest(self) -> str:
        """Of what was frozen; none for a draft."""
        frozen = self.submission or self.conclusion
        return frozen.digest if frozen else ""


def material_of(assessment: Assessment) -> Material:
    """What is being written, as it stands; then what was submitted; of a screening, what was concluded."""
    if assessment.state not in {AssessmentState.DRAFT, AssessmentState.WITHDRAWN}:
        submission = assessment.submissions.select_related("submitted_by", "case").order_by("-number").first()
        if submission is not None:
            return material_of_submission(submission, assessment)
        conclusion = ScreeningConclusion.objects.filter(assessment=assessment)
        concluded = conclusion.select_related("concluded_by", "signed_by").first()
        if concluded is not None:
            return _concluded(assessment, concluded)
    rows = _answers(assessment)
    reading = reading_of(assessment, {row.question: row.value for row in rows if row.value is not None})
    return Material(assessment, reading, _givens(assessment, rows), _joined(assessment))


def material_of_submission(submission: Submission, assessment: Assessment | None = None) -> Material:
    """The answers, the facts and the files are those that were frozen; who gave each answer is told by the rows that
    nobody wrote again since, and by the history for the others.
    """
    found, document = assessment or submission.assessment, submission.document
    reading = Reading(found.questionnaire, document["answers"], document["facts"], depth=document["depth"]["chosen"])
    joined = tuple(
        Joined(one["question"], one["uuid"], one["name"], one["sha256"]) for one in document.get("evidence", ())
    )
    given = _given_until(found, submission.submitted_at)
    return Material(found, reading, given, joined, submission=submission)


def _concluded(assessment: Assessment, conclusion: ScreeningConclusion) -> Material:
    reading = Reading(assessment.questionnaire, conclusion.answers, conclusion.facts)
    given = _given_until(assessment, conclusion.concluded_at)
    return Material(assessment, reading, given, _joined(assessment), conclusion=conclusion)


def _answers(assessment: Assessment) -> list[Answer]:
    return list(assessment.answers.select_related("updated_by", "guest").order_by("question"))


def _given(save: Any) -> Given:
    guest = save.guest
    by = guest.name if guest else str(save.updated_by or "")
    for_whom = guest.on_behalf_of if guest else ""
    return Given(by, for_whom, save.updated_at, save.origin, save.origin_note, save.guest_leaves)


def _givens(assessment: Assessment, saves: Iterable[Any]) -> dict[str, Given]:
    """Question → how its answer came. `saves`: rows of answers, or of their history. One query where invited persons
    wrote after the body in the same answer.
    """
    found = {save.question: save for save in saves}
    mixed = [save for save in found.values() if save.guest_id and _is_mixed(assessment, save)]
    given = {question: _given(save) for question, save in found.items()}
    if mixed:
        before = reduce(or_, (Q(question=save.question, version__lte=save.version) for save in mixed))
        own = _events().filter(before, assessment_id=assessment.pk, updated_by__isnull=False)
        for event in own.order_by("question", "-pgh_id").distinct("question").select_related("updated_by", "guest"):
            given[event.question] = replace(_given(event), guest_leaves=found[event.question].guest_leaves)
    return given


def _is_mixed(assessment: Assessment, save: Any) -> bool:
    flat = flat_of(assessment.questionnaire.question(save.question), save.value)
    return bool(flat.keys() - save.guest_leaves.keys())


def _events() -> Any:
    return Answer.pgh_event_models["insert"].objects  # type: ignore[attr-defined]


def _given_until(assessment: Assessment, moment: datetime) -> dict[str, Given]:
    rows = _answers(assessment)
    late = {row.pk for row in rows if row.updated_at > moment}
    saves: list[Any] = [row for row in rows if row.pk not in late]
    if late:
        before = _events().filter(pgh_obj_id__in=late, updated_at__lte=moment).order_by("pgh_obj_id", "-pgh_id")
        saves += before.distinct("pgh_obj_id").select_related("updated_by", "guest")
    return _givens(assessment, saves)


def _joined(assessment: Assessment) -> tuple[Joined, ...]:
    rows = Evidence.objects.filter(assessment=assessment, removed_at__isnull=True)
    return tuple(
        Joined(
            row.question,
            str(row.uuid),
            row.file.original_name,
            row.file.sha256,
            row.note,
            row.file.size,
            row.guest.name if row.guest else str(row.added_by or ""),
            row.added_at,
        )
        for row in rows.select_related("file", "added_by", "guest").order_by("pk")
    )
