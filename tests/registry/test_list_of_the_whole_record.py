"""The list narrowed by the answers of the whole record, and its files: every field, every row."""

import csv
import io
import zipfile
from datetime import timedelta
from itertools import product

import openpyxl
import pytest

from core import clock
from organizations.models import Organization
from registry.exports.systems import SystemsFile
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem
from registry.models.attention import BY_LEVEL, DEPARTS_FROM_PRINCIPLE_4
from registry.models.rows import rows_of
from registry.rules.attention import Attention, attention, departs_from_principle_4
from registry.services.answers import shown_value
from registry.services.publication import publish_system
from tests.factories.registry import SystemFactory

pytestmark = pytest.mark.django_db

URL = "/fr/espace/systemes/"
LEVELS = {"low": Attention.LOW, "moderate": Attention.MODERATE, "high": Attention.HIGH}


def names(response) -> list[str]:
    return [row.system.name_fr for row in response.context["rows"]]


@pytest.fixture
def several(body, editor):
    """One that departs from principle 4 and is mine, one whose review is due, a draft."""
    today = clock.civil_date(clock.now())
    return [
        SystemFactory(
            organization=body, created_by=editor, name_fr="Décide", autonomy="alone", affects_rights="yes", lead=editor,
            technique=["deep_learning", "rules"], territory=["01", "02"],
        ),
        SystemFactory(
            organization=body, created_by=editor, name_fr="Revue", review_due_on=today, affects_rights="no",
            origin="supplier",
        ),
        SystemFactory(organization=body, created_by=editor, name_fr="Brouillon", draft=True,
                      review_due_on=today + timedelta(days=1)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"autonomy": "alone"}, ["Décide"]),
        ({"affects_rights": ["yes", "no"]}, ["Décide", "Revue"]),
        ({"attention": "high"}, ["Décide"]),
        ({"attention": ["low", "high"]}, ["Brouillon", "Décide", "Revue"]),
        ({"origin": "supplier"}, ["Revue"]),
        ({"only": "mine"}, ["Décide"]),
        ({"only": "departure"}, ["Décide"]),
        ({"only": "review_due"}, ["Revue"]),
        ({"only": ["mine", "review_due"]}, []),
        ({"public": "none"}, ["Brouillon", "Décide", "Revue"]),
        ({"public": ["sheet", "withheld"]}, []),
    ],
)
def test_answers_narrow(editor, several, as_user, wanted, found):
    assert names(as_user(editor).get(URL, wanted)) == found


@pytest.mark.parametrize("code", ["technique", "territory"])
def test_any_of_several_answers(editor, body, as_user, code):
    first, second, third = [choice.code for choice in CATALOGUE.field(code).choices[:3]]
    SystemFactory(organization=body, created_by=editor, name_fr="A", **{code: [first, second]})
    SystemFactory(organization=body, created_by=editor, name_fr="B", **{code: [second]})
    SystemFactory(organization=body, created_by=editor, name_fr="C")
    client = as_user(editor)
    assert names(client.get(URL, {code: [first, third]})) == ["A"]
    assert names(client.get(URL, {code: [second]})) == ["A", "B"]


def test_what_the_public_reads_narrows(editor, system, as_user):
    publish_system(system=system, by=editor)
    assert names(as_user(editor).get(URL, {"public": ["sheet", "line"]})) == [system.name_fr]
    assert names(as_user(editor).get(URL, {"public": "none"})) == []


@pytest.mark.parametrize(
    ("order", "found"), [("review", ["Revue", "Brouillon", "Décide"]), ("number", ["Décide", "Revue", "Brouillon"])]
)
def test_orders_where_nothing_comes_last(editor, several, as_user, order, found):
    assert names(as_user(editor).get(URL, {"sort": order})) == found


@pytest.mark.parametrize(
    "query",
    ["?only=x", "?attention=&attention=9", "?technique=';--", "?public=__all__", "?phase=pilot&phase=" + "x" * 3000],
)
def test_what_nobody_offers_finds_nothing(editor, several, as_user, query):
    response = as_user(editor).get(URL + query)
    page = response.content.decode()
    assert response.status_code == 200 and names(response) == []
    assert "govuk-error-summary" in page and "/exporter/" not in page
    assert len(str(response.context["filter"].form.errors)) < 400, "what was sent is not said again at length"
    content = as_user(editor).post(URL + "exporter/csv/" + query).content.decode()
    assert len(content.splitlines()) == 1, "the heads alone"


def test_a_filter_that_was_left_empty_asks_nothing(editor, several, as_user):
    assert len(names(as_user(editor).get(URL + "?phase=&attention=&q="))) == 3


def test_the_other_filters_fold_until_one_serves(editor, several, as_user):
    client = as_user(editor)
    assert not client.get(URL).context["filter"].others_are_used
    assert client.get(URL, {"autonomy": "alone"}).context["filter"].others_are_used


def test_the_database_finds_the_level_that_the_rules_say(body, editor):
    """Every combination of the answers that count."""
    unsure = ["", "yes", "no", "unsure"]
    rows = [
        SystemFactory.build(
            organization=body, created_by=editor, name_fr=str(n), draft=True, autonomy=autonomy, affects_rights=rights,
            solely_automated=solely, sensitive_information=sensitive, personal_information=personal,
        )
        for n, (autonomy, rights, solely, sensitive, personal) in enumerate(
            product(["", "assists", "supervised", "alone"], unsure, ["", "yes", "no"],
                    [[], ["none"], ["health"], ["health", "none"]], unsure)
        )
    ]  # fmt: skip
    AISystem.objects.bulk_create(rows)
    for code, level in LEVELS.items():
        found = {system.pk for system in AISystem.objects.filter(BY_LEVEL[code])}
        assert found == {row.pk for row in rows if attention(vars(row)).level == level}, code
    departing = {system.pk for system in AISystem.objects.filter(DEPARTS_FROM_PRINCIPLE_4)}
    assert departing == {row.pk for row in rows if departs_from_principle_4(vars(row))}


# --- Files ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def in_english(body) -> None:
    Organization.objects.filter(pk=body.pk).update(publishes_in_english=True)


def workbook(system) -> dict[str, list[list[object]]]:
    content = SystemsFile(AISystem.objects.filter(pk=system.pk)).content("xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def cell(value: object) -> str:
    return "" if value is None else str(value).removeprefix("'")


def test_the_file_holds_each_field_of_the_catalogue_and_each_twin(whole_system, in_english):
    AISystem.objects.filter(pk=whole_system.pk).update(need_en="The need.")
    heads, values = next(iter(workbook(whole_system).values()))
    line = dict(zip(heads, values, strict=True))
    fields = [*CATALOGUE.fields, *CATALOGUE.twins]
    assert len({field.label["fr"] for field in fields}) == len(fields), "two columns would bear one title"
    for field in CATALOGUE.fields:
        stored = getattr(whole_system, field.code)
        label = field.choices and field.choice(stored[0] if isinstance(stored, list) else stored).label["fr"]
        assert cell(line[field.label["fr"]]) == (label or str(stored)), field.code
    assert line[CATALOGUE.label("need_en", "fr")] == "The need." and "Trieur de demandes" in values


def test_the_workbook_has_a_sheet_for_each_part_with_each_of_its_fields(whole_system):
    sheets = workbook(whole_system)
    rows = rows_of(whole_system)
    assert len(sheets) == 1 + len(CATALOGUE.parts)
    for part, (title, lines) in zip(CATALOGUE.parts, list(sheets.items())[1:], strict=True):
        (told,) = [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
        assert part.label["fr"].startswith(title[:20]) and whole_system.reference in told.values()
        for field in part.fields:
            stored = rows[part.code][0]
            words = stored.names[field.code] if field.kind == "row" else stored.values[field.code]
            shown = words if field.kind in {"row", "date", "integer", "decimal", "year"} else shown_value(field, words)
            found = cell(told[field.label["fr"]])
            assert found == str(shown) or float(found) == float(shown), (part.code, field.code)


def test_the_zip_holds_one_csv_a_table(whole_system, editor, as_user):
    response = as_user(editor).post(URL + "exporter/zip/")
    assert response["Content-Type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(response.content))
    assert archive.namelist()[0] == "systemes.csv" and len(archive.namelist()) == 1 + len(CATALOGUE.parts)
    for part in CATALOGUE.parts:
        text = archive.read(f"{part.code.replace('_', '-')}.csv").decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text), delimiter=";"))
        assert len(lines) == 2 and {field.label["fr"] for field in part.fields} <= set(lines[0])


def test_no_cell_of_a_row_is_a_formula(whole_system):
    whole_system.metric_rows.update(name_fr="=1+1")
    assert "'=1+1" in str(workbook(whole_system))


def test_nothing_is_not_zero(system):
    AISystem.objects.filter(pk=system.pk).update(contract_amount=0)
    heads, values = next(iter(workbook(system).values()))
    assert dict(zip(heads, values, strict=True))[CATALOGUE.label("contract_amount", "fr")] == 0


def test_the_rows_of_those_who_may_not_be_seen_stay(whole_system, outsider, as_user):
    archive = zipfile.ZipFile(io.BytesIO(as_user(outsider).post(URL + "exporter/zip/").content))
    assert all(len(archive.read(name).decode().splitlines()) == 1 for name in archive.namelist())
