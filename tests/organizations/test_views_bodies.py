"""Pages of bodies: works, outsider, wrong role, wrong method, number of queries on the list."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from organizations.forms.bodies import NameForm, SheetForm
from organizations.models import Invitation, Organization
from organizations.services.sheets import edit_sheet
from tests.factories.organizations import OrganizationFactory

NEW = {"sigle": "NEUF", "name_fr": "Organisme neuf", "kind": "agency", "regimes": ["lggri"], "employees": "40"}


def url(name, *args):
    return reverse(f"organizations:{name}", args=args)


def sheet(organization, **changes):
    """What the browser sends for the sheet as it is shown, with these changes."""
    form = SheetForm(organization=organization)
    sent = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {name: "" if value is None else value for name, value in (sent | changes).items()}


def test_the_list_shows_the_bodies_of_the_person(as_user, editor, outsider, operator, body, other_body):
    listed = {
        user: {one.sigle for one in as_user(user).get(url("bodies")).context["page"]}
        for user in (editor, outsider, operator)
    }
    assert listed == {editor: {"MTEST"}, outsider: {"AUTRE"}, operator: {"MTEST", "AUTRE", "EXPLOIT"}}


def test_the_central_agency_sees_those_below_and_creates(as_user, overseer, central, body):
    body.parent = central
    body.save()
    page = as_user(overseer).get(url("bodies"))
    assert {one.sigle for one in page.context["page"]} >= {"CENTRAL", "MTEST"}
    assert page.context["may_create"]


@pytest.mark.parametrize("number", [1, 60])
def test_the_list_takes_as_many_queries_however_long(as_user, operator, django_assert_max_num_queries, number):
    for one in range(number):
        OrganizationFactory(sigle=f"LOT{one}", parent=Organization.objects.first())
    client = as_user(operator)
    with django_assert_max_num_queries(7):
        page = client.get(url("bodies"), {"sort": "-parent"})
    assert len(page.context["page"]) == min(number + 1, 25)


def test_the_tree_holds_every_body_once(as_user, operator):
    top = OrganizationFactory(sigle="HAUT")
    OrganizationFactory(sigle="BAS", parent=top)
    page = as_user(operator).get(url("bodies"), {"view": "tree"})
    assert page.content.decode().count("(BAS)") == 1


def test_an_empty_list_says_what_to_do(as_user, newcomer, operator):
    assert url("request_access") in as_user(newcomer).get(url("bodies")).content.decode()
    assert as_user(operator).get(url("bodies"), {"q": "rien de tel"}).status_code == 200


def test_the_sheet_is_for_those_in_scope(as_user, editor, administrator, operator, outsider, newcomer, body):
    page = url("body", body.uuid)
    for user in (editor, administrator, operator):
        assert as_user(user).get(page).status_code == 200
    for user in (outsider, newcomer):
        assert as_user(user).get(page).status_code == 404
    assert as_user(editor).get(url("body", uuid4())).status_code == 404
    assert as_user(editor).post(page).status_code == 405


def test_a_sheet_in_another_language_marks_its_french(as_user, editor, body):
    page = as_user(editor).get(url("body", body.uuid).replace("/fr/", "/en/")).content.decode()
    assert '<h1 class="govuk-heading-xl vg-heading" lang="fr">' in page


@pytest.mark.parametrize("name", ["edit", "rename"])
def test_only_the_administration_changes_the_sheet(as_user, editor, administrator, operator, outsider, body, name):
    page = url(name, body.uuid)
    assert as_user(administrator).get(page).status_code == 200
    assert [as_user(user).get(page).status_code for user in (editor, operator, outsider)] == [403, 403, 404]
    assert as_user(administrator).delete(page).status_code == 405


@pytest.mark.parametrize("name", ["move", "merge", "close"])
def test_only_those_who_create_bodies_move_them(as_user, editor, administrator, operator, outsider, body, name):
    page = url(name, body.uuid)
    assert as_user(operator).get(page).status_code == 200
    assert [as_user(user).get(page).status_code for user in (editor, administrator, outsider)] == [403, 403, 404]
    assert as_user(operator).put(page).status_code == 405


def test_saving_the_sheet(as_user, administrator, body):
    answer = as_user(administrator).post(
        url("edit", body.uuid), sheet(body, employees="12", second_look="impossible", second_look_reason_fr="Seule.")
    )
    assert (answer.status_code, answer["Location"]) == (303, url("body", body.uuid))
    body.refresh_from_db()
    assert (body.employees, body.second_look, body.is_committee_exempt, body.version) == (12, "impossible", False, 2)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"second_look": "impossible"}, "second_look_reason_fr"),
        ({"contact_email": "x"}, "contact_email"),
        ({"country": "ZZ"}, "country"),
        ({"regimes": ["inconnu"]}, "regimes"),
        ({"employees": "-1"}, "employees"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"version": "x"}, "version"),
    ],
)
def test_a_wrong_answer_is_said(as_user, administrator, body, wrong, field):
    answer = as_user(administrator).post(url("edit", body.uuid), sheet(body, **wrong))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_a_stale_sheet_shows_both_texts(as_user, administrator, body):
    stale = sheet(body, contact_phone="second", is_committee_exempt="True")
    edit_sheet(organization=body, values={"contact_phone": "premier"}, version=1, by=administrator)
    answer = as_user(administrator).post(url("edit", body.uuid), stale)
    assert answer.status_code == 409
    assert answer.context["conflict"].differences[0].by == str(administrator)
    page = answer.content.decode()
    assert "premier" in page and "second" in page and 'name="version" value="3"' in page
    again = as_user(administrator).post(url("edit", body.uuid), stale | {"version": "3", "contact_phone": "les deux"})
    assert again.status_code == 303
    body.refresh_from_db()
    assert (body.contact_phone, body.is_committee_exempt) == ("les deux", True)


def test_renaming(as_user, administrator, published):
    sent = {"nature": NameForm.RENAMED, "name_fr": "Autre nom", "sigle": "autre2", "effective_on": "2026-04-01"}
    answer = as_user(administrator).post(url("rename", published.uuid), sent)
    assert answer.status_code == 303
    published.refresh_from_db()
    assert (published.sigle, published.name_fr) == ("AUTRE2", "Autre nom")
    assert "MTEST" in as_user(administrator).get(url("body", published.uuid)).content.decode()


def test_correcting_a_spelling(as_user, administrator, body):
    sent = {"nature": NameForm.CORRECTION, "name_fr": "Mieux", "sigle": "MTEST"}
    assert as_user(administrator).post(url("rename", body.uuid), sent).status_code == 303
    body.refresh_from_db()
    assert body.name_fr == "Mieux"


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"nature": "correction", "sigle": "AUTRE2"}, "sigle"),
        ({"nature": "renamed", "effective_on": ""}, "effective_on"),
        ({"nature": "renamed", "effective_on": "2999-01-01"}, "effective_on"),
        ({"nature": "renamed", "sigle": "AUTRE", "effective_on": "2026-01-01"}, "sigle"),
    ],
)
def test_a_wrong_name_is_said(as_user, administrator, body, other_body, sent, field):
    answer = as_user(administrator).post(url("rename", body.uuid), {"name_fr": "Nom", "sigle": "MTEST"} | sent)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_moving_merging_closing(as_user, operator, body, other_body):
    client = as_user(operator)
    assert client.post(url("move", body.uuid), {"parent": other_body.pk}).status_code == 303
    body.refresh_from_db()
    assert body.parent == other_body
    assert client.post(url("close", body.uuid), {"closed_on": "2026-04-01"}).status_code == 303
    third = OrganizationFactory(sigle="TIERS")
    sent = {"into": other_body.pk, "effective_on": "2026-04-01"}
    assert client.post(url("merge", third.uuid), sent).status_code == 303
    third.refresh_from_db()
    assert third.closed_on == date(2026, 4, 1)


def test_what_cannot_be_done_is_said_on_the_form(as_user, operator, body):
    OrganizationFactory(sigle="ENFANT", parent=body)
    answer = as_user(operator).post(url("close", body.uuid), {"closed_on": "2026-04-01"})
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors()


def test_a_body_below_is_not_offered_as_the_one_above(as_user, operator, body):
    child = OrganizationFactory(sigle="ENFANT", parent=body)
    answer = as_user(operator).post(url("move", body.uuid), {"parent": child.pk})
    assert answer.status_code == 422


def test_entering_a_body(as_user, overseer):
    key = str(uuid4())
    sent = NEW | {"request_key": key, "administrator": "admin@neuf.example"}
    for _again in range(2):
        answer = as_user(overseer).post(url("new_body"), sent)
        assert answer.status_code == 303
    made = Organization.objects.get(sigle="NEUF")
    assert answer["Location"] == url("body", made.uuid)
    assert Invitation.objects.get().email == "admin@neuf.example"


def test_an_administration_enters_bodies_below_its_own_only(as_user, administrator, body, other_body):
    client = as_user(administrator)
    assert [one.pk for one in client.get(url("new_body")).context["form"].fields["parent"].queryset] == [body.pk]
    sent = NEW | {"request_key": str(uuid4())}
    assert client.post(url("new_body"), sent).status_code == 422
    assert client.post(url("new_body"), sent | {"parent": other_body.pk}).status_code == 422
    assert client.post(url("new_body"), sent | {"parent": body.pk}).status_code == 303


def test_others_enter_no_body(as_user, editor, newcomer, client):
    assert [as_user(user).get(url("new_body")).status_code for user in (editor, newcomer)] == [403, 403]
    assert client.get(url("new_body")).status_code == 302


def test_a_taken_sigle_is_said_beside_its_field(as_user, operator, body):
    answer = as_user(operator).post(url("new_body"), NEW | {"sigle": "mtest", "request_key": str(uuid4())})
    assert answer.status_code == 422
    assert "sigle" in answer.context["form"].errors
