"""Searching registers from elsewhere: mistakes, plurals and accents are forgiven, by the grammar of each language."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from registry.models import ForeignSystem, ForeignWord, SearchWord
from registry.public.elsewhere.words import shown_date
from registry.tasks import tidy_search_index
from tests.factories.publications import published
from tests.registry.registers import daily, daily_file, full, json_of
from tests.transparency.test_views_elsewhere import bring_in


def page_of(client: Client, words: str, language: str = "en", path: str = "ailleurs", **query) -> str:
    answer = client.get(f"/{language}/{path}/", {"q": words} | query)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def numbers(page: str) -> list[str]:
    return sorted(re.findall(r'class="vg-card__link" href="/\w\w/ailleurs/\w+/([^/]+)/"', page))


def dutch(*texts: str) -> None:
    bring_in(
        "nl", daily_file(*(daily(place, title=f"Titel {place}", doel=text) for place, text in enumerate(texts, 1)))
    )


@pytest.mark.parametrize("typed", ["vergunningen", "vergunning", "Vergunningen", "vergunnign", "vergunnigen"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_dutch_plurals_and_mistakes(db, visitor, typed, language):
    dutch("Geeft een vergunning af.", "Geeft vergunningen af.", "Telt vogels.")
    assert len(numbers(page_of(visitor, typed, language))) == 2


def test_of_two_words_as_near_that_of_more_records_is_meant(db, visitor):
    """Also when everyday language knows it."""
    dutch("Helpt bij immigration.", "Telt immigration.", "Telt migration.")
    tidy_search_index()
    assert len(numbers(page_of(visitor, "imigration"))) == 2


def test_dutch_accents(db, visitor):
    dutch("Telt financiële gegevens.")
    assert len(numbers(page_of(visitor, "financiele"))) == len(numbers(page_of(visitor, "financiële"))) == 1


def test_a_correction_is_told_and_left_one_click_away(db, visitor):
    dutch("Helpt bij immigratie.")
    page = page_of(visitor, "immigartie", registre="nl")
    assert len(numbers(page)) == 1 and "Results for “<strong>immigratie</strong>”." in page
    assert 'href="?q=immigartie&registre=nl&exact=1"' in page and 'value="immigartie"' in page
    exact = page_of(visitor, "immigartie", exact="1")
    assert numbers(exact) == [] and "/en/ailleurs/?q=immigratie" in exact, "offered, not played"
    assert numbers(page_of(visitor, '"immigartie"')) == []


def test_words_of_one_correct_no_search_of_the_other(db, visitor, public_body):
    dutch("Helpt bij immigratie.")
    published(public_body, name_fr="Radiographies")
    assert "Results for “<strong>" not in page_of(visitor, "immigartie", path="recherche")
    assert "Results for “<strong>" not in page_of(visitor, "radiografies")
    assert not SearchWord.objects.filter(word="immigratie").exists()
    assert not ForeignWord.objects.filter(word="radiographies").exists()


def test_beside_our_own_search_mistakes_are_forgiven_too(db, visitor, public_body):
    published(public_body, name_fr="Radiographies")
    dutch("Helpt bij immigratie.", "Telt radiographies.")
    page = page_of(visitor, "immigartie", path="recherche", ailleurs="1")
    assert len(numbers(page)) == 1 and "/en/ailleurs/?q=immigratie" in page
    page = page_of(visitor, "radiografies", path="recherche", ailleurs="1")
    assert len(numbers(page)) == 1 and "/systemes/" in page and "/en/ailleurs/?q=radiographies" in page


def test_words_that_say_nothing_are_told_so(db, visitor):
    dutch("Telt vogels.")
    page = page_of(visitor, "de la")
    assert numbers(page) == [] and "These words are on too many sheets" in page


def test_a_text_is_read_by_the_grammar_of_its_language(db, visitor):
    bring_in("nl", json_of([full(1)]))
    row = ForeignSystem.objects.get()
    assert "'telt'" in row.search_nl or "'tel'" in row.search_nl
    assert "vogel" not in row.search_fr and "vogel" not in row.search_en


def test_a_word_that_a_grammar_takes_for_another_is_not_found_by_it(db, visitor):
    dutch("environnement", "environ")
    ForeignSystem.objects.filter(source_id__endswith="2").update(search_fr="'environ':1")
    assert len(numbers(page_of(visitor, "environnement", "fr"))) == 1


def test_records_of_an_older_version_are_read_again_once_a_day(db, visitor):
    dutch("Geeft vergunningen af.")
    ForeignSystem.objects.update(search_nl=None, search_fr="", search_en="")
    ForeignWord.objects.all().delete()
    assert numbers(page_of(visitor, "vergunning")) == []
    tidy_search_index()
    assert len(numbers(page_of(visitor, "vergunning"))) == len(numbers(page_of(visitor, "vergunnign"))) == 1


def test_words_are_counted_and_forgotten_once_a_day(db):
    dutch("Geeft vergunningen af.", "Geeft een vergunning af.")
    ForeignWord.objects.create(word="verdwenen", keys=[1])
    tidy_search_index()
    told = dict(ForeignWord.objects.values_list("word", "records"))
    assert told["vergunning"] == told["vergunningen"] == 2 and "verdwenen" not in told


@pytest.mark.parametrize("path", ["ailleurs", "recherche"])
def test_few_queries_whatever_is_typed(db, visitor, public_body, path):
    published(public_body)
    dutch("Geeft vergunningen af.", "Telt vogels.")
    for words in ("vergunnign", "vogles vergunnign", "vogels", "zzzz"):
        with CaptureQueriesContext(connection) as told:
            page_of(visitor, words, path=path)
        assert len(told) <= 12, (words, [query["sql"][:70] for query in told])


@pytest.mark.parametrize(
    ("said", "french", "english"),
    [
        ("2025-09-01", "1er septembre 2025", "September 1, 2025"),
        ("2025-09-11", "11 septembre 2025", "September 11, 2025"),
        ("2025-09", "septembre 2025", "September 2025"),
        ("2025", "2025", "2025"),
    ],
)
def test_dates_are_written_as_ours(said, french, english):
    for language, text in (("fr", french), ("en", english)):
        with translation.override(language):
            assert shown_date(said).text == text
