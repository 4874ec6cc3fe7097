"""The life of a system: where it is, where it may go, and the move."""

from typing import ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.rest.conditions import expected_version
from core.rest.schema import ETAG, IDEMPOTENCY_KEY, IF_MATCH, NOT_MODIFIED, READING, answers, refusals
from core.rest.writing import REFUSALS, once, what_is_sent
from organizations.authentication.staff import StaffView, person
from organizations.workflow import Scope
from registry.api.access import editable_system, system_in_scope
from registry.models import AISystem
from registry.models.rows import prefetch_rows
from registry.serializers import api_life as shapes
from registry.services.lifecycle import change_phase, possible_moves


class PhaseView(StaffView):
    scopes: ClassVar = {"GET": Scope.READ_SYSTEMS, "POST": Scope.WRITE_SYSTEMS}

    @extend_schema(
        operation_id="read_phase",
        summary=_("Read the phase of a system"),
        description=_(
            "Where the system is, and every move that the table permits from there, with what each gate says before. "
            "A draft, or a record that was put away, goes nowhere: it has no move."
        ),
        tags=["systems"],
        parameters=READING,
        responses=answers(shapes.PhaseSerializer, _("The phase."))
        | NOT_MODIFIED
        | refusals("signed-out", "narrow-token", "not-found"),
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        return _answer(system_in_scope(request, uuid))

    @extend_schema(
        operation_id="change_phase",
        summary=_("Change the phase of a system"),
        description=_(
            "A gate that warns does not stop the move: history keeps what it said. "
            "If-Match is mandatory, with the ETag of the system or of its phase."
        ),
        tags=["systems"],
        parameters=[IDEMPOTENCY_KEY, IF_MATCH, ETAG],
        request=shapes.PhaseChangeSerializer,
        examples=[shapes.SUSPEND],
        responses=answers(shapes.PhaseSerializer, _("The phase as it stands now."))
        | refusals(*REFUSALS, "not-found", "not-now", "stale", "key-reused", "condition-needed"),
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        system = editable_system(request, uuid)

        def change() -> AISystem:
            version = expected_version(request, system.version)
            given = what_is_sent(shapes.PhaseChangeSerializer, request)
            return change_phase(system=system, version=version, by=person(request), **given)

        return _answer(once(request, change))


def _answer(system: AISystem) -> Response:
    stays = not system.is_declared or system.put_away_at is not None
    # Each gate reads the rows.
    prefetch_rows([system])
    told = shapes.phase_of(system, [] if stays else possible_moves(system))
    return Response(told, headers={"ETag": f'"{system.version}"'})
