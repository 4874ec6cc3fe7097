"""Comments beside the questions: read, written, resolved, reopened."""

from typing import Any, ClassVar
from uuid import UUID

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.access import READ, TAGS, WRITE, asked_question, assessment_in_scope, known_question
from assessments.api.steps import CHANGE, REFUSED
from assessments.models import Assessment
from assessments.serializers import api_threads as shapes
from assessments.services.commenting import (
    begin_thread,
    check_may_comment,
    people_named,
    settle_thread,
    thread_version,
    write_in_thread,
)
from core.rest.conditions import expected_version
from core.rest.paging import as_page, page_asked
from core.rest.problems import unknown_value
from core.rest.schema import ETAG, IDEMPOTENCY_KEY, NOT_MODIFIED, PAGES, READING, answers, refusals
from core.rest.writing import REFUSALS, once, what_is_sent
from organizations.authentication.staff import StaffView, person
from review.models import Comment, CommentThread
from review.models.threads import CommentThreadQuerySet

QUESTION = OpenApiParameter("question", {"type": "string"}, description=_("Id of one question."))
STATE = OpenApiParameter(
    "state", {"type": "string", "enum": list(shapes.STATES)}, description=_("Those that wait, or those that do not.")
)
THREAD = answers(shapes.ThreadSerializer, _("The thread."))
MADE = answers(shapes.ThreadSerializer, _("The thread, with what was written."), 201)


class Threads(StaffView):
    asked: ClassVar = [QUESTION, STATE, *PAGES]
    scopes: ClassVar = {"GET": READ, "POST": WRITE}

    @extend_schema(
        operation_id="list_threads",
        summary=_("Read the comments"),
        description=_("Threads with all that was said in them, the oldest first."),
        tags=TAGS,
        parameters=[*asked, *READING],
        responses=answers(shapes.ThreadPageSerializer, _("One page of threads."))
        | NOT_MODIFIED
        | refusals("signed-out", "narrow-token", "not-found"),
    )
    def get(self, request: Request, assessment: UUID) -> Response:
        number, size = page_asked(request)
        found = assessment_in_scope(request, assessment)
        rows = CommentThread.objects.of(found.uuid)
        if code := asked_question(request, found):
            rows = rows.at(code)
        if state := request.query_params.get("state", ""):
            if state not in shapes.STATES:
                raise unknown_value("state", state, list(shapes.STATES))
            rows = rows.resolved() if state == "resolved" else rows.open()
        page = Paginator(_whole(rows).order_by("pk"), size).get_page(number)
        return Response(as_page(page, number, list(shapes.ThreadSerializer(page.object_list, many=True).data)))

    @extend_schema(
        operation_id="open_thread",
        summary=_("Begin a thread of comments"),
        description=_("Beside one question, by whoever reads the assessment. Those whom it calls are told by mail."),
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY, ETAG],
        request=shapes.ThreadSentSerializer,
        examples=[shapes.ASK],
        responses=MADE | refusals(*REFUSALS, "not-found", "not-now", "key-reused"),
    )
    def post(self, request: Request, assessment: UUID) -> Response:
        found = _commented(request, assessment)

        def begin() -> CommentThread:
            given = _said(found, what_is_sent(shapes.ThreadSentSerializer, request))
            question = known_question(found, given.pop("question"))
            return begin_thread(assessment=found, question=question, by=person(request), **given)

        return _told(found, once(request, begin).uuid, status=201)


class ThreadView(StaffView):
    scopes: ClassVar = {"GET": READ}

    @extend_schema(
        operation_id="read_thread",
        summary=_("Read one thread of comments"),
        description=_("With the ETag to resolve or to reopen it."),
        tags=TAGS,
        parameters=READING,
        responses=THREAD | NOT_MODIFIED | refusals("signed-out", "narrow-token", "not-found"),
    )
    def get(self, request: Request, assessment: UUID, thread: UUID) -> Response:
        return _told(assessment_in_scope(request, assessment), thread)


class Comments(StaffView):
    scopes: ClassVar = {"POST": WRITE}

    @extend_schema(
        operation_id="add_comment",
        summary=_("Add a comment"),
        description=_("In a thread that is open; one that was resolved is reopened first."),
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY, ETAG],
        request=shapes.CommentSentSerializer,
        examples=[shapes.ANSWER],
        responses=MADE | refusals(*REFUSALS, "not-found", "not-now", "key-reused"),
    )
    def post(self, request: Request, assessment: UUID, thread: UUID) -> Response:
        found = _commented(request, assessment)
        row = _thread(found, thread)

        def add() -> Comment:
            given = _said(found, what_is_sent(shapes.CommentSentSerializer, request))
            added: Comment = write_in_thread(thread=row, action="comment", by=person(request), **given)
            return added

        once(request, add)
        return _told(found, thread, status=201)


class Resolve(StaffView):
    scopes: ClassVar = {"POST": WRITE}

    @extend_schema(
        operation_id="resolve_thread",
        summary=_("Resolve a thread"),
        description=_("Nothing more is expected. If-Match is mandatory, with the ETag of the thread."),
        tags=TAGS,
        parameters=CHANGE,
        request=shapes.SettledSerializer,
        responses=THREAD | REFUSED,
    )
    def post(self, request: Request, assessment: UUID, thread: UUID) -> Response:
        return _settled(request, assessment, thread, "resolve")


class Reopen(StaffView):
    scopes: ClassVar = {"POST": WRITE}

    @extend_schema(
        operation_id="reopen_thread",
        summary=_("Reopen a thread"),
        description=_("Something more is expected after all. If-Match is mandatory, with the ETag of the thread."),
        tags=TAGS,
        parameters=CHANGE,
        request=shapes.SettledSerializer,
        responses=THREAD | REFUSED,
    )
    def post(self, request: Request, assessment: UUID, thread: UUID) -> Response:
        return _settled(request, assessment, thread, "reopen")


def _settled(request: Request, assessment: UUID, thread: UUID, action: str) -> Response:
    found = _commented(request, assessment)
    row = _thread(found, thread)

    def settle() -> CommentThread:
        version = expected_version(request, thread_version(row))
        given = _said(found, {"text": "", **what_is_sent(shapes.SettledSerializer, request)})
        return settle_thread(thread=row, version=version, action=action, by=person(request), **given)

    once(request, settle)
    return _told(found, thread)


def _commented(request: Request, uuid: UUID) -> Assessment:
    """The assessment, for somebody who may comment there."""
    found = assessment_in_scope(request, uuid)
    check_may_comment(found, person(request))
    return found


def _thread(assessment: Assessment, uuid: UUID) -> CommentThread:
    return get_object_or_404(_whole(CommentThread.objects.of(assessment.uuid)), uuid=uuid)


def _whole(rows: CommentThreadQuerySet) -> CommentThreadQuerySet:
    """With all that is told of each, its version included."""
    return rows.with_comments().prefetch_related("events")


def _said(assessment: Assessment, given: dict[str, Any]) -> dict[str, Any]:
    return given | {"mentions": people_named(assessment, given.get("mentions", []))}


def _told(assessment: Assessment, uuid: UUID, *, status: int = 200) -> Response:
    """As it stands now."""
    thread = _thread(assessment, uuid)
    told = shapes.ThreadSerializer(thread).data
    return Response(told, status=status, headers={"ETag": f'"{thread_version(thread)}"'})
