"""First things to do in the register of a body: done or not, from facts alone."""

import pytest

from core import clock
from organizations.services.setup import setup_list, setup_lists_of
from organizations.workflow import Role
from registry.models import ImportRun
from registry.rules.common_tools import COMMON_TOOLS
from registry.services.common_tools import save_common_tools
from registry.services.no_ai import attest_no_ai
from registry.services.setup import first_things
from tests.factories.organizations import OrganizationFactory, give, person
from tests.factories.registry import SystemFactory

pytestmark = pytest.mark.django_db


def steps(body) -> list[bool]:
    """Inventory, first system, common tools."""
    return [step.is_done for step in first_things([body])[body.pk]]


def test_a_new_register_has_everything_to_do_and_says_what(body):
    assert steps(body) == [False, False, False]
    assert all(step.note and step.address for step in first_things([body])[body.pk])


def test_an_inventory_that_came_in_is_done_and_one_undone_is_not(body, editor):
    run = ImportRun.objects.create(
        kind="inventory", organization=body, file_name="a.csv", started_at=clock.now(), started_by=editor,
        started_by_ref=editor.actor_ref, state="done", finished_at=clock.now(),
    )  # fmt: skip
    assert steps(body) == [True, False, False]
    ImportRun.objects.filter(pk=run.pk).update(undone_at=clock.now(), undone_by=editor)
    assert steps(body) == [False, False, False]


def test_a_draft_is_no_declared_system(body, other_body, editor):
    SystemFactory(organization=body, created_by=editor, draft=True)
    SystemFactory(organization=other_body, created_by=editor)
    assert steps(body) == [False, False, False]
    SystemFactory(organization=body, created_by=editor)
    assert steps(body) == [True, True, False]


def test_i_do_not_know_fills_the_page_of_common_tools(body, editor):
    save_common_tools(organization=body, answers={"code": {"is_used": "no"}}, version=0, by=editor)
    assert not steps(body)[2] and first_things([body])[body.pk][2].note.startswith("1")
    answers = {code: {"is_used": "unsure"} for code in COMMON_TOOLS.codes}
    save_common_tools(organization=body, answers=answers, version=1, by=editor)
    assert steps(body)[2]


def test_a_body_leaves_the_list_once_its_register_began(administrator, editor, reviewer, body):
    body.highest_authority_fr = "Sous-ministre"
    body.save()
    give(editor, body, Role.AI_LEAD, Role.DECIDING_AUTHORITY)
    (found,) = setup_lists_of(administrator)
    assert [step.is_done for step in found.steps] == [True] * 5 + [False] * 3
    SystemFactory(organization=body, created_by=editor)
    answers = {code: {"is_used": "unsure"} for code in COMMON_TOOLS.codes}
    save_common_tools(organization=body, answers=answers, version=0, by=editor)
    assert setup_lists_of(administrator) == [] and setup_list(body).is_done


def test_seven_queries_however_many_bodies(django_assert_num_queries):
    user = person()
    for number in range(6):
        give(user, OrganizationFactory(sigle=f"LOT{number}"), Role.ORGANIZATION_ADMIN)
    setup_lists_of(user)  # permissions are read once a request
    with django_assert_num_queries(7):
        assert len(setup_lists_of(user)) == 6


def test_the_page_shows_them_with_their_links(administrator, body, as_user):
    page = as_user(administrator).get("/fr/espace/").content.decode()
    for address in ("/fr/espace/importations/inventaire/", f"/fr/espace/outils-courants/{body.uuid}/"):
        assert f'href="{address}"' in page


def test_a_body_that_attests_to_use_no_ai_has_nothing_to_declare(body):
    lead = person(body, Role.AI_LEAD)
    assert first_things([body])[body.pk][1].note
    attest_no_ai(organization=body, attested_on=clock.civil_date(clock.now()), by=lead)
    assert steps(body) == [True, True, False]
    assert first_things([body])[body.pk][1].address.endswith(f"/{body.uuid}/aucune-ia/")
