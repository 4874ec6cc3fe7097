"""Differences between any two versions: in words, row by row, in the language of the reader."""

import copy
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.field_catalogue import CATALOGUE
from registry.models import Benefit, HostingSite, Metric
from registry.public.differences import compare_documents
from registry.services.publication import withdraw_publication
from tests.factories.publications import published, published_again, publisher_of
from tests.transparency.conftest import page_of, words_of


def test_a_text_is_compared_word_by_word(sheet, visitor):
    published_again(sheet, note="Plus précis.", need_fr="Les demandes urgentes attendaient beaucoup trop longtemps.")
    page = page_of(visitor, f"/en/systemes/{sheet.reference}/differences/?de=1&a=2")
    assert "beaucoup" in page[page.index("<ins") : page.index("</ins>")]
    assert "<del" not in page
    assert CATALOGUE.field("need_fr").label["en"] in page and 'lang="fr"' in page
    assert "Plus précis." in page and "major change" in page


def test_without_a_choice_the_last_two_are_compared_and_history_leads_there(sheet, visitor):
    for text in ("Un deuxième besoin.", "Un troisième besoin."):
        published_again(sheet, need_fr=text)
    link = f"/en/systemes/{sheet.reference}/differences/"
    assert link in page_of(visitor, f"/en/systemes/{sheet.reference}/")
    words = words_of(page_of(visitor, link))
    assert "troisième" in words and "longtemps" not in words
    words = words_of(page_of(visitor, f"{link}?de=3&a=1"))
    assert "troisième" in words and "longtemps" in words, "any two, in either order"


def test_versions_of_one_day_differ_in_the_lists(sheet, visitor):
    published_again(
        sheet, note="Le besoin est dit autrement, avec des mots plus simples et plus courts.", need_fr="Mieux."
    )
    page = page_of(visitor, f"/en/systemes/{sheet.reference}/differences/")
    options = re.findall(r"<option[^>]*>([^<]*)</option>", page)
    second, first = (option.split(" – ", 1)[1] for option in options[:2])
    assert first != second and re.search(r"\d:\d\d|\d h \d", first)
    assert "Le besoin est dit autrement" in second and "courts" not in second


def test_rows_are_matched_by_what_identifies_them(everything, visitor):
    HostingSite.objects.filter(system=everything).update(place_fr="Région de Québec")
    Metric.objects.filter(system=everything).delete()
    benefit = Benefit.objects.get(system=everything)
    benefit.measures.update(value=20)
    published_again(everything, note="Les rangées ont changé.")
    page = page_of(visitor, f"/fr/systemes/{everything.reference}/differences/")
    words = words_of(page)
    assert "Région de Québec" in words
    assert CATALOGUE.part("metrics").label["fr"] in words and CATALOGUE.part("datasets").label["fr"] not in words
    assert f"{benefit.name_fr} – 2025" in words and "20" in words


def test_codes_are_compared_in_words_and_the_body_too(sheet):
    document = sheet.public_record.publication.document
    changed = copy.deepcopy(document)
    changed["system"]["phase"] = "retired"
    changed["body"]["phone"] = "418 555-0111"
    changed["kind"] = "line"
    changed["details"]["on_request"] = ["model_name"]
    sections = compare_documents(document, changed)
    changes = [change for section in sections for change in section.changes]
    phase = CATALOGUE.field("phase")
    assert (phase.choice("in_service").label["fr"], phase.choice("retired").label["fr"]) in [
        (change.before, change.after) for change in changes
    ]
    assert len(changes) == 4
    assert compare_documents(document, document) == ()


def test_nothing_changed_is_said(sheet, visitor):
    published_again(sheet, need_fr="Autre chose.")
    published_again(sheet, need_fr=sheet.publications.last().document["system"]["need"]["fr"])
    page = page_of(visitor, f"/en/systemes/{sheet.reference}/differences/?de=1&a=3")
    assert "Nothing that the public reads has changed" in page
    assert "The same version twice" in page_of(visitor, f"/en/systemes/{sheet.reference}/differences/?de=2&a=2")


def test_one_version_alone_teaches(sheet, visitor):
    assert "Only one version" in page_of(visitor, f"/en/systemes/{sheet.reference}/differences/")


@pytest.mark.parametrize("query", ["de=9&a=1", "de=1&a=0", "de=-1", "de=x&a=2", "de=99999999999", "a=%00", "de=²&a=2"])
def test_a_version_that_is_none_leads_to_a_sentence(sheet, visitor, query):
    published_again(sheet, need_fr="Autre chose.")
    answer = visitor.get(f"/en/systemes/{sheet.reference}/differences/?{query}")
    assert answer.status_code == 404 and b"no such version" in answer.content


def test_of_a_withdrawn_sheet_nothing_is_compared(sheet, visitor):
    published_again(sheet, need_fr="Autre chose.")
    withdraw_publication(system=sheet, reason="Une erreur.", by=publisher_of(sheet.organization))
    answer = visitor.get(f"/fr/systemes/{sheet.reference}/differences/?de=1&a=2")
    assert answer.status_code == 302 and answer.headers["Location"] == f"/fr/systemes/{sheet.reference}/"


def test_a_hostile_text_is_compared_as_text(public_body, visitor):
    system = published(public_body)
    published_again(system, need_fr='<script>alert("x")</script> attendaient')
    raw = visitor.get(f"/fr/systemes/{system.reference}/differences/").content.decode()
    assert "<script>alert" not in raw


def test_the_number_of_queries_does_not_grow_with_versions(sheet, visitor):
    counts = []
    for _round in range(2):
        for number in range(3):
            published_again(sheet, need_fr=f"Besoin {_round} {number}.")
        with CaptureQueriesContext(connection) as queries:
            page_of(visitor, f"/fr/systemes/{sheet.reference}/differences/?de=1&a=3")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
