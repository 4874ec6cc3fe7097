"""«Mes jetons d'accès»."""

import uuid

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from organizations.models import AccessToken
from organizations.services.tokens import person_through
from organizations.workflow import Scope
from tests.access.people import sign_in
from tests.organizations.test_tokens import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(editor) -> Client:
    """Signed in, and has just said who they are."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = sign_in(editor)
    return client


def form(**changes):
    told = {"name": "Script", "scopes": ["read_systems"], "life": "90", "request_key": uuid.uuid4()}
    return told | changes


def test_a_list_without_tokens_teaches(client):
    page = client.get(reverse("account_tokens")).content.decode()
    assert "jeton" in page or "token" in page.lower()


def test_a_token_is_made_and_its_secret_shown_once(client, editor):
    sent = form()
    answer = client.post(reverse("account_new_token"), sent)
    token = AccessToken.objects.get()
    secret = answer.context["secret"]
    assert answer.status_code == 200 and secret in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert person_through(secret) == editor and token.scopes == ["read_systems"]
    again = client.post(reverse("account_new_token"), sent)
    assert again.context["secret"] == "" and AccessToken.objects.count() == 1
    page = client.get(reverse("account_tokens")).content.decode()
    assert "Script" in page and token.prefix in page and secret not in page


@pytest.mark.parametrize("changes", [{"name": ""}, {"scopes": []}, {"scopes": ["tout"]}, {"life": "9999"}])
def test_what_is_wrong_is_told_and_nothing_is_made(client, changes):
    answer = client.post(reverse("account_new_token"), form(**changes))
    assert answer.status_code == 422 and not AccessToken.objects.exists()


def test_one_is_asked_who_one_is_before_making_a_token(as_user, editor):
    answer = as_user(editor).get(reverse("account_new_token"))
    assert answer.status_code == 302 and answer.url.startswith(reverse("account_reauthenticate"))


def test_a_token_is_revoked(client, editor):
    token, secret = made(editor)
    assert client.post(reverse("account_revoke_token", args=[token.uuid])).status_code == 303
    assert person_through(secret) is None
    assert token.name in client.get(reverse("account_tokens")).content.decode()


def test_the_token_of_another_is_not_found(client, reviewer):
    token, secret = made(reviewer, Scope.READ_SYSTEMS)
    assert client.post(reverse("account_revoke_token", args=[token.uuid])).status_code == 404
    assert person_through(secret)
    assert token.prefix not in client.get(reverse("account_tokens")).content.decode()


def test_a_hostile_name_is_shown_as_it_is_written(client, editor):
    made(editor, name='<script>alert("1")</script>')
    page = client.get(reverse("account_tokens")).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_the_list_costs_the_same_whatever_its_length(client, editor, django_assert_max_num_queries):
    for _each in range(6):
        made(editor)
    with django_assert_max_num_queries(8):
        client.get(reverse("account_tokens"))
