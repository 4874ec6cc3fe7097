"""An assessment as a document: frozen when it is asked for, in the words of that day."""

import json
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from assessments.exports.told import (
    ToldAssessment,
    ToldQuestion,
    material_of,
    material_of_submission,
    told_of_material,
)
from assessments.models import Assessment, Submission
from assessments.questionnaires import digest_of
from core import clock
from core.audit import record
from core.services import InvalidInput, NotAllowed, created_once
from core.text import cut_at_word
from organizations.models import User
from reports import permissions
from reports.models import Report
from reports.services.requests import LANGUAGES, ask_for_document
from reports.workflow import ReportKind

FORMAT = "assessment_report.v1"
LONGEST_TITLE = 300


@transaction.atomic
def request_assessment_report(
    *,
    assessment: Assessment,
    language: str,
    by: User,
    request_key: UUID | None = None,
    submission: Submission | None = None,
) -> Report:
    """Ask for the PDF of an assessment: of that version, else as it stands. The same key asked twice gives one report.

    Raises `NotAllowed` without the function, `InvalidInput` for a language we do not write in.
    """
    check_may_request_of(assessment, by)
    if language not in LANGUAGES:
        raise InvalidInput(_("Choose French or English as the language of the document."), field="language")

    def create() -> Report:
        # Neither must the document mix two saves: answers are written under the lock of their assessment.
        Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
        current = Assessment.objects.with_what_it_needs().select_related("lead", "created_by").get(pk=assessment.pk)
        moment = clock.now()
        content = freeze_assessment(assessment=current, submission=submission, language=language, moment=moment)
        told = content["told"]
        report = Report.objects.create(
            organization=current.organization,
            kind=ReportKind.ASSESSMENT,
            system=current.system,
            assessment=current,
            title=cut_at_word(f"{told['short_title']} – {told['name']['text']}", LONGEST_TITLE),
            language=language,
            content=content,
            requested_at=moment,
            requested_by=by,
        )
        facts = {"kind": report.kind, "language": language, "digest": content["digest"]}
        record(by=by, verb="request_report", thing=report, organization=report.organization, facts=facts)
        ask_for_document(report)
        return report

    return created_once(key=request_key, by=by, model=Report, create=create)


def check_may_request_of(assessment: Assessment, by: User) -> None:
    if not permissions.can_make_report(by, assessment.organization):
        raise NotAllowed(
            _("Your functions in this body do not let you make reports. Ask its administration for another function.")
        )


def freeze_assessment(
    *, assessment: Assessment, submission: Submission | None, language: str, moment: datetime
) -> dict[str, Any]:
    """The whole content, as JSON; the document is made from it alone. What people say of the answers between them (the
    threads of comments) has no place in it.
    """
    with override(language):
        material = material_of_submission(submission, assessment) if submission else material_of(assessment)
        told = told_of_material(material)
        version = str(material.submission.number) if material.submission else ""
    frozen = json.loads(json.dumps(asdict(_without_leaves(told))))
    return {
        "format": FORMAT,
        "facts": {
            "reference": told.reference,
            "is_demonstration": told.is_demonstration,
            "body": {"sigle": told.sigle},
        },
        "instrument": assessment.instrument,
        "version": version,
        "told": frozen,
        "digest": told.digest or digest_of(frozen),
        "generated_at": moment.isoformat(),
    }


def _without_leaves(told: ToldAssessment) -> ToldAssessment:
    """A page shows blocks; their leaves would be the same words again."""

    def bare(question: ToldQuestion) -> ToldQuestion:
        return replace(question, leaves=())

    parts = tuple(
        replace(
            part,
            sections=tuple(
                replace(section, questions=tuple(map(bare, section.questions))) for section in part.sections
            ),
        )
        for part in told.parts
    )
    return replace(told, parts=parts, kept_aside=tuple(map(bare, told.kept_aside)))
