"""What was typed is taken at its word: rows of signs, words written right, names, answers by code, numbers."""

import random
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from core.audit import NamedJob
from registry.field_catalogue import CATALOGUE
from registry.models import ForeignSystem
from registry.public.search.corrections import correct
from registry.public.search.everyday_words import is_common, websearch
from registry.public.search.query import shown_records
from registry.services.imports import import_register
from registry.standards.spelling import is_known
from tests.factories.publications import foreign, published
from tests.registry.imports.builders import csv_of
from tests.registry.registers import united_states
from tests.transparency.test_views_search import found
from tests.transparency.test_whole_questions import listed, page_of

# ------------------------------------------------------------------ rows of signs

SIGNS = [
    "-" * 33,
    "- " * 60,
    "permis " + "-" * 60,
    "-" * 60 + "titre",
    "-!" * 60,
    ")|-" * 60,
    '-"' * 60,
    "a" + "-" * 99,
]
PATHS = [
    "fr/recherche/", "en/recherche/", "fr/ailleurs/", "fr/recherche/flux.atom", "fr/recherche/systemes.csv",
    "api/v1/publications/", "fr/glossaire/", "fr/organismes/",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_rows_of_signs_are_no_question_to_the_database(sheet, visitor, path):
    foreign()
    for signs in SIGNS:
        assert visitor.get(f"/{path}", {"q": signs}).status_code == 200, signs


@pytest.mark.django_db
def test_no_mix_of_signs_is_more_than_the_database_takes():
    draw = random.Random(6)  # noqa: S311 — the same mixes each time
    signs = ["-", '"', "!", "&", "|", "(", ")", ":*", "<->", "'", "\\", "or", "bois", " ", "–", "é", "1"]
    texts = ["".join(draw.choices(signs, k=draw.choice((2, 3, 4)))) * 50 for _ in range(600)]
    texts += ["".join(draw.choices(signs[:6], k=200)) for _ in range(400)]
    for text in texts:
        for column in ("search_fr", "search_en"):
            rows = shown_records().filter(**{column: websearch(text[:200], f"vigie_{column[-2:]}")})
            assert not rows.exists()
    assert not ForeignSystem.objects.filter(search_nl=websearch("-" * 99, "vigie_nl")).exists()


def test_a_minus_before_a_word_still_takes_it_out(sheet, public_body, visitor):
    other = published(public_body, name_fr="Tri des demandes de piscine")
    assert found(visitor, q="tri -piscine") == [sheet.reference]
    assert found(visitor, q="tri - piscine") == [other.reference], "a dash between two words"


# ------------------------------------------------------------------ words written right


@pytest.mark.parametrize("word", ["vote", "Métro", "metro", "chômage", "bois", "meeting", "plate", "trafic"])
def test_a_word_of_either_language_is_known_with_or_without_accents(word):
    assert is_known(word)


@pytest.mark.parametrize("word", ["immigartion", "piscnie", "plajiat", "evaluatoin", "reconaissance", "lisence"])
def test_a_typing_mistake_is_not(word):
    assert not is_known(word)


def test_a_word_written_right_is_never_put_right(public_body, visitor):
    published(public_body, name_fr="Suivi de la côte", need_fr="La météo et le codage profond.")
    for word in ("vote", "métro", "chômage", "DeepL", "deepl"):
        page = page_of(visitor, word)
        assert listed(page) == [] and "Essayez plutôt" not in page, word
    assert correct("vote").text == "" and correct("cote").text == ""


def test_a_name_is_no_word_of_a_grammar(public_body, visitor):
    """French takes «OpenAI» for a form of a verb, «open»."""
    published(public_body, name_fr="Logiciel open source")
    assert listed(page_of(visitor, "OpenAI")) == listed(page_of(visitor, "openai")) == []
    named = published(public_body, name_fr="Assistant", how_it_works_fr="Un modèle de OpenAI répond.")
    assert listed(page_of(visitor, "OpenAI")) == listed(page_of(visitor, "openai")) == [named.reference]


def test_mistakes_still_are(sheet, visitor):
    assert listed(page_of(visitor, "demamdes")) == [sheet.reference]


# ------------------------------------------------------------------ common words of one language


def test_a_bear_is_no_pronoun_to_who_reads_french(public_body, visitor):
    with translation.override("fr"):
        assert not is_common("ours") and not is_common("mine") and is_common("the")
    with translation.override("en"):
        assert is_common("ours") and not is_common("pour") and is_common("dans")
    bears = published(public_body, name_fr="Comptage des ours")
    assert listed(page_of(visitor, "ours")) == [bears.reference]


# ------------------------------------------------------------------ answers by code


def test_the_words_of_coded_answers_are_found_in_passing(public_body, sheet, visitor):
    bought = published(public_body, supplier_country="united_states", procurement="public_call")
    for words in ("États-Unis", "United States", "Appel d'offres public"):
        assert listed(page_of(visitor, words)) == [bought.reference], words
        assert listed(page_of(visitor, words, partout="1")) == [bought.reference], words


def test_of_rows_too(everything, sheet, visitor):
    (role,) = {row.roles[0] for row in everything.datause_rows.all()}
    label = CATALOGUE.part("datasets").field("roles").choice(role).label
    assert listed(page_of(visitor, label["fr"], partout="1")) == [everything.reference]
    assert listed(page_of(visitor, label["en"], "en", partout="1")) == [everything.reference]


def test_a_sheet_is_about_what_it_says_yes_to(public_body, visitor):
    published(public_body, name_fr="Sans", personal_information="no")
    about = published(public_body, name_fr="Avec", personal_information="yes")
    for words in ("renseignements personnels", "données personnelles", "vie privée"):
        assert listed(page_of(visitor, words)) == [about.reference], words
    assert listed(page_of(visitor, "personal data", "en")) == [about.reference]


# ------------------------------------------------------------------ numbers


@pytest.mark.parametrize("typed", ["MPUB-0001", "mpub-1", "mpub 0001", "qc-mpub-1"])
def test_a_number_without_its_beginning_leads_to_its_sheet(sheet, public_body, visitor, typed):
    published(public_body, name_fr="Un autre")
    assert listed(page_of(visitor, typed)) == [sheet.reference]


def test_a_word_and_a_number_that_are_no_number_of_a_sheet_are_searched(public_body, visitor):
    covid = published(public_body, name_fr="Suivi de la covid-19")
    assert listed(page_of(visitor, "covid-19")) == [covid.reference]
    with CaptureQueriesContext(connection) as queries:
        page_of(visitor, "zzzz-18")
    assert len(queries) <= 12


def test_a_long_number_is_found_however_its_digits_stand(public_body, visitor):
    grouped = published(public_body, need_fr="Le Ministère reçoit 38 000 demandes par année.")
    assert listed(page_of(visitor, "38000")) == listed(page_of(visitor, "38 000")) == [grouped.reference]


# ------------------------------------------------------------------ compounds, verbs, words taken for another


def test_a_compound_is_one_word_when_a_part_of_the_words_is_looked_for(public_body, visitor):
    minutes = published(public_body, name_fr="Projet de procès-verbal", summary_fr="Résume une séance.")
    published(public_body, name_fr="Lecture verbale")
    assert listed(page_of(visitor, "procès-verbal licorne")) == [minutes.reference]
    assert listed(page_of(visitor, "licorne procès-verbal dinosaure")) == [minutes.reference]


def test_a_verb_in_the_plural_finds_its_singular(public_body, visitor):
    alone = published(public_body, name_fr="Octroi du rabais", autonomy="alone")
    published(public_body, name_fr="Rabais de l'âge", autonomy="recommends")
    assert listed(page_of(visitor, "quels systèmes décident seuls")) == [alone.reference]
    assert listed(page_of(visitor, "agent")) == [], "not «âge»"


@pytest.mark.parametrize(
    ("typed", "other", "right"),
    [
        ("organes", "Suivi des organismes", "Don d'organes"),
        ("opéra", "Prévision des opérations", "Billets de l'opéra"),
        ("villa", "Plan de la ville", "Taxe des villas"),
        ("stationnement", "Relevé des stations", "Places de stationnement"),
        ("voirie", "Ce que l'on va voir", "Travaux de voirie"),
    ],
)
def test_a_word_that_french_takes_for_another_is_read_under_english_too(public_body, visitor, typed, other, right):
    published(public_body, name_fr=other)
    assert listed(page_of(visitor, typed)) == []
    found_one = published(public_body, name_fr=right)
    assert listed(page_of(visitor, typed)) == [found_one.reference]


# ------------------------------------------------------------------ registers from elsewhere


@pytest.fixture
def records(db):
    job = NamedJob("import_register")
    rows = [
        united_states(1, use_case_name="HR policies assistant"),
        united_states(2, use_case_name="Body cameras of police officers"),
        united_states(3, use_case_name="Weather radar reading"),
    ]
    import_register(register="us", content=csv_of(rows), file_name="us.csv", by=job)


def found_elsewhere(visitor, words, language="fr"):
    page = visitor.get(f"/{language}/ailleurs/", {"q": words}).content.decode()
    return set(re.findall(r'class="vg-card__link"[^>]*>(?:<[^>]*>)*([^<]+)', page)), page


def test_words_of_one_language_are_not_read_under_the_grammar_of_another(records, visitor):
    """«policier» under English grammar is «policies»."""
    assert found_elsewhere(visitor, "police")[0] == {"Body cameras of police officers"}
    assert found_elsewhere(visitor, "policier")[0] == {"Body cameras of police officers"}
    assert found_elsewhere(visitor, "météo")[0] == {"Weather radar reading"}


def test_of_a_whole_question_records_that_have_a_part_of_its_words_are_told(records, visitor):
    names, page = found_elsewhere(visitor, "how does the unicorn use the radar", "en")
    assert names == {"Weather radar reading"} and "No record has all these words" in page
    assert found_elsewhere(visitor, "unicorn dinosaur", "en")[0] == set()
