"""The pages of an inventory: from the file to the corrected row, without JavaScript."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.models import AuditEvent
from organizations.models import Organization, User
from organizations.workflow import Role
from registry.models import AISystem, ImportRun
from registry.services.imports import inventory_file, inventory_rows, sentence_for
from registry.workflow import RowOutcome, RunState
from tests.factories.organizations import give, person
from tests.registry.imports.builders import SCRIPT, inventory

pytestmark = pytest.mark.django_db
HandIn = Callable[..., ImportRun]
SignIn = Callable[[User], Client]


def upload(content: bytes, **fields: Any) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("Inventaire 2026.csv", content), "request_key": str(uuid4()), **fields}


def address(name: str, run: ImportRun, *more: Any) -> str:
    return reverse(f"registry:{name}", args=[run.uuid, *more])


def text_of(response: Any) -> str:
    return response.content.decode()


@pytest.fixture
def client_of(as_user: SignIn, editor: User) -> Client:
    return as_user(editor)


@pytest.mark.slow
def test_the_whole_path_by_forms_alone(client_of: Client, three_rows: bytes) -> None:
    """File → columns → preview → import → a row corrected."""
    form = client_of.get(reverse("registry:import_inventory"))
    assert form.status_code == 200 and b"Minist\xc3\xa8re des Essais" in form.content
    sent = client_of.post(reverse("registry:import_inventory"), upload(three_rows))
    run = ImportRun.objects.get()
    assert (sent.status_code, sent["Location"]) == (303, address("import_run", run))
    columns = client_of.get(sent["Location"], follow=True)
    assert columns.redirect_chain[-1][0] == address("import_columns", run)
    chosen = {name: columns.context["form"][name].initial for name in columns.context["form"].fields}
    preview = client_of.post(address("import_columns", run), chosen, follow=True)
    assert preview.redirect_chain[-1] == (address("import_preview", run), 303)
    assert "Repérage des fuites" in text_of(preview) and "En rodage" in text_of(preview)
    assert not AISystem.objects.exists()
    result = client_of.post(address("import_start", run), follow=True)
    assert AISystem.objects.count() == 2
    assert address("import_row", run, 3) in text_of(result)
    corrected = client_of.post(address("import_row", run, 3), {"cell_0": "Suivi du greffe", "cell_1": "Greffe"})
    assert corrected.status_code == 303
    assert AISystem.objects.filter(name_fr="Suivi du greffe").exists()


def test_a_file_that_cannot_be_read_is_said_beside_it(client_of: Client) -> None:
    response = client_of.post(reverse("registry:import_inventory"), upload(b"%PDF-1.7"))
    assert response.status_code == 422
    assert response.context["form"].errors["file"]
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize("content", [b"", None])
def test_no_file_or_an_empty_one_is_said(client_of: Client, content: bytes | None) -> None:
    fields = upload(content) if content is not None else {"request_key": str(uuid4())}
    response = client_of.post(reverse("registry:import_inventory"), fields)
    assert response.status_code == 422 and len(response.context["form"].errors["file"]) == 1


def test_who_has_several_bodies_says_which(as_user: SignIn, editor: User, other_body: Organization) -> None:
    give(editor, other_body, Role.AI_LEAD)
    client = as_user(editor)
    without = client.post(reverse("registry:import_inventory"), upload(inventory(("Tri",))))
    assert without.status_code == 422 and "organization" in without.context["form"].errors
    client.post(reverse("registry:import_inventory"), upload(inventory(("Tri",)), organization=str(other_body.uuid)))
    assert ImportRun.objects.get().organization == other_body


def test_a_body_where_one_may_not_import_cannot_be_chosen(client_of: Client, other_body: Organization) -> None:
    response = client_of.post(
        reverse("registry:import_inventory"), upload(inventory(("Tri",)), organization=str(other_body.uuid))
    )
    assert not ImportRun.objects.filter(organization=other_body).exists()
    assert response.status_code in {303, 422}


def test_columns_that_make_no_sense_come_back_with_their_errors(
    hand_in: HandIn, client_of: Client, three_rows: bytes
) -> None:
    run = hand_in(three_rows)
    twice = client_of.post(address("import_columns", run), {"column_0": "name_fr", "column_1": "name_fr"})
    assert twice.status_code == 422 and "column_1" in twice.context["form"].errors
    none = client_of.post(address("import_columns", run), {"column_0": "", "column_1": "unit_fr"})
    assert none.status_code == 422 and none.context["form"].non_field_errors()
    wrong = client_of.post(address("import_columns", run), {"column_0": "reference"})
    assert wrong.status_code == 422


def test_each_column_shows_what_it_holds(hand_in: HandIn, client_of: Client, three_rows: bytes) -> None:
    page = text_of(client_of.get(address("import_columns", hand_in(three_rows))))
    assert "Tri des permis · Repérage des fuites" in page
    assert "En production · Idée · En rodage" in page


def test_another_sheet_is_chosen_on_the_page(hand_in: HandIn, client_of: Client) -> None:
    from io import BytesIO

    from openpyxl import Workbook

    book = Workbook()
    for name in ("2024", "2025"):
        sheet = book.create_sheet(name)
        sheet.append(["Nom du système", "Statut"])
        sheet.append([f"Système de {name}", "Idée"])
    stream = BytesIO()
    book.save(stream)
    run = hand_in(stream.getvalue())
    page = client_of.post(address("import_sheet", run), {"sheet": "2025"}, follow=True)
    assert "Système de 2025" in text_of(page)
    assert client_of.post(address("import_sheet", run), {"sheet": "zz"}).status_code == 422


@pytest.mark.slow
def test_a_script_in_a_cell_is_shown_as_text_everywhere(hand_in: HandIn, client_of: Client) -> None:
    run = hand_in(inventory((SCRIPT, SCRIPT, SCRIPT, SCRIPT), ("", SCRIPT, SCRIPT, SCRIPT)), confirm=True)
    pages = [client_of.get(address(name, run)) for name in ("import_columns", "import_preview")]
    client_of.post(address("import_start", run))
    pages += [client_of.get(address("import_run", run) + f"?show={show}") for show in ("rejected", "doubts", "all")]
    pages.append(client_of.get(address("import_row", run, 3)))
    for page in pages:
        assert page.status_code == 200
        assert SCRIPT not in text_of(page) and "&lt;script&gt;" in text_of(page)


def test_the_preview_filters_by_what_would_become_of_rows(
    hand_in: HandIn, client_of: Client, three_rows: bytes
) -> None:
    run = hand_in(three_rows, confirm=True)
    shown = {
        show: [row.number for row in client_of.get(address("import_preview", run) + f"?show={show}").context["rows"]]
        for show in ("all", "rejected", "doubts", "created", "nonsense")
    }
    assert shown == {"all": [2, 3, 4], "rejected": [3], "doubts": [3, 4], "created": [2, 4], "nonsense": [2, 3, 4]}


def test_the_preview_covers_the_whole_file_and_counts_as_the_result_does(
    hand_in: HandIn, client_of: Client, run_jobs: Callable[[], int]
) -> None:
    rows = [(f"Système {number}", "Eau", "Pilote" if number % 3 else "vert") for number in range(299)]
    run = hand_in(inventory(*rows, ("", "Eau", "Pilote")), confirm=True)

    def counts(page: Any) -> dict[str, int]:
        return {tab["url"].removeprefix("?show="): tab["count"] for tab in page.context["tabs"] if tab["count"]}

    run_jobs()
    first = client_of.get(address("import_preview", run))
    assert counts(first) == {"all": 300, "doubts": 101, "created": 299, "rejected": 1}
    assert (len(first.context["rows"]), first.context["page"].paginator.num_pages) == (50, 6)
    last = client_of.get(address("import_preview", run) + "?show=doubts&page=3")
    assert [row.number for row in last.context["rows"]] == [301]
    client_of.post(address("import_start", run))
    run_jobs()
    assert counts(client_of.get(address("import_run", run))) == counts(first)


def test_a_large_import_is_followed_on_its_page(
    hand_in: HandIn, client_of: Client, run_jobs: Callable[[], int], monkeypatch: Any
) -> None:
    monkeypatch.setattr(inventory_rows, "AT_ONCE", 1)
    run = hand_in(inventory(("Tri",), ("Suivi",)), confirm=True)
    waiting = client_of.post(address("import_start", run), follow=True)
    assert "Importation en cours" in text_of(waiting) or "Import under way" in text_of(waiting)
    partial = client_of.get(address("import_run", run), headers={"HX-Request": "true"})
    assert b"<html" not in partial.content and b"vg-job" in partial.content
    assert b"data-hx-get" in partial.content and "HX-Refresh" not in partial
    run_jobs()
    done = client_of.get(address("import_run", run), headers={"HX-Request": "true"})
    assert b"data-hx-get" not in done.content
    # The heading outside the part still says «under way»: the page is taken anew.
    assert done["HX-Refresh"] == "true"
    assert client_of.get(address("import_run", run)).context["run"].state == RunState.DONE


def test_a_large_file_is_awaited_then_its_columns_come(
    hand_in: HandIn, client_of: Client, run_jobs: Callable[[], int], monkeypatch: Any
) -> None:
    monkeypatch.setattr(inventory_file, "READ_AT_ONCE", 5)
    run = hand_in(inventory(("Tri",)))
    assert client_of.get(address("import_run", run)).status_code == 200
    assert client_of.get(address("import_columns", run))["Location"] == address("import_run", run)
    run_jobs()
    assert client_of.get(address("import_run", run))["Location"] == address("import_columns", run)


def test_an_abandoned_import_says_so(hand_in: HandIn, client_of: Client, three_rows: bytes) -> None:
    run = hand_in(three_rows)
    assert client_of.post(address("import_abandon", run))["Location"] == reverse("registry:imports")
    assert client_of.get(address("import_run", run)).status_code == 200
    assert client_of.post(address("import_abandon", run)).status_code == 409


def test_a_row_opens_with_its_problems_and_keeps_what_was_typed(
    hand_in: HandIn, client_of: Client, three_rows: bytes
) -> None:
    run = hand_in(three_rows, start=True)
    opened = client_of.get(address("import_row", run, 3))
    assert opened.context["form"].errors["cell_0"] == [sentence_for("name_missing")]
    assert [text.split("\N{NO-BREAK SPACE}")[0] for _, text in opened.context["form"].summary] == ["Nom du projet"]
    again = client_of.post(address("import_row", run, 3), {"cell_0": "", "cell_1": "Greffe municipal"})
    assert again.status_code == 422
    assert "Greffe municipal" in text_of(client_of.get(address("import_row", run, 3)))


def test_only_rows_that_stayed_out_are_corrected(hand_in: HandIn, client_of: Client, three_rows: bytes) -> None:
    run = hand_in(three_rows, start=True)
    assert client_of.get(address("import_row", run, 2))["Location"] == address("import_run", run)
    assert client_of.get(address("import_row", run, 99)).status_code == 404


def test_rows_are_not_corrected_before_the_end(hand_in: HandIn, client_of: Client, three_rows: bytes) -> None:
    run = hand_in(three_rows, confirm=True)
    assert client_of.get(address("import_row", run, 3)).status_code == 409


def test_rejected_rows_are_taken_away_as_a_safe_file(hand_in: HandIn, client_of: Client) -> None:
    run = hand_in(inventory(("", "-2+3", "Idée", ""), ("Tri", "Eau")), start=True)
    response = client_of.post(address("import_rejects", run))
    lines = response.content.decode("utf-8-sig").splitlines()
    assert re.search(r'attachment; filename=".+\.csv"', response["Content-Disposition"])
    assert len(lines) == 2 and lines[1].split(";")[3] == "'-2+3"
    assert AuditEvent.objects.filter(verb="export", object_ref=str(run.uuid)).exists()


def test_rejected_rows_corrected_in_the_file_come_in_again(
    hand_in: HandIn, client_of: Client, three_rows: bytes
) -> None:
    run = hand_in(three_rows, start=True)
    content = client_of.post(address("import_rejects", run)).content.replace(b";;Greffe", b";Suivi;Greffe")
    again = hand_in(content, start=True)
    assert again.created_count == 1
    assert AISystem.objects.filter(name_fr="Suivi", unit_fr="Greffe").exists()


def test_taking_away_no_row_is_said(hand_in: HandIn, client_of: Client) -> None:
    run = hand_in(inventory(("Tri",)), start=True)
    assert client_of.post(address("import_rejects", run))["Location"] == address("import_run", run)


PAGES = {
    "import_run": "get",
    "import_columns": "get",
    "import_preview": "get",
    "import_sheet": "post",
    "import_start": "post",
    "import_abandon": "post",
    "import_rejects": "post",
}


@pytest.mark.parametrize(("name", "method"), PAGES.items())
def test_a_run_is_for_those_who_import_in_its_body(
    hand_in: HandIn, as_user: SignIn, three_rows: bytes, reviewer: User, outsider: User, name: str, method: str
) -> None:
    run = hand_in(three_rows, confirm=True)
    for user, status in ((reviewer, 403), (outsider, 404), (person(email="nulle-part@a.example"), 404)):
        assert getattr(as_user(user), method)(address(name, run)).status_code == status


@pytest.mark.parametrize(("name", "method"), PAGES.items())
def test_wrong_methods_are_refused(
    hand_in: HandIn, client_of: Client, three_rows: bytes, name: str, method: str
) -> None:
    run = hand_in(three_rows)
    wrong = client_of.get if method == "post" else client_of.delete
    assert wrong(address(name, run)).status_code == 405


def test_a_row_is_for_those_who_import_in_its_body(
    hand_in: HandIn, as_user: SignIn, three_rows: bytes, reviewer: User, outsider: User
) -> None:
    run = hand_in(three_rows, start=True)
    for user, status in ((reviewer, 403), (outsider, 404)):
        client = as_user(user)
        assert client.get(address("import_row", run, 3)).status_code == status
        assert client.post(address("import_row", run, 3), {}).status_code == status
    assert run.rows.get(number=3).outcome == RowOutcome.REJECTED


def test_handing_in_is_for_those_who_import(as_user: SignIn, reviewer: User, three_rows: bytes) -> None:
    client = as_user(reviewer)
    assert client.get(reverse("registry:import_inventory")).status_code == 403
    assert client.post(reverse("registry:import_inventory"), upload(three_rows)).status_code == 403
