"""The first account of a site: a link printed by whoever runs the server, dead as soon as it served."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from core.models import AuditEvent
from core.services import InvalidInput, NotPossibleNow
from organizations.models import Membership, Organization, User
from organizations.services import links
from organizations.services.first_steps import Founder, begin_platform, is_operated
from organizations.services.links import FirstLink, read_first_link
from organizations.workflow import Role

FOUNDER = Founder("premiere@organisme.example", "Première personne", "une longue phrase", "fr")
BODY = {"sigle": "FOND", "name_fr": "Organisme fondateur", "values": {"kind": "agency", "regimes": [], "employees": 5}}
FORM = {
    "email": "premiere@organisme.example",
    "name": "Première personne",
    "password": "une longue phrase",
    "sigle": "fond",
    "name_fr": "Organisme fondateur",
    "kind": "municipality",
    "regimes": ["municipal"],
    "employees": "12",
}


def printed(*command):
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def address(*command):
    found = re.search(r"https?://\S+", printed(*command))
    return re.sub(r"https?://[^/]+", "", found[0])


def test_the_first_link_founds_the_first_body(db, client):
    page = address("first_link")
    assert client.get(page).status_code == 200
    answer = client.post(page, FORM)
    assert (answer.status_code, answer["Location"]) == (302, reverse("organizations:todo"))
    user, body = User.objects.get(), Organization.objects.get()
    assert (body.sigle, body.kind, body.regimes, body.employees) == ("FOND", "municipality", ["municipal"], 12)
    roles = set(Membership.objects.filter(user=user, organization=body).values_list("role", flat=True))
    assert roles == {Role.PLATFORM_ADMIN, Role.ORGANIZATION_ADMIN}
    assert user.emailaddress_set.get().verified
    assert set(AuditEvent.objects.values_list("actor_ref", flat=True)) >= {"first_steps"}
    landing = client.get(reverse("organizations:todo"))
    assert landing.status_code == 200
    assert landing.context["setup_lists"][0].organization == body
    client.logout()
    assert client.get(page).status_code == 410


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"password": "court"}, "password"), ({"sigle": "É"}, "sigle"), ({"email": "x"}, "email"), ({"kind": ""}, "kind")],
)
def test_what_is_wrong_is_said_and_nothing_begins(db, client, wrong, field):
    answer = client.post(address("first_link"), FORM | wrong)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not User.objects.exists()
    assert not Organization.objects.exists()


def test_an_altered_or_old_link_opens_nothing(db, client, monkeypatch):
    assert read_first_link("anything") is None
    assert client.get(reverse("account_first_steps", args=["anything"])).status_code == 410
    token = links.first_address().rstrip("/").rsplit("/", 1)[1]
    assert read_first_link(token) == FirstLink("")
    monkeypatch.setattr(links, "FIRST_LINK_LASTS", -1)
    assert read_first_link(token) is None


def test_two_links_found_one_platform(db):
    begin_platform(link=FirstLink(""), founder=FOUNDER, **BODY)
    assert is_operated()
    with pytest.raises(NotPossibleNow):
        begin_platform(link=FirstLink(""), founder=FOUNDER, **BODY | {"sigle": "AUTRE"})


def test_a_link_for_one_address_serves_that_address(db, client):
    page = address("first_administrator", "Direction@ville.example")
    shown = client.get(page)
    assert shown.context["form"].fields["email"].disabled
    client.post(page, FORM)
    assert User.objects.get().email == "direction@ville.example"


def test_the_service_checks_the_address_too(db):
    with pytest.raises(InvalidInput):
        begin_platform(link=FirstLink("autre@ville.example"), founder=FOUNDER, **BODY)


def test_commands_say_when_there_is_nothing_to_begin(operator):
    assert "http" not in printed("first_link")
    with pytest.raises(CommandError):
        printed("first_administrator", "x@ville.example")


def test_the_command_wants_an_address(db):
    with pytest.raises(CommandError):
        printed("first_administrator", "pas une adresse")


def test_other_methods_are_refused(client, db):
    assert client.put(reverse("account_first_steps", args=["x"])).status_code == 405
