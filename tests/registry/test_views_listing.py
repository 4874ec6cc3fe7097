"""The list of systems: found, sorted, taken away, the same number of queries at any size."""

import csv
import io
import zipfile

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.formats import date_format

from core import clock
from core.models import AuditEvent
from organizations.workflow import Role
from registry.exports import systems as exports
from registry.models import AISystem
from registry.services.parts import add_part
from registry.services.publication import publish_system
from tests.factories.organizations import OrganizationFactory, give, person
from tests.factories.registry import SystemFactory

pytestmark = pytest.mark.django_db

URL = "/fr/espace/systemes/"
IN_ENGLISH = URL.replace("/fr/", "/en/")
SITE = {"name_fr": "Base de données", "place_fr": "Québec", "country": "quebec"}
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
    return [row.system.name_fr for row in response.context["rows"]]


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


@pytest.mark.parametrize("query", ["?page=999999999999", "?page=x", "?status__in=draft", "?sort=%00"])
def test_a_strange_address_is_a_page_and_no_error(editor, several, as_user, query):
    response = as_user(editor).get(URL + query)
    assert response.status_code == 200 and len(names(response)) == 3


@pytest.mark.parametrize("query", ["?phase=zzz", "?q=%00", "?body=NOPE", "?q=" + "x" * 300])
def test_an_invalid_filter_finds_nothing_and_says_why(editor, several, as_user, query):
    response = as_user(editor).get(URL + query)
    assert response.status_code == 200 and names(response) == []
    assert len(response.context["filter"].form.errors) == 1
    page = response.content.decode()
    assert "govuk-error-summary" in page and "/exporter/" not in page


def test_a_value_that_nobody_offers_is_named(editor, several, as_user):
    page = as_user(editor).get("/en" + URL.removeprefix("/fr") + "?status=zz&phase=idea").content.decode()
    assert "“Status”: the value “zz” is unknown." in page and "No system matches" not in page


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


def test_an_empty_register_tells_its_administration_what_it_can_do(body, as_user):
    page = as_user(person(body, Role.ORGANIZATION_ADMIN)).get(URL).content.decode()
    assert f"/fr/espace/organismes/{body.uuid}/personnes/" in page
    assert "Demandez" not in page.split("vg-empty-state", 1)[1]


def test_a_row_says_who_keeps_the_record_and_how_much_attention_it_calls_for(body, editor, as_user):
    SystemFactory(organization=body, created_by=editor, lead=editor, autonomy="alone", affects_rights="yes")
    response = as_user(editor).get(URL)
    row = response.context["rows"][0]
    page = response.content.decode()
    assert row.attention == "Élevé" and editor.name in page.split("<tbody", 1)[1]
    assert date_format(row.system.updated_at.astimezone(clock.CIVIL_ZONE), "DATE_FORMAT") in page


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


def test_a_file_of_the_demonstration_says_so_in_a_column(editor, body, several, as_user):
    address = XLSX.replace("/fr/", "/en/")
    assert "Demonstration" not in sheet(as_user(editor).post(address).content)[0]
    body.is_demonstration = True
    body.save()
    heads, *lines = sheet(as_user(editor).post(address).content)
    assert heads[0] == "Number" and heads[-1] == "Demonstration" and {line[-1] for line in lines} == {"Yes"}


def test_two_drafts_of_one_name_are_told_apart_in_every_file(body, editor, as_user):
    drafts = SystemFactory.create_batch(2, organization=body, created_by=editor, name_fr="Essai", draft=True)
    for draft in drafts:
        add_part(system=draft, part="hosting", answers=SITE, by=editor)
    archive = zipfile.ZipFile(io.BytesIO(as_user(editor).post(IN_ENGLISH + "exporter/zip/").content))
    for name in ("systems.csv", "hosting.csv"):
        rows = csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig")))
        assert {row["Identifier in Vigie"] for row in rows} == {str(draft.uuid) for draft in drafts}, name


def test_a_file_says_who_keeps_each_record_and_what_the_public_reads(editor, system, as_user):
    AISystem.objects.filter(pk=system.pk).update(lead=editor)
    publish_system(system=system, by=editor)
    file = IN_ENGLISH + "exporter/xlsx/"
    heads, line = sheet(as_user(editor).post(file).content)
    told = dict(zip(heads, line, strict=True))
    assert told["Record kept by"] == editor.name and told["Public version"] == 1
    SystemFactory(organization=system.organization, created_by=editor, name_fr="Autre")
    told = dict(zip(heads, sheet(as_user(editor).post(file + "?q=autre").content)[1], strict=True))
    assert (told["Record kept by"], told["Public version"], told["Public site"]) == (None, None, "Not published")


def test_a_list_too_long_is_cut_and_its_name_says_so(editor, several, as_user, monkeypatch):
    monkeypatch.setattr(exports, "MOST_ROWS", 2)
    answer = as_user(editor).post(XLSX)
    assert len(sheet(answer.content)) == 3
    assert "-2-premiers.xlsx" in answer.headers["Content-Disposition"]


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
