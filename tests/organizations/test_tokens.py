"""Access tokens: made by their person, shown once, never stronger than the person, ended at once."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from core import clock
from core.audit import record
from core.models import AuditEvent
from core.models.audit import ActorKind
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from organizations.models import AccessToken, Membership
from organizations.permissions import SCOPE_PERMISSIONS, Permission, permissions_by_body
from organizations.services import tokens as service
from organizations.services.messages import token_created
from organizations.services.tokens import create_token, note_use, person_through, revoke_token
from organizations.workflow import Role, Scope
from tests.factories.organizations import give

pytestmark = pytest.mark.django_db


def day(days: int = 30):
    return clock.civil_date(clock.now()) + timedelta(days=days)


def made(user, *scopes, days=30, **words):
    told = {
        "name": "Script de synchronisation",
        "scopes": scopes or list(Scope.values),
        "expires_on": day(days),
    } | words
    return create_token(user=user, by=user, **(told | words))


def test_the_secret_is_told_once_and_only_its_digest_is_kept(editor):
    token, secret = made(editor, Scope.READ_SYSTEMS)
    assert secret.startswith(token.prefix) and secret.startswith("vigie_") and len(secret) > 40
    kept = " ".join(str(value) for value in AccessToken.objects.values_list().get())
    assert secret not in kept and token.digest in kept
    assert AuditEvent.objects.get(verb="create_token").facts == {"scopes": ["read_systems"], "until": str(day())}
    assert secret not in str(list(AccessToken.pgh_event_models["insert"].objects.values()))


def test_the_same_form_sent_twice_creates_once_and_tells_nothing_more(editor):
    key = uuid.uuid4()
    first, secret = made(editor, request_key=key)
    again, nothing = made(editor, request_key=key)
    assert (first, nothing) == (again, "") and secret and AccessToken.objects.count() == 1


def test_the_person_is_told_by_mail(editor):
    token, _secret = made(editor)
    message = token_created(str(token.uuid))
    assert message.to == editor.email and message.context["name"] == token.name
    assert token_created(str(uuid.uuid4())) is None


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"expires_on": None}, "expires_on"),
    ],
)
def test_what_is_wrong_is_told_by_field(editor, words, field):
    words = {"expires_on": day(800)} if words == {"expires_on": None} else words
    with pytest.raises(InvalidInput) as told:
        made(editor, **words)
    assert told.value.field == field


def test_one_has_twenty_at_most(editor, monkeypatch):
    monkeypatch.setattr(service, "MOST", 2)
    made(editor), made(editor)
    with pytest.raises(NotPossibleNow):
        made(editor)


def test_nobody_makes_or_revokes_the_token_of_another(editor, reviewer):
    with pytest.raises(NotAllowed):
        create_token(user=editor, by=reviewer, name="x", scopes=[Scope.READ_SYSTEMS], expires_on=day())
    token, _secret = made(editor)
    with pytest.raises(NotAllowed):
        revoke_token(token=token, by=reviewer)


def test_a_token_makes_and_revokes_none(editor):
    token, secret = made(editor)
    through = person_through(secret)
    with pytest.raises(NotAllowed):
        made(through)
    with pytest.raises(NotAllowed):
        revoke_token(token=token, by=through)


# --- Never more than the person ---------------------------------------------------------------------------------------
def test_the_rights_of_the_person_are_narrowed_to_the_scopes(editor, body):
    _token, secret = made(editor, Scope.READ_SYSTEMS)
    assert permissions_by_body(person_through(secret))[body.pk] == {Permission.READ_DRAFTS, Permission.READ_DECLARED}
    assert Permission.PUBLISH in permissions_by_body(editor)[body.pk]


def test_a_scope_gives_nothing_that_the_person_has_not(body, editor):
    reader = give(editor.__class__.objects.create_user("lecture@organisme.example", None), body, Role.READER)
    _token, secret = made(reader)
    assert permissions_by_body(person_through(secret))[body.pk] == {Permission.READ_DECLARED, Permission.MAKE_REPORT}


def test_no_scope_opens_the_second_look_people_or_the_platform():
    opened = frozenset().union(*SCOPE_PERMISSIONS.values())
    writing = {"declare", "edit_systems", "publish", "assess", "lead_assessment"}
    assert opened == {"read_drafts", "read_declared", "make_report", *writing}
    assert set(SCOPE_PERMISSIONS) == set(Scope)


def test_the_ledger_says_that_the_token_acted(editor, body):
    token, secret = made(editor)
    person = person_through(secret)
    with transaction.atomic():
        event = record(by=person, verb="try", thing=body)
    assert (event.actor_kind, event.actor_ref) == (ActorKind.TOKEN, str(token.uuid))
    assert editor.actor_kind == ActorKind.PERSON


# --- Stopped at once ------------------------------------------------------------------------------------------------
def test_a_revoked_token_opens_nothing(editor):
    token, secret = made(editor)
    revoke_token(token=token, by=editor)
    revoke_token(token=token, by=editor)
    assert person_through(secret) is None
    assert AuditEvent.objects.filter(verb="revoke_token").count() == 1


def test_an_expired_token_opens_nothing(editor):
    token, secret = made(editor, days=0)
    assert person_through(secret)
    AccessToken.objects.filter(pk=token.pk).update(expires_on=day(-1))
    assert person_through(secret) is None


def test_a_person_who_is_blocked_or_left_has_no_token_any_more(editor):
    _token, secret = made(editor)
    editor.is_active = False
    editor.save()
    assert person_through(secret) is None
    editor.is_active = True
    editor.save()
    assert person_through(secret)
    Membership.objects.filter(user=editor).update(ended_at=clock.now(), ended_by=editor)
    assert person_through(secret) is None


@pytest.mark.parametrize("secret", ["", "vigie_", "vigie_inconnu", "autre_chose", "vigie_\0", "vigie_\ud83d"])
def test_what_is_no_token_opens_nothing(editor, secret):
    assert person_through(secret.encode("utf-8", "replace").decode()) is None


def test_the_day_of_the_last_use_is_written_once_a_day(editor, django_assert_num_queries):
    _token, secret = made(editor)
    person = person_through(secret)
    note_use(token=person.through, by=person)
    assert AccessToken.objects.get().last_used_on == day(0)
    again = person_through(secret)
    with django_assert_num_queries(2):  # the savepoint of the test
        note_use(token=again.through, by=again)
    assert AccessToken.pgh_event_models["update"].objects.filter(pgh_label="update").count() == 0


# --- The database says it too ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("column", "value", "constraint"),
    [
        ("name", "", "accesstoken_has_name"),
        ("digest", "x", "accesstoken_digest_is_sha256"),
        ("scopes", [], "accesstoken_has_scope"),
        ("scopes", ["everything"], "accesstoken_scopes_known"),
        ("revoked_at", "now", "accesstoken_revoked_at_by"),
    ],
)
def test_a_constraint_holds(editor, column, value, constraint):
    token, _secret = made(editor)
    value = clock.now() if value == "now" else value
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        AccessToken.objects.filter(pk=token.pk).update(**{column: value})


def test_a_token_is_made_by_its_person(editor, reviewer):
    token, _secret = made(editor)
    with pytest.raises(IntegrityError, match="accesstoken_made_by_its_person"), transaction.atomic():
        AccessToken.objects.filter(pk=token.pk).update(created_by=reviewer)
