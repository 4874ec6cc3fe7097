"""Going public through the API."""

from typing import ClassVar
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.rest.conditions import expected_version
from core.rest.schema import IDEMPOTENCY_KEY, IF_MATCH, answers, refusals
from core.rest.writing import REFUSALS, once, what_is_sent
from organizations.authentication.staff import StaffView, person
from organizations.workflow import Scope
from registry.api.access import system_in_scope
from registry.models import Publication, PublicationRequest
from registry.serializers import api as shapes
from registry.services.publication import publish_system


class Publish(StaffView):
    scopes: ClassVar = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="publish_system",
        summary=_("Publish a system"),
        description=_(
            "Publishes the answers as they stand, or submits them to a second person where the body requires it: "
            "no token gives that second look. If-Match is mandatory, with the ETag of the system."
        ),
        tags=["systems"],
        parameters=[IDEMPOTENCY_KEY, IF_MATCH],
        request=shapes.PublishSerializer,
        examples=[shapes.PUBLISH],
        responses=answers(shapes.PublishedSerializer, _("The new version."), 201)
        | answers(shapes.PublishedSerializer, _("It waits for a second person."), 202)
        | refusals(*REFUSALS, "not-found", "not-now", "stale", "key-reused", "condition-needed"),
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        system = system_in_scope(request, uuid)

        def publish() -> Publication | PublicationRequest:
            version = expected_version(request, system.version)
            given = what_is_sent(shapes.PublishSerializer, request)
            return publish_system(system=system, version=version, by=person(request), **given)

        return _answer(once(request, publish))


def _answer(made: Publication | PublicationRequest) -> Response:
    if isinstance(made, PublicationRequest):
        told = {"state": "second_look", "reference": made.document["reference"], "kind": made.kind}
        return Response(told | {"number": None, "digest": None, "url": None}, status=202)
    told = {"state": "public", "reference": made.reference, "kind": made.kind, "number": made.number}
    url = reverse("public_api:version", args=[made.reference, made.number])
    return Response(told | {"digest": made.digest, "url": url}, status=201)
