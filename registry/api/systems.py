"""Systems: listed, opened as drafts, read, changed, declared."""

from typing import ClassVar
from uuid import UUID

from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.rest.conditions import expected_version
from core.rest.paging import as_page, page_asked
from core.rest.schema import ETAG, IDEMPOTENCY_KEY, IF_MATCH, NOT_MODIFIED, PAGES, READING, answers, refusals
from core.rest.writing import REFUSALS, once, what_is_sent
from core.services import InvalidInput
from organizations.authentication.staff import StaffView, person
from organizations.models import Organization
from organizations.permissions import organizations_in_scope
from organizations.workflow import Scope
from registry.api.access import editable_system, system_in_scope
from registry.filters import LIST_PARAMETERS, in_order, read_filters
from registry.forms.programs import checked_answers
from registry.models import AISystem
from registry.serializers import api as shapes
from registry.services.programs import save_version
from registry.services.systems import begin_system, declare_system

TAGS = ["systems"]
READ, WRITE = Scope.READ_SYSTEMS, Scope.WRITE_SYSTEMS


class Systems(StaffView):
    asked: ClassVar = [*LIST_PARAMETERS, *PAGES]
    scopes: ClassVar = {"GET": READ, "POST": WRITE}

    @extend_schema(
        operation_id="list_systems",
        summary=gettext_lazy("List the systems that one may see"),
        description=gettext_lazy("Drafts and declared ones, in the bodies where the person holds a function."),
        tags=TAGS,
        parameters=[*asked, *READING],
        responses=answers(shapes.SystemPageSerializer, gettext_lazy("One page of systems."))
        | NOT_MODIFIED
        | refusals("signed-out", "narrow-token", "not-found"),
    )
    def get(self, request: Request) -> Response:
        number, size = page_asked(request)
        seen = AISystem.objects.visible_to(person(request)).select_related("organization")
        found = in_order(read_filters(request, seen), request.query_params.get("ordering", ""))
        page = Paginator(found, size).get_page(number)
        rows = shapes.SystemSerializer(page.object_list, many=True).data
        return Response(as_page(page, number, list(rows)))

    @extend_schema(
        operation_id="begin_system",
        summary=gettext_lazy("Open a draft"),
        description=gettext_lazy("A name is enough; everything else may come later."),
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY, ETAG],
        request=shapes.NewSystemSerializer,
        examples=[shapes.NEW_SYSTEM],
        responses=answers(shapes.SystemSerializer, gettext_lazy("The draft."), 201)
        | refusals(*REFUSALS, "not-now", "key-reused"),
    )
    def post(self, request: Request) -> Response:
        given = what_is_sent(shapes.NewSystemSerializer, request)
        body = _body(request, given["body"])

        def begin() -> AISystem:
            typed = checked_answers(AISystem(organization=body), given["answers"])
            return begin_system(organization=body, answers=typed, by=person(request))

        return _answer(once(request, begin), status=201)


class SystemView(StaffView):
    scopes: ClassVar = {"GET": READ, "PATCH": WRITE}

    @extend_schema(
        operation_id="read_system",
        summary=gettext_lazy("Read a system"),
        description=gettext_lazy("Every answer, public or internal, with the ETag to change it."),
        tags=TAGS,
        parameters=READING,
        responses=answers(shapes.SystemSerializer, gettext_lazy("The system."))
        | NOT_MODIFIED
        | refusals("signed-out", "narrow-token", "not-found"),
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        return _answer(system_in_scope(request, uuid))

    @extend_schema(
        operation_id="change_system",
        summary=gettext_lazy("Change answers"),
        description=gettext_lazy(
            "Only the answers that are sent change. If-Match is mandatory: when somebody wrote since, nothing is "
            "written and each field that differs is told with both values. Sent twice, the second changes nothing. "
            "What was read may be sent back as it is. A code said twice in a list counts once. Once declared, a system "
            "changes phase at an address of its own."
        ),
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY, IF_MATCH, ETAG],
        request=shapes.ChangesSerializer,
        examples=[shapes.CHANGES],
        responses=answers(shapes.SystemSerializer, gettext_lazy("The system as it stands now."))
        | refusals(*REFUSALS, "not-found", "not-now", "stale", "key-reused", "condition-needed"),
    )
    def patch(self, request: Request, uuid: UUID) -> Response:
        system = editable_system(request, uuid)

        def save() -> AISystem:
            version = expected_version(request, system.version)
            given = what_is_sent(shapes.ChangesSerializer, request)
            typed = checked_answers(system, given["answers"])
            return save_version(system=system, answers=typed, version=version, by=person(request))

        return _answer(once(request, save))


class Declare(StaffView):
    scopes: ClassVar = {"POST": WRITE}

    @extend_schema(
        operation_id="declare_system",
        summary=gettext_lazy("Declare a system"),
        description=gettext_lazy(
            "Enters the draft in the register: it gets its number, which never changes. If-Match is mandatory."
        ),
        tags=TAGS,
        parameters=[IDEMPOTENCY_KEY, IF_MATCH, ETAG],
        request=shapes.DeclareSerializer,
        responses=answers(shapes.SystemSerializer, gettext_lazy("The system, with its number."))
        | refusals(*REFUSALS, "not-found", "not-now", "stale", "key-reused", "condition-needed"),
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        system = system_in_scope(request, uuid)

        def declare() -> AISystem:
            version = expected_version(request, system.version)
            what_is_sent(shapes.DeclareSerializer, request)
            return declare_system(system=system, version=version, by=person(request))

        return _answer(once(request, declare))


def _body(request: Request, sigle: str) -> Organization:
    """The body, if this person knows of it; whether they may declare there, the service says."""
    body = organizations_in_scope(person(request)).filter(sigle=sigle).first()
    if body is None:
        raise InvalidInput(_("No body of yours has this sigle."), field="body")
    return body


def _answer(system: AISystem, *, status: int = 200) -> Response:
    told = shapes.SystemSerializer(system).data
    return Response(told, status=status, headers={"ETag": f'"{system.version}"'})
