"""Links to records and web addresses on pages and in documents: offered, refused in place, one click away."""

import io
import json
import re
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.exports.files import made
from assessments.exports.told import material_of, material_of_submission, told_of_material
from assessments.models import Assessment
from assessments.services.guests import secret_of
from assessments.services.submitting import submit_assessment
from core import clock
from reports.services.assessments import freeze_assessment
from tests.assessments.conftest import WHOLE
from tests.assessments.exported import read
from tests.factories.registry import SystemFactory

pytestmark = pytest.mark.django_db
WEB = "https://organisme.example/ententes/7"
DEEP = {"people": "many", "sensitive": "yes"}
"""What makes every question be asked."""


@pytest.fixture
def linked(assessment, save, system):
    """A draft that links to its own system, to itself by another name and to an agreement on the web."""
    rows = {
        "r0001aaaa.kind": "system", "r0001aaaa.reference": f"{system.reference} – Ancien nom",
        "r0002aaaa.kind": "assessment", "r0002aaaa.reference": f"{system.reference} every_kind",
        "r0003aaaa.kind": "agreement", "r0003aaaa.reference": WEB,
        "r0004aaaa.kind": "agreement", "r0004aaaa.reference": "javascript:alert(1)",
    }  # fmt: skip
    said = {f"links.{path}": value for path, value in rows.items()}
    save(assessment, {**DEEP, **said, "agreements.r0001aaaa.reference": WEB})
    return read(assessment)


def at(name, assessment, *more):
    return reverse(f"assessments:{name}", args=[assessment.uuid, *more])


def way(page: str, words: str) -> str:
    """The opening tag of the link that says these words."""
    found = re.findall(rf"(<a [^>]*>)(?:<span[^>]*>)?{re.escape(words)}", page)
    return found[0] if found else ""


# --- A page of questions ----------------------------------------------------------------------------------------------
def test_a_page_offers_what_may_be_linked_to(linked, editor, system, as_user):
    page = as_user(editor).get(at("section", linked, "details")).content.decode()
    (offered,) = re.findall(r'<datalist id="o-links">(.*?)</datalist>', page)
    assert f'<option value="{system.reference} – {system.name_fr}">' in offered
    assert f'<option value="{system.reference} every_kind – Toutes les sortes, {system.name_fr}">' in offered
    fields = re.findall(r"<input[^>]*>", page)
    listed = [field for field in fields if 'list="o-links"' in field]
    assert len(listed) == 4 and all('name="links.r000' in field and ".reference" in field for field in listed)
    assert not any("agreements" in field for field in listed) and 'name="agreements.r0001aaaa.kind"' not in page


def test_a_long_reference_stays_on_the_line_that_has_its_list(assessment, save, editor, system, as_user):
    row = {"links.r0001aaaa.kind": "system", "links.r0001aaaa.reference": f"{system.reference} – {'Nom ' * 40}"}
    save(assessment, {**DEEP, **row})
    page = as_user(editor).get(at("question", assessment, "links")).content.decode()
    assert re.search(r'<input[^>]*name="links.r0001aaaa.reference"[^>]*list="o-links"', page)


def test_what_is_offered_cannot_break_out_of_the_page(assessment, save, body, editor, as_user):
    SystemFactory(organization=body, name_fr='"><script>alert(1)</script>')
    save(assessment, DEEP)
    page = as_user(editor).get(at("question", assessment, "links")).content.decode()
    assert "<script>alert(1)" not in page and "&quot;&gt;&lt;script&gt;" in page


def test_a_stored_reference_is_one_click_away_by_its_name_of_today(linked, editor, system, as_user):
    page = as_user(editor).get(at("section", linked, "details")).content.decode()
    assert f'href="{reverse("registry:system", args=[system.uuid])}"' in way(
        page, f"{system.reference} – {system.name_fr}"
    )
    assert f'href="{at("assessment", linked)}"' in way(page, f"{system.reference} every_kind – Toutes")
    assert f'href="{WEB}" rel="nofollow noopener"' in way(page, WEB)
    assert page.count(f'href="{WEB}"') == 2 and 'href="javascript' not in page


def test_an_invited_person_sees_nothing_of_the_register(linked, save, invite, body):
    hidden = SystemFactory(organization=body, name_fr="Un nom que personne ne leur a dit")
    save(linked, {"links.r0001aaaa.reference": hidden.reference})
    guest = invite(questions=["links", "agreements"])
    page = Client().get(reverse("guests:answers", args=[secret_of(guest.uuid)])).content.decode()
    assert hidden.reference in page and hidden.name_fr not in page and str(hidden.uuid) not in page
    assert "links.r0001aaaa.reference" in page and "datalist" not in page and 'list="' not in page


# --- What is refused --------------------------------------------------------------------------------------------------
def sent(assessment, **rows: str) -> dict[str, Any]:
    paths = {name.replace("__", "."): value for name, value in rows.items()}
    return {"version": str(assessment.version), "shown": "name,links", "name": "Tri des plaintes", **paths}


def test_a_reference_that_names_nothing_is_told_at_its_field_and_the_rest_is_saved(linked, editor, as_user, system):
    rows = {
        "links__r0001aaaa__kind": "system",
        "links__r0001aaaa__reference": "QC-MTEST-7777",
        "links__r0003aaaa__kind": "system",
        "links__r0003aaaa__reference": WEB,
        "links__r0005bbbb__kind": "assessment",
        "links__r0005bbbb__reference": "Une autre",
    }
    answer = as_user(editor).post(at("everything", linked), sent(linked, **rows))
    page = answer.content.decode()
    assert answer.status_code == 422
    for name in ("r0001aaaa.reference", "r0003aaaa.kind", "r0005bbbb.reference"):
        assert f'href="#id_links.{name}"' in page, name
    assert "ne désigne aucun système" in page and "ne désigne aucune évaluation" in page
    assert 'value="QC-MTEST-7777"' in page and 'value="Une autre"' in page
    values = linked.values()
    assert values["name"] == "Tri des plaintes"
    kept = {row["row"]: (row["kind"], row.get("reference")) for row in values["links"]}
    assert kept["r0001aaaa"] == ("system", f"{system.reference} – Ancien nom")
    assert kept["r0003aaaa"] == ("agreement", WEB) and kept["r0005bbbb"] == ("assessment", None)


def test_so_does_the_script(linked, editor, as_user):
    rows = {"links__r0001aaaa__reference": "rien", "links__r0002aaaa__reference": "rien non plus", "autosave": "1"}
    told = as_user(editor).post(at("everything", linked), sent(linked, **rows))
    assert told.status_code == 422 and linked.values()["name"] == "Tri des plaintes"
    assert sorted(told.json()["errors"]) == ["links.r0001aaaa.reference", "links.r0002aaaa.reference"]


def test_kind_and_reference_that_change_together_are_both_left_as_they_were(linked, editor, as_user):
    rows = {"links__r0003aaaa__kind": "system", "links__r0003aaaa__reference": "rien", "autosave": "1"}
    told = as_user(editor).post(at("everything", linked), sent(linked, **rows)).json()
    assert sorted(told["errors"]) == ["links.r0003aaaa.kind", "links.r0003aaaa.reference"]
    assert {"row": "r0003aaaa", "kind": "agreement", "reference": WEB} in linked.values()["links"]


def test_an_invited_person_is_refused_nothing(linked, invite):
    guest = invite(questions=["links"])
    rows = {"links__r0001aaaa__reference": "QC-AUTRE-0900", "autosave": "1"}
    address = reverse("guests:answers", args=[secret_of(guest.uuid)])
    answer = Client().post(address, {**sent(linked, **rows), "shown": "links"})
    assert answer.status_code == 200, answer.content.decode()
    assert linked.values()["links"][0]["reference"] == "QC-AUTRE-0900"


# --- What it costs ----------------------------------------------------------------------------------------------------
def cost(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize(("page", "more"), [("section", ("details",)), ("print", ())])
def test_a_page_costs_the_same_with_one_row_and_with_many(linked, save, editor, body, as_user, page, more):
    client = as_user(editor)
    few = cost(client, at(page, linked, *more))
    rows = {}
    for number in range(10, 50):
        system = SystemFactory(organization=body)
        rows |= {f"links.r{number:04d}cccc.kind": "system", f"links.r{number:04d}cccc.reference": system.reference}
    save(linked, rows)
    assert cost(client, at(page, linked, *more)) == few


def test_only_a_page_that_shows_such_a_question_looks_anything_up(assessment, linked, save, editor, as_user):
    client = as_user(editor)
    without = cost(client, at("question", linked, "agreements"))
    assert cost(client, at("question", linked, "story")) == without
    assert cost(client, at("question", linked, "links")) == without + 4  # what is offered, what is linked to
    taken = {f"links.r000{number}aaaa.{name}": "" for number in range(1, 5) for name in ("kind", "reference")}
    save(linked, taken)
    assert cost(client, at("question", linked, "links")) == without + 2


# --- Documents --------------------------------------------------------------------------------------------------------
def cells(told) -> list[Any]:
    (found,) = (each for each in told.questions if each.code == "links")
    return [row[-1] for row in found.blocks[0].rows]


def test_a_draft_is_told_by_the_names_of_today(linked, system):
    told = [cell.text for cell in cells(told_of_material(material_of(linked)))]
    name = system.name_fr
    titles = [f"{system.reference} – {name}", f"{system.reference} every_kind – Toutes les sortes, {name}"]
    assert told == [*titles, WEB, "javascript:alert(1)"]


def test_a_document_leads_to_the_web_and_to_no_page_of_ours(linked, system):
    moment = clock.now()
    page = made(material_of(linked), "html", moment=moment).decode()
    assert f"{system.reference} – {system.name_fr}" in page and f'href="{WEB}" rel="nofollow noopener"' in way(
        page, WEB
    )
    assert str(system.uuid) not in page and "javascript:alert" not in "".join(re.findall("<a [^>]*>", page))
    with ZipFile(io.BytesIO(made(material_of(linked), "docx", moment=moment))) as word:
        relations = word.read("word/_rels/document.xml.rels").decode()
        text = word.read("word/document.xml").decode()
    assert relations.count(f'Target="{WEB}"') == 1 and "javascript" not in relations
    assert text.count("<w:hyperlink ") == 2 and f"{system.reference} – {system.name_fr}" in text


def test_a_pdf_leads_to_the_web_alone_and_one_of_before_still_reads(linked, system):
    content = freeze_assessment(assessment=linked, submission=None, language="fr", moment=clock.now())
    context = {"made": {**content, "generated_at": clock.now()}, "told": content["told"]}
    page = render_to_string("reports/assessment.html", context)
    assert f"{system.reference} – {system.name_fr}" in page and str(system.uuid) not in page
    assert f'href="{WEB}"' in way(page, WEB) and 'href="javascript' not in page
    before = json.loads(json.dumps(context["told"]), object_hook=_without_ways)
    assert WEB in (page := render_to_string("reports/assessment.html", {**context, "told": before}))
    assert not way(page, WEB)


def _without_ways(piece: dict[str, Any]) -> dict[str, Any]:
    """Frozen before words led anywhere."""
    return {name: each for name, each in piece.items() if not ("address" in piece and name in {"address", "title"})}


def test_an_extract_says_what_was_written(linked, editor):
    """It may be given to anyone: what a text names in the register is not looked up for it."""

    def looked_up(**how: Any) -> int:
        material = material_of(linked)
        with CaptureQueriesContext(connection) as asked:
            told_of_material(material, reader=editor, **how)
        return sum('"registry_aisystem"."reference" IN (' in one["sql"] for one in asked)

    assert (looked_up(is_extract=True), looked_up()) == (0, 2)


@pytest.fixture
def submitted(linked, save, editor):
    whole = {"law.choice": "permitted", "data.r0001aaaa.what": "Nom", "clauses.audit.state": "yes"}
    applies = {f"ratings_of_risks.{risk}.applies": "no" for risk in ("access", "loss")}
    save(linked, {**WHOLE, **DEEP, **whole, **applies})
    return submit_assessment(assessment=read(linked), by=editor)


def test_what_was_submitted_stays_as_it_was_written(submitted, system):
    told = told_of_material(material_of_submission(submitted))
    assert [cell.text for cell in cells(told)][:2] == [
        f"{system.reference} – Ancien nom",
        f"{system.reference} every_kind",
    ]


def test_the_page_of_what_is_closed_leads_to_what_it_names(submitted, system, editor, as_user):
    assessment = Assessment.objects.get()
    page = as_user(editor).get(at("print", assessment)).content.decode()
    assert f"{system.reference} – Ancien nom<br><a " in page
    assert f'href="{reverse("registry:system", args=[system.uuid])}"' in way(
        page, f"{system.reference} – {system.name_fr}"
    )
    assert f'href="{at("assessment", assessment)}"' in way(page, f"{system.reference} every_kind – Toutes")
    assert f'href="{WEB}" rel="nofollow noopener"' in way(page, WEB)


def test_so_does_the_page_of_whoever_decides(submitted, system, reviewer, as_user):
    page = as_user(reviewer).get(at("decide", Assessment.objects.get())).content.decode()
    assert f'href="{reverse("registry:system", args=[system.uuid])}"' in page
