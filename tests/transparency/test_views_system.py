"""The citizen's page of one system, its versions, its trace; and the addresses that lead to it."""

import hashlib
import json
import re
from dataclasses import replace

import pytest
from django.utils.translation import override

from organizations.services.public_copy import publish_body
from organizations.workflow import Role, SecondLook
from registry.field_catalogue import CATALOGUE
from registry.models import PublicRecord
from registry.public.sheet import find_sheet
from registry.services.publication import answer_publication_request, publish_system, withdraw_publication
from tests.factories.organizations import person
from tests.factories.publications import public_organization, published, published_again, publisher_of
from tests.factories.registry import SystemFactory
from tests.transparency.conftest import page_of, words_of


@pytest.fixture
def whole(public_body):
    """Every public field filled in."""
    return published(
        public_body,
        reference="QC-MPUB-0007",
        name_fr="Tri des demandes",
        autonomy="alone",
        personal_information="yes",
        affected=["service_users", "staff"],
        affected_details_fr="Environ 4 000 personnes.",
        contact_phone="418 555-0199",
        started_on="2024-05-06",
    )


def test_the_questions_of_a_citizen_come_in_the_order_of_the_catalogue(whole, visitor):
    page = page_of(visitor, f"/fr/systemes/{whole.reference}/")
    headings = re.findall(r'class="vg-answer__question"[^>]*>(.*?)</h2>', page, re.DOTALL)
    questions = [words_of(heading) for heading in headings]
    assert all("<svg" in heading for heading in headings)
    told = ["purpose", "responsible", "contact", "people", "decision", "data", "life"]
    assert questions == [section.question["fr"] for section in CATALOGUE.sections if section.code in told]
    assert page.count("<h1") == 1


def test_every_public_answer_is_there_with_labels_and_explanations(whole, visitor):
    words = words_of(page_of(visitor, f"/fr/systemes/{whole.reference}/"))
    for value in (whole.name_fr, whole.summary_fr, whole.need_fr, whole.benefit_fr, whole.unit_fr, "Environ 4 000"):
        assert value in words
    for field, code in (("autonomy", "alone"), ("affected", "staff"), ("phase", "in_service")):
        choice = CATALOGUE.field(field).choice(code)
        assert choice.label["fr"] in words and choice.explanation["fr"] in words
    assert "6 mai 2024" in words or "6 May 2024" in words
    assert "alone" not in words, "a code is never shown"


def test_one_paragraph_says_it_all_first(whole, visitor):
    page = page_of(visitor, f"/en/systemes/{whole.reference}/")
    paragraph = words_of(re.search(r'id="en-bref">(.*?)</p>', page, re.DOTALL)[1])
    assert paragraph == (
        f"{whole.summary_fr} It is in use now. It decides alone: no person looks at the decision before it applies. "
        "It uses personal information. It is used on: users of a service, staff."
    )
    assert f'<span lang="fr">{whole.summary_fr}</span>' in page


def test_what_is_empty_is_shown_as_such(sheet, visitor):
    page = page_of(visitor, f"/en/systemes/{sheet.reference}/")
    empty = re.findall(r"<h3[^>]*>([^<]*)</h3>\s*<p class=\"govuk-body vg-empty\">Not filled in", page)
    assert empty == ["More about the people affected", "Start"]


def test_the_block_of_rights_says_whom_to_reach_and_how(whole, visitor):
    page = page_of(visitor, f"/fr/systemes/{whole.reference}/")
    block = page[page.index('id="droits"') : page.index('id="historique"')]
    assert 'href="tel:4185550199"' in block
    assert f'href="mailto:{whole.contact_email}"' in block
    assert "1, rue des Exemples" in block
    assert whole.reference in block, "the sentences to say name the system"
    assert "65.2" in block
    assert "Protecteur du citoyen" in block
    assert f'href="/fr/systemes/{whole.reference}/signaler/"' in block


def test_outside_recourses_are_those_of_the_body(visitor, db):
    town = published(public_organization(sigle="VILLE", town=True))
    block = page_of(visitor, f"/fr/systemes/{town.reference}/")
    assert "Commission municipale" in block
    assert "Protecteur du citoyen (actes" not in block


def test_contact_details_are_those_of_today(whole, visitor):
    body = whole.organization
    body.postal_address = "99, rue Nouvelle"
    body.save()
    assert "99, rue Nouvelle" not in page_of(visitor, f"/fr/systemes/{whole.reference}/")
    publish_body(organization=body, by=publisher_of(body))
    assert "99, rue Nouvelle" in page_of(visitor, f"/fr/systemes/{whole.reference}/")


def test_the_fingerprint_is_that_of_the_file(sheet, visitor):
    published_again(sheet, need_fr="Un besoin mieux décrit.")
    for number in (1, 2):
        answer = visitor.get(f"/fr/systemes/{sheet.reference}/v/{number}.json")
        digest = hashlib.sha256(answer.content).hexdigest()
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        assert answer.headers["ETag"] == f'"{digest}"'
        assert json.loads(answer.content)["number"] == number
        assert digest in page_of(visitor, f"/fr/systemes/{sheet.reference}/v/{number}/")
    assert digest in page_of(visitor, f"/fr/systemes/{sheet.reference}/")


def test_each_version_keeps_its_page_and_says_that_it_was_replaced(sheet, visitor):
    published_again(sheet, note="Le besoin est plus clair.", need_fr="Un besoin mieux décrit.")
    now = page_of(visitor, f"/en/systemes/{sheet.reference}/")
    assert "Un besoin mieux décrit." in now and "It has been replaced" not in now
    before = page_of(visitor, f"/en/systemes/{sheet.reference}/v/1/")
    assert "Un besoin mieux décrit." not in before and "It has been replaced" in before
    assert "It has been replaced" not in page_of(visitor, f"/en/systemes/{sheet.reference}/v/2/")
    history = now[now.index('id="historique"') : now.index("</ol>", now.index('id="historique"'))]
    assert re.findall(r"/v/(\d)/", history) == ["2", "1"]
    assert "Le besoin est plus clair." in history


def test_a_line_says_that_its_sheet_is_to_come(public_body, visitor):
    line = published(public_body, data_description_fr="", need_fr="Un besoin pas encore public")
    page = page_of(visitor, f"/en/systemes/{line.reference}/")
    assert "Declared, sheet to come" in page
    assert "Un besoin pas encore public" not in page
    assert 'id="droits"' in page and "418 555-0100" in page


def test_a_line_shows_the_stage_and_the_category_by_which_it_is_found(public_body, visitor):
    line = published(public_body, data_description_fr="", category="behaviour_analysis")
    category = CATALOGUE.field("category")
    page = page_of(visitor, f"/en/systemes/{line.reference}/")
    assert category.label["en"] in page and category.choice("behaviour_analysis").label["en"] in page
    assert line.reference in page_of(visitor, "/en/recherche/?category=behaviour_analysis")


def test_a_page_says_once_that_its_texts_are_in_the_other_language(sheet, db, visitor):
    sentence = "This record is published in French only; the labels are translated."
    for path in (f"systemes/{sheet.reference}/", f"systemes/{sheet.reference}/fiche-complete/"):
        assert page_of(visitor, f"/en/{path}").count(sentence) == 1
        assert sentence not in page_of(visitor, f"/fr/{path}")
    both = published(public_organization(publishes_in_english=True), name_en="Sorting", data_description_fr="")
    assert sentence not in page_of(visitor, f"/en/systemes/{both.reference}/")
    withdraw_publication(system=sheet, reason="Une erreur.", by=publisher_of(sheet.organization))
    assert page_of(visitor, f"/en/systemes/{sheet.reference}/").count(sentence) == 0


def test_a_version_in_english_only_says_so_on_the_french_page(sheet):
    shown = find_sheet(sheet.reference)
    document = {**shown.document, "system": {"name": {"en": "Sorting"}, "phase": "pilot"}}
    with override("fr"):
        assert replace(shown, document=document).only_language == "en"
    with override("en"):
        assert replace(shown, document=document).only_language == ""


def test_a_withdrawn_sheet_leaves_a_trace_and_nothing_of_what_it_said(sheet, visitor):
    published_again(sheet, note="On ne nomme plus Untel.", benefit_fr="Un autre bénéfice.")
    by = publisher_of(sheet.organization)
    withdraw_publication(system=sheet, reason="Une personne y était reconnaissable.", by=by)
    page = page_of(visitor, f"/en/systemes/{sheet.reference}/")
    assert "Sheet withdrawn" in page and "Une personne y était reconnaissable." in page
    record = PublicRecord.objects.get(reference=sheet.reference)
    digests = [version.digest for version in sheet.publications.order_by("number")]
    assert record.kind == "withdrawn" and all(digest in page for digest in digests)
    for text in (sheet.need_fr, sheet.summary_fr, "On ne nomme plus Untel."):
        assert text not in page
    for path in (f"/en/systemes/{sheet.reference}/v/1/", f"/en/systemes/{sheet.reference}/v/1.json"):
        answer = visitor.get(path)
        assert answer.status_code == 410
        assert sheet.need_fr not in answer.content.decode()
    assert visitor.get(f"/en/systemes/{sheet.reference}/v/3.json").status_code == 200
    assert visitor.get(f"/en/systemes/{sheet.reference}/signaler/").status_code == 404


def test_english_is_shown_where_the_body_publishes_it(db, visitor):
    body = public_organization(publishes_in_english=True)
    system = published(body, name_fr="Tri", name_en="Sorting", summary_en="Sorts.")
    assert "<h1" in (page := page_of(visitor, f"/en/systemes/{system.reference}/")) and "Sorting" in page
    assert "Sorting" not in page_of(visitor, f"/fr/systemes/{system.reference}/")


def test_no_version_of_a_withdrawn_sheet_is_in_force(sheet, visitor):
    assert "– in force" in page_of(visitor, f"/en/systemes/{sheet.reference}/")
    withdraw_publication(system=sheet, reason="Une erreur.", by=publisher_of(sheet.organization))
    page = page_of(visitor, f"/en/systemes/{sheet.reference}/")
    assert "in force" not in page and "Sheet withdrawn" in page


def test_a_sheet_says_that_a_second_person_read_it(db, visitor):
    body = public_organization(sigle="DEUX", second_look=SecondLook.REQUIRED)
    system = SystemFactory(organization=body, created_by=person(body, Role.SYSTEM_OWNER))
    request = publish_system(system=system, by=system.created_by)
    answer_publication_request(request=request, move="approve", by=person(body, Role.PRIVACY_OFFICER))
    page = page_of(visitor, f"/en/systemes/{system.reference}/")
    assert "A second person read this version" in page and "without a second look" not in page


@pytest.mark.parametrize("look", SecondLook)
def test_a_sheet_published_alone_says_so_with_the_reason_of_the_body(db, visitor, look):
    reason = "Une seule personne s'occupe des systèmes."
    body = public_organization(sigle="SEUL", second_look="impossible", second_look_reason_fr=reason)
    system = published(body)
    body.second_look = look
    body.save()
    publish_body(organization=body, by=publisher_of(body))
    page = page_of(visitor, f"/en/systemes/{system.reference}/")
    assert "This version was published without a second look." in page
    assert (reason in page) == (look == SecondLook.IMPOSSIBLE), "a reason kept from before is nobody's business"


@pytest.mark.parametrize(
    "path",
    [
        "systemes/QC-RIEN-0001/", "systemes/QC-MPUB-0001/v/9/", "systemes/QC-MPUB-0001/v/0.json",
        "systemes/QC-MPUB-0001/v/99999999999999999999/", "systemes/x/", "systemes/QC-MPUB-0001/rien/",
        "systemes/QC-MPUB-0001/v/-1/",
        "organismes/rien/", "ailleurs/ca/rien/", "signalements/AAAA-AAAA-AAAA/", "suis-je-vise/reponse/faux/",
    ],
)  # fmt: skip
def test_what_does_not_exist_is_not_found(sheet, visitor, path):
    assert visitor.get(f"/fr/{path}").status_code == 404


@pytest.mark.parametrize(
    ("typed", "rest"),
    [
        ("qc-mpub-0001", ""), ("Qc-Mpub-0001", "v/1/"), ("demo-mpub-0001", ""), ("DEMO-MPUB-0001", "signaler/"),
        ("de%CC%81mo-mpub-0001", ""), ("d%C3%A9mo-mpub-0001", "v/1.json"),
    ],
)  # fmt: skip
def test_a_number_as_people_type_it_leads_to_its_one_address(db, visitor, typed, rest):
    answer = visitor.get(f"/fr/systemes/{typed}/{rest}")
    kind = "QC" if typed.lower().startswith("qc") else "D%C3%89MO"
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"/fr/systemes/{kind}-MPUB-0001/{rest}"


def test_the_demonstration_says_so_on_its_pages(db, visitor):
    body = public_organization(sigle="FICTIF", is_demonstration=True)
    system = published(body, reference="DÉMO-FICTIF-0001")
    for path in (
        "",
        "recherche/",
        "organismes/",
        "organismes/fictif/",
        f"systemes/{system.reference}/",
        "a-propos/",
        "suis-je-vise/",
        "ailleurs/",
        "signalements/",
        f"systemes/{system.reference}/signaler/",
    ):
        assert "vg-demonstration" in page_of(visitor, f"/fr/{path}"), path


def test_a_real_register_does_not_say_demonstration(sheet, visitor):
    for path in ("", "recherche/", f"systemes/{sheet.reference}/", "a-propos/", "ailleurs/"):
        assert "vg-demonstration" not in page_of(visitor, f"/fr/{path}"), path


def test_texts_of_a_body_are_shown_as_text(public_body, visitor):
    hostile = '<script>alert("x")</script>'
    system = published(public_body, name_fr=hostile, need_fr=hostile, unit_fr=hostile)
    raw = visitor.get(f"/fr/systemes/{system.reference}/").content.decode()
    assert "<script>alert" not in raw and "&lt;script&gt;" in raw
    assert "<script>alert" not in visitor.get("/fr/recherche/").content.decode()
