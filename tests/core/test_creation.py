"""A creating form sent twice creates once, even at the same moment; somebody else's key gives nothing."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction

from core import clock
from core.audit import NamedJob
from core.models import CreationKey, Intent
from core.services import NotPossibleNow, created_once, forget_creation_keys
from organizations.models import Organization
from tests.factories.organizations import OrganizationFactory

pytestmark = pytest.mark.django_db
ONE, OTHER = NamedJob("one"), NamedJob("other")


def send(key: uuid.UUID, *, by: NamedJob = ONE, sigle: str = "MIN") -> Organization:
    """The form of a body, as its service takes it."""
    return created_once(key=key, by=by, model=Organization, create=lambda: OrganizationFactory(sigle=sigle))


def test_the_second_sending_gives_what_the_first_made():
    key = uuid.uuid4()
    assert send(key) == send(key, sigle="AUTRE")
    assert Organization.objects.count() == 1


def test_another_key_makes_another_thing():
    assert send(uuid.uuid4()) != send(uuid.uuid4(), sigle="AUTRE")


def test_a_refused_form_may_be_sent_again():
    key = uuid.uuid4()
    with pytest.raises(ZeroDivisionError):
        created_once(key=key, by=ONE, model=Organization, create=lambda: 1 / 0)
    assert not CreationKey.objects.exists()
    assert send(key).pk


def test_the_key_of_another_person_gives_nothing():
    key = uuid.uuid4()
    send(key)
    with pytest.raises(NotPossibleNow):
        send(key, by=OTHER, sigle="AUTRE")
    assert Organization.objects.count() == 1


def test_the_key_of_another_form_gives_nothing():
    key = uuid.uuid4()
    send(key)
    with pytest.raises(NotPossibleNow):
        created_once(key=key, by=ONE, model=Intent, create=Intent)


def test_the_key_of_a_thing_that_is_gone_gives_nothing():
    key = uuid.uuid4()
    send(key).delete()
    with pytest.raises(NotPossibleNow):
        send(key)


def test_keys_leave_after_a_week():
    send(uuid.uuid4())
    moment = clock.now()
    assert forget_creation_keys(moment=moment + timedelta(days=6)) == 0
    assert forget_creation_keys(moment=moment + timedelta(days=8)) == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_make_one():
    """The second waits for the first on the key, then is given what it made."""
    key, found = uuid.uuid4(), []
    holds, go_on = threading.Event(), threading.Event()

    def create() -> Organization:
        holds.set()
        assert go_on.wait(20)
        return OrganizationFactory(sigle="MIN")

    def first() -> None:
        found.append(created_once(key=key, by=ONE, model=Organization, create=create))
        connection.close()

    def second() -> None:
        found.append(send(key, sigle="AUTRE"))
        connection.close()

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    assert holds.wait(20)
    threads[1].start()
    threads[1].join(0.3)
    assert threads[1].is_alive(), "the second waits"
    go_on.set()
    for thread in threads:
        thread.join(20)
    assert len(found) == 2 and found[0] == found[1]
    assert Organization.objects.count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_when_the_first_fails_the_second_creates():
    key, made = uuid.uuid4(), []
    holds, go_on = threading.Event(), threading.Event()

    def first() -> None:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            created_once(key=key, by=ONE, model=Organization, create=lambda: OrganizationFactory(sigle="MIN"))
            holds.set()
            assert go_on.wait(20)
            raise ZeroDivisionError
        connection.close()

    def second() -> None:
        made.append(send(key, sigle="AUTRE"))
        connection.close()

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    assert holds.wait(20)
    threads[1].start()
    threads[1].join(0.3)
    go_on.set()
    for thread in threads:
        thread.join(20)
    assert [body.sigle for body in made] == ["AUTRE"] == list(Organization.objects.values_list("sigle", flat=True))
