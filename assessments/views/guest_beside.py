"""Beside the answers of an invited person: their files, the threads that they began."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.forms.files import EvidenceForm
from assessments.models import Evidence, GuestAccess
from assessments.questionnaires import Question
from assessments.serializers.guests import own_files, own_threads
from assessments.services.commenting import begin_thread
from assessments.services.evidence import HAS_FILES, add_evidence, hand_out_evidence, remove_evidence
from assessments.services.saving import check_may_write, check_open
from assessments.views.guest_door import address, for_guest, guest_context, named_question
from core.audit import Guest
from core.files import as_attachment
from core.pages import SeeOther
from core.services import InvalidInput
from review.forms import CommentForm
from review.models import CommentThread
from review.services import add_comment


@require_http_methods(["GET", "HEAD", "POST"])
@for_guest
def files(request: HttpRequest, guest: GuestAccess, code: str) -> HttpResponse:
    """The files that they joined to one of their questions, one more."""
    question = named_question(guest, code)
    if question.kind not in HAS_FILES:
        raise Http404
    form = EvidenceForm(request.POST, request.FILES) if request.method == "POST" else EvidenceForm()
    if request.method == "POST":
        check_may_write(guest.assessment, guest)
    if request.method == "POST" and form.is_valid():
        try:
            added = add_evidence(assessment=guest.assessment, question=code, by=guest, **form.wanted)
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, _("“%(name)s” is joined to the answer.") % {"name": added.file.original_name})
            return SeeOther(request.path)
    evidence = own_files(guest).filter(question=code)
    context = {**guest_context(request, guest), "question": question, "form": form, "evidence": evidence}
    return render(request, "assessments/guests/files.html", context, status=422 if form.errors else 200)


def _own(guest: GuestAccess, key: UUID) -> Evidence:
    found: Evidence = get_object_or_404(own_files(guest), uuid=key)
    found.assessment = guest.assessment
    return found


@require_GET
@for_guest
def file(request: HttpRequest, guest: GuestAccess, key: UUID) -> FileResponse:
    return as_attachment(hand_out_evidence(evidence=_own(guest, key), by=guest))


@require_POST
@for_guest
def remove_file(request: HttpRequest, guest: GuestAccess, key: UUID) -> HttpResponse:
    evidence = _own(guest, key)
    remove_evidence(evidence=evidence, by=guest)
    messages.success(request, _("“%(name)s” is taken off the answer.") % {"name": evidence.file.original_name})
    return SeeOther(address(request, "files", evidence.question))


@require_http_methods(["GET", "HEAD", "POST"])
@for_guest
def threads(request: HttpRequest, guest: GuestAccess, code: str) -> HttpResponse:
    """What they ask of the body about one of their questions, and what is answered."""
    question = named_question(guest, code)
    form = CommentForm(request.POST) if request.method == "POST" else None
    if form and form.is_valid():
        try:
            return SeeOther(f"{request.path}#{_act(guest, question, form).anchor}")
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    found = own_threads(guest).filter(place=code).with_comments()
    shown = [(thread, _in_its_place(form, CommentForm(place=code, thread=thread))) for thread in found]
    context = {**guest_context(request, guest), "question": question, "threads": shown, "refused": form}
    context["new"] = _in_its_place(form, CommentForm(place=code))
    return render(request, "assessments/guests/threads.html", context, status=422 if form else 200)


def _in_its_place(refused: CommentForm | None, made: CommentForm) -> CommentForm:
    """What was sent and not accepted is shown again where it was typed."""
    return refused if refused and refused.anchor == made.anchor else made


def _act(guest: GuestAccess, question: Question, form: CommentForm) -> CommentThread:
    """A guest begins a thread or answers in one of theirs; resolving it is for the body."""
    check_open(guest.assessment)
    by, assessment = Guest(ref=guest.actor_ref, name=str(guest)), guest.assessment
    if form.cleaned_data["action"] == "open":
        return begin_thread(assessment=assessment, question=question, by=by, **form.said)
    if form.cleaned_data["action"] != "comment":
        raise InvalidInput(_("Use one of the buttons under the form."))
    thread: CommentThread = get_object_or_404(own_threads(guest), uuid=form.cleaned_data["thread"], place=question.id)
    add_comment(thread=thread, by=by, **form.said)
    return thread
