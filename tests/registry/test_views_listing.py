"""The list of systems: found, sorted, taken away, the same number of queries at any size."""

import csv
import io
import zipfile

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import AuditEvent
from organizations.workflow import Role
from registry.exports import systems as exports
from registry.services.publication import publish_system
from tests.factories.organizations import OrganizationFactory, give, person
from tests.factories.registry import SystemFactory

pytestmark = pytest.mark.django_db

URL = "/fr/espace/systemes/"
XLSX, CSV = URL + "exporter/xlsx/", URL + "exporter/csv/"


@pytest.fixture
def several(body, editor):
    """«Écluses», «Zèbres» and a draft «Abeilles»."""
    return [
        SystemFactory(organization=body, created_by=editor, name_fr="Écluses du canal", phase="pilot"),
        SystemFactory(organization=body, created_by=editor, name_fr="Zèbres du zoo", phase="idea"),
        SystemFactory(organization=body, created_by=editor, name_fr="Abeilles", draft=True),
    ]


def names(response) -> list[str]:
    return [system.name_fr for system, _phase in response.context["rows"]]


def sheet(content: bytes) -> list[list[object]]:
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]


def test_the_order_is_that_of_a_french_reader(editor, several, as_user):
    client = as_user(editor)
    assert names(client.get(URL)) == ["Abeilles", "Écluses du canal", "Zèbres du zoo"]
    assert names(client.get(URL, {"sort": "-name"}))[0] == "Zèbres du zoo"
    assert names(client.get(URL, {"sort": "phase"})) == ["Abeilles", "Zèbres du zoo", "Écluses du canal"]
    assert names(client.get(URL, {"sort": "-updated"}))[0] == "Abeilles"
    assert names(client.get(URL, {"sort": "nonsense"})) == names(client.get(URL))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"q": "ecluse"}, ["Écluses du canal"]),
        ({"q": "ZÈBRES zoo"}, ["Zèbres du zoo"]),
        ({"q": "canal zoo"}, []),
        ({"q": "%"}, []),
        ({"status": "draft"}, ["Abeilles"]),
        ({"phase": ["pilot", "idea"]}, ["Écluses du canal", "Zèbres du zoo"]),
        ({"personal_information": "yes"}, []),
        ({"category": "decision_support", "phase": "pilot"}, ["Écluses du canal"]),
    ],
)
def test_words_and_filters_narrow(editor, several, as_user, wanted, found):
    assert names(as_user(editor).get(URL, wanted)) == found


def test_a_number_finds_its_system(editor, several, as_user):
    assert names(as_user(editor).get(URL, {"q": several[0].reference.lower()})) == ["Écluses du canal"]


@pytest.mark.parametrize(
    "query", ["?phase=zzz", "?q=%00", "?page=999999999999", "?page=x", "?body=NOPE", "?q=" + "x" * 300]
)
def test_a_strange_address_is_a_page_and_no_error(editor, several, as_user, query):
    response = as_user(editor).get(URL + query)
    assert response.status_code == 200 and len(names(response)) == 3


def test_people_of_another_body_see_nothing_of_it(outsider, several, as_user):
    assert names(as_user(outsider).get(URL)) == []


def test_a_reader_sees_no_draft(body, several, as_user):
    assert names(as_user(person(body, Role.READER)).get(URL)) == ["Écluses du canal", "Zèbres du zoo"]


def test_an_auditor_above_sees_what_is_declared_below(body, several, as_user):
    above = OrganizationFactory(sigle="AUDESSUS")
    body.parent = above
    body.save()
    response = as_user(person(above, Role.AUDITOR)).get(URL, {"body": "MTEST"})
    assert names(response) == ["Écluses du canal", "Zèbres du zoo"]


def test_an_empty_register_teaches(editor, body, as_user):
    page = as_user(editor).get(URL).content.decode()
    assert "/fr/espace/systemes/declarer/" in page and "vg-empty-state" in page
    assert "vg-empty-state" in as_user(person(body, Role.READER)).get(URL).content.decode()
    SystemFactory(organization=body, created_by=editor)
    narrowed = as_user(editor).get(URL, {"q": "rien"}).content.decode()
    assert "vg-empty-state" in narrowed and "vg-chip" in narrowed


def test_pages_of_twenty_five(editor, body, as_user):
    SystemFactory.create_batch(26, organization=body, created_by=editor)
    client = as_user(editor)
    assert len(names(client.get(URL))) == 25 and len(names(client.get(URL, {"page": 2}))) == 1
    assert "?sort=-name&amp;page=2" in client.get(URL, {"sort": "-name"}).content.decode()


def test_the_same_queries_whatever_the_number_of_systems(editor, body, system, as_user):
    publish_system(system=system, by=editor)
    client = as_user(editor)
    client.get(URL)
    with CaptureQueriesContext(connection) as few:
        client.get(URL)
    SystemFactory.create_batch(60, organization=body, created_by=editor)
    with CaptureQueriesContext(connection) as many:
        client.get(URL, {"sort": "-updated", "phase": "in_service"})
    assert len(few) == len(many) == 9


def test_only_reading_methods(editor, as_user):
    client = as_user(editor)
    assert client.post(URL).status_code == 405
    assert client.get(XLSX).status_code == client.get(CSV).status_code == 405
    assert client.post(URL + "exporter/pdf/").status_code == 404


# --- Files ------------------------------------------------------------------------------------------------------------
def test_the_filtered_list_as_excel(editor, several, as_user):
    response = as_user(editor).post(XLSX + "?q=ecluse&sort=-name")
    lines = sheet(response.content)
    assert len(lines) == 2 and "Écluses du canal" in lines[1] and "En projet pilote" in lines[1]
    assert "attachment" in response["Content-Disposition"] and response["X-Content-Type-Options"] == "nosniff"
    assert zipfile.is_zipfile(io.BytesIO(response.content))


def test_the_list_as_csv_that_a_spreadsheet_in_french_opens(editor, several, as_user):
    content = as_user(editor).post(CSV).content
    assert content.startswith("\ufeff".encode())
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert [line[5] for line in lines[1:]] == ["Abeilles", "Écluses du canal", "Zèbres du zoo"]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_no_cell_is_ever_a_formula(editor, body, as_user, name):
    SystemFactory(organization=body, created_by=editor, name_fr=name)
    assert "'" + name in sheet(as_user(editor).post(XLSX).content)[1]
    assert f";'{name};" in as_user(editor).post(CSV).content.decode()


def test_a_file_holds_what_the_person_may_see(outsider, several, as_user):
    assert len(sheet(as_user(outsider).post(XLSX).content)) == 1


def test_a_file_of_the_demonstration_says_so_first(editor, body, several, as_user):
    assert "démonstration" not in str(sheet(as_user(editor).post(XLSX).content)[0])
    body.is_demonstration = True
    body.save()
    assert "Fictitious data – demonstration" in str(
        sheet(as_user(editor).post(XLSX.replace("/fr/", "/en/")).content)[0]
    )


def test_a_list_too_long_is_cut_and_says_so(editor, several, as_user, monkeypatch):
    monkeypatch.setattr(exports, "MOST_ROWS", 2)
    lines = sheet(as_user(editor).post(XLSX).content)
    assert len(lines) == 4 and "2" in str(lines[0][0])


def test_taking_a_list_away_is_an_act(editor, several, as_user):
    as_user(editor).post(XLSX + "?q=un+secret&phase=pilot")
    event = AuditEvent.objects.get(verb="export")
    assert event.facts == {"rows": 0, "format": "xlsx", "filters": ["phase", "q"]}
    assert event.actor_ref == str(editor.uuid)


def test_several_bodies_have_their_column(editor, other_body, several, as_user):
    give(editor, other_body, Role.READER)
    SystemFactory(organization=other_body, created_by=editor, name_fr="Du voisin")
    response = as_user(editor).get(URL, {"sort": "body"})
    assert len(names(response)) == 4 and "AUTRE" in response.content.decode()
    assert names(as_user(editor).get(URL, {"body": "AUTRE"})) == ["Du voisin"]
