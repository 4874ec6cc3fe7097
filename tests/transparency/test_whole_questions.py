"""What people type as they would say it: the subject itself, words that say nothing, a whole question."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import gettext

from registry.public.search.everyday_words import COMMON, is_common, read_words, without_subject
from tests.factories.publications import published
from tests.transparency.test_views_search import found

SUBJECT = "Every system of the register is within this subject; its sheet says whether it uses artificial intelligence."
TOO_COMMON = "These words are on too many sheets to be searched: write the one that names the service or the need."
HINT = "For example: permits, hospital, chatbot, ministry"
IN_PART = "No system has all these words; these have some of them."


def page_of(client: Client, words: str, language: str = "fr", **query) -> str:
    return unescape(client.get(f"/{language}/recherche/", {"q": words} | query).content.decode())


def in_language(sentence: str, language: str) -> str:
    with translation.override(language):
        return gettext(sentence)


def listed(page: str) -> list[str]:
    return re.findall(r'class="vg-card__link" href="/\w\w/systemes/([^/]+)/"', page)


@pytest.fixture
def permit(public_body):
    return published(public_body, name_fr="Tri des patinoires", summary_fr="Une machine arrose.")


@pytest.fixture
def school(public_body):
    return published(public_body, name_fr="Horaires des classes", summary_fr="Prévoit les locaux.")


# ------------------------------------------------------------------ the subject of the register


@pytest.mark.parametrize(
    "words",
    [
        "intelligence artificielle", "artificial intelligence", "IA", "ia", "AI", "ai", "A.I.", "I.A.", "l'IA",
        "système d'IA", "systèmes d'IA", "systeme ia", "les systèmes d'intelligence artificielle", "AI systems",
        "système", "systems", "algorithme", "algorithms",
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_subject_of_the_register_finds_it_all_and_says_so(permit, school, visitor, words, language):
    page = page_of(visitor, words, language)
    assert listed(page) == [school.reference, permit.reference], "the latest first, as without words"
    assert in_language(SUBJECT, language) in page


def test_beside_other_words_the_subject_takes_nothing_away(permit, school, visitor):
    for words in (
        "patinoire intelligence artificielle",
        "l'IA des patinoire",
        "AI patinoire",
        "patinoire IA générative or patinoire",
    ):
        assert found(visitor, q=words) == [permit.reference], words
    page = page_of(visitor, "IA patinoire")
    assert in_language(SUBJECT, "fr") not in page and 'value="IA patinoire"' in page
    assert found(visitor, q="IA or patinoire") == [school.reference, permit.reference]
    assert found(visitor, q="IA -patinoire") == [school.reference]
    assert found(visitor, q='"IA"') == found(visitor, q='"system"') == [], "in quotes, as typed"
    assert found(visitor, q="systèmes de patinoires") == found(visitor, q="algorithme patinoire") == [permit.reference]


def test_filters_orders_files_and_feed_follow(permit, school, visitor):
    assert found(visitor, q="IA", sort="name") == [school.reference, permit.reference]
    assert found(visitor, q="IA", phase="pilot") == []
    assert 'value="relevance"' not in page_of(visitor, "IA")
    for path in ("systemes.csv", "flux.atom"):
        told = b"".join(visitor.get(f"/fr/recherche/{path}", {"q": "IA"})).decode()
        assert permit.reference in told and school.reference in told


def test_the_verb_is_not_the_subject():
    assert without_subject("j'ai une patinoire") == "j'ai une patinoire" and without_subject("IA or ia") == ""


# ------------------------------------------------------------------ words that say nothing


@pytest.mark.parametrize("words", ["le", "de la", "the", "of the", "est-ce que", "Pourquoi?", "j'ai", "qu'est-ce"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_words_that_are_too_common_are_told_so(permit, visitor, words, language):
    page = page_of(visitor, words, language)
    assert listed(page) == [] and in_language(TOO_COMMON, language) in page
    assert in_language(HINT, language) in page, "words to try"


def test_among_others_they_are_left_out(permit, visitor):
    for words in ("the patinoire", "le patinoire of my", "what is the tri de patinoire", "patinoire pour moi"):
        for language in ("fr", "en"):
            assert listed(page_of(visitor, words, language)) == [permit.reference], (words, language)
    assert found(visitor, q='"the patinoire"') == [], "not in quotes"


def test_a_sigle_in_capitals_is_no_common_word():
    assert not is_common("MES") and is_common("mes") and not is_common('"mes"') and not is_common("-mes")


@pytest.mark.django_db
def test_common_words_are_words_of_grammar():
    """None that a person would look for, and every one-word entry of the grammars' own lists that people type."""
    assert all(isinstance(word, str) for words in read_words()["common"].values() for word in words)
    common = frozenset.union(*COMMON.values())
    assert not {"but", "don", "car", "ete", "permis", "ai", "or", "ia"} & common
    with connection.cursor() as cursor, translation.override("fr"):
        cursor.execute(
            "SELECT word FROM unnest(%s::text[]) AS word WHERE to_tsvector('vigie_fr', word) = ''", [sorted(common)]
        )
        assert len(cursor.fetchall()) > 60


# ------------------------------------------------------------------ whole questions


@pytest.mark.parametrize(
    "words",
    [
        "qui arrose de ma patinoire gyroscope",
        "ordinateur patinoire",
        "est-ce qu'un ordinateur a arrosé",
        "patinoire zzzz",
    ],
)
def test_of_a_whole_question_a_part_is_found_and_told(permit, school, visitor, words):
    page = page_of(visitor, words, "en")
    assert listed(page) == [permit.reference] and IN_PART in page and "vg-empty-state" not in page
    assert f'value="{words}"' in page, "what was typed stays in its box"


def test_what_has_more_of_the_words_comes_first(permit, school, public_body, visitor):
    both = published(public_body, name_fr="Zones", benefit_fr="Un patinoire pour les classes.")
    assert listed(page_of(visitor, "patinoire classes zzzz"))[0] == both.reference
    assert set(found(visitor, q="patinoire classes zzzz")) == {both.reference, permit.reference, school.reference}


def test_a_mistake_put_right_that_finds_all_the_words_comes_before(permit, school, visitor):
    page = page_of(visitor, "pourquoi cette patinoier arrose", "en")
    assert listed(page) == [permit.reference] and IN_PART not in page and "Results for" in page
    assert found(visitor, q="patinoier gyroscope") == [permit.reference]


@pytest.mark.parametrize(
    "words", ['"tri zzzz" patinoire', "patinoire zzzz -tri", "zzzz or gyroscope", "zzzz gyroscope", "zzzz"]
)
def test_quotes_and_minus_are_obeyed(permit, school, visitor, words):
    page = page_of(visitor, words, "en")
    assert listed(page) == [] and IN_PART not in page


def test_exactly_means_all_the_words(permit, visitor):
    assert found(visitor, q="patinoire zzzz", exact="1") == []


def test_words_in_passing_only(public_body, visitor):
    system = published(public_body, name_fr="Tri", oversight_fr="Une personne règle le gyroscope.")
    page = page_of(visitor, "gyroscope zzzz", "en")
    assert listed(page) == [system.reference] and IN_PART in page and "partout=1" in page


def test_words_of_very_many_sheets_tell_nothing_apart(permit, school, visitor, monkeypatch):
    published(permit.organization, name_fr="Patinoires et classes")
    monkeypatch.setattr("registry.public.search.corrections.RANKED", 1)
    assert found(visitor, q="patinoire zzzz") == []
    assert set(found(visitor, q="locaux patinoire zzzz")) == {school.reference}


def test_the_files_and_the_feed_hold_what_is_listed(permit, visitor):
    page = page_of(visitor, "patinoire zzzz arrose")
    assert "systemes.csv?q=patinoire+or+arrose" in page.replace("%20", "+")


def test_one_more_query_and_no_more(permit, school, visitor):
    """Whether a word is nowhere, or each somewhere and no system has them all."""
    for words in ("patinoier gyroscope qui arrose ailleurs", "patinoier prévti"):
        with CaptureQueriesContext(connection) as told:
            assert found(visitor, q=words)
        assert len(told) <= 12, "\n".join(query["sql"][:60] + " … " + query["sql"][-60:] for query in told)
