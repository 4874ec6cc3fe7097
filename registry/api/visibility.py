"""Who may read each answer of a system: read by whoever reads its file, decided by whoever publishes."""

from typing import ClassVar
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.rest.conditions import expected_version
from core.rest.problems import Problem
from core.rest.schema import ETAG, IDEMPOTENCY_KEY, IF_MATCH, NOT_MODIFIED, READING, answers, refusals
from core.rest.writing import REFUSALS, once, what_is_sent
from core.services import NotAllowed
from organizations.authentication.staff import StaffView, person
from organizations.workflow import Scope
from registry import permissions
from registry.api.access import system_in_scope
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem
from registry.serializers import api_life as shapes
from registry.services.programs import set_visibility_version

TAGS = ["systems"]
FIELDS = [field.code for field in CATALOGUE.fields]
FIELD = OpenApiParameter(
    "field",
    {"type": "string", "enum": FIELDS},
    OpenApiParameter.PATH,
    description=gettext_lazy("Code of the field in the catalogue."),
)


def file_in_scope(request: Request, uuid: UUID) -> AISystem:
    """The system and what is kept about it, with the reasons of what the body chose."""
    system = system_in_scope(request, uuid)
    if not permissions.can_read_file(person(request), system):
        raise NotAllowed(_("Your functions let you read the sheet of this system, not its file."))
    return system


def publishable_system(request: Request, uuid: UUID) -> AISystem:
    """The system, for somebody who decides what the public reads of it."""
    system = system_in_scope(request, uuid)
    if not permissions.can_publish(person(request), system):
        raise NotAllowed(_("Your functions in this body do not let you decide what the public reads."))
    return system


class Visibility(StaffView):
    scopes: ClassVar = {"GET": Scope.READ_SYSTEMS}

    @extend_schema(
        operation_id="read_visibility",
        summary=gettext_lazy("Read who may read each answer"),
        description=gettext_lazy("Every field, as the catalogue proposes it or as the body chose, with the reason."),
        tags=TAGS,
        parameters=READING,
        responses=answers(shapes.VisibilitySerializer, gettext_lazy("Every field."))
        | NOT_MODIFIED
        | refusals("signed-out", "forbidden", "narrow-token", "not-found"),
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        system = file_in_scope(request, uuid)
        chosen = {each.field: each for each in system.visibilities.all()}
        results = [shapes.field_visibility(field, chosen.get(field.code)) for field in CATALOGUE.fields]
        return Response({"version": system.version, "results": results}, headers={"ETag": f'"{system.version}"'})


class FieldVisibilityView(StaffView):
    scopes: ClassVar = {"PUT": Scope.PUBLISH}

    @extend_schema(
        operation_id="set_visibility",
        summary=gettext_lazy("Decide who may read an answer"),
        description=gettext_lazy(
            "The public site follows at the next publication. If-Match is mandatory, with the ETag of the system; what "
            "is decided so already is not decided again. To come back to what is proposed, send it: it needs no reason."
        ),
        tags=TAGS,
        parameters=[FIELD, IDEMPOTENCY_KEY, IF_MATCH, ETAG],
        request=shapes.VisibilityChoiceSerializer,
        examples=[shapes.KEEP_INTERNAL],
        responses=answers(shapes.FieldVisibilitySerializer, gettext_lazy("The field as it stands now."))
        | refusals(*REFUSALS, "not-found", "not-now", "stale", "key-reused", "condition-needed"),
    )
    def put(self, request: Request, uuid: UUID, field: str) -> Response:
        system = publishable_system(request, uuid)
        if field not in FIELDS:
            raise Problem("not-found", _("The catalogue has no field of this code."))

        def choose() -> AISystem:
            version = expected_version(request, system.version)
            given = {"reason": "", **what_is_sent(shapes.VisibilityChoiceSerializer, request)}
            set_visibility_version(system=system, field=field, version=version, by=person(request), **given)
            return system

        once(request, choose)
        system.refresh_from_db(fields=["version"])
        told = shapes.field_visibility(CATALOGUE.field(field), system.visibilities.filter(field=field).first())
        return Response(told, headers={"ETag": f'"{system.version}"'})
