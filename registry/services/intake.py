"""What visitors hand in: an error on a sheet, an answer to «Suis-je visé?»."""

import secrets
from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.audit import Actor, record
from core.outbox import ask
from core.services import InvalidInput, NotPossibleNow, created_once
from core.text import clean_line, clean_text
from organizations.models import User
from registry.models import ErrorReport, PublicRecord, ScopeAnswer
from registry.rules.scope import SCOPE, evaluate
from registry.workflow import NOT_SHOWN, ReportState

# More than this waiting on one sheet tells nothing new, and no robot can fill a mailbox.
MOST_OPEN_REPORTS = 50
LONGEST_MESSAGE = 2000
# No I, O, 0 or 1: the code is read aloud and copied by hand.
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@transaction.atomic
def report_error(
    *, reference: str, message: str, email: str = "", language: str = "fr", by: Actor, request_key: UUID
) -> ErrorReport:
    """Keep what a visitor says is wrong on the sheet shown now, and have its body told. The visitor gets a code.

    Raises `InvalidInput` for an empty or too long message, `NotPossibleNow` when the sheet was withdrawn or when too
    many reports wait already.
    """
    text = clean_text(message)
    if not text:
        raise InvalidInput(_("Write what is wrong on this sheet, in a few words."), field="message")
    if len(text) > LONGEST_MESSAGE:
        raise InvalidInput(
            _("Your message is too long: %(most)d characters at most.") % {"most": LONGEST_MESSAGE}, field="message"
        )

    def create() -> ErrorReport:
        shown = _shown_sheet(reference)
        report = ErrorReport.objects.create(
            code=_new_code(),
            system=shown.system,
            organization=shown.system.organization,
            reference=shown.reference,
            version_number=shown.publication.number,
            message=text,
            email=clean_line(email),
            language=language,
            received_at=clock.now(),
        )
        facts = {"reference": report.reference, "version": report.version_number}
        record(by=by, verb="report_error", thing=report, organization=report.organization, facts=facts)
        ask("registry.tasks.tell_error_report", dedup_key=f"tell_error_report:{report.pk}", report=report.pk)
        return report

    return created_once(key=request_key, by=by, model=ErrorReport, create=create)


@transaction.atomic
def keep_scope_answer(*, answers: Mapping[str, str], tool: str = "", by: Actor, request_key: UUID) -> ScopeAnswer:
    """Keep the four answers and their result, as proof that somebody asked. Raises `InvalidInput` if one is missing."""
    try:
        result = evaluate(answers)
    except ValueError as error:
        raise InvalidInput(_("Answer the four questions; “I do not know” is an answer.")) from error

    def create() -> ScopeAnswer:
        answer = ScopeAnswer.objects.create(
            tool=clean_line(tool)[:200],
            answers={question.code: answers[question.code] for question in SCOPE.questions},
            rules_version=SCOPE.version,
            result=result.verdict.code,
            asked_at=clock.now(),
            user=by if isinstance(by, User) else None,
        )
        facts = {"result": answer.result, "rule": result.rule, "rules": SCOPE.version}
        record(by=by, verb="ask_scope", thing=answer, facts=facts)
        return answer

    return created_once(key=request_key, by=by, model=ScopeAnswer, create=create)


def _shown_sheet(reference: str) -> PublicRecord:
    """The sheet of this reference, its row locked so that the cap holds for two visitors at once."""
    shown = (
        PublicRecord.objects.select_for_update(of=("self",))
        .select_related("publication", "system__organization")
        .filter(reference=reference)
        .exclude(kind__in=NOT_SHOWN)
        .first()
    )
    if shown is None:
        raise NotPossibleNow(_("This sheet is no longer public: write to the body itself."))
    if ErrorReport.objects.filter(system=shown.system, state=ReportState.RECEIVED).count() >= MOST_OPEN_REPORTS:
        raise NotPossibleNow(
            _("Many errors were already reported on this sheet and wait for an answer. Telephone or write to the body.")
        )
    return shown


def _new_code() -> str:
    """Twelve letters in three groups, impossible to guess: it is all a visitor needs to read the answer."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _letter in range(12))
    return "-".join(letters[i : i + 4] for i in (0, 4, 8))
