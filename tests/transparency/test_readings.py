"""The citizen's reading and the expert's: rows, what is on request, the departure, documents of both shapes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.field_catalogue import CATALOGUE
from registry.models import Publication
from registry.public.sheet import find_sheet
from registry.public.sheet.rows import parts_in
from registry.services.publication import withdraw_publication
from tests.factories.publications import published, published_again, publisher_of
from tests.transparency.conftest import page_of, words_of


def test_the_citizen_reads_the_rows_of_each_question(everything, visitor):
    words = words_of(page_of(visitor, f"/fr/systemes/{everything.reference}/"))
    told = ["datasets", "hosting", "recourses", "adverse_events", "benefits", "metrics", "principles", "consultations"]
    for code in told:
        part = CATALOGUE.part(code)
        assert part.label["fr"] in words, code
        for field in part.fields:
            if field.visibility == "public" and field.code.endswith("_fr"):
                assert f"Réponse à «{field.label['fr']}»." in words, f"{code}.{field.code}"
    assert "Réponse à «Ce qui s'est passé»." not in words, "internal fields of a row are not public"


def test_the_measures_of_a_benefit_stand_in_its_table(everything, visitor):
    page = page_of(visitor, f"/fr/systemes/{everything.reference}/")
    table = words_of(page[page.index("<table") : page.index("</table>")])
    assert "2025" in table and table.count("12,5") == 3, "before, one year, the target"


@pytest.mark.parametrize(
    ("site", "laws"),
    [
        ({"country": "quebec", "operator_country": "united_states"}, ["Québec", "United States (country of the"]),
        ({"country": "quebec", "operator_country": "quebec"}, ["Laws that may apply: Québec."]),
        ({"country": "france"}, ["Laws that may apply: France."]),
        ({"country": "unknown"}, ["Which law applies is not known"]),
        ({"country": "unknown", "operator_country": "france"}, ["France (country of the operator's group)"]),
    ],
)
def test_a_place_says_under_whose_law_the_data_may_be(site, laws):
    from django.utils import translation

    row = {"id": "x", "name": {"fr": "Base"}, "place": {"fr": "Lévis"}, **site}
    with translation.override("en"):
        (part,) = parts_in("model", {"parts": {"hosting": [row]}})
    assert all(law in part.rows[0].note for law in laws)


def test_a_departure_from_principle_4_is_said_plainly(everything, sheet, visitor):
    sentence = "This system decides alone about people's rights."
    assert sentence in page_of(visitor, f"/en/systemes/{everything.reference}/")
    assert sentence in page_of(visitor, f"/en/systemes/{everything.reference}/fiche-complete/")
    assert sentence not in page_of(visitor, f"/en/systemes/{sheet.reference}/")


def test_what_is_on_request_is_said_with_whom_to_ask(everything, visitor):
    page = page_of(visitor, f"/en/systemes/{everything.reference}/")
    label = CATALOGUE.field("model_name").label["en"]
    asked = words_of(page[page.index("On request:") : page.index("</p>", page.index("On request:"))])
    assert label in asked and everything.contact_email in asked
    assert everything.model_name not in page


def test_the_expert_reads_every_public_field_and_what_is_empty(everything, sheet, visitor):
    public = [field for field in CATALOGUE.fields if field.visibility == "public"]
    for system in (everything, sheet):
        page = page_of(visitor, f"/fr/systemes/{system.reference}/fiche-complete/")
        for field in public:
            assert f'id="champ-{field.code.removesuffix("_fr")}"' in page, field.code
    assert page.count("vg-empty") > len(public) / 2, "most of this one is not filled in, and it shows"
    assert all(part.label["fr"] in page for part in CATALOGUE.parts if part.code != "measures")


def test_the_expert_reads_codes_and_what_other_standards_call_them(sheet, visitor):
    page = page_of(visitor, f"/en/systemes/{sheet.reference}/fiche-complete/")
    choice = CATALOGUE.field("phase").choice("in_service")
    block = page[page.index('id="champ-phase"') : page.index('id="champ-started_on"')]
    assert "in_service" in block
    for standard, code in choice.standards.items():
        assert code in block, standard
    assert sheet.public_record.publication.digest in page and "/v/1.json" in page


def test_no_internal_answer_is_in_either_reading(everything, visitor):
    for path in ("", "fiche-complete/", "v/1/fiche-complete/"):
        page = page_of(visitor, f"/fr/systemes/{everything.reference}/{path}")
        for field in CATALOGUE.fields:
            if field.visibility == "internal" and field.kind in {"text", "long_text"}:
                assert f"Réponse à «{field.label['fr']}»." not in page, field.code


def test_each_version_keeps_its_whole_reading(sheet, visitor):
    published_again(sheet, need_fr="Un besoin mieux décrit.")
    before = page_of(visitor, f"/en/systemes/{sheet.reference}/v/1/fiche-complete/")
    assert "Un besoin mieux décrit." not in before and "It has been replaced" in before
    assert "Un besoin mieux décrit." in page_of(visitor, f"/en/systemes/{sheet.reference}/fiche-complete/")


def test_a_line_and_a_withdrawn_sheet_have_no_whole_reading(public_body, sheet, visitor):
    line = published(public_body, data_description_fr="")
    withdraw_publication(system=sheet, reason="Une erreur.", by=publisher_of(public_body))
    for system in (line, sheet):
        for path, leads_to in (("", ""), ("v/1/", "v/1/")):
            answer = visitor.get(f"/fr/systemes/{system.reference}/{path}fiche-complete/")
            assert answer.status_code == 302
            assert answer.headers["Location"] == f"/fr/systemes/{system.reference}/{leads_to}"


def test_a_document_of_the_first_shape_is_still_read(sheet, visitor):
    """Version 1 of the shape had no rows, no `departs_from_principle_4` and no `on_request`."""
    document = dict(sheet.public_record.publication.document)
    document |= {"schema": "publication.v1", "catalogue": "1.0", "details": {}, "number": 2}
    old = Publication.objects.get(reference=sheet.reference)
    old.pk, old.uuid, old.number, old.schema, old.document = None, None, 2, "publication.v1", document
    import uuid

    old.uuid, old.change_note_fr = uuid.uuid4(), "Une note."
    old.save(force_insert=True)
    for path in ("v/2/", "v/2/fiche-complete/"):
        page = page_of(visitor, f"/fr/systemes/{sheet.reference}/{path}")
        assert sheet.need_fr in page
    del document["details"]
    assert find_sheet(sheet.reference, 2).sections


@pytest.mark.parametrize("path", ["", "fiche-complete/"])
def test_a_page_asks_the_same_number_of_questions_whatever_it_holds(everything, sheet, visitor, path):
    counts = []
    for system in (sheet, everything):
        with CaptureQueriesContext(connection) as queries:
            page_of(visitor, f"/fr/systemes/{system.reference}/{path}")
        counts.append(len(queries))
    # Of a system that names a shared solution: who else uses it, and how many.
    assert counts[0] + 2 == counts[1] <= 12


def test_an_address_of_the_web_alone_becomes_a_link(everything):
    from registry.public.sheet.answers import answer_of

    field = CATALOGUE.field("website_url")
    assert answer_of(field, "https://organisme.example/a").link
    assert not answer_of(field, "javascript:alert(1)").link
