"""«À faire», the set-up list, the surroundings of staff pages."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from core import clock
from core.models import Intent
from organizations.models import Invitation
from organizations.permissions import Permission, organizations_where
from organizations.services import links
from organizations.services.access import request_access
from organizations.services.invitations import invite
from organizations.services.setup import Step, setup_list, setup_lists_of
from organizations.services.todo import TodoItem, everything_waiting, waiting_for
from organizations.services.workplace import MENU, workplace_of
from organizations.workflow import Role
from tests.factories.organizations import OrganizationFactory, give, person

SOMEWHERE = "/ailleurs/"


def later(user):
    return [TodoItem("b", "", "", date(2026, 12, 1), SOMEWHERE), TodoItem("c", "", "", None, SOMEWHERE)]


def sooner(user):
    return [TodoItem("d", "", "", date(2026, 11, 1), SOMEWHERE), TodoItem("a", "", "", None, SOMEWHERE)]


def test_every_room_speaks_and_the_oldest_due_comes_first(editor, settings):
    settings.TODO_SOURCES = [f"{__name__}.later", f"{__name__}.sooner"]
    assert [item.what for item in everything_waiting(editor)] == ["d", "b", "a", "c"]


def test_nothing_waits_for_a_person_without_a_task(editor):
    assert waiting_for(editor) == []


def test_an_invitation_waits_with_its_end_and_its_link(administrator, body, newcomer):
    invitation = invite(organization=body, email=newcomer.email, roles=[Role.READER], language="fr", by=administrator)
    (item,) = waiting_for(newcomer)
    assert item.due_on == clock.civil_date(invitation.expires_at)
    assert links.invitation_secret(invitation.uuid, invitation.expires_at) in item.address


def test_requests_wait_for_the_administration(administrator, editor, newcomer, body):
    asked = request_access(organization=body, function="Analyste", by=newcomer)
    (item,) = waiting_for(administrator)
    assert item.address == reverse("organizations:access_request", args=[asked.uuid])
    assert waiting_for(editor) == []


def test_requests_to_a_body_without_administration_wait_for_the_operator(operator, newcomer, body):
    request_access(organization=body, function="Analyste", by=newcomer)
    assert len(waiting_for(operator)) == 1
    person(body, Role.ORGANIZATION_ADMIN)
    assert waiting_for(operator) == []


def test_invitations_past_their_end_come_back_to_the_administration(administrator, body):
    invite(organization=body, email="x@organisme.example", roles=[Role.READER], language="fr", by=administrator)
    assert waiting_for(administrator) == []
    Invitation.objects.update(expires_at=clock.now() - timedelta(days=2))
    (item,) = waiting_for(administrator)
    assert item.due_on < clock.civil_date(clock.now())


def test_failed_jobs_wait_for_the_operator(operator, administrator):
    moment = clock.now()
    Intent.objects.create(task="x", dedup_key="x", state="failed", created_at=moment, due_at=moment, finished_at=moment)
    assert waiting_for(operator)[0].address == reverse("organizations:failed_jobs")
    assert waiting_for(administrator) == []


def test_a_new_body_has_everything_to_do(db):
    body = OrganizationFactory(
        sigle="NEUF", unreachable=True, contact_email="", regimes=[], employees=None, highest_authority_fr=""
    )
    administrator = person(body, Role.ORGANIZATION_ADMIN)
    (found,) = setup_lists_of(administrator)
    assert (found.done, len(found.steps)) == (0, 5)
    assert all(step.note for step in found.steps)


def test_a_ready_body_leaves_the_list(administrator, editor, reviewer, body):
    body.highest_authority_fr = "Sous-ministre"
    body.save()
    give(editor, body, Role.AI_LEAD, Role.DECIDING_AUTHORITY)
    assert setup_lists_of(administrator) == []
    assert setup_list(body, administrator).is_done


def test_a_function_to_which_somebody_is_invited_is_told_apart(administrator, body):
    step = setup_list(body, administrator).steps[2]
    assert str(Role.AI_LEAD.label) in step.note
    invite(organization=body, email="a@organisme.example", roles=[Role.AI_LEAD], language="fr", by=administrator)
    before, after = step.note, setup_list(body, administrator).steps[2].note
    assert before != after and after.index(str(Role.AI_LEAD.label)) > after.index(str(Role.DECIDING_AUTHORITY.label))
    assert not setup_list(body, administrator).steps[2].is_done


def test_one_person_is_enough_where_nobody_else_could_look(db):
    body = OrganizationFactory(sigle="PETIT", tiny=True)
    alone = person(body, Role.ORGANIZATION_ADMIN)
    assert setup_list(body, alone).steps[3].is_done


def test_somebody_must_be_able_to_answer_visitors(db):
    body = OrganizationFactory(sigle="SEUL")
    alone = person(body, Role.ORGANIZATION_ADMIN)
    assert not setup_list(body, alone).steps[4].is_done
    give(alone, body, Role.PRIVACY_OFFICER)
    assert setup_list(body, alone).steps[4].is_done


def finished(bodies, reader):
    return {body.pk: [Step("Elsewhere", True, "", SOMEWHERE)] for body in bodies}


def test_the_rooms_above_add_their_steps(body, administrator, settings):
    settings.SETUP_STEPS = [f"{__name__}.finished"]
    assert [step.title for step in setup_list(body, administrator).steps][5:] == ["Elsewhere"]


def test_those_who_do_not_administer_see_no_list(editor, outsider):
    assert setup_lists_of(editor) == []
    assert {one.organization.sigle for one in setup_lists_of(outsider)} == {"AUTRE"}


def test_the_menu_shows_what_the_person_may_open(operator, newcomer, editor):
    labels = {user: [link.url for link in workplace_of(user).navigation] for user in (operator, newcomer, editor)}
    platform = reverse("organizations:failed_jobs")
    assert platform in labels[operator]
    assert platform not in labels[editor]
    assert labels[newcomer] == [reverse("organizations:todo"), reverse("organizations:bodies")]


def test_a_sheet_is_under_its_list(editor, body):
    here = reverse("organizations:body", args=[body.uuid])
    current = [link.url for link in workplace_of(editor, here=here).navigation if link.current]
    assert current == [reverse("organizations:bodies")]
    assert not [link for link in workplace_of(editor, here="/fr/espace/autre/").navigation if link.current]


@pytest.mark.parametrize("name", [name for name, _words, _permission in MENU])
def test_every_entry_of_the_menu_leads_somewhere(name):
    assert reverse(name)


def test_the_workplace_names_the_bodies_of_the_person(editor, body, other_body):
    workplace = workplace_of(editor)
    assert workplace.organizations == [body]
    assert workplace.user_menu.label == "Responsable du système"


def test_the_demonstration_shows_itself_before_sign_in_too(db):
    assert not workplace_of(AnonymousUser()).is_demonstration
    OrganizationFactory(sigle="DEMO", is_demonstration=True)
    assert workplace_of(AnonymousUser()).is_demonstration


def test_the_page_of_a_newcomer_says_what_to_do_first(as_user, newcomer, body):
    page = as_user(newcomer).get(reverse("organizations:todo"))
    assert page.status_code == 200
    assert reverse("organizations:request_access") in page.content.decode()
    request_access(organization=body, function="Analyste", by=newcomer)
    assert body.name_fr in as_user(newcomer).get(reverse("organizations:todo")).content.decode()


def test_the_page_of_an_administration_holds_its_list(as_user, administrator, body):
    page = as_user(administrator).get(reverse("organizations:todo"))
    assert [one.organization for one in page.context["setup_lists"]] == [body]


def test_the_page_wants_a_signed_in_person_and_a_get(client, as_user, editor):
    page = reverse("organizations:todo")
    assert client.get(page).status_code == 302
    assert as_user(editor).post(page).status_code == 405


def test_the_set_up_lists_take_three_queries_however_many_bodies(db, django_assert_num_queries):
    user = person()
    for number in range(6):
        give(user, OrganizationFactory(sigle=f"LOT{number}"), Role.ORGANIZATION_ADMIN)
    organizations_where(user, Permission.EDIT_ORGANIZATION)  # read once a request
    with django_assert_num_queries(3):
        assert len(setup_lists_of(user)) == 6
