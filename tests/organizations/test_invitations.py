"""Invitations: a link that nothing in the database reveals, for one person, for fourteen days."""

from datetime import timedelta
from uuid import uuid4

import pytest

from core.models import AuditEvent, Intent
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from organizations.models import Invitation, Membership, User
from organizations.services import links
from organizations.services.invitations import (
    LASTS,
    accept_invitation,
    find_invitation,
    invite,
    is_open,
    join_by_invitation,
    resend_invitation,
    withdraw_invitation,
)
from organizations.workflow import Role
from tests.factories.organizations import OrganizationFactory, give, person

EMAIL = "invitee@organisme.example"


@pytest.fixture
def invitation(administrator, body):
    return send(administrator, body)


def send(by, body, **more):
    values = {
        "organization": body,
        "email": EMAIL,
        "roles": [Role.READER, Role.CONTRIBUTOR],
        "language": "fr",
        "by": by,
    }
    return invite(**values | more)


def secret_of(invitation):
    return links.invitation_secret(invitation.uuid, invitation.expires_at)


def age(invitation, by):
    """As if it had been sent that long ago."""
    Intent.objects.update(dedup_key="then")
    invitation.expires_at -= by
    invitation.token_digest = links.digest(secret_of(invitation))
    invitation.save()
    return invitation


def test_an_invitation_leaves_with_its_trace(administrator, body, invitation):
    assert (invitation.roles, invitation.invited_by) == (["contributor", "reader"], administrator)
    assert invitation.expires_at - invitation.invited_at == LASTS
    job = Intent.objects.get(task="organizations.tasks.send_message")
    assert job.arguments["refs"] == {"uuid": str(invitation.uuid)}
    assert AuditEvent.objects.get(verb="invite").facts == {"roles": ["contributor", "reader"]}


def test_no_row_holds_the_link(invitation):
    secret = secret_of(invitation)
    assert find_invitation(secret) == invitation
    kept = (
        str(list(Invitation.objects.values()))
        + str(list(Intent.objects.values()))
        + str(list(AuditEvent.objects.values()))
    )
    assert secret not in kept


def test_another_key_of_the_program_makes_another_link(invitation, settings):
    secret = secret_of(invitation)
    settings.SECRET_KEY = "another" * 10
    assert secret_of(invitation) != secret


@pytest.mark.parametrize("who", ["editor", "outsider", "overseer", "newcomer"])
def test_nobody_else_invites(request, who, administrator, body):
    with pytest.raises(NotAllowed):
        send(request.getfixturevalue(who), body)


def test_an_administration_invites_to_no_function_over_the_platform(administrator, operator, body):
    with pytest.raises(NotAllowed):
        send(administrator, body, roles=[Role.READER, Role.PLATFORM_ADMIN])
    assert send(operator, body, roles=[Role.PLATFORM_ADMIN]).pk


@pytest.mark.parametrize(("values", "field"), [({"email": "pas un courriel"}, "email"), ({"roles": []}, "roles")])
def test_what_cannot_be_sent_is_said(administrator, body, values, field):
    with pytest.raises(InvalidInput) as refusal:
        send(administrator, body, **values)
    assert refusal.value.field == field


def test_one_invitation_waits_at_a_time(administrator, body, invitation):
    with pytest.raises(NotPossibleNow):
        send(administrator, body, email=EMAIL.upper())
    withdraw_invitation(invitation=invitation, by=administrator)
    assert send(administrator, body).pk != invitation.pk


def test_functions_held_already_are_not_offered(administrator, editor, body):
    with pytest.raises(InvalidInput):
        send(administrator, body, email=editor.email, roles=[Role.SYSTEM_OWNER])


def test_the_same_form_sent_twice_invites_once(administrator, body):
    key = uuid4()
    assert send(administrator, body, request_key=key) == send(administrator, body, request_key=key)


def test_sending_again_makes_the_former_link_die(administrator, invitation):
    former = secret_of(age(invitation, timedelta(days=20)))
    assert not is_open(invitation)
    again = resend_invitation(invitation=invitation, by=administrator)
    assert is_open(again)
    assert find_invitation(former) is None
    assert find_invitation(secret_of(again)) == invitation
    assert Intent.objects.filter(task="organizations.tasks.send_message").count() == 2


def test_a_message_that_just_left_is_not_sent_again(administrator, invitation):
    with pytest.raises(NotPossibleNow):
        resend_invitation(invitation=invitation, by=administrator)


def test_withdrawing_closes_the_link(administrator, verified, invitation):
    withdraw_invitation(invitation=invitation, by=administrator)
    with pytest.raises(NotPossibleNow):
        accept_invitation(invitation=invitation, by=verified(person(email=EMAIL)))
    for act in (withdraw_invitation, resend_invitation):
        with pytest.raises(NotPossibleNow):
            act(invitation=invitation, by=administrator)


@pytest.mark.parametrize("act", [withdraw_invitation, resend_invitation])
def test_only_the_administration_changes_an_invitation(act, editor, outsider, invitation):
    for by in (editor, outsider):
        with pytest.raises(NotAllowed):
            act(invitation=invitation, by=by)


def test_a_person_with_an_account_accepts(administrator, verified, body, invitation):
    user = verified(person(email=EMAIL))
    accepted = accept_invitation(invitation=invitation, by=user)
    assert accepted.accepted_by == user
    found = Membership.objects.filter(user=user, organization=body).order_by("role")
    assert [(one.role, one.given_by) for one in found] == [("contributor", administrator), ("reader", administrator)]
    assert AuditEvent.objects.filter(verb="give_role", actor_ref=str(user.uuid)).count() == 2
    with pytest.raises(NotPossibleNow):
        accept_invitation(invitation=invitation, by=user)


def test_functions_held_meanwhile_are_not_doubled(verified, body, invitation):
    user = give(verified(person(email=EMAIL)), body, Role.READER)
    accept_invitation(invitation=invitation, by=user)
    assert Membership.objects.filter(user=user).count() == 2


def test_another_person_cannot_accept(newcomer, invitation):
    with pytest.raises(NotAllowed) as refusal:
        accept_invitation(invitation=invitation, by=newcomer)
    assert EMAIL in refusal.value.sentence


def test_an_unconfirmed_mailbox_cannot_accept(invitation):
    with pytest.raises(NotAllowed):
        accept_invitation(invitation=invitation, by=person(email=EMAIL))


def test_after_fourteen_days_nothing_opens(verified, invitation):
    with pytest.raises(NotPossibleNow):
        accept_invitation(invitation=age(invitation, timedelta(days=15)), by=verified(person(email=EMAIL)))


def test_a_person_without_an_account_opens_one_by_the_link(invitation):
    user = join_by_invitation(invitation=invitation, name="Invitée", password="une longue phrase", language="en")
    assert (user.email, user.language, user.check_password("une longue phrase")) == (EMAIL, "en", True)
    assert user.emailaddress_set.get().verified
    assert Membership.objects.filter(user=user).count() == 2


def test_the_link_does_not_take_an_account_over(invitation):
    person(email=EMAIL)
    with pytest.raises(InvalidInput):
        join_by_invitation(invitation=invitation, name="X", password="une longue phrase", language="fr")
    assert User.objects.filter(email=EMAIL).count() == 1


def test_people_of_the_demonstration_say_so(operator):
    body = OrganizationFactory(sigle="DEMO", is_demonstration=True)
    invitation = send(operator, body, roles=[Role.ORGANIZATION_ADMIN])
    assert join_by_invitation(invitation=invitation, name="X", password="x" * 12, language="fr").is_demonstration
