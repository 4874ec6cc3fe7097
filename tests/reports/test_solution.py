"""The shared product that a system names, on paper: as its version tells it, the words of the supplier apart."""

import io

import pypdf
import pytest

from organizations.workflow import Role
from registry.models import FieldVisibility, Publication, SolutionClaim
from registry.services.publication import publish_system
from registry.services.solutions import use_solution
from registry.services.visibility import set_visibility
from reports.exports import typeset
from reports.models import Report
from tests.factories.organizations import person
from tests.factories.solutions import INTERNAL, NAMES, claim_of, solution_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def named(system, body, editor):
    """The system names a solution of which its supplier claims something; published as version 1."""
    solution = solution_of(body)
    claim_of(solution)
    system = use_solution(system=system, solution=solution, seen=None, by=editor)
    publish_system(system=system, by=editor)
    return solution


def solution_on(report):
    return report.content["sheet"]["solution"]


def text_of(report) -> str:
    pages = pypdf.PdfReader(io.BytesIO(typeset(report).content)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


@pytest.mark.slow
def test_paper_names_the_solution_and_marks_what_the_supplier_claims(ask, named):
    text = text_of(ask())
    for words in ("Solution partagée", NAMES["name_fr"], NAMES["description_fr"], "Selon le fournisseur"):
        assert words in text
    assert "Neuf brouillons sur dix seraient bons. Source : Fiche du produit, page 4, 15 mars 2026" in text
    assert "Aucun organisme public ne s'en porte garant" in text.replace("’", "'")
    assert not [word for word in INTERNAL if word in text]


@pytest.mark.slow
def test_in_english_french_words_keep_their_language(ask, named):
    html = typeset(ask(language="en")).html
    assert "According to the supplier" in html and "March 15, 2026" in html
    assert '<span lang="fr">Fiche du produit, page 4</span>' in html and '<div lang="fr"><p>Neuf brouillons' in html


def test_a_solution_described_otherwise_since_makes_a_draft_until_it_is_published(ask, named, editor):
    named.name_fr = "Nouveau nom"
    named.save()
    report = ask()
    assert report.content["sheet"]["is_draft"] and solution_on(report)["rows"][0]["value"] == "Nouveau nom"
    publish_system(system=report.system, by=editor, change_note="La solution.")
    frozen = Publication.objects.get(number=2).document["details"]["solution_facts"]["name"]["fr"]
    told = solution_on(ask())
    assert told["rows"][0]["value"] == frozen == "Nouveau nom" and len(told["claims"]) == 1


def test_the_document_of_the_version_is_read_not_the_tables(ask, named, monkeypatch):
    """Were the tables to change under it, the same document would make the same sheet."""
    version = Publication.objects.get()
    monkeypatch.setattr("reports.services.content.frozen_facts", lambda system, kind: version.document)
    SolutionClaim.objects.all().delete()
    assert [claim["source"] for claim in solution_on(ask())["claims"]] == ["Fiche du produit, page 4"]


def test_the_supplier_is_told_where_its_body_made_it_public(ask, named, system, body):
    assert [row["value"] for row in solution_on(ask())["rows"]] == [NAMES["name_fr"], NAMES["description_fr"]]
    by = person(body, Role.PRIVACY_OFFICER, Role.SYSTEM_OWNER)
    set_visibility(system=system, field="supplier", visibility="public", reason="Un marché public.", by=by)
    assert FieldVisibility.objects.exists()
    assert {row["value"] for row in solution_on(ask())["rows"]} >= {"Maison des lettres", "Plume d'or"}


def test_without_a_solution_nothing_is_told(ask, system):
    assert solution_on(ask()) is None


def test_the_page_of_the_content_tells_the_same_and_an_older_sheet_still_opens(ask, named, as_user, editor):
    report = ask()
    page = as_user(editor).get(f"/fr/espace/rapports/{report.uuid}/html/")
    text = page.content.decode()
    assert page.status_code == 200 and NAMES["name_fr"] in text and "Fiche du produit, page 4" in text
    del report.content["sheet"]["solution"]
    assert typeset(Report(uuid=report.uuid, kind=report.kind, language="fr", content=report.content)).pages
