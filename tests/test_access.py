"""One table: every address × every function × (own, other, parent body) → status. What each person may read follows.

`tests/access/table.csv` is reviewed by a person: a cell that reality contradicts is a fault of the program until
somebody shows that the table was wrong. A new address needs a row; write `?` in its cells and the failure says what
was seen.
"""

from collections import defaultdict

import pytest
from django.urls import reverse

from tests.access.addresses import asked_for
from tests.access.people import ANONYMOUS, COLUMNS, EVERY_FUNCTION, MAIN, Visitor
from tests.access.routes import all_routes
from tests.access.table import Row, cell_of, read_table
from tests.access.visit import FAULT, Answer, Asked, visit
from tests.access.words import closed_words
from tests.access.world import World, built_once

ROWS = read_table()
ROUTES = {route.page: route for route in all_routes()}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

world = pytest.fixture(scope="module")(built_once)


# --- The table ------------------------------------------------------------------------------------------------------
def contradictions(row: Row, world: World, columns: tuple[str, ...]) -> list[str]:
    """Cells that reality contradicts, and words shown to somebody to whom they are closed."""
    found = []
    for column in columns:
        visitors = world.crowd.of(row.page, column)
        answers = [visit(asked_for(row, world), visitor) for visitor in visitors]
        seen, expected = cell_of([answer.status for answer in answers]), cell_of(list(row.expected(column)))
        if seen != expected:
            faults = [answer.text for answer in answers if answer.status == FAULT]
            found.append(" ".join([f"{column}: the table says {expected}, the page answers {seen}.", *faults]))
        for visitor, answer in zip(visitors, answers, strict=True):
            if shown := shown_words(row.page, visitor, answer):
                found.append(f"{visitor}: the page ({answer.status}) shows {', '.join(shown)}.")
    return found


def shown_words(page: str, visitor: Visitor, answer: Answer) -> list[str]:
    closed = closed_words(page, in_the_body=visitor.in_the_body, anywhere=visitor.anywhere)
    return sorted(word.name for word in closed if word in answer.text)


@pytest.mark.django_db
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_tightest_and_the_widest(row: Row, world: World) -> None:
    """Nobody, a person without a function, a reader, a person who holds every function."""
    assert not contradictions(row, world, MAIN)


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_every_function(row: Row, world: World) -> None:
    assert not contradictions(row, world, tuple(column for column in COLUMNS if column not in MAIN))


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert "" not in ROUTES, f"An address without a name cannot stand in the table: {ROUTES['']}"
    rows = {row.page for row in ROWS}
    assert sorted(ROUTES.keys() - rows) == [], "These addresses have no row in tests/access/table.csv."
    assert sorted(rows - ROUTES.keys()) == [], "These rows of tests/access/table.csv lead nowhere."
    assert len({row.key for row in ROWS}) == len(ROWS), "A row of tests/access/table.csv stands twice."


@pytest.mark.django_db
def test_a_method_without_a_row_is_refused(world: World) -> None:
    """allauth answers the other methods as it answers its own: its pages are not ours to close."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in ROWS:
        if ROUTES[row.page].is_ours:
            rows[row.page].append(row)
    (everything,) = [one for one in world.crowd.of("organizations:todo", EVERY_FUNCTION) if one.relation == "own"]
    open_methods = [
        f"{method} {page}"
        for page, known in rows.items()
        for method in set(METHODS) - {row.method for row in known}
        if visit(Asked(method, asked_for(known[0], world).path), everything).status != "405"
    ]
    assert open_methods == []


# --- Doors ----------------------------------------------------------------------------------------------------------
# Open without an account, besides the public site. Reviewed: each must hold for anybody on the Internet.
OPEN_DOORS = {
    "core:alive",
    "core:ready",
    # The API answers by problems: its own test below says to whom.
    "api_nothing",
    "assessments_api:accept_risk",
    "assessments_api:assessment",
    "assessments_api:assessments",
    "assessments_api:comments",
    "assessments_api:conclude",
    "assessments_api:decide",
    "assessments_api:deposit",
    "assessments_api:deposit_file",
    "assessments_api:deposits",
    "assessments_api:depth",
    "assessments_api:evidence_file",
    "assessments_api:export",
    "assessments_api:file",
    "assessments_api:files",
    "assessments_api:guests",
    "assessments_api:history",
    "assessments_api:offers",
    "assessments_api:open_deposit",
    "assessments_api:people",
    "assessments_api:questionnaire",
    "assessments_api:questionnaires",
    "assessments_api:reopen",
    "assessments_api:resolve",
    "assessments_api:result",
    "assessments_api:section",
    "assessments_api:sections",
    "assessments_api:sign",
    "assessments_api:submit",
    "assessments_api:take_back",
    "assessments_api:thread",
    "assessments_api:threads",
    "assessments_api:withdraw",
    "assessments_api:withdraw_deposit",
    "assessments_api:withdraw_guest",
    "registry_api:declare",
    "registry_api:field_visibility",
    "registry_api:part",
    "registry_api:parts",
    "registry_api:phase",
    "registry_api:publish",
    "registry_api:system",
    "registry_api:systems",
    "registry_api:visibility",
    "reports_api:file",
    "reports_api:pdf",
    "reports_api:report",
    "account_confirm_email",
    "account_email_verification_sent",
    "account_first_steps",
    "account_inactive",
    "account_invitation",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    # By a link that one invited person holds; nothing but their own questions (tests/assessments/test_files_guests.py).
    "guests:answers",
    "guests:file",
    "guests:files",
    "guests:finish",
    "guests:remove_file",
    "guests:take_back",
    "guests:threads",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "openid_connect_callback",
    "openid_connect_login",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "socialaccount_signup",
}


def test_what_is_open_without_an_account_is_a_short_list() -> None:
    opened = {page for page, route in ROUTES.items() if not route.needs_sign_in}
    public = ("transparency:", "public_api:", "crawlers:")
    assert {page for page in opened if not page.startswith(public)} == OPEN_DOORS
    assert {page for page in ROUTES if page.startswith(public)} <= opened


@pytest.mark.django_db
@pytest.mark.parametrize("method", METHODS)
def test_the_api_of_staff_knows_nobody_without_a_token(world: World, method: str) -> None:
    (nobody,) = world.crowd.of("", ANONYMOUS)
    rows = [row for row in ROWS if row.page.startswith(("registry_api:", "assessments_api:", "reports_api:"))]
    answers = {visit(Asked(method, asked_for(row, world).path, is_api=True), nobody).status for row in rows}
    assert rows and answers == {"401"}


@pytest.mark.django_db
@pytest.mark.parametrize("method", METHODS)
def test_any_other_page_sends_to_sign_in(world: World, method: str) -> None:
    (nobody,) = world.crowd.of("", ANONYMOUS)
    door = reverse("account_login")
    paths = {row.page: asked_for(row, world).path for row in ROWS if ROUTES[row.page].needs_sign_in}
    answers = {page: visit(Asked(method, path), nobody) for page, path in paths.items()}
    assert [page for page, answer in answers.items() if not answer.address.startswith(door)] == []
    assert {answer.status for answer in answers.values()} == {"302"}
