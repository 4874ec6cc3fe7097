"""Giving and ending access by exception, through the page."""

from datetime import timedelta

import pytest

from core import clock
from registry.models import SystemGrant

pytestmark = pytest.mark.django_db


def url(system) -> str:
    return f"/fr/espace/systemes/{system.uuid}/acces/"


def given(outsider, **changes):
    day = clock.civil_date(clock.now()) + timedelta(days=10)
    return {"email": outsider.email, "reason": "Analyse externe", "ends_on": day.isoformat(), **changes}


def test_given_shown_and_ended(editor, outsider, system, as_user):
    client = as_user(editor)
    assert client.post(url(system), given(outsider)).status_code == 303
    grant = SystemGrant.objects.get()
    shown = client.get(url(system)).content.decode()
    assert outsider.email in shown and "Analyse externe" in shown
    assert client.post(f"{url(system)}{grant.pk}/terminer/").status_code == 303
    assert [list(client.get(url(system)).context[name]) for name in ("in_force", "ended")] == [[], [grant]]


def test_sent_twice_it_is_one_access(editor, outsider, system, as_user):
    client = as_user(editor)
    for _again in range(2):
        client.post(url(system), given(outsider))
    assert SystemGrant.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "x"}, "email"),
        ({"email": "personne@ailleurs.example"}, "email"),
        ({"reason": " "}, "reason"),
        ({"ends_on": ""}, "ends_on"),
        ({"ends_on": "2020-01-01"}, "ends_on"),
    ],
)
def test_a_wrong_answer_is_told_beside_its_field(editor, outsider, system, as_user, change, field):
    response = as_user(editor).post(url(system), given(outsider, **change))
    assert response.status_code == 422 and list(response.context["form"].errors) == [field]
    assert not SystemGrant.objects.exists()


def test_an_access_is_ended_from_its_own_system(editor, outsider, system, as_user):
    from tests.factories.registry import SystemFactory

    client = as_user(editor)
    client.post(url(system), given(outsider))
    other = SystemFactory(organization=system.organization, created_by=editor)
    assert client.post(f"{url(other)}{SystemGrant.objects.get().pk}/terminer/").status_code == 404


def test_who(reviewer, outsider, editor, system, as_user):
    assert as_user(reviewer).get(url(system)).status_code == 403
    assert as_user(reviewer).post(url(system), given(outsider)).status_code == 403
    assert as_user(reviewer).post(f"{url(system)}1/terminer/").status_code == 403
    assert as_user(outsider).get(url(system)).status_code == 404
    assert as_user(editor).put(url(system)).status_code == 405
    assert as_user(editor).get(f"{url(system)}1/terminer/").status_code == 405
