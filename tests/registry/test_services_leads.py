"""Who keeps a record, handing everything over, drafts of a merged body."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core import clock
from core.models import AuditEvent
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from organizations.models import Membership, Succession
from organizations.services.handover import hand_over, holdings
from organizations.workflow import Role
from registry.services.leads import change_lead, hand_to_successor, successor_of
from registry.services.put_away import put_away_system
from registry.services.systems import begin_system
from registry.services.todo import waiting_for
from tests.factories.organizations import person
from tests.factories.registry import SystemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(body):
    return person(body, Role.CONTRIBUTOR, email="colleague@organisme.example", name="Collègue")


def test_who_begins_keeps_the_record(body, editor):
    assert begin_system(organization=body, answers={"name_fr": "Tri"}, by=editor).lead == editor


def test_another_person_of_the_body_keeps_it(system, editor, colleague):
    before = (system.version, system.updated_by)
    changed = change_lead(system=system, to=colleague, by=editor)
    assert changed.lead == colleague and (changed.version, changed.updated_by) == before
    assert AuditEvent.objects.get(verb="change_lead").facts == {"person": str(colleague.uuid)}
    change_lead(system=system, to=colleague, by=editor)
    assert AuditEvent.objects.filter(verb="change_lead").count() == 1


def test_who_may_not_change_systems_does_not_keep_them(system, editor, reviewer, outsider):
    for someone in (reviewer, outsider):
        with pytest.raises(InvalidInput):
            change_lead(system=system, to=someone, by=editor)
        with pytest.raises(NotAllowed):
            change_lead(system=system, to=editor, by=someone)


def test_a_record_put_away_keeps_who_kept_it(system, editor, colleague):
    put_away_system(system=system, reason="x", by=editor)
    with pytest.raises(NotPossibleNow):
        change_lead(system=system, to=colleague, by=editor)


def test_its_page(system, editor, colleague, reviewer, as_user):
    client, address = as_user(editor), reverse("registry:lead", args=[system.uuid])
    assert str(reviewer.uuid) not in client.get(address).content.decode()
    assert client.post(address, {"to": str(reviewer.uuid)}).status_code == 422
    assert client.post(address, {"to": "x"}).status_code == 422
    assert client.post(address, {"to": str(colleague.uuid)}).status_code == 303
    assert str(colleague) in client.get(reverse("registry:system", args=[system.uuid])).content.decode()


# --- «Passer le relais» -----------------------------------------------------------------------------------------------
@pytest.fixture
def kept(body, editor):
    """A system led, one opened and led by nobody, a draft; one of another person."""
    mine = [SystemFactory(organization=body, lead=editor), SystemFactory(organization=body, created_by=editor)]
    draft = SystemFactory(organization=body, created_by=editor, lead=editor, draft=True)
    SystemFactory(organization=body, created_by=editor, lead=person(body, Role.CONTRIBUTOR))
    return [*mine, draft]


def test_everything_goes_at_once(kept, body, editor, colleague, administrator):
    found = {one.code: len(one.things) for one in holdings(editor, body)}
    assert found == {"functions": 1, "systems": 3}
    kinds = ["functions", "systems"]
    counts = hand_over(organization=body, person=editor, to=colleague, kinds=kinds, by=administrator)
    assert counts == found and holdings(editor, body) == []
    for system in kept:
        system.refresh_from_db()
        assert system.lead == colleague
    today = clock.civil_date(clock.now())
    roles = Membership.objects.in_force(today).filter(organization=body).order_by("pk").values_list("user", "role")
    assert (colleague.pk, "system_owner") in roles and (editor.pk, "system_owner") not in roles
    event = AuditEvent.objects.get(verb="hand_over")
    assert event.facts == {"person": str(editor.uuid), "to": str(colleague.uuid), "counts": found}
    assert AuditEvent.objects.filter(verb="change_lead").count() == 3


def test_records_alone_leave_the_functions(kept, body, editor, colleague, administrator):
    hand_over(organization=body, person=editor, to=colleague, kinds=["systems"], by=administrator)
    assert [one.code for one in holdings(editor, body)] == ["functions"]


def test_the_receiver_must_be_able_to_hold_it(kept, body, editor, administrator, reviewer, outsider):
    for to in (reviewer, outsider, editor):
        with pytest.raises(InvalidInput):
            hand_over(organization=body, person=editor, to=to, kinds=["systems"], by=administrator)
    with pytest.raises(InvalidInput):
        hand_over(organization=body, person=editor, to=reviewer, kinds=["nothing"], by=administrator)
    assert not AuditEvent.objects.filter(verb__in=["hand_over", "change_lead"]).exists()


def test_with_the_functions_the_receiver_can(kept, body, editor, administrator, reviewer):
    hand_over(organization=body, person=editor, to=reviewer, kinds=["systems", "functions"], by=administrator)
    assert holdings(editor, body) == []


def test_only_the_administration_hands_over(kept, body, editor, colleague, outsider):
    for by in (editor, outsider):
        with pytest.raises(NotAllowed):
            hand_over(organization=body, person=editor, to=colleague, kinds=["systems"], by=by)


def test_the_last_administration_hands_itself_over(body, administrator, colleague):
    hand_over(organization=body, person=administrator, to=colleague, kinds=["functions"], by=administrator)
    assert [one.things for one in holdings(colleague, body)] and not holdings(administrator, body)


def test_what_waits_follows(kept, body, editor, colleague, administrator):
    before = {item.address for item in waiting_for(editor)}
    hand_over(organization=body, person=editor, to=colleague, kinds=["systems"], by=administrator)
    assert {item.address for item in waiting_for(colleague)} == before and waiting_for(editor) == []


def test_its_page_and_the_end_of_a_function(kept, body, editor, colleague, administrator, as_user):
    client, address = as_user(administrator), reverse("organizations:handover", args=[body.uuid, editor.uuid])
    page = client.get(address).content.decode()
    assert kept[0].name_fr in page and str(colleague.uuid) in page
    end = reverse("organizations:end_role", args=[body.uuid, editor.uuid, "system_owner"])
    assert address in client.get(end).content.decode()
    assert client.post(end)["Location"] == address, "what is left is offered to somebody else"
    assert client.post(address, {"to": str(editor.uuid), "kinds": "systems"}).status_code == 422
    assert client.post(address, {"to": str(colleague.uuid), "kinds": "systems"}).status_code == 303
    assert client.get(address).status_code == 200


# --- Merged bodies ----------------------------------------------------------------------------------------------------
@pytest.fixture
def merged(body, other_body):
    today = clock.civil_date(clock.now())
    body.closed_on = today
    body.save()
    Succession.objects.create(
        former_sigle="MTEST", former_name_fr="Ancien", successor=other_body, kind="merged", effective_on=today,
        predecessor=body,
    )  # fmt: skip
    return body


def test_a_draft_goes_on_in_the_body_that_carries_on_the_work(merged, other_body, editor, as_user):
    draft = SystemFactory(organization=merged, created_by=editor, lead=editor, draft=True)
    assert successor_of(merged) == other_body
    sheet = as_user(editor).get(reverse("registry:system", args=[draft.uuid])).content.decode()
    assert reverse("registry:to_successor", args=[draft.uuid]) in sheet
    moved = hand_to_successor(system=draft, by=editor)
    assert (moved.organization, moved.lead) == (other_body, None), "the former person has no function there"
    assert AuditEvent.objects.get(verb="hand_to_successor").facts == {"from": str(merged.uuid)}


def test_a_number_stays_with_its_body_and_an_open_body_keeps_its_drafts(body, editor, outsider):
    draft = SystemFactory(organization=body, created_by=editor, draft=True)
    with pytest.raises(NotAllowed):
        hand_to_successor(system=draft, by=outsider)
    with pytest.raises(NotPossibleNow):
        hand_to_successor(system=draft, by=editor)


def test_a_declared_system_stays(merged, editor):
    with pytest.raises(NotPossibleNow):
        hand_to_successor(system=SystemFactory(organization=merged), by=editor)


# --- «À faire» --------------------------------------------------------------------------------------------------------
def test_a_review_is_announced_a_month_before(body, editor):
    today = clock.civil_date(clock.now())
    for days in (-10, 30, 31):
        SystemFactory(organization=body, lead=editor, phase="pilot", review_due_on=today + timedelta(days=days))
    assert [item.due_on for item in waiting_for(editor)] == [today - timedelta(days=10), today + timedelta(days=30)]


def test_a_departure_and_missing_answers_wait_for_who_keeps_the_record(body, editor, colleague, whole_system):
    whole_system.lead = editor
    whole_system.review_due_on = None
    whole_system.save()
    assert waiting_for(editor) == []
    SystemFactory(organization=body, lead=colleague, autonomy="alone", affects_rights="yes", phase="in_service")
    SystemFactory(organization=body, lead=colleague, phase="suspended")
    found = waiting_for(colleague)
    assert len(found) == 2 and len({item.what for item in found}) == 2, "one line each, one system"
    assert waiting_for(editor) == []


def test_who_left_the_body_is_not_reminded(body, editor):
    SystemFactory(organization=body, lead=editor, phase="in_service")
    assert waiting_for(editor)
    Membership.objects.filter(user=editor).update(ends_on=clock.civil_date(clock.now()) - timedelta(days=1))
    editor.__dict__.pop("_permissions_by_body", None)
    assert waiting_for(editor) == []


def test_the_number_of_queries_is_constant(body, editor):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def counted():
        editor.__dict__.pop("_permissions_by_body", None)
        with CaptureQueriesContext(connection) as queries:
            waiting_for(editor)
        return len(queries)

    today = clock.civil_date(clock.now())
    SystemFactory(organization=body, lead=editor, review_due_on=today)
    one = counted()
    for _again in range(5):
        SystemFactory(organization=body, lead=editor, review_due_on=today, autonomy="alone", affects_rights="yes")
    assert counted() == one <= 7
