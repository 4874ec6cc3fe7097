"""Systems read by a program of staff: scope, filters, pages, constant queries."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from organizations.models import Membership
from organizations.services.tokens import revoke_token
from organizations.workflow import Role, Scope
from registry.field_catalogue import CATALOGUE
from registry.services.systems import begin_system
from tests.factories.organizations import person
from tests.factories.registry import SystemFactory
from tests.registry.api import Program, at, refused, version_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(editor) -> Program:
    return Program(editor)


def test_a_system_is_read_with_every_field_of_the_catalogue_and_its_etag(program, system):
    answer = program.get(at("system", system.uuid))
    told = answer.json()
    assert answer.status_code == 200 and version_of(answer) == f'"{system.version}"'
    assert told["answers"].keys() == {field.code for field in (*CATALOGUE.fields, *CATALOGUE.twins)}
    assert told["answers"]["name_fr"] == system.name_fr and told["body"] == "MTEST"
    assert "no-store" in answer.headers["Cache-Control"]


def test_what_one_may_not_see_is_not_found(program, other_body, outsider):
    hidden = SystemFactory(organization=other_body, created_by=outsider, reference="QC-AUTRE-0001")
    refused(program.get(at("system", hidden.uuid)), 404, "not-found")
    assert program.get(at("systems")).json()["count"] == 0


def test_drafts_are_for_those_who_may_read_them(body, editor, system):
    begin_system(organization=body, answers={"name_fr": "Brouillon"}, by=editor)
    reader = person(body, Role.READER)
    assert Program(editor).get(at("systems")).json()["count"] == 2
    assert Program(reader).get(at("systems")).json()["count"] == 1


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer vigie_inconnu"}, {"Authorization": "Basic x"}, {"Authorization": "Bearer"}],
)
def test_nobody_is_let_in_without_a_good_token(system, headers):
    for name, arguments in (("systems", []), ("system", [system.uuid]), ("declare", [system.uuid])):
        for method in ("get", "post", "patch", "put", "delete"):
            answer = getattr(Client(), method)(at(name, *arguments), headers=headers)
            refused(answer, 401, "signed-out")
            assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Vigie"'


def test_a_token_stops_at_once(program, editor, system):
    assert program.get(at("systems")).status_code == 200
    Membership.objects.filter(user=editor).update(ended_at=clock.now(), ended_by=editor)
    refused(program.get(at("systems")), 401, "signed-out")
    Membership.objects.filter(user=editor).update(ended_at=None, ended_by=None)
    assert program.get(at("systems")).status_code == 200
    revoke_token(token=program.token, by=editor)
    refused(program.get(at("systems")), 401, "signed-out")


def test_a_token_needs_the_scope_of_what_it_does(editor, system):
    told = refused(Program(editor, Scope.WRITE_SYSTEMS).get(at("systems")), 403, "narrow-token")
    assert told["scope"] == "read_systems"
    reader = Program(editor, Scope.READ_SYSTEMS)
    for answer in (
        reader.post(at("systems"), {"body": "MTEST", "answers": {"name_fr": "x"}}),
        reader.patch(at("system", system.uuid), {"need_fr": "x"}, If_Match="*"),
        reader.act(at("declare", system.uuid)),
        reader.act(at("publish", system.uuid)),
    ):
        refused(answer, 403, "narrow-token")
        assert "insufficient_scope" in answer.headers["WWW-Authenticate"]


def test_a_person_signed_in_reads_too_and_writes_with_the_token_of_the_form_only(editor, system):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    assert client.get(at("system", system.uuid)).status_code == 200
    answer = client.patch(at("system", system.uuid), {}, content_type="application/json", headers={"If-Match": "*"})
    refused(answer, 403, "forbidden")


# --- Lists ----------------------------------------------------------------------------------------------------------
def test_the_list_is_filtered_and_ordered(program, body, editor):
    for number, (name, phase) in enumerate((("Bêta", "pilot"), ("Alpha", "retired"), ("Gamma", "pilot")), start=1):
        SystemFactory(
            organization=body, created_by=editor, name_fr=name, phase=phase, reference=f"QC-MTEST-{number:04}"
        )

    def names(query: str) -> list[str]:
        return [one["answers"]["name_fr"] for one in program.get(f"{at('systems')}?{query}").json()["results"]]

    assert names("") == ["Alpha", "Bêta", "Gamma"]
    assert names("ordering=-name") == ["Gamma", "Bêta", "Alpha"]
    assert names("phase=pilot") == ["Bêta", "Gamma"]
    assert names("phase=pilot&phase=retired&q=beta") == ["Bêta"]
    assert names("body=MTEST&status=declared&page_size=2&page=2") == ["Gamma"]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("phase__contains=p", "phase"),
        ("organization__users__password=x", "q"),
        ("name_fr=x", "q"),
        ("phase=piloté", "pilot"),
        ("body=AUTRE", "MTEST"),
        ("ordering=organization__next_number", "-updated"),
        ("ordering=?", "-updated"),
        ("page=0", ""),
        ("page=-1", ""),
        ("page=un", ""),
        ("page=²", ""),
        ("page=" + "9" * 400, ""),
        ("page_size=101", ""),
        ("q=" + "x" * 10_000, ""),
        ("%00=1", "q"),
        ("q=%00", ""),
    ],
)
def test_what_is_not_known_is_refused_with_what_is(program, system, query, named):
    told = refused(program.get(f"{at('systems')}?{query}"), 400, "invalid-query")
    assert named in told["detail"] or named in told.get("allowed", [])


def test_past_the_last_page_there_is_nothing(program, system):
    refused(program.get(f"{at('systems')}?page=2"), 404, "not-found")


def test_a_list_costs_the_same_whatever_its_length(program, body, editor):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert program.get(f"{at('systems')}?page_size=100").status_code == 200
        return len(queries)

    SystemFactory(organization=body, created_by=editor, reference="QC-MTEST-0001")
    cost()  # the day of the first use is written
    first = cost()
    for number in range(2, 12):
        SystemFactory(organization=body, created_by=editor, reference=f"QC-MTEST-{number:04}")
    assert cost() == first <= 12


def test_hostile_texts_come_back_as_data(program, body, editor):
    texts = {
        field.code: '=cmd|"/c calc"!A1 <script>alert(1)</script> \U0001f9ff'
        for field in CATALOGUE.fields
        if field.kind in {"text", "long_text"} and (field.max_length or 999) >= 60
    }
    begun = begin_system(organization=body, answers=texts, by=editor)
    answer = program.get(at("system", begun.uuid))
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert {code: answer.json()["answers"][code] for code in texts} == texts


def test_sentences_are_in_the_language_of_the_reader(editor, system):
    french = refused(Program(editor).get(f"{at('systems')}?x=1"), 400, "invalid-query")
    english = refused(Program(editor, language="en").get(f"{at('systems')}?x=1"), 400, "invalid-query")
    assert english["detail"].startswith("The parameter “x” is not known.")
    assert french["allowed"] == english["allowed"]
