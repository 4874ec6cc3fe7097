"""What a state changes: a draft, an exception, a function that ended, a person who belongs nowhere."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core import clock
from organizations.models import Membership, User
from organizations.permissions import ROLE_PERMISSIONS, Permission
from organizations.services.tokens import create_token
from organizations.workflow import Role, Scope
from registry.models import AISystem, SystemGrant
from tests.access.addresses import asked_for
from tests.access.people import NO_FUNCTION, OWN, STAFF_ROOMS, Visitor, sign_in
from tests.access.table import read_table
from tests.access.visit import Answer, Asked, visit
from tests.access.words import Word
from tests.access.world import World, built_once

pytestmark = pytest.mark.django_db
world = pytest.fixture(scope="module")(built_once)

LISTS = ("organizations:todo", "organizations:bodies", "registry:systems", "registry:coverage", "reports:reports")
FILES = ("registry:edit", "registry:publish", "registry:withdraw", "registry:history", "registry:access")


def read(page: str, *arguments: object, by: User) -> Answer:
    return visit(Asked("GET", reverse(page, args=arguments)), Visitor("", session=sign_in(by)))


def status_of(system: AISystem, by: User) -> str:
    return read("registry:system", system.uuid, by=by).status


# --- Drafts ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", Role)
def test_a_draft_is_for_those_who_read_drafts(world: World, role: Role) -> None:
    """Its page, its name in lists and in files: the words of a draft reach nobody else."""
    visitor = world.crowd.visitors[role, OWN]
    reads = Permission.READ_DRAFTS in ROLE_PERMISSIONS[role]
    page = visit(Asked("GET", reverse("registry:system", args=[world.systems["draft"].uuid])), visitor)
    assert page.status == ("200" if reads else "404")
    for asked in (
        Asked("GET", reverse("registry:systems")),
        Asked("POST", reverse("registry:export", args=["csv"])),
        Asked("POST", reverse("registry:export", args=["xlsx"])),
    ):
        assert (Word.DRAFT in visit(asked, visitor).text) == reads, asked.path


# --- Exceptions -----------------------------------------------------------------------------------------------------
def ends_on(world: World, days: int) -> None:
    day = clock.civil_date(clock.now()) + timedelta(days=days)
    SystemGrant.objects.filter(pk=world.grant.pk).update(ends_on=day)


def test_an_exception_opens_one_system(world: World) -> None:
    """Its sheet and its line in the list; neither what is kept about it, nor another system, nor their body."""
    opened = world.systems["declared"]
    assert status_of(opened, world.expert) == "200"
    assert {status_of(other, world.expert) for name, other in world.systems.items() if name != "declared"} == {"404"}
    listed = read("registry:systems", by=world.expert).text
    assert str(opened.uuid) in listed
    assert not [name for name, other in world.systems.items() if other != opened and str(other.uuid) in listed]
    assert {read(page, opened.uuid, by=world.expert).status for page in FILES} == {"403"}
    assert read("reports:request", opened.uuid, by=world.expert).status == "403"
    assert {read("reports:report", report.uuid, by=world.expert).status for report in world.reports.values()} == {"404"}
    assert read("organizations:body", world.body.uuid, by=world.expert).status == "404"


@pytest.mark.parametrize(("days", "status"), [(1, "200"), (0, "200"), (-1, "404")])
def test_an_exception_ends_after_its_day(world: World, days: int, status: str) -> None:
    ends_on(world, days)
    assert status_of(world.systems["declared"], world.expert) == status


def test_an_exception_that_was_ended_opens_nothing(world: World) -> None:
    SystemGrant.objects.filter(pk=world.grant.pk).update(withdrawn_at=clock.now(), withdrawn_by=world.author)
    assert status_of(world.systems["declared"], world.expert) == "404"


def test_an_exception_is_for_one_person(world: World) -> None:
    (nobody_else,) = world.crowd.of("registry:system", NO_FUNCTION)
    page = visit(Asked("GET", reverse("registry:system", args=[world.systems["declared"].uuid])), nobody_else)
    assert page.status == "404"


def test_an_exception_may_open_a_draft(world: World) -> None:
    SystemGrant.objects.filter(pk=world.grant.pk).update(content_object=world.systems["draft"])
    assert status_of(world.systems["draft"], world.expert) == "200"
    assert status_of(world.systems["declared"], world.expert) == "404"


# --- Functions that are not in force --------------------------------------------------------------------------------
def leave(world: World, person: User) -> None:
    Membership.objects.filter(user=person).update(ended_at=clock.now(), ended_by=world.second)


def test_a_person_who_left_reads_nothing_more(world: World) -> None:
    """Neither what they wrote themselves, nor what waits for an answer of theirs."""
    leave(world, world.author)
    assert {status_of(system, world.author) for system in world.systems.values()} == {"404"}
    for page in LISTS:
        answer = read(page, by=world.author)
        # One's own name, which stands in the menu, is no secret.
        shown = [word.name for word in Word if word != Word.PEOPLE and word in answer.text]
        assert (answer.status, shown) == ("200", []), page


@pytest.mark.parametrize(("first", "last", "status"), [(-9, -1, "404"), (1, 9, "404"), (-9, 0, "200"), (0, 9, "200")])
def test_a_function_holds_from_its_first_day_to_its_last(world: World, first: int, last: int, status: str) -> None:
    today = clock.civil_date(clock.now())
    days = {"starts_on": today + timedelta(days=first), "ends_on": today + timedelta(days=last)}
    Membership.objects.filter(user=world.colleague).update(**days)
    assert status_of(world.systems["declared"], world.colleague) == status


def test_a_closed_account_is_signed_out(world: World) -> None:
    session = sign_in(world.colleague)
    User.objects.filter(pk=world.colleague.pk).update(is_active=False)
    answer = visit(Asked("GET", reverse("organizations:todo")), Visitor("", session=session))
    assert answer.status == "302" and answer.address.startswith(reverse("account_login"))


# --- Access tokens ---------------------------------------------------------------------------------------------------
def test_a_token_opens_no_page(world: World) -> None:
    """With every scope, by a person who may everything: its door is the API alone."""
    _token, secret = create_token(
        user=world.author,
        name="Script",
        scopes=Scope.values,
        expires_on=clock.civil_date(clock.now()) + timedelta(days=30),
        by=world.author,
    )
    rows = [row for row in read_table() if row.page.split(":")[0] in STAFF_ROOMS and "_api:" not in row.page]
    headers = {"Authorization": f"Bearer {secret}"}
    answers = {visit(asked_for(row, world), Visitor(""), **headers).status for row in rows if row.method == "GET"}
    assert answers == {"302"}


# --- A person who belongs nowhere -----------------------------------------------------------------------------------
# What to do first, and the way in; lists are empty and say how to come in.
FOR_NEWCOMERS = {
    "assessments:assessments",
    "assessments_api:assessments",
    "assessments_api:deposits",
    "assessments_api:questionnaires",
    "assessments_api:questionnaire",
    "registry_api:systems",
    "organizations:todo",
    "organizations:request_access",
    "organizations:request_access_to",
    "organizations:bodies",
    "registry:systems",
    "registry:saved_views",
    "registry:coverage",
    "registry:export_coverage",
    "registry:export",
    "reports:reports",
}


def test_without_a_function_one_may_only_ask_for_one() -> None:
    """Read in the table, which the rest of the suite holds to reality."""
    rows = [row for row in read_table() if row.page.split(":")[0] in STAFF_ROOMS]
    opened = {row.page for row in rows if row.expected(NO_FUNCTION)[0] not in {"403", "404"}}
    assert opened == FOR_NEWCOMERS


@pytest.mark.parametrize("page", LISTS)
def test_without_a_function_every_list_is_empty(world: World, page: str) -> None:
    (newcomer,) = world.crowd.of(page, NO_FUNCTION)
    text = visit(Asked("GET", reverse(page)), newcomer).text
    for body in (world.body, world.other, world.parent):
        assert body.name_fr.lower() not in text and f">{body.sigle.lower()}<" not in text


# --- Small bodies ---------------------------------------------------------------------------------------------------
def test_the_operation_of_the_platform_reads_no_file_of_a_body(world: World) -> None:
    """Not even of the body in which its people hold the function."""
    for relation in ("own", "other", "parent"):
        visitor = world.crowd.visitors[Role.PLATFORM_ADMIN, relation]
        pages = [reverse("registry:system", args=[system.uuid]) for system in world.systems.values()]
        pages += [reverse("reports:file", args=[report.uuid]) for report in world.reports.values()]
        pages += [reverse("registry:error_report", args=[error.uuid]) for error in world.errors.values()]
        pages += [reverse("registry:second_look", args=[world.waiting.case.uuid])]
        assert {visit(Asked("GET", page), visitor).status for page in pages} == {"404"}
