"""Accounts, the start-up check, the list's filter."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from core.models import AuditEvent
from core.services import InvalidInput
from organizations.checks import no_demonstration_account
from organizations.filters import BodyFilter, branches, search
from organizations.models import Organization, User
from organizations.services.accounts import edit_profile, has_verified, open_account
from organizations.services.public_copy import keep_old_name, publish_body
from tests.factories.organizations import OrganizationFactory, person


def open_one(**more):
    values = {"user": User(), "email": "Neuf@Organisme.example", "name": " Un  nom ", "language": "fr", "password": "x"}
    return open_account(**values | more)


def test_an_account_is_opened_with_its_trace(db):
    user = open_one()
    assert (user.email, user.name) == ("neuf@organisme.example", "Un nom")
    assert not has_verified(user, user.email)
    event = AuditEvent.objects.get(verb="open_account")
    assert (event.actor_ref, event.object_ref) == (str(user.uuid), str(user.uuid))


def test_an_e_mail_has_one_account_whatever_its_capitals(db):
    open_one()
    with pytest.raises(InvalidInput) as refusal:
        open_one(email="NEUF@organisme.EXAMPLE")
    assert refusal.value.field == "email"


def test_an_account_without_a_password_is_not_opened_by_one(db):
    assert not open_one(password=None).has_usable_password()


def test_a_link_that_was_sent_proves_the_mailbox(db):
    user = open_one(is_verified=True)
    assert has_verified(user, "NEUF@organisme.example")


def test_a_person_changes_their_name_and_language(editor):
    saved = edit_profile(user=editor, name=" Autre nom ", language="en", by=editor)
    assert (saved.name, saved.language) == ("Autre nom", "en")
    with pytest.raises(InvalidInput):
        edit_profile(user=editor, name=" ", language="en", by=editor)


def test_two_step_is_turned_off_by_whoever_runs_the_server(editor):
    Authenticator.objects.create(user=editor, type="totp", data={"secret": "x"})
    call_command("turn_two_step_off", editor.email.upper(), stdout=StringIO())
    assert not Authenticator.objects.filter(user=editor).exists()
    assert AuditEvent.objects.get(verb="turn_two_step_off").actor_ref == "turn_two_step_off"
    with pytest.raises(CommandError):
        call_command("turn_two_step_off", "inconnu@organisme.example")


def test_a_server_refuses_the_accounts_of_the_demonstration(db, settings):
    settings.EMBEDDED = False
    assert no_demonstration_account(None, databases=["default"]) == []
    person(is_demonstration=True)
    assert [error.id for error in no_demonstration_account(None, databases=["default"])] == ["vigie.E006"]
    assert no_demonstration_account(None, databases=None) == []
    settings.EMBEDDED = True
    assert no_demonstration_account(None, databases=["default"]) == []


@pytest.fixture
def bodies(operator):
    school = OrganizationFactory(
        sigle="ECOLE", name_fr="École de l'Été", name_en="Summer School", kind="education", regimes=["education"]
    )
    town = OrganizationFactory(sigle="VILLE", name_fr="Ville d'à côté", town=True, parent=school)
    keep_old_name(
        body=publish_body(organization=town, by=operator), sigle="BOURG", name_fr="Bourg ancien", until="2020-01-01"
    )
    return {"school": school, "town": town}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ecole", {"ECOLE"}),
        ("ÉTÉ", {"ECOLE"}),
        ("summer", {"ECOLE"}),
        ("vil", {"VILLE"}),
        ("bourg", {"VILLE"}),
        ("BOURG ANCIEN", {"VILLE"}),
        ("100%", set()),
        ("_", set()),
        ("rien de tel", set()),
    ],
)
def test_a_body_is_found_by_any_of_its_names(bodies, typed, found):
    assert set(search(Organization.objects.all(), typed).values_list("sigle", flat=True)) == found


def test_no_words_find_everything(bodies):
    assert search(Organization.objects.all(), "  ").count() == Organization.objects.count()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": ["education"]}, ["ECOLE"]),
        ({"regime": ["municipal"]}, ["VILLE"]),
        ({"state": ["closed"]}, []),
        ({"state": ["open", "closed"], "sort": "-name"}, ["VILLE", "EXPLOIT", "ECOLE"]),
        ({"sort": "sigle"}, ["ECOLE", "EXPLOIT", "VILLE"]),
        ({"sort": "'; drop table"}, ["ECOLE", "EXPLOIT", "VILLE"]),
    ],
)
def test_the_list_filters_and_sorts(bodies, query, found):
    from django.http import QueryDict

    data = QueryDict(mutable=True)
    for name, value in query.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    assert [body.sigle for body in BodyFilter(data, Organization.objects.all()).ordered()] == found


def test_the_tree_keeps_a_body_whose_parent_is_not_shown(bodies):
    shown = branches([bodies["town"]])
    assert [branch.organization for branch in shown] == [bodies["town"]]
    (top,) = branches([bodies["town"], bodies["school"]])
    assert [branch.organization for branch in top.below] == [bodies["town"]]
