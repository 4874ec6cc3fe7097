"""A typing mistake finds what was meant, says so, and leaves what was typed one click away."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from registry.models import SearchWord
from registry.services.publication import withdraw_publication
from registry.services.search_index import tidy_search
from registry.standards.near_words import mistakes_between, near_keys
from tests.factories.publications import published, publisher_of
from tests.transparency.test_views_search import SEARCH, found


def page_of(client: Client, words: str, language: str = "en", **query) -> str:
    return unescape(client.get(f"/{language}/recherche/", {"q": words} | query).content.decode())


def suggestions(client: Client, words: str, **query) -> list[str]:
    page = page_of(client, words, **query)
    told = re.search(r"Try instead:(.*?)</p>", page, re.DOTALL)
    return re.findall(r'href="/en/recherche/\?q=([^"]+)"', told[1]) if told else []


@pytest.fixture
def immigration(public_body):
    return published(public_body, name_fr="Évaluation des demandes d'immigration", summary_fr="Trie les dossiers.")


@pytest.mark.parametrize(
    "typed",
    ["immigartion", "imigration", "immmigration", "immigratoin", "IMMIGARTION", "Imigrations", "l'immigartion"],
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_mistyped_word_finds_what_was_meant(immigration, visitor, typed, language):
    page = page_of(visitor, typed, language)
    assert f"/{language}/systemes/{immigration.reference}/" in page and "vg-empty-state" not in page
    assert "<strong>" in page and "immigration</strong>" in page


@pytest.mark.parametrize(
    "typed",
    [
        "demandes immigartion",
        "evaluation imigration",
        "Trie immigartion",
        "immigartion or zzzzzz",
        "evalaution dosiers",
    ],
)
def test_the_other_words_are_kept_as_they_were_typed(immigration, visitor, typed):
    assert found(visitor, q=typed) == [immigration.reference]


def test_what_was_typed_can_be_searched_all_the_same(immigration, visitor):
    page = page_of(visitor, "immigartion", page="1", phase="in_service")
    assert "Results for “<strong>immigration</strong>”." in page
    assert 'href="?q=immigartion&phase=in_service&exact=1"' in page and "Search exactly “immigartion”" in page
    exact = page_of(visitor, "immigartion", exact="1")
    assert "vg-empty-state" in exact and "card__link" not in exact
    assert '<input type="hidden" name="exact" value="1">' in exact
    assert suggestions(visitor, "immigartion", exact="1") == ["immigration"]


@pytest.mark.parametrize("typed", ["prmis", "Premis", "permsi"])
def test_short_words_too(sheet, visitor, typed):
    assert found(visitor, q=typed) == [sheet.reference]


@pytest.mark.parametrize("typed", ['"prmis"', "zzzz -prmis", "prm", "prmis" * 10, "embauche", "zzzz", "aide sociale"])
def test_what_is_meant_as_it_is_stays(sheet, visitor, typed):
    page = page_of(visitor, typed)
    assert "vg-empty-state" in page and "Results for “<strong>" not in page
    assert suggestions(visitor, typed) == []


def test_a_search_that_finds_something_is_never_corrected(sheet, public_body, visitor):
    published(public_body, name_fr="Radiographies")
    other = published(public_body, name_fr="Radiografies de sortie")
    assert found(visitor, q="radiografies") == [other.reference]


def test_a_word_that_a_filter_hides_is_right(sheet, visitor):
    assert "Results for “<strong>" not in page_of(visitor, "permis", phase="pilot")
    assert suggestions(visitor, "permis", phase="pilot") == []


def test_words_that_find_something_apart_are_offered(sheet, public_body, visitor):
    assert suggestions(visitor, "permis zzzz") == ["permis"]
    published(public_body, name_fr="Radiographies")
    published(public_body, name_fr="Cartels")
    assert suggestions(visitor, "cartesl radiographeis") == ["cartels", "radiographies"]


def test_an_everyday_word_is_recognized_too(public_body, visitor):
    """No sheet says «hôpital»: one says «clinique», which it stands for."""
    system = published(public_body, name_fr="Rendez-vous en clinique")
    assert found(visitor, q="hopitla") == [system.reference]


def test_the_word_of_more_sheets_is_meant(public_body, visitor):
    for _time in range(3):
        published(public_body, name_fr="Tri de cartons")
    published(public_body, name_fr="Tri de cartels")
    tidy_search()
    assert "Results for “<strong>cartons</strong>”." in page_of(visitor, "cartens")


def test_words_of_a_withdrawn_sheet_are_forgotten(sheet, public_body, visitor):
    gone = published(public_body, name_fr="Radiographies")
    withdraw_publication(system=gone, reason="Erreur.", by=publisher_of(public_body))
    assert "vg-empty-state" in page_of(visitor, "radiografies")
    assert SearchWord.objects.filter(word="radiographies").exists()
    tidy_search()
    assert not SearchWord.objects.filter(word="radiographies").exists()
    assert SearchWord.objects.filter(word="permis").count() == 1


def test_words_are_learned_once_and_again_when_none_was(sheet, public_body):
    before = set(SearchWord.objects.values_list("word", flat=True))
    assert {"permis", "demandes"} <= before and SearchWord.objects.count() == len(before)
    published(public_body, name_fr="Tri des demandes de permis")
    assert SearchWord.objects.filter(word="permis").count() == 1
    SearchWord.objects.all().delete()
    tidy_search()
    assert {"permis", "demandes"} <= set(SearchWord.objects.values_list("word", flat=True))


def test_a_word_learned_twice_at_once_is_kept_once(sheet):
    SearchWord.objects.create(word="permis", keys=near_keys("permis"))
    tidy_search()
    assert SearchWord.objects.filter(word="permis").count() == 1


def test_a_correction_reads_no_list_of_systems(sheet, visitor):
    """One query for what was meant, by the index of words; none when something was found."""
    with CaptureQueriesContext(connection) as told:
        visitor.get(SEARCH, {"q": "prmis demnade"})
    asked = [query["sql"] for query in told if "registry_searchword" in query["sql"]]
    assert len(asked) == 1 and " && " in asked[0] and "LIMIT 500" in asked[0]
    assert len(told) <= 12
    with CaptureQueriesContext(connection) as told:
        visitor.get(SEARCH, {"q": "permis"})
    assert not any("registry_searchword" in query["sql"] for query in told)


ALPHABET = "abcdeilmnoprst"


@given(word=st.text(ALPHABET, min_size=4, max_size=20), data=st.data())
def test_words_a_mistake_apart_share_a_number(word, data):
    """Whatever letter is left out, added, changed or swapped, and twice in a long word."""
    meant = word
    for _mistake in range(1 if len(word) < 7 else data.draw(st.integers(1, 2))):
        place = data.draw(st.integers(0, len(word) - 2))
        letter = data.draw(st.sampled_from(ALPHABET))
        word = data.draw(
            st.sampled_from(
                [
                    word[:place] + word[place + 1 :],
                    word[:place] + letter + word[place:],
                    word[:place] + letter + word[place + 1 :],
                    word[:place] + word[place + 1] + word[place] + word[place + 2 :],
                ]
            )
        )
    allowed = 1 if len(word) < 7 else 2
    if mistakes_between(word, meant, allowed) <= allowed:
        assert set(near_keys(word)) & set(near_keys(meant))


def test_files_and_feed_follow_what_was_meant(sheet, visitor):
    """What the page lists is what they hold, not what was mistyped."""
    page = visitor.get(SEARCH, {"q": "prmis"}).content.decode()
    for address in re.findall(r'href="([^"]*(?:systemes\.(?:csv|xlsx|json)|flux\.atom)\?[^"]*)"', page):
        assert "q=permis" in address, address
    assert "systemes.csv?q=permis" in page and "recherche/flux.atom?q=permis" in page
    assert sheet.reference in visitor.get("/fr/recherche/systemes.csv?q=permis").content.decode()
