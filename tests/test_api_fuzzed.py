"""schemathesis against the API, in this process and against a real database: no fault, no breach of the description.

Each operation gets what its description allows and what it forbids, on objects that are there and on any others. The
draws are fixed, so that a failure comes back.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from rest_framework.throttling import SimpleRateThrottle
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from assessments.services.beginning import begin_assessment
from assessments.services.commenting import begin_thread
from assessments.services.deposits import deposit_assessment
from assessments.services.evidence import add_evidence
from assessments.services.guests import invite_guest
from assessments.workflow import EFVP, SCREENING
from core import clock
from core.pdf import RenderedPdf
from core.rest.schema import description
from organizations.models import User
from registry.models import AISystem
from registry.services.parts import add_part
from registry.services.systems import begin_system
from reports.services import keep_document, request_assessment_report
from reports.tasks import JOB
from tests.factories.files import PDF
from tests.factories.publications import public_organization, published, published_again
from tests.organizations.test_tokens import made

pytestmark = [pytest.mark.long, pytest.mark.django_db]

EXAMPLES = 100
STAFF = ("/api/v1/systems/", "/api/v1/assessments/", "/api/v1/questionnaires/", "/api/v1/deposits/", "/api/v1/reports/")
# What stands beside the answers of the privacy assessment.
ON_THE_EFVP = ("evidence", "export", "offers", "sections", "threads", "guests", "pdf")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OPERATIONS = [
    (method.upper(), path)
    for path, by_method in description()["paths"].items()
    for method in by_method
    if method in {"get", "post", "put", "patch", "delete"}
]


@pytest.fixture
def known(editor: User) -> dict[str, dict[str, Any]]:
    """For each operation, the path of something that is there."""
    body = public_organization(sigle="MPUB", name_fr="Ministère des Exemples publics")
    system = published(body, reference="QC-MPUB-0001")
    published_again(system, summary_fr="Trie autrement les demandes.")
    own = editor.memberships.get().organization
    draft: AISystem = begin_system(organization=own, answers={"name_fr": "Brouillon"}, by=editor)
    site = {"name_fr": "Base de données", "place_fr": "Québec", "country": "quebec"}
    row = add_part(system=draft, part="hosting", answers=site, by=editor)
    screening = begin_assessment(system=draft, instrument=SCREENING, by=editor)
    known = {"slug": "mpub", "reference": system.reference, "number": 1, "uuid": str(draft.uuid)}
    efvp = begin_assessment(system=draft, instrument=EFVP, by=editor)
    file = add_evidence(assessment=efvp, question="information_path", content=PDF, name="avis.pdf", by=editor)
    deposit = deposit_assessment(
        system=draft,
        instrument=EFVP,
        content=PDF,
        name="efvp.pdf",
        done_on=date(2025, 5, 4),
        approved_by_function="Direction",
        residual_level="low",
        summary_fr="Rien de grave.",
        by=editor,
    )
    known |= {"deposit": str(deposit.uuid)}
    project = efvp.questionnaire.question("project_name")
    thread = begin_thread(assessment=efvp, question=project, text="Est-ce le nom?", by=editor)
    guest, _link = invite_guest(
        assessment=efvp,
        name="Personne invitée",
        email="soutien@fournisseur.example",
        on_behalf_of="Fournisseur",
        questions=["information_path"],
        language="fr",
        ends_on=clock.civil_date(clock.now()) + timedelta(days=9),
        by=editor,
    )
    report = request_assessment_report(assessment=efvp, language="fr", by=editor)
    document = RenderedPdf(html="<p>ÉFVP</p>", content=PDF, sha256="0" * 64, pages=1)
    known |= {"report": str(keep_document(report=report, document=document, by=JOB).uuid)}
    known |= {"section": "project", "thread": str(thread.uuid), "guest": str(guest.uuid)}
    known |= {"file": str(file.uuid), "efvp": str(efvp.uuid)}
    known |= {"instrument": SCREENING, "questionnaire": "1.0", "assessment": str(screening.uuid)}
    return known | {"part": "hosting", "row": str(row.uuid), "field": "need_fr"}


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """That of the test, with its transaction: a server would put it back in order between two requests."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def token(editor: User, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(SimpleRateThrottle, "allow_request", lambda *arguments: True)
    cache.clear()
    return made(editor)[1]


HANDLER = WSGIHandler()


def closed_at_once(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """As a server does: what was answered is closed once it is sent. A file would stay open otherwise."""
    answer: Any = HANDLER(environ, start_response)
    try:
        return [b"".join(answer)]
    finally:
        answer.close()


def played(mode: GenerationMode, method: str, path: str, token: str, fixed: dict[str, Any]) -> None:
    """As many requests as there are examples, each looked at in its answer."""
    schema = schemathesis.openapi.from_dict(description())
    schema.app = closed_at_once
    operation = schema[path][method]
    parameters = {name: value for name, value in fixed.items() if "{" + name + "}" in path}
    if fixed and any(f"/{name}/" in path for name in ON_THE_EFVP):
        parameters["assessment"] = fixed["efvp"]
    # On what is there, a change is let through to the service: a drawn condition would stop nearly all of them.
    asked = {one["name"] for one in description()["paths"][path][method.lower()].get("parameters", [])}
    condition = {"If-Match": "*"} if parameters and "If-Match" in asked else None
    strategy = operation.as_strategy(mode, path_parameters=parameters or None, headers=condition)
    checks = [*CHECKS, negative_data_rejection] if mode.is_negative and not parameters else CHECKS

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def one(case: Any) -> None:
        headers = {"Authorization": f"Bearer {token}"} if path.startswith(STAFF) else {}
        case.call_and_validate(headers=headers, checks=checks)

    with suppress(Unsatisfiable):  # nothing that could be sent there is forbidden
        one()


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_on_what_is_there(mode: GenerationMode, method: str, path: str, token: str, known: dict[str, Any]) -> None:
    played(mode, method, path, token, known)


@pytest.mark.parametrize(("method", "path"), [one for one in OPERATIONS if "{" in one[1]])
def test_on_anything_else(method: str, path: str, token: str) -> None:
    for mode in GenerationMode:
        played(mode, method, path, token, {})
