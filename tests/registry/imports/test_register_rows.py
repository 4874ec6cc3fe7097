"""A row of a register that stayed out, corrected on its page and tried again."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.models import AuditEvent
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from organizations.models import User
from registry.models import ForeignSystem, ImportRow, ImportRun
from registry.services.imports import order_register_import, retry_register_row
from tests.registry.imports.builders import SCRIPT, canada, csv_of
from tests.registry.registers import UNITED_STATES, daily, daily_file, full, json_of, united_states

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
ImportIt = Callable[..., ImportRun]


@pytest.fixture
def come_in(operator: User, run_jobs: Callable[[], int]) -> ImportIt:
    def order(register: str, content: bytes) -> ImportRun:
        run = order_register_import(
            register=register, content=content, file_name="registre", by=operator, request_key=uuid4()
        )
        run_jobs()
        run.refresh_from_db()
        return run

    return order


def row_of(run: ImportRun, number: int) -> ImportRow:
    return run.rows.get(number=number)


def counts(run: ImportRun) -> tuple[int, int, int]:
    run.refresh_from_db()
    return run.created_count, run.unchanged_count, run.rejected_count


def test_a_corrected_row_comes_in(come_in: ImportIt, operator: User) -> None:
    run = come_in("us", csv_of([united_states(1), united_states(2, use_case_name="")], list(UNITED_STATES)))
    assert counts(run) == (1, 0, 1)
    row = retry_register_row(
        row=row_of(run, 3), cells={"use_case_name": "Pond Watch", "has_pii": "b) Yes"}, by=operator
    )
    assert (row.outcome, row.problems, counts(run)) == ("created", [], (2, 0, 0))
    found = ForeignSystem.objects.get(source_id="DOW-002").document
    assert (found["names"], found["codes"]["personal_information"]) == ({"en": "Pond Watch"}, "yes")
    assert {"field": "has_pii", "kind": "synonym", "from": "b) Yes", "to": "yes", "count": 1} in run.recodings
    event = AuditEvent.objects.filter(verb="retry_row").get()
    assert (event.actor_ref, event.facts) == (operator.actor_ref, {"row": 3, "outcome": "created"})
    with pytest.raises(NotPossibleNow):
        retry_register_row(row=row_of(run, 3), cells={}, by=operator)


def test_a_row_that_is_still_wrong_keeps_what_was_typed(come_in: ImportIt, operator: User) -> None:
    run = come_in("nl", daily_file(daily(1), daily(2, title="")))
    row = retry_register_row(row=row_of(run, 2), cells={"doel": "Iets anders"}, by=operator)
    assert (row.outcome, row.cells["doel"], row.problems[0]["reason"]) == ("rejected", "Iets anders", "missing_name")
    row = retry_register_row(row=row, cells={"title": "=1+1"}, by=operator)
    assert (row.outcome, row.problems[0]["reason"]) == ("rejected", "formula_cell")
    assert counts(run) == (1, 0, 1) and ForeignSystem.objects.count() == 1


def test_an_identifier_that_another_row_has_stays_that_rows(come_in: ImportIt, operator: User) -> None:
    """Also when the other row stands after it in the file, or was corrected before it."""
    rows = [
        united_states(1, id=""),
        united_states(2),
        united_states(3, use_case_name=""),
        united_states(2, benefits="x"),
    ]
    rows[0] |= {"use_case_name": ""}
    run = come_in("us", csv_of(rows, list(UNITED_STATES)))
    before = ForeignSystem.objects.get().document
    stolen = {"id": "DOW-002", "use_case_name": "Thief"}
    row = retry_register_row(row=row_of(run, 2), cells=stolen, by=operator)
    assert (row.outcome, row.problems[0]["reason"]) == ("rejected", "duplicate_id")
    assert row.problems[0]["params"] == {"first_row": 3}
    assert ForeignSystem.objects.get().document == before
    retry_register_row(row=row_of(run, 4), cells={"use_case_name": "Pond Watch"}, by=operator)
    row = retry_register_row(row=row, cells={"id": "DOW-003"}, by=operator)
    assert row.problems[0]["params"] == {"first_row": 4}
    row = retry_register_row(row=row_of(run, 5), cells={"id": "DOW-005"}, by=operator)
    assert row.outcome == "created" and counts(run) == (3, 0, 1)


def test_a_row_corrected_into_a_repeat_changes_nothing(come_in: ImportIt, operator: User) -> None:
    run = come_in("nl", json_of([full(1), full(1, name="")]))
    row = retry_register_row(row=row_of(run, 2), cells={"name": "Moeraswacht"}, by=operator)
    assert (row.outcome, counts(run)) == ("unchanged", (1, 1, 0))


def test_canadas_rows_are_corrected_too(come_in: ImportIt, operator: User) -> None:
    run = come_in("ca", csv_of([canada(1), canada(2, ai_register_id=" "), canada(3)]))
    row = retry_register_row(row=row_of(run, 3), cells={"ai_register_id": "2526-WET-MHC-002"}, by=operator)
    assert (row.outcome, ForeignSystem.objects.count()) == ("created", 3)


def test_an_older_file_is_corrected_no_more(come_in: ImportIt, operator: User) -> None:
    run = come_in("us", csv_of([united_states(1), united_states(2, use_case_name="")], list(UNITED_STATES)))
    come_in("us", csv_of([united_states(1)], list(UNITED_STATES)))
    with pytest.raises(NotPossibleNow):
        retry_register_row(row=row_of(run, 3), cells={"use_case_name": "x"}, by=operator)


def test_a_file_that_was_erased_is_corrected_no_more(come_in: ImportIt, operator: User) -> None:
    run = come_in("us", csv_of([united_states(1), united_states(2, use_case_name="")], list(UNITED_STATES)))
    ImportRun.objects.update(file=None)
    with pytest.raises(NotPossibleNow):
        retry_register_row(row=row_of(run, 3), cells={"use_case_name": "x"}, by=operator)


def test_only_who_may_import_and_only_these_columns(come_in: ImportIt, operator: User, editor: User) -> None:
    run = come_in("us", csv_of([united_states(1), united_states(2, use_case_name="")], list(UNITED_STATES)))
    with pytest.raises(NotAllowed):
        retry_register_row(row=row_of(run, 3), cells={"use_case_name": "x"}, by=editor)
    with pytest.raises(InvalidInput):
        retry_register_row(row=row_of(run, 3), cells={"password": "x"}, by=operator)
    assert row_of(run, 3).cells["use_case_name"] == ""


def test_the_page(come_in: ImportIt, as_user: SignIn, operator: User, editor: User) -> None:
    run = come_in("us", csv_of([united_states(1), united_states(2, use_case_name="")], list(UNITED_STATES)))
    client = as_user(operator)
    address = reverse("registry:import_row", args=[run.uuid, 3])
    result = client.get(reverse("registry:import_run", args=[run.uuid]))
    assert address in result.content.decode()
    opened = client.get(address)
    form = opened.context["form"]
    name = next(name for name, header in form.headers.items() if header == "use_case_name")
    assert form.errors[name] and opened.status_code == 200 and 'lang="en"' in opened.content.decode()
    assert "contact_email" not in form.headers.values(), "columns that are not ours are left out"
    typed: dict[str, Any] = {bound.html_name: bound.value() for bound in form}
    again = client.post(address, typed)
    assert again.status_code == 422 and again.context["form"].errors[name]
    sent = client.post(address, typed | {name: SCRIPT})
    assert sent["Location"] == reverse("registry:import_run", args=[run.uuid])
    page = client.get(sent["Location"]).content.decode()
    assert address not in page and SCRIPT not in page
    assert ForeignSystem.objects.get(source_id="DOW-002").document["names"] == {"en": SCRIPT}
    assert client.get(address)["Location"] == sent["Location"]
    assert client.get(reverse("registry:import_row", args=[run.uuid, 99])).status_code == 404
    assert as_user(editor).get(address).status_code == 403


def test_a_json_file_is_handed_in_on_the_page(as_user: SignIn, operator: User, run_jobs: Callable[[], int]) -> None:
    client = as_user(operator)
    assert ".json" in client.get(reverse("registry:import_register")).content.decode()
    file = SimpleUploadedFile("algoritmes.json", daily_file(daily(1), daily(2, title="")), "application/json")
    fields = {"register": "nl", "file": file, "request_key": str(uuid4())}
    sent = client.post(reverse("registry:import_register"), fields)
    run_jobs()
    assert [row.number for row in client.get(sent["Location"]).context["rows"]] == [2]
    assert ForeignSystem.objects.get().register == "nl"
