"""Pages of people: members, invitations, requests for access, one's own account, the operator's jobs."""

from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse

from core import clock
from core.models import AuditEvent, Intent
from organizations.models import AccessRequest, Invitation, Membership, User
from organizations.services import links
from organizations.services.access import request_access
from organizations.services.invitations import accept_invitation, invite, withdraw_invitation
from organizations.workflow import Role
from tests.factories.organizations import PASSWORD, OrganizationFactory, give, person


def url(name, *args):
    return reverse(name if name.startswith("account") else f"organizations:{name}", args=args)


@pytest.fixture
def invitation(administrator, body):
    return invite(
        organization=body, email="invitee@organisme.example", roles=[Role.READER], language="fr", by=administrator
    )


@pytest.fixture
def page_of(invitation):
    return url("account_invitation", links.invitation_secret(invitation.uuid, invitation.expires_at))


@pytest.fixture
def asked(newcomer, administrator, body):
    return request_access(organization=body, function="Analyste", by=newcomer)


# --- Members --------------------------------------------------------------------------------------------------------
def test_everybody_of_the_body_sees_who_holds_what(as_user, editor, administrator, outsider, operator, body):
    page = as_user(editor).get(url("members", body.uuid))
    assert page.status_code == 200
    assert {one.person for one in page.context["colleagues"]} == {editor, administrator}
    assert Role.PRIVACY_OFFICER in page.context["vacant"]
    assert not page.context["may_manage"]
    assert as_user(operator).get(url("members", body.uuid)).context["may_manage"]
    assert as_user(outsider).get(url("members", body.uuid)).status_code == 404
    assert as_user(editor).post(url("members", body.uuid)).status_code == 405


def test_an_invitation_shows_the_functions_it_offers_and_they_are_not_called_vacant(
    as_user, administrator, editor, body
):
    before = as_user(administrator).get(url("members", body.uuid)).context["vacant"]
    roles = [Role.AI_LEAD, Role.PRIVACY_OFFICER]
    made = invite(organization=body, email="b@organisme.example", roles=roles, language="fr", by=administrator)
    page = as_user(administrator).get(url("members", body.uuid))
    assert set(page.context["vacant"]) == set(before) - set(roles) and set(page.context["invited"]) == set(roles)
    table = unescape(page.content.decode()).partition('id="invitations"')[2]
    assert all(str(role.label) in table for role in roles)
    assert str(Role.AI_LEAD.label) in unescape(as_user(editor).get(url("body", body.uuid)).content.decode())
    withdraw_invitation(invitation=made, by=administrator)
    assert as_user(administrator).get(url("members", body.uuid)).context["vacant"] == before


def test_an_invitation_past_its_days_fills_nothing(as_user, administrator, body):
    made = invite(organization=body, email="b@organisme.example", roles=[Role.AI_LEAD], language="fr", by=administrator)
    Invitation.objects.filter(pk=made.pk).update(expires_at=clock.now() - timedelta(days=1))
    page = as_user(administrator).get(url("members", body.uuid))
    assert Role.AI_LEAD in page.context["vacant"] and page.context["invited"] == []


def test_without_a_mail_server_the_page_says_where_the_message_is(as_user, administrator, editor, body, settings):
    form = {"email": "b@organisme.example", "roles": ["reader"], "language": "fr", "request_key": uuid4()}
    as_user(administrator).post(url("invite", body.uuid), form)
    assert "var/mail" not in as_user(administrator).get(url("members", body.uuid)).content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(settings.ROOT / "var" / "mail")
    sent = as_user(administrator).post(
        url("invite", body.uuid), form | {"email": "c@organisme.example", "request_key": uuid4()}, follow=True
    )
    assert sent.content.decode().count("var/mail") == 2, "said once of this message, and of all"
    assert "var/mail" not in as_user(editor).get(url("members", body.uuid)).content.decode()
    settings.EMAIL_FILE_PATH = "/srv/mail"
    assert "<code>/srv/mail</code>" in as_user(administrator).get(url("members", body.uuid)).content.decode()


def test_functions_held_together_are_shown_together(as_user, administrator, body):
    give(administrator, body, Role.AI_LEAD, Role.PRIVACY_OFFICER)
    (colleague,) = as_user(administrator).get(url("members", body.uuid)).context["colleagues"]
    assert [one.role for one in colleague.functions] == ["privacy_officer", "ai_lead", "organization_admin"]


def test_the_page_of_members_takes_as_many_queries_however_many(
    as_user, administrator, body, django_assert_max_num_queries
):
    for _number in range(30):
        person(body, Role.READER, Role.CONTRIBUTOR)
    client = as_user(administrator)
    with django_assert_max_num_queries(12):
        client.get(url("members", body.uuid))


def test_giving_and_ending_a_function(as_user, administrator, editor, body):
    client = as_user(administrator)
    give_page = url("give_role", body.uuid, editor.uuid)
    assert client.get(give_page).status_code == 200
    ends_on = clock.civil_date(clock.now()) + timedelta(days=30)
    assert client.post(give_page, {"roles": ["ai_lead"], "ends_on": ends_on.isoformat()}).status_code == 303
    assert Membership.objects.get(user=editor, role="ai_lead").ends_on == ends_on
    end_page = url("end_role", body.uuid, editor.uuid, "ai_lead")
    assert client.get(end_page).status_code == 200
    assert client.post(end_page).status_code == 303
    assert Membership.objects.get(user=editor, role="ai_lead").ended_by == administrator
    assert client.get(end_page).status_code == 404


def test_several_functions_are_given_at_once_or_none(as_user, administrator, editor, body):
    client, page = as_user(administrator), url("give_role", body.uuid, editor.uuid)
    before = Membership.objects.filter(user=editor).count()
    assert client.post(page, {"roles": ["ai_lead", "auditor"]}).status_code == 303
    assert Membership.objects.filter(user=editor).count() == before + 2
    assert client.post(page, {"roles": ["privacy_officer", "ai_lead"]}).status_code == 422, "held already"
    assert Membership.objects.filter(user=editor).count() == before + 2


def test_the_last_administration_stays_with_its_sentence(as_user, administrator, body):
    answer = as_user(administrator).post(url("end_role", body.uuid, administrator.uuid, "organization_admin"))
    assert answer.status_code == 409


@pytest.mark.parametrize(
    "sent", [{"roles": ["inconnu"]}, {}, {"roles": ["platform_admin"]}, {"roles": ["ai_lead"], "ends_on": "1999-01-01"}]
)
def test_a_wrong_function_is_said(as_user, administrator, editor, body, sent):
    assert as_user(administrator).post(url("give_role", body.uuid, editor.uuid), sent).status_code == 422


def test_only_the_administration_gives_and_ends(as_user, editor, reviewer, outsider, administrator, body):
    for page in (
        url("give_role", body.uuid, reviewer.uuid),
        url("end_role", body.uuid, reviewer.uuid, "privacy_officer"),
    ):
        assert [as_user(user).post(page).status_code for user in (editor, outsider)] == [403, 404]
        assert as_user(administrator).put(page).status_code == 405
    assert as_user(administrator).get(url("give_role", body.uuid, outsider.uuid)).status_code == 404


# --- Invitations ----------------------------------------------------------------------------------------------------
def test_inviting(as_user, administrator, body):
    key = str(uuid4())
    sent = {"email": "x@organisme.example", "roles": ["reader", "ai_lead"], "language": "en", "request_key": key}
    for _again in range(2):
        assert as_user(administrator).post(url("invite", body.uuid), sent).status_code == 303
    assert Invitation.objects.get().roles == ["ai_lead", "reader"]
    assert "x@organisme.example" in as_user(administrator).get(url("members", body.uuid)).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"email": "x"}, {"roles": []}, {"roles": ["platform_admin"]}, {"language": "de"}, {"request_key": "x"}]
)
def test_a_wrong_invitation_is_said(as_user, administrator, body, wrong):
    sent = {"email": "x@organisme.example", "roles": ["reader"], "language": "fr", "request_key": str(uuid4())}
    answer = as_user(administrator).post(url("invite", body.uuid), sent | wrong)
    assert answer.status_code == 422
    assert not Invitation.objects.exists()


def test_a_second_invitation_is_refused_on_the_form(as_user, administrator, body, invitation):
    sent = {"email": invitation.email, "roles": ["reader"], "language": "fr", "request_key": str(uuid4())}
    answer = as_user(administrator).post(url("invite", body.uuid), sent)
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors()


def test_only_the_administration_invites(as_user, editor, outsider, body):
    assert [as_user(user).get(url("invite", body.uuid)).status_code for user in (editor, outsider)] == [403, 404]


@pytest.mark.parametrize("name", ["resend_invitation", "withdraw_invitation"])
def test_only_the_administration_changes_an_invitation(as_user, editor, outsider, administrator, invitation, name):
    page = url(name, invitation.uuid)
    assert [as_user(user).post(page).status_code for user in (editor, outsider)] == [403, 404]
    assert as_user(administrator).get(page).status_code == 405


def test_sending_again_and_withdrawing(as_user, administrator, invitation):
    client = as_user(administrator)
    assert client.post(url("resend_invitation", invitation.uuid)).status_code == 409
    Invitation.objects.update(expires_at=clock.now() - timedelta(days=1))
    assert client.post(url("resend_invitation", invitation.uuid)).status_code == 303
    assert client.post(url("withdraw_invitation", invitation.uuid)).status_code == 303
    assert client.post(url("withdraw_invitation", invitation.uuid)).status_code == 409


def test_a_newcomer_opens_an_account_by_the_link(client, page_of, body):
    assert client.get(page_of).status_code == 200
    assert client.post(page_of, {"name": "Invitée", "password": "court"}).status_code == 422
    answer = client.post(page_of, {"name": "Invitée", "password": "une longue phrase"})
    assert (answer.status_code, answer["Location"]) == (302, url("todo"))
    assert Membership.objects.get(user__email="invitee@organisme.example").organization == body
    assert client.get(url("todo")).status_code == 200
    client.logout()
    assert client.get(page_of).status_code == 410


def test_a_password_like_the_e_mail_is_refused(client, page_of):
    answer = client.post(page_of, {"name": "X", "password": "invitee@organisme.example"})
    assert "password" in answer.context["form"].errors


def test_a_person_with_an_account_signs_in_then_accepts(client, page_of, verified, body):
    user = verified(person(email="invitee@organisme.example"))
    shown = client.get(page_of).content.decode()
    assert f"{url('account_login')}?next={page_of}" in shown
    assert client.post(page_of, {"name": "X", "password": "une longue phrase"}).status_code == 200
    answer = client.post(
        f"{url('account_login')}?next={page_of}", {"login": user.email, "password": PASSWORD, "next": page_of}
    )
    assert answer["Location"] == page_of
    assert client.get(page_of).context["is_mine"]
    assert client.post(page_of).status_code == 303
    assert Membership.objects.get(user=user).organization == body


def test_another_person_reads_one_clear_sentence(as_user, newcomer, page_of, invitation):
    shown = as_user(newcomer).get(page_of)
    assert not shown.context["is_mine"]
    assert invitation.email in shown.content.decode() and newcomer.email in shown.content.decode()
    assert as_user(newcomer).post(page_of).status_code == 403
    assert not Membership.objects.filter(user=newcomer).exists()


def test_a_link_that_is_over_says_so(client, administrator, page_of, invitation):
    assert client.get(url("account_invitation", "rien")).status_code == 404
    withdraw_invitation(invitation=invitation, by=administrator)
    assert client.get(page_of).status_code == 410
    assert client.delete(page_of).status_code == 405


# --- Requests for access --------------------------------------------------------------------------------------------
def test_finding_one_s_body_and_asking(as_user, newcomer, published):
    client = as_user(newcomer)
    assert client.get(url("request_access")).status_code == 200
    found = client.get(url("request_access"), {"q": "ESSAIS"})
    assert [one.pk for one in found.context["page"]] == [published.pk]
    page = url("request_access_to", published.uuid)
    assert client.get(page).status_code == 200
    assert client.post(page, {"function": " "}).status_code == 422
    assert client.post(page, {"function": "Analyste"}).status_code == 303
    assert client.post(page, {"function": "Analyste"}).status_code == 422
    assert AccessRequest.objects.get().user == newcomer


def test_a_closed_body_is_not_found(as_user, newcomer, body):
    body.closed_on = clock.civil_date(clock.now())
    body.save()
    assert as_user(newcomer).get(url("request_access_to", body.uuid)).status_code == 404
    assert as_user(newcomer).post(url("request_access")).status_code == 405


def test_letting_in(as_user, administrator, newcomer, asked):
    client, page = as_user(administrator), url("access_request", asked.uuid)
    assert client.get(page).status_code == 200
    assert client.post(page, {"answer": "grant"}).status_code == 422
    assert client.post(page, {"answer": "grant", "roles": ["reader"]}).status_code == 303
    assert Membership.objects.get(user=newcomer).role == "reader"
    assert client.get(page).status_code == 200


def test_refusing(as_user, administrator, asked):
    assert as_user(administrator).post(url("access_request", asked.uuid), {"answer": "refuse"}).status_code == 303
    asked.refresh_from_db()
    assert asked.state == "refused"
    assert as_user(administrator).post(url("access_request", asked.uuid), {"answer": "refuse"}).status_code == 409


def test_only_the_administration_answers(as_user, editor, outsider, newcomer, administrator, asked):
    page = url("access_request", asked.uuid)
    for sent in ({"answer": "refuse"}, {"answer": "grant", "roles": ["reader"]}):
        assert [as_user(user).post(page, sent).status_code for user in (outsider, newcomer)] == [404, 404]
    assert as_user(editor).post(page, {"answer": "refuse"}).status_code == 403
    assert as_user(administrator).put(page).status_code == 405


# --- One's own account ----------------------------------------------------------------------------------------------
def test_a_person_changes_their_name_and_language(as_user, editor):
    client = as_user(editor)
    assert client.get(url("account_profile")).status_code == 200
    assert client.post(url("account_profile"), {"name": "Autre", "language": "de"}).status_code == 422
    assert client.post(url("account_profile"), {"name": "Autre", "language": "en"}).status_code == 303
    assert User.objects.get(pk=editor.pk).language == "en"
    assert client.delete(url("account_profile")).status_code == 405


# --- Platform -------------------------------------------------------------------------------------------------------
@pytest.fixture
def failed(db):
    moment = clock.now()
    values = {"created_at": moment, "due_at": moment, "finished_at": moment}
    return Intent.objects.create(task="x.tasks.y", dedup_key="x", state="failed", last_error="OSError", **values)


def test_the_operator_tries_a_failed_job_again(as_user, operator, failed):
    client = as_user(operator)
    assert "x.tasks.y" in client.get(url("failed_jobs")).content.decode()
    assert client.post(url("retry_job", failed.pk)).status_code == 303
    failed.refresh_from_db()
    assert failed.state == "waiting"
    assert AuditEvent.objects.get(verb="retry_job").actor_ref == str(operator.uuid)
    assert client.post(url("retry_job", failed.pk)).status_code == 409
    assert client.post(url("retry_job", 999_999)).status_code == 404
    assert client.get(url("failed_jobs")).status_code == 200


def test_nobody_else_sees_the_jobs(as_user, administrator, overseer, client, failed):
    for user in (administrator, overseer):
        assert as_user(user).get(url("failed_jobs")).status_code == 403
        assert as_user(user).post(url("retry_job", failed.pk)).status_code == 403
    assert client.get(url("failed_jobs")).status_code == 302


def test_wrong_methods(as_user, operator, failed):
    assert as_user(operator).post(url("failed_jobs")).status_code == 405
    assert as_user(operator).get(url("retry_job", failed.pk)).status_code == 405


def test_a_body_with_a_hostile_name_stays_text(as_user, operator):
    body = OrganizationFactory(sigle="MAL", name_fr="<img src=x onerror=alert(1)>")
    for name in ("body", "members", "merge", "move", "close"):
        assert "<img src=x" not in as_user(operator).get(url(name, body.uuid)).content.decode()


def test_the_same_sending_twice_names_the_person_who_was_invited(as_user, administrator, body):
    sent = {"email": "x@organisme.example", "roles": ["reader"], "language": "fr", "request_key": str(uuid4())}
    client = as_user(administrator)
    client.post(url("invite", body.uuid), sent)
    page = client.post(url("invite", body.uuid), {**sent, "email": "autre@organisme.example"}, follow=True)
    assert "autre@organisme.example" not in page.content.decode()


def test_an_invitation_used_already_leads_the_one_who_is_inside_on(as_user, administrator, body, newcomer):
    waiting = invite(organization=body, email=newcomer.email, roles=["reader"], language="fr", by=administrator)
    secret = links.invitation_secret(waiting.uuid, waiting.expires_at)
    accept_invitation(invitation=waiting, by=newcomer)
    answer = as_user(newcomer).get(reverse("account_invitation", args=[secret]))
    assert answer.status_code == 410
    assert reverse("organizations:todo") in answer.content.decode()
    assert reverse("account_login") not in answer.content.decode()


def test_what_is_handed_over_twice_or_to_nobody_is_told_plainly(as_user, administrator, body, editor):
    client, address = as_user(administrator), url("handover", body.uuid, editor.uuid)
    colleague = person(body, Role.READER)
    assert client.post(address, {"to": colleague.uuid, "kinds": ["functions"]}).status_code == 303
    again = client.post(address, {"to": "zzz", "kinds": ["functions"]})
    told = [str(one) for found in again.context["form"].errors.values() for one in found]
    assert again.status_code == 422 and told[0] == "Choisissez une autre personne de cet organisme."
    assert len(told) == 2 and "functions" not in told[1] and "UUID" not in "".join(told)
