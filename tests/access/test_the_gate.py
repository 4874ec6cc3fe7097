"""The gate can fail: faults are planted, and the table tells each of them."""

import pytest

from organizations.permissions import ROLE_PERMISSIONS, Permission
from organizations.workflow import Role
from registry.models import AISystem
from registry.models.system import AISystemQuerySet
from tests import test_access as gate
from tests.access.people import EVERY_FUNCTION
from tests.access.routes import Route
from tests.access.table import Row, read_table
from tests.access.world import World, built_once

world = pytest.fixture(scope="module")(built_once)


def row(page: str, method: str = "GET", case: str = "-") -> Row:
    (found,) = [one for one in read_table() if one.key == (page, method, case)]
    return found


@pytest.mark.django_db
def test_a_reader_who_may_write_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    wider = ROLE_PERMISSIONS[Role.READER] | {Permission.EDIT_SYSTEMS}
    monkeypatch.setitem(ROLE_PERMISSIONS, Role.READER, wider)
    told = gate.contradictions(row("registry:edit", "POST", "declared"), world, (Role.READER,))
    assert told == ["reader: the table says 403|404|404, the page answers 303|404|404."]


@pytest.mark.django_db
def test_a_page_open_to_another_body_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AISystemQuerySet, "visible_to", lambda systems, user: systems)
    told = gate.contradictions(row("registry:system", case="draft"), world, (Role.READER,))
    assert "the page answers 200" in told[0]
    assert "reader, other: the page (200) shows DRAFT, SUPPLIER." in told


@pytest.mark.django_db
def test_a_list_that_says_too_much_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its status is right: only the words tell, in a workbook too."""
    monkeypatch.setattr(AISystemQuerySet, "visible_to", lambda systems, user: systems)
    for page, method, case in (("registry:systems", "GET", "-"), ("registry:export", "POST", "xlsx")):
        told = gate.contradictions(row(page, method, case), world, (Role.COMMITTEE_MEMBER,))
        assert [one for one in told if one.startswith("committee_member, other") and "DRAFT" in one], page


@pytest.mark.django_db
def test_a_page_that_fails_is_seen_with_its_fault(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AISystem, "name", property(lambda system: 1 // 0))
    (told, *_others) = gate.contradictions(row("registry:system", case="declared"), world, (EVERY_FUNCTION,))
    assert "the page answers 500|404|500" in told and "ZeroDivisionError" in told


def test_an_address_without_a_row_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(gate.ROUTES, "registry:new", Route("registry:new", "espace/nouveau/", lambda request: None))
    with pytest.raises(AssertionError, match="These addresses have no row"):
        gate.test_every_address_has_a_row_and_every_row_an_address()


def test_a_page_opened_to_everybody_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def view(request: object) -> None: ...

    view.login_required = False  # type: ignore[attr-defined]
    monkeypatch.setitem(gate.ROUTES, "registry:systems", Route("registry:systems", "espace/systemes/", view))
    with pytest.raises(AssertionError):
        gate.test_what_is_open_without_an_account_is_a_short_list()
