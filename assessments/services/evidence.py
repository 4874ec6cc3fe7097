"""Files that support an answer: joined, taken off, handed out."""

from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from assessments.models import Assessment, Evidence, GuestAccess
from assessments.questionnaires import Question
from assessments.rules.accepted_files import PDF, checked_file
from assessments.rules.unacceptable import UnacceptableFile
from assessments.services.saving import Writer, check_may_write, save_files
from core import clock
from core.audit import record
from core.files import UnsafeFile, store
from core.models import StoredFile
from core.models.stored_file import Retention
from core.pdf import problem_of_pdf
from core.services import InvalidInput, NotAllowed, NotPossibleNow, check_length, check_stored, created_once
from core.text import clean_line
from organizations.models import Organization, User

HAS_FILES = frozenset({"file", "text_with_file"})
MOST_FILES = 20


@transaction.atomic
def add_evidence(
    *,
    assessment: Assessment,
    question: str,
    content: bytes,
    name: str,
    by: Writer,
    note: str = "",
    request_key: UUID | None = None,
) -> Evidence:
    """Join one file to one answer. Raises `InvalidInput` for a file that is not taken, with what to do; nothing of it
    is kept then.
    """
    check_may_write(assessment, by)
    asked = _question_with_files(assessment, question, by)
    note = clean_line(note)
    check_length(note, Evidence, "note")

    def create() -> Evidence:
        evidence = Evidence(uuid=uuid4(), assessment=assessment, question=asked.id, note=note, added_at=clock.now())
        media_type, kept_name = check_file(content, name)
        if assessment.evidence.kept().filter(question=asked.id).count() >= MOST_FILES:
            sentence = _("This answer has %(most)d files already: take one off, or join several in one.")
            raise NotPossibleNow(sentence % {"most": MOST_FILES})
        save_files(assessment=assessment, question=asked.id, added=str(evidence.uuid), by=by)
        evidence.file = keep_file(content, kept_name, media_type, by=by, organization=assessment.organization)
        evidence.guest, evidence.added_by = (by, None) if isinstance(by, GuestAccess) else (None, by)
        evidence.save(force_insert=True)
        facts = {"question": asked.id, "digest": evidence.file.sha256, "size": evidence.file.size, "type": media_type}
        record(by=by, verb="add_evidence", thing=evidence, organization=assessment.organization, facts=facts)
        return evidence

    return created_once(key=request_key, by=by, model=Evidence, create=create)


@transaction.atomic
def remove_evidence(*, evidence: Evidence, by: Writer) -> Evidence:
    """Take a file off its answer; the file and its digest stay. A guest takes off only what they added."""
    assessment = evidence.assessment
    check_may_write(assessment, by)
    _question_with_files(assessment, evidence.question, by)
    if isinstance(by, GuestAccess) and evidence.guest_id != by.pk:
        raise NotAllowed(_("You may take off only the files that you added yourself."))
    save_files(assessment=assessment, question=evidence.question, removed=str(evidence.uuid), by=by)
    locked = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
    if locked.removed_at:
        raise NotPossibleNow(_("This file was taken off already. Open the page again to see those that are left."))
    locked.removed_at, locked.removed_by = clock.now(), by if isinstance(by, User) else None
    locked.save(update_fields=["removed_at", "removed_by"])
    facts = {"question": evidence.question}
    record(by=by, verb="remove_evidence", thing=locked, organization=assessment.organization, facts=facts)
    return locked


@transaction.atomic
def hand_out_evidence(*, evidence: Evidence, by: Writer) -> StoredFile:
    """The file to download, and the trace of who took it."""
    check_stored(evidence.file)
    organization = evidence.assessment.organization
    record(by=by, verb="download", thing=evidence, organization=organization, facts={"digest": evidence.file.sha256})
    return evidence.file


def _question_with_files(assessment: Assessment, code: str, by: Writer) -> Question:
    question = assessment.questionnaire.by_id.get(code)
    if question is None or question.kind not in HAS_FILES:
        raise InvalidInput(_("This question takes no file. Write where the proof is found instead."), field="file")
    if isinstance(by, GuestAccess) and code not in by.questions:
        raise NotAllowed(_("This invitation lets you answer other questions, not this one."))
    return question


def check_file(content: bytes, name: str, only: frozenset[str] = frozenset()) -> tuple[str, str]:
    """(media type, name to keep) of a file that is taken. Raises `InvalidInput`."""
    try:
        found = checked_file(content, name, most=settings.UPLOAD_LIMIT, only=only)
        if found[0] == PDF and (inside := problem_of_pdf(content)):
            raise UnacceptableFile(inside)
    except UnacceptableFile as problem:
        raise InvalidInput(_sentence(problem), field="file") from problem
    return found


def keep_file(content: bytes, name: str, media_type: str, *, by: Writer, organization: Organization) -> StoredFile:
    """Part of a service. Raises `InvalidInput` when the scanner says no."""
    try:
        return store(
            content=content,
            name=name,
            retention=Retention.REGISTER,
            by=by,
            organization=organization,
            media_type=media_type,
        )
    except UnsafeFile as error:
        sentence = _("The scanner of this platform refused this file. Have it checked, or join another one.")
        raise InvalidInput(sentence, field="file") from error


def _sentence(problem: UnacceptableFile) -> str:
    """What is wrong with the file, and what to do."""
    if problem.problem == "too_large":
        size = number_format(problem.told["most"] // 1_000_000)
        return _("This file is too large: %(size)s MB at most. Make it lighter, or split it.") % {"size": size}
    if problem.problem == "kind":
        return _("This kind of file is not taken here. Join one of these: %(taken)s.") % problem.told
    sentences = {
        "no_page": _("This PDF has no page. Make it again from the document it came from, then join it."),
        "active_pdf": _("This PDF holds a program or an active form. Print it to PDF, then join that new PDF."),
        "carried": _("This PDF carries attached files that are not taken. Print it to PDF, then join that new PDF."),
        "too_heavy": _("This PDF could not be read whole. Print it to PDF, or split it, then join it again."),
        "embedded": _(
            "This document holds an object of another program. Put a picture in its place, or export it to PDF, then "
            "join it."
        ),
        "linked": _(
            "This document fetches a part of itself elsewhere when it opens. Break its links, or export it to PDF, "
            "then join it."
        ),
        "blank": _("There is nothing to read in this file. Check that you chose the right one."),
        "empty": _("This file is empty. Check that you chose the right one."),
        "contradiction": _(
            "The content of this file is not what “%(extension)s” says. Export it again from its program."
        ),
        "program": _("This file holds a program: it is never taken. Join the document itself."),
        "web_page": _("This file is a web page or a drawing with code. Print it to PDF, then join the PDF."),
        "archive": _("This file is an archive. Join its documents one by one."),
        "encrypted": _("This file is locked by a password. Join a copy without one."),
        "macros": _("This document holds macros. Save it without macros (.docx, .xlsx, .pptx, .odt), then join it."),
        "old_office": _("This file is of an old Office, or locked by a password. Save it as .docx, .xlsx or .pptx."),
        "bomb": _("This file would unpack to an enormous size: it is not taken. Export it again from its program."),
        "two_in_one": _("This file is two kinds of files in one: it is not taken. Export it again from its program."),
        "damaged": _("This file is damaged or cut. Open it in its program, save it again, then join it."),
    }
    unknown = _("Nothing in this file says what it is. Export it to PDF, then join the PDF.")
    return sentences.get(problem.problem, unknown) % problem.told
