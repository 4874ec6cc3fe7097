"""Registres d'ailleurs: as their source wrote them, and apart."""

import re
from html import unescape

import pytest

from tests.factories.publications import foreign


def test_a_record_says_whose_it_is(db, visitor):
    record = foreign()
    page = unescape(visitor.get(f"/fr/ailleurs/ca/{record.source_id}/").content.decode())
    assert "Registre de l'intelligence artificielle du gouvernement du Canada" in page
    assert "Licence du gouvernement ouvert" in page and "2026" in page and record.source_id in page
    assert "Exemple inc." in page and "2025" in page
    assert 'id="droits"' not in page, "the recourses of Québec do not apply"


def test_texts_are_in_the_language_of_the_reader_or_marked(db, visitor):
    record = foreign(names={"en": "English only"}, texts={"description": {"en": "Says hello."}})
    page = visitor.get(f"/fr/ailleurs/ca/{record.source_id}/").content.decode()
    assert '<span lang="en">English only</span>' in page
    assert '<div class="vg-text" lang="en"><p>Says hello.</p>' in page
    both = foreign("2526-EXEMPLE-002")
    assert "Traduit des lettres." in visitor.get(f"/fr/ailleurs/ca/{both.source_id}/").content.decode()
    assert "Translates letters." in visitor.get(f"/en/ailleurs/ca/{both.source_id}/").content.decode()


def test_what_the_source_does_not_say_is_not_guessed(db, visitor):
    record = foreign()
    page = visitor.get(f"/en/ailleurs/ca/{record.source_id}/").content.decode()
    assert "Not said by the source" in page


@pytest.mark.parametrize("source_id", ["a b", "a/b", "é-1", "100%", "x" * 100, "?q=1", "../etc"])
def test_any_identifier_of_a_source_has_its_page(db, visitor, source_id):
    foreign(source_id)
    page = visitor.get("/fr/ailleurs/").content.decode()
    link = unescape(re.search(r'class="vg-card__link" href="([^"]+)"', page)[1])
    assert visitor.get(link).status_code == 200


def test_records_are_searched_in_their_own_list(db, visitor):
    foreign("1", names={"fr": "Détection des incendies", "en": "Fire detection"})
    foreign("2")
    page = visitor.get("/fr/ailleurs/", {"q": "incendie"}).content.decode()
    assert "Détection des incendies" in page and "Aide à la traduction" not in page
    assert visitor.get("/fr/ailleurs/", {"registre": "us"}).content.decode().count("vg-card__link") == 2
    assert "Détection" in visitor.get("/fr/ailleurs/", {"registre": "ca"}).content.decode()


def test_they_are_counted_nowhere_else(sheet, visitor):
    foreign()
    page = visitor.get("/en/").content.decode()
    assert re.search(r'declared system</a></dt><dd class="vg-stat__value">1<', page)


@pytest.mark.parametrize(
    "document",
    [
        {"texts": {}, "codes": {}, "details": {}},
        {"codes": {"phase": "nouvelle", "origin": "martian"}},
        {"register": "zz", "details": {"Colonne": "valeur"}},
        {"url": "javascript:alert(1)"},
        {"texts": {"inconnu": {"nl": "Nederlandse tekst"}}},
    ],
)
def test_a_record_of_any_shape_is_shown(db, visitor, document):
    record = foreign(**document)
    page = visitor.get(f"/fr/ailleurs/ca/{record.source_id}/")
    assert page.status_code == 200
    assert b"javascript:" not in page.content
    assert visitor.get("/fr/ailleurs/").status_code == 200
