"""Bodies: entered, their sheet edited by two people at once, moved in the tree."""

from datetime import date
from uuid import uuid4

import pytest

from core.models import AuditEvent
from core.models.actor import NamedJob
from core.services import EditConflict, InvalidInput, NotAllowed
from organizations.models import Invitation, Membership, Organization, PublicBody
from organizations.services.sheets import create_organization, edit_sheet, move_organization, shown_value
from organizations.services.succession import rename_organization
from organizations.workflow import Kind, Regime, Role, SecondLook
from tests.factories.organizations import OrganizationFactory

VALUES = {"kind": Kind.AGENCY, "regimes": [Regime.LGGRI], "employees": 40}


def create(by, **more):
    return create_organization(**{"sigle": "NEUF", "name_fr": "Organisme neuf", "values": VALUES, "by": by} | more)


def test_the_operator_enters_a_body_and_it_is_public(operator):
    made = create(operator, sigle="neuf", name_fr="  Organisme   neuf ")
    assert (made.sigle, made.name_fr, made.parent) == ("NEUF", "Organisme neuf", None)
    assert PublicBody.objects.get(organization=made).document["name"] == {"fr": "Organisme neuf"}
    assert AuditEvent.objects.filter(verb="create", object_ref=str(made.uuid), actor_ref=str(operator.uuid)).exists()
    assert not Membership.objects.filter(organization=made).exists()


def test_an_administration_creates_below_its_own_body_and_administers_it(administrator, body):
    made = create(administrator, parent=body)
    assert Membership.objects.get(organization=made).user == administrator
    assert Membership.objects.get(organization=made).role == Role.ORGANIZATION_ADMIN


def test_the_first_administration_may_be_invited_at_once(overseer):
    made = create(overseer, administrator="admin@neuf.example")
    invitation = Invitation.objects.get(organization=made)
    assert (invitation.email, invitation.roles) == ("admin@neuf.example", [Role.ORGANIZATION_ADMIN])


@pytest.mark.parametrize("who", ["editor", "reviewer", "newcomer", "outsider"])
def test_nobody_else_creates_a_body(request, who, body):
    with pytest.raises(NotAllowed):
        create(request.getfixturevalue(who), parent=body)


def test_an_administration_creates_nothing_at_the_top(administrator):
    with pytest.raises(NotAllowed):
        create(administrator)


def test_the_program_itself_may_and_a_demonstration_stays_one_below(db):
    job = NamedJob("demonstration")
    made = create(job, is_demonstration=True)
    assert create(job, sigle="DESSOUS", parent=made).is_demonstration


def test_the_same_form_sent_twice_makes_one_body(operator):
    key = uuid4()
    assert create(operator, request_key=key) == create(operator, request_key=key)


@pytest.mark.parametrize("sigle", ["A", "1AB", "ÉTÉ", "A-B", "ABCDEFGHIJKLM", ""])
def test_a_sigle_has_one_form(operator, sigle):
    with pytest.raises(InvalidInput) as refusal:
        create(operator, sigle=sigle)
    assert refusal.value.field == "sigle"


def test_a_sigle_is_borne_once_whatever_the_capitals(operator, body):
    with pytest.raises(InvalidInput):
        create(operator, sigle=body.sigle.lower())


def test_a_sigle_never_changes_hands(operator, administrator, published):
    rename_organization(
        organization=published, sigle="AUTREMENT", name_fr="Autrement", effective_on=date(2026, 1, 1), by=administrator
    )
    with pytest.raises(InvalidInput) as refusal:
        create(operator, sigle="MTEST")
    assert refusal.value.field == "sigle"


def test_the_administration_edits_the_sheet(administrator, body):
    saved = edit_sheet(
        organization=body,
        values={"contact_phone": "418 555-0199", "regimes": ["municipal", "lggri"]},
        version=1,
        by=administrator,
    )
    assert (saved.version, saved.contact_phone, saved.regimes) == (2, "418 555-0199", ["lggri", "municipal"])
    assert PublicBody.objects.get(organization=body).document["phone"] == "418 555-0199"
    assert AuditEvent.objects.get(verb="edit").facts == {"fields": ["contact_phone", "regimes"]}


def test_saving_what_is_there_already_writes_nothing(administrator, body):
    edit_sheet(organization=body, values={"employees": body.employees}, version=1, by=administrator)
    body.refresh_from_db()
    assert body.version == 1
    assert not AuditEvent.objects.filter(verb="edit").exists()


@pytest.mark.parametrize("who", ["editor", "reviewer", "operator", "outsider"])
def test_nobody_else_edits_the_sheet(request, who, body):
    with pytest.raises(NotAllowed):
        edit_sheet(organization=body, values={"employees": 1}, version=1, by=request.getfixturevalue(who))


def test_name_and_place_are_not_changed_by_the_sheet(administrator, body, other_body):
    edit_sheet(
        organization=body, values={"name_fr": "X", "sigle": "X", "parent": other_body}, version=1, by=administrator
    )
    body.refresh_from_db()
    assert (body.name_fr, body.sigle, body.parent) == ("Ministère des Essais", "MTEST", None)


def test_an_impossible_second_look_has_its_reason(administrator, body):
    with pytest.raises(InvalidInput) as refusal:
        edit_sheet(organization=body, values={"second_look": SecondLook.IMPOSSIBLE}, version=1, by=administrator)
    assert refusal.value.field == "second_look_reason_fr"


def test_two_people_who_change_different_fields_both_keep_theirs(administrator, body):
    first = {"employees": 10, "contact_phone": body.contact_phone}
    second = {"employees": body.employees, "contact_phone": "418 555-0142"}
    edit_sheet(organization=body, values=first, version=1, by=administrator)
    saved = edit_sheet(organization=body, values=second, version=1, by=administrator)
    assert (saved.employees, saved.contact_phone) == (10, "418 555-0142")


def test_two_people_who_change_the_same_field_see_both_texts(administrator, body):
    edit_sheet(organization=body, values={"contact_phone": "premier"}, version=1, by=administrator)
    with pytest.raises(EditConflict) as conflict:
        edit_sheet(organization=body, values={"contact_phone": "second", "employees": 7}, version=1, by=administrator)
    (difference,) = conflict.value.differences
    assert (difference.stored, difference.typed, conflict.value.current_version) == ("premier", "second", 2)
    body.refresh_from_db()
    assert (body.contact_phone, body.employees) == ("premier", 400)


def test_a_conflict_shows_words_and_sends_back_codes(administrator, body):
    edit_sheet(organization=body, values={"regimes": ["health"]}, version=1, by=administrator)
    with pytest.raises(EditConflict) as conflict:
        edit_sheet(organization=body, values={"regimes": ["municipal"]}, version=1, by=administrator)
    (difference,) = conflict.value.differences
    assert difference.typed == str(Regime.MUNICIPAL.label)
    assert (difference.stored_value, difference.typed_value) == (["health"], ["municipal"])


def test_values_are_shown_in_words():
    assert shown_value("is_committee_exempt", True) != "True"
    assert shown_value("kind", "ministry") == str(Kind.MINISTRY.label)
    assert shown_value("employees", None) == ""


def test_a_body_moves_under_another(operator, body, other_body):
    moved = move_organization(organization=body, parent=other_body, by=operator)
    assert moved.parent == other_body
    assert PublicBody.objects.get(organization=body).document["parent"] == "autre"
    assert AuditEvent.objects.get(verb="move").facts == {"under": "AUTRE"}


def test_the_tree_never_becomes_a_ring(operator):
    top = OrganizationFactory(sigle="HAUT")
    middle = OrganizationFactory(sigle="MILIEU", parent=top)
    bottom = OrganizationFactory(sigle="BAS", parent=middle)
    for parent in (top, middle, bottom):
        with pytest.raises(InvalidInput) as refusal:
            move_organization(organization=top, parent=parent, by=operator)
        assert refusal.value.field == "parent"
    assert Organization.objects.get(pk=top.pk).parent is None


def test_leaving_those_above_needs_their_word(administrator, body, central):
    """Else a body could hide from the central agency that reads what it declares."""
    body.parent = central
    body.save()
    with pytest.raises(NotAllowed):
        move_organization(organization=body, parent=None, by=administrator)


def test_what_people_of_the_demonstration_create_is_of_the_demonstration(operator):
    operator.is_demonstration = True
    assert create(operator).is_demonstration
