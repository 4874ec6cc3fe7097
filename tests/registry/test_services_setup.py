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


def things(body, reader=None):
    return first_things([body], reader or person(body, Role.ORGANIZATION_ADMIN))[body.pk]


def steps(body) -> list[bool]:
    """Inventory, first system, common tools."""
    return [step.is_done for step in things(body)]


def test_a_new_register_has_everything_to_do_and_says_what(body):
    assert steps(body) == [False, False, False]
    assert all(step.note and step.address for step in things(body))


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
    assert not steps(body)[2] and things(body)[2].note.startswith("1")
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
    assert setup_lists_of(administrator) == [] and setup_list(body, administrator).is_done


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
    assert things(body)[1].note
    attest_no_ai(organization=body, attested_on=clock.civil_date(clock.now()), by=lead)
    assert steps(body) == [True, True, False]
    assert things(body)[1].address.endswith(f"/{body.uuid}/aucune-ia/")


def ways(body, user) -> list[str]:
    user.__dict__.pop("_permissions_by_body", None)
    return [address for _words, address in things(body, user)[1].ways]


def test_the_first_system_leads_each_reader_to_what_they_may_do(body, administrator, editor, as_user):
    declare, attest = "/fr/espace/systemes/declarer/", f"/fr/espace/organismes/{body.uuid}/aucune-ia/"
    assert ways(body, editor) == [declare]
    assert ways(body, person(body, Role.AI_LEAD)) == [declare, attest]
    give_herself, invite, third = ways(body, administrator)
    assert str(administrator.uuid) in give_herself and invite.endswith("/inviter/") and third == attest
    assert str(Role.SYSTEM_OWNER.label) in things(body, administrator)[1].note
    assert as_user(administrator).get(give_herself).status_code == 200
    page = as_user(administrator).get("/fr/espace/").content.decode()
    assert all(f'href="{address}"' in page for address in (give_herself, invite, attest))
    give(administrator, body, Role.SYSTEM_OWNER)
    assert ways(body, administrator) == [declare, attest]


def test_who_administers_is_not_sent_to_herself(body, administrator, as_user):
    page = as_user(administrator).get("/en/espace/systemes/declarer/")
    text = page.content.decode()
    assert page.status_code == 403 and "Ask the administration" not in text and "The administration of your" not in text
    assert f'href="/en/espace/organismes/{body.uuid}/personnes/"' in text
    reader = as_user(person(body, Role.READER)).get("/en/espace/systemes/declarer/")
    assert reader.status_code == 403 and "Ask the administration of your body." in reader.content.decode()
