"""«Demander l'accès à mon organisme»: asked once, answered once, by those who may."""

from datetime import timedelta

import pytest

from core import clock
from core.models import AuditEvent, Intent
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from organizations.models import AccessRequest, Membership
from organizations.services.access import answerers, can_answer, grant_access, refuse_access, request_access
from organizations.workflow import AccessRequestState, Role
from tests.factories.organizations import OrganizationFactory, person


def ask(by, organization, function="Analyste"):
    return request_access(organization=organization, function=function, by=by)


@pytest.fixture
def asked(newcomer, administrator, body):
    return ask(newcomer, body)


def test_asking_tells_the_administration(newcomer, administrator, body, asked):
    assert (asked.state, asked.function, asked.user) == (AccessRequestState.WAITING, "Analyste", newcomer)
    job = Intent.objects.get(task="organizations.tasks.send_message")
    assert job.arguments["refs"] == {"uuid": str(asked.uuid), "to": str(administrator.uuid)}
    assert AuditEvent.objects.filter(verb="request_access", organization_uuid=body.uuid).exists()


def test_a_body_without_administration_is_answered_for_by_the_operator(newcomer, operator, body):
    assert answerers(body) == [operator]
    ask(newcomer, body)
    assert Intent.objects.get().arguments["refs"]["to"] == str(operator.uuid)


def test_one_request_waits_at_a_time(newcomer, asked, body):
    with pytest.raises(NotPossibleNow):
        ask(newcomer, body)


def test_a_person_does_not_ask_everywhere(newcomer):
    for number in range(3):
        ask(newcomer, OrganizationFactory(sigle=f"LOT{number}"))
    with pytest.raises(NotPossibleNow):
        ask(newcomer, OrganizationFactory(sigle="TROP"))


def test_members_and_closed_bodies_are_not_asked_for(editor, newcomer, verified, body, other_body):
    with pytest.raises(NotPossibleNow):
        ask(verified(editor), body)
    other_body.closed_on = clock.civil_date(clock.now())
    other_body.save()
    with pytest.raises(NotPossibleNow):
        ask(newcomer, other_body)


def test_an_unconfirmed_mailbox_asks_nothing(body):
    with pytest.raises(NotAllowed):
        ask(person(email="faux@organisme.example"), body)


def test_one_says_what_one_does(newcomer, body):
    with pytest.raises(InvalidInput) as refusal:
        ask(newcomer, body, function="   ")
    assert refusal.value.field == "function"


def test_the_administration_lets_in_with_functions(newcomer, administrator, body, asked):
    granted = grant_access(request=asked, roles=[Role.READER, Role.CONTRIBUTOR], by=administrator)
    assert (granted.state, granted.answered_by) == (AccessRequestState.GRANTED, administrator)
    assert set(Membership.objects.filter(user=newcomer, organization=body).values_list("role", flat=True)) == {
        "reader",
        "contributor",
    }
    assert AuditEvent.objects.get(verb="grant_access").facts == {"roles": ["contributor", "reader"]}


def test_refusing_gives_nothing_and_lets_ask_again(newcomer, administrator, body, asked):
    assert refuse_access(request=asked, by=administrator).state == AccessRequestState.REFUSED
    assert not Membership.objects.filter(user=newcomer).exists()
    assert ask(newcomer, body).pk != asked.pk


def test_a_request_is_answered_once(administrator, asked):
    refuse_access(request=asked, by=administrator)
    with pytest.raises(NotPossibleNow):
        grant_access(request=asked, roles=[Role.READER], by=administrator)


def test_letting_in_takes_a_function_one_may_give(administrator, asked):
    with pytest.raises(InvalidInput):
        grant_access(request=asked, roles=[], by=administrator)
    with pytest.raises(NotAllowed):
        grant_access(request=asked, roles=[Role.PLATFORM_ADMIN], by=administrator)


@pytest.mark.parametrize("who", ["editor", "outsider", "newcomer"])
def test_nobody_else_answers(request, who, asked):
    by = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        grant_access(request=asked, roles=[Role.READER], by=by)
    with pytest.raises(NotAllowed):
        refuse_access(request=asked, by=by)
    assert AccessRequest.objects.get().state == AccessRequestState.WAITING


def test_an_operator_whose_time_is_over_is_not_asked(body, operator):
    Membership.objects.filter(organization=body, role=Role.ORGANIZATION_ADMIN).delete()
    assert answerers(body) == [operator]
    yesterday = clock.civil_date(clock.now()) - timedelta(1)
    function = Membership.objects.filter(user=operator, role=Role.PLATFORM_ADMIN)
    function.update(starts_on=yesterday, ends_on=yesterday)
    assert answerers(body) == [] and not can_answer(operator, body)


def test_a_function_too_long_is_said_not_cut(newcomer, administrator, body):
    with pytest.raises(InvalidInput) as refused:
        ask(newcomer, body, function="x" * 201)
    assert refused.value.field == "function" and not AccessRequest.objects.exists()
