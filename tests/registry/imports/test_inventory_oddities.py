"""Merged cells, doubled columns, formulas, identifiers told twice, words that are no answer: said, and mended."""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from openpyxl import Workbook

from organizations.models import User
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem, ImportRun
from registry.services.imports import sentence_for
from registry.workflow import RowOutcome
from tests.registry.imports.builders import inventory
from tests.registry.standards.builders import package, text_row

pytestmark = pytest.mark.django_db
HandIn = Callable[..., ImportRun]
COLUMNS = ("No", "Nom du projet", "Direction", "Statut")


@pytest.fixture
def client_of(as_user: Callable[[User], Client], editor: User) -> Client:
    return as_user(editor)


def address(name: str, run: ImportRun, *more: Any) -> str:
    return reverse(f"registry:{name}", args=[run.uuid, *more])


def merged(rows: Sequence[Sequence[Any]], *merges: str) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    for merge in merges:
        book.active.merge_cells(merge)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def reasons(run: ImportRun) -> dict[int, list[tuple[str, str]]]:
    return {row.number: [(each["field"], each["reason"]) for each in row.problems] for row in run.rows.all()}


def test_merged_units_come_in_on_each_row_and_two_pages_say_so(hand_in: HandIn, client_of: Client) -> None:
    rows = [COLUMNS, *((f"S-{n}", f"Outil {n}", "Eau" if n == 1 else None, "Pilote") for n in range(1, 6))]
    run = hand_in(merged(rows, "C2:C6"), confirm=True)
    sentence = sentence_for("merged_cells", {"column": "Direction", "value": "4"})
    for name in ("import_columns", "import_preview"):
        assert client_of.get(address(name, run)).content.decode().count(escape(sentence)) == 1
    client_of.post(address("import_start", run))
    assert list(AISystem.objects.values_list("unit_fr", flat=True)) == ["Eau"] * 5


@pytest.mark.parametrize(("merge", "field"), [("B2:B3", "name_fr"), ("A2:A3", "external_id")])
def test_what_a_system_is_known_by_merged_over_rows_is_one_system(hand_in: HandIn, merge: str, field: str) -> None:
    rows = [COLUMNS, ("S-1", "Tri", "Eau", "Pilote"), ("S-2", "Suivi", "Parcs", "Idée")]
    run = hand_in(merged(rows, merge), start=True)
    assert reasons(run) == {2: [], 3: [(field, "merged_identity")]}
    assert run.rows.get(number=3).outcome == RowOutcome.REJECTED


def test_one_identifier_for_two_systems_is_told_by_its_column_and_mended_there(
    hand_in: HandIn, client_of: Client
) -> None:
    rows = ("S-001", "Tri", "Eau", "Pilote"), ("S-001", "Suivi", "Parcs", "Idée")
    run = hand_in(inventory(*rows, columns=COLUMNS), start=True)
    assert reasons(run) == {2: [], 3: [("external_id", "duplicate_identifier")]}
    assert run.rows.get(number=3).problems[0]["params"] == {"first_row": 2, "identifier": "S-001", "column": "No"}
    form = client_of.get(address("import_row", run, 3)).context["form"]
    assert "S-001" in form.errors["cell_0"][0] and not form.non_field_errors()
    typed = {"cell_0": "S-002", "cell_1": "Suivi", "cell_2": "Parcs", "cell_3": "Idée"}
    assert client_of.post(address("import_row", run, 3), typed).status_code == 303
    assert AISystem.objects.count() == 2


@pytest.fixture
def odd_row(hand_in: HandIn) -> ImportRun:
    """Row 2 stays out for want of a name, and its phase is none of ours."""
    return hand_in(inventory(("S-1", "", "Eau", "pilote annulé"), columns=COLUMNS), start=True)


def test_a_row_that_stays_out_offers_the_answers_of_the_list(odd_row: ImportRun, client_of: Client) -> None:
    page = client_of.get(address("import_row", odd_row, 2))
    form = page.context["form"]
    phase = CATALOGUE.choices("phase", "fr")
    assert [label for label, _shown in form.fields["cell_3"].choices] == ["", *(label for _code, label in phase)]
    assert "pilote annulé" in form.fields["cell_3"].help_text
    assert form.errors["cell_3"] == [_("This is none of the answers of the list. Choose one of them.")]
    assert '<select name="cell_3"' in page.content.decode()
    assert len(form.summary) == 2 and all(text.count("Statut") <= 1 for _anchor, text in form.summary)


def test_an_answer_chosen_there_is_read_and_kept(odd_row: ImportRun, client_of: Client) -> None:
    label = dict(CATALOGUE.choices("phase", "fr"))["retired"]
    still = client_of.post(address("import_row", odd_row, 2), {"cell_1": "", "cell_3": label})
    assert still.status_code == 422
    assert still.context["form"]["cell_3"].value() == label and "cell_3" not in still.context["form"].errors
    client_of.post(address("import_row", odd_row, 2), {"cell_1": "Tri", "cell_3": label})
    assert AISystem.objects.get().phase == "retired"


def test_no_answer_chosen_keeps_what_the_file_said(odd_row: ImportRun, client_of: Client) -> None:
    client_of.post(address("import_row", odd_row, 2), {"cell_1": "Tri", "cell_3": ""})
    assert AISystem.objects.get().phase == ""
    assert odd_row.rows.get().cells["Statut"] == "pilote annulé"
    assert reasons(odd_row) == {2: [("phase", "unknown_value")]}


def test_words_typed_again_that_are_no_answer_bring_the_list(hand_in: HandIn, client_of: Client) -> None:
    run = hand_in(inventory(("S-1", "", "Eau", "Pilote"), columns=COLUMNS), start=True)
    page = client_of.post(address("import_row", run, 2), {"cell_1": "", "cell_3": "vert"})
    assert page.status_code == 422
    assert "vert" in page.context["form"].fields["cell_3"].help_text
    assert '<select name="cell_3"' in page.content.decode()
    refused = client_of.post(address("import_row", run, 2), {"cell_1": "Tri", "cell_3": "rouge"})
    assert refused.status_code == 422 and "cell_3" in refused.context["form"].errors


def test_columns_of_one_title_or_none_are_said_with_their_contradiction(hand_in: HandIn, client_of: Client) -> None:
    content = "Nom,Statut,Statut,\nTri,Pilote,pilote,x\nSuivi,Idée,En service,y\n".encode()
    run = hand_in(content, confirm=True)
    doubled = {"value": "Statut", "column": "Statut (2)"}
    expected = [
        sentence_for("duplicate_header", doubled),
        sentence_for("contrary_columns", {**doubled, "first_row": 3}),
        sentence_for("empty_header", {"column": "(D)"}),
    ]
    for name in ("import_columns", "import_preview"):
        page = client_of.get(address(name, run))
        assert page.context["notes"] == expected
        assert all(escape(sentence) in page.content.decode() for sentence in expected)
    rows = [("Nom", None, "Statut"), ("Tri", "note", "Pilote")]
    untitled = hand_in(merged(rows), confirm=True)
    notes = client_of.get(address("import_preview", untitled)).context["notes"]
    assert notes == [sentence_for("empty_header", {"column": "(B)"})]


def test_a_name_computed_by_a_formula_comes_in_to_be_checked(hand_in: HandIn, client_of: Client) -> None:
    rows = "".join(
        f'<row r="{row}"><c r="A{row}" t="str"><f>D{row}</f><v>Outil {row}</v></c><c r="B{row}" t="inlineStr"><is>'
        f"<t>Pilote</t></is></c></row>"
        for row in range(2, 32)
    )
    lost = '<row r="32"><c r="A32"><f>D32</f></c><c r="B32" t="inlineStr"><is><t>Pilote</t></is></c></row>'
    run = hand_in(package(text_row(1, "Nom du système", "Statut") + rows + lost), confirm=True)
    preview = client_of.get(address("import_preview", run) + "?show=doubts").content.decode()
    assert preview.count(escape(sentence_for("formula_result"))) == 30
    client_of.post(address("import_start", run))
    run.refresh_from_db()
    assert (run.created_count, run.rejected_count) == (30, 1)
    assert reasons(run)[2] == [("name_fr", "formula_result")] and reasons(run)[32] == [("name_fr", "formula_cell")]


def test_days_that_cannot_be_true_stay_out_and_say_why(hand_in: HandIn) -> None:
    rows = [
        ("Nom du projet", "Statut", "Date de mise en service", "Date de fin"),
        ("Fini avant de servir", "Retiré", "2025-05-01", "2020-01-01"),
        ("Sert encore", "En production", "2025-05-01", "2025-06-01"),
        ("D'un autre siècle", "Retiré", "1951-05-01", ""),
        ("De l'avenir", "Retiré", "2025-05-01", "2099-01-01"),
    ]
    run = hand_in(merged(rows), start=True)
    assert list(reasons(run).values()) == [
        [("ended_on", "end_before_start")],
        [("ended_on", "end_while_serving")],
        [("started_on", "implausible_day")],
        [("ended_on", "day_to_come")],
    ]
    kept = AISystem.objects.order_by("pk").values_list("started_on", "ended_on")
    assert [(bool(start), bool(end)) for start, end in kept] == [
        (True, False),
        (True, False),
        (False, False),
        (True, False),
    ]
    assert all(sentence_for(reason) != sentence_for("?") for found in reasons(run).values() for _field, reason in found)
