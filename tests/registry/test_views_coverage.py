"""Pages of «aucune IA» and of coverage, for the staff."""

from datetime import timedelta
from html import unescape

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from core.models import AuditEvent
from organizations.services.todo import everything_waiting
from organizations.workflow import Role
from registry.models import NoAIAttestation
from registry.services.no_ai import attest_no_ai
from registry.services.systems import declare_system
from tests.factories.organizations import OrganizationFactory, person
from tests.factories.publications import public_organization
from tests.factories.registry import SystemFactory

pytestmark = pytest.mark.django_db
KEY = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def town():
    return public_organization(sigle="VILLE", name_fr="Ville d'essai")


@pytest.fixture
def mayor(town):
    return person(town, Role.DECIDING_AUTHORITY)


@pytest.fixture
def today():
    return clock.civil_date(clock.now())


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(body, end: str = "") -> str:
    return f"/en/espace/organismes/{body.uuid}/aucune-ia/{end}"


def sent(today, **fields):
    return {"request_key": KEY, "attested_on": today.isoformat(), "note": "", **fields}


def test_attested_then_withdrawn_on_its_page(town, mayor, today):
    client = signed_in(mayor)
    assert "your function (Deciding authority), never your name" in client.get(address(town)).content.decode()
    answer = client.post(address(town), sent(today, note="Vérifié."), follow=True)
    page = unescape(answer.content.decode())
    assert answer.redirect_chain == [(address(town), 303)]
    assert "Withdraw this attestation" in page and "Vérifié." in page and "Renew for one year" in page
    assert client.post(address(town, "retirer/")).status_code == 303
    assert "Earlier attestations" in client.get(address(town)).content.decode()
    assert client.post(address(town, "retirer/")).status_code == 409


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"attested_on": "demain"}, "Give a date like 2026-11-22."),
        ({"attested_on": ""}, "Give a date like 2026-11-22."),
        ({"attested_on": "9999-12-31"}, "This day is in the future"),
        ({"attested_on": "0001-01-01"}, "more than twelve months ago"),
        ({"note": "x" * 501}, "Write 500 characters at most."),
    ],
)
def test_what_is_typed_badly_comes_back_with_a_sentence(town, mayor, today, fields, sentence):
    answer = signed_in(mayor).post(address(town), sent(today, **fields))
    assert answer.status_code == 422 and sentence in unescape(answer.content.decode())
    assert not NoAIAttestation.objects.exists()


def test_a_hostile_key_or_note_is_no_error_of_the_server(town, mayor, today):
    client = signed_in(mayor)
    assert client.post(address(town), sent(today, request_key="x\x00")).status_code == 422
    assert client.post(address(town), sent(today, note="\x00<b>\u202e")).status_code == 303
    assert NoAIAttestation.objects.get().note_fr == "<b>"
    assert "&lt;b&gt;" in client.get(address(town)).content.decode()


def test_what_stands_against_it_is_said_before_and_after_sending(town, mayor, today):
    SystemFactory(organization=town, name_fr="Tri des plaintes")
    client = signed_in(mayor)
    assert "Tri des plaintes" in client.get(address(town)).content.decode()
    answer = client.post(address(town), sent(today))
    assert answer.status_code == 422 and "retire it or put it away first" in answer.content.decode()


def test_who_may_only_read_sees_no_form(town, today):
    reader = signed_in(person(town, Role.LEGAL_ADVISER))
    page = reader.get(address(town)).content.decode()
    assert "This body attests nothing of the kind." in page and 'name="attested_on"' not in page
    assert reader.post(address(town), sent(today)).status_code == 403
    assert signed_in(person(OrganizationFactory(), Role.AI_LEAD)).get(address(town)).status_code == 404


def test_a_month_before_its_year_is_over_it_waits_for_those_who_may_renew(town, mayor, today):
    made = attest_no_ai(organization=town, attested_on=today - timedelta(days=330), by=mayor)
    assert not _renewals(mayor)
    NoAIAttestation.objects.filter(pk=made.pk).update(attested_on=today - timedelta(days=340))
    (item,) = _renewals(mayor)
    assert item.due_on > today and not _renewals(person(town, Role.PRIVACY_OFFICER))
    NoAIAttestation.objects.filter(pk=made.pk).update(attested_on=today - timedelta(days=400))
    (item,) = _renewals(mayor)
    assert item.due_on < today
    assert "It is more than a year old" in signed_in(mayor).get(address(town)).content.decode()
    attest_no_ai(organization=town, attested_on=today, by=mayor)
    assert not _renewals(mayor)


def _renewals(user):
    return [item for item in everything_waiting(user) if item.address.endswith("/aucune-ia/")]


# --- Coverage, for those who look after several bodies ---------------------------------------------------------------


@pytest.fixture
def ministry(town):
    """A central agency above three towns: one attests, one has declared, one is silent; a stranger beside."""
    above = public_organization(sigle="DESSUS", name_fr="Ministère")
    for name in ("DECLARE", "MUET"):
        public_organization(sigle=name, name_fr=f"Ville {name}", parent=above)
    town.parent = above
    town.save()
    public_organization(sigle="AILLEURS", name_fr="Ville d'ailleurs")
    declaring = above.children.get(sigle="DECLARE")
    draft = SystemFactory(organization=declaring, status="draft", reference=None, declared_at=None, declared_by=None)
    declare_system(system=draft, by=person(declaring, Role.AI_LEAD))
    attest_no_ai(organization=town, attested_on=clock.civil_date(clock.now()), by=person(town, Role.ORGANIZATION_ADMIN))
    return above


LIST = "/en/espace/organismes/couverture/"


def test_a_central_administration_sees_who_is_silent(ministry):
    client = signed_in(person(ministry, Role.AUDITOR))
    page = client.get(LIST).content.decode()
    assert all(name in page for name in ("VILLE", "DECLARE", "MUET")) and "AILLEURS" not in page
    silent = client.get(LIST, {"etat": "silent"}).content.decode()
    assert "MUET" in silent and "DECLARE" not in silent
    assert "No body is in this state." in client.get(LIST, {"etat": "published"}).content.decode()
    assert "DECLARE" in client.get(LIST, {"etat": "' OR 1=1", "page": "x"}).content.decode()


def test_who_creates_bodies_sees_them_all_and_a_stranger_none(ministry):
    assert "AILLEURS" in signed_in(person(ministry, Role.CENTRAL_AGENCY)).get(LIST).content.decode()
    assert "No body to look after" in signed_in(person()).get(LIST).content.decode()


def test_the_list_as_a_file_is_told_to_the_ledger(ministry):
    client = signed_in(person(ministry, Role.AUDITOR))
    lines = client.post(f"{LIST}exporter/?etat=silent").content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Sigle,Name") and [line.split(",")[0] for line in lines[1:]] == ["DESSUS", "MUET"]
    assert AuditEvent.objects.get(verb="export").facts == {
        "rows": 2, "format": "csv", "filters": ["coverage", "state"],
    }  # fmt: skip
    assert client.get(f"{LIST}exporter/").status_code == 405


def test_no_more_queries_for_many_bodies(ministry):
    client = signed_in(person(ministry, Role.AUDITOR))

    def queries() -> int:
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as told:
            assert client.get(LIST).status_code == 200
        return len(told)

    client.get(LIST)
    few = queries()
    for number in range(30):
        public_organization(sigle=f"LOT{number}", parent=ministry)
    assert queries() == few
