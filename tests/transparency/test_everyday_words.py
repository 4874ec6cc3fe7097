"""What citizens type finds what bodies wrote: everyday words, in French and English, names of today and before."""

import re
from datetime import date

import pytest
import yaml
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from config.demonstration.load import load_demonstration
from core import outbox
from core.models import Intent
from organizations.models import PublicBodyName
from organizations.services.public_copy import keep_old_name
from organizations.services.succession import merge_organization, rename_organization
from organizations.workflow import Role
from registry.models import PublicRecord
from registry.public.search.everyday_words import GROUP_OF, LONGEST_PHRASE, SUBJECT, WORDS_FILE, normal_form, read_words
from registry.public.site import SystemSearch, find_systems, matching
from registry.services.public_records import refresh_public_record
from tests.factories.organizations import person
from tests.factories.publications import public_organization, published

ROWS = yaml.safe_load(WORDS_FILE.read_text(encoding="utf-8"))["groups"]
TYPED = {
    "fr": (
        "hôpital, hopital, Hôpitaux, l'hôpital, chatbot, assistant conversationnel, permis, école, neige, ville, "
        "route, emploi, santé, municipal, ministère, rabais, eau, piscines"
    ).split(", "),
    "en": (
        "permits, permit, hospital, hospitals, chatbot, health, ministry, school, snow, cities, roads, job, water, "
        "map, statistics, call centre, students, x-ray, swimming pool, survey"
    ).split(", "),
}
BY_OLD_NAME = ["Hôpital de la Rivière-Blanche-des-Fougères", "HRB", "Bureau de la statistique territoriale", "BST"]


def references(text: str, language: str = "fr") -> list[str]:
    with translation.override(language):
        return [card.reference for card in find_systems(SystemSearch(text))]


# ------------------------------------------------------------------ the data file


def test_each_group_speaks_both_languages_in_plain_words():
    assert len(ROWS) >= 40
    for row in ROWS:
        assert list(row) in (["fr", "en"], ["fr", "en", "typed"]) and row["fr"] and row["en"], row
        for word in (word for words in row.values() for word in words):
            assert re.fullmatch(r"[\w' -]+", str(word)) and normal_form(str(word)), word


def test_no_word_stands_in_two_groups():
    groups = [{normal_form(word) for words in row.values() for word in words} for row in ROWS]
    forms = [form for group in groups for form in group]
    assert sorted(forms) == sorted(set(forms)), sorted(form for form in forms if forms.count(form) > 1)
    assert max(len(form.split()) for form in forms) <= LONGEST_PHRASE, "the search looks at no longer expression"
    every_row = {normal_form(word) for words in read_words()["every_row"].values() for word in words}
    assert set(GROUP_OF) == {*forms, *SUBJECT} - every_row and not SUBJECT & set(forms)


@pytest.mark.parametrize(
    ("one", "other"),
    [("hôpital", "HOPITAUX"), ("l'école", "écoles"), ("city", "cities"), ("eaux", "eau"), ("maladies", "maladie")],
)
def test_accents_capitals_elision_and_plural_do_not_matter(one, other):
    assert normal_form(one) == normal_form(other)


# ------------------------------------------------------------------ one word for another


@pytest.fixture
def hospital(public_body):
    return published(public_body, name_fr="Horaire de l'hôpital", summary_fr="Prévoit les lits.")


@pytest.mark.django_db
def test_a_word_finds_its_group_and_operators_still_work(hospital):
    reference = [hospital.reference]
    assert references("hospital", "en") == references("hospital") == reference
    assert references("hospital horaire") == references("health -radar", "en") == reference
    assert references('hospital "les lits"') == references("zzzz or hospital") == reference
    assert references("hospital -horaire") == references("hospital radar") == []
    assert references('"hospital"') == [], "a word in quotes is meant as typed"
    assert references("horaire -hospital") == reference, "what is taken out is taken out as typed"


@pytest.mark.django_db
def test_the_words_as_typed_come_first(public_body, hospital):
    typed = published(public_body, name_fr="Zones", benefit_fr="Un bulletin de santé plus clair.")
    assert references("santé") == [typed.reference, hospital.reference]
    assert references("hôpital") == [hospital.reference, typed.reference]


@pytest.mark.django_db
def test_kind_regimes_and_codes_are_found_in_both_languages(public_body):
    body = public_organization(sigle="CSX", name_fr="Centre Xylophone", kind="health", regimes=["health"])
    system = published(body, category="geomatics", origin="supplier")
    for words in ("institution", "geomatics", "géomatique", "R-22.1"):
        for language in ("fr", "en"):
            assert system.reference in references(words, language), (words, language)


@pytest.mark.django_db
def test_a_word_of_several_senses_finds_its_group_and_is_found_by_no_other_word(public_body):
    hired = published(public_body, name_fr="Aide à l'embauche")
    coded = published(public_body, name_fr="Codage des professions")
    handed_in = published(public_body, name_fr="Plagiat", need_fr="Comparer un travail remis à des textes connus.")
    land = published(public_body, name_fr="Carte de l'occupation du sol")
    assert references("embauche") == references("hiring", "en") == [hired.reference]
    assert references("emploi") == references("job", "en") == [coded.reference]
    assert references("travail") == [handed_in.reference, coded.reference], "as typed first, then its group"
    assert land.reference not in references("profession")


@pytest.mark.django_db
def test_of_two_systems_with_the_word_the_sense_that_is_meant_comes_first(public_body):
    other = published(public_body, name_fr="Comparaison", need_fr="Comparer le travail de chaque équipe.")
    meant = published(public_body, name_fr="Codage des professions", need_fr="Coder le travail de chaque personne.")
    assert references("travail") == [meant.reference, other.reference]


@pytest.mark.django_db
def test_an_expression_is_looked_for_whole(db):
    body = public_organization(sigle="CSX", name_fr="Centre Xylophone", kind="health", regimes=["health"])
    apart = published(body, name_fr="Aide aux urgences", summary_fr="Prévoit les visites.")
    assert references("aide visites") == [apart.reference], "other words are looked for apart, as ever"
    assert references("aide sociale") == references("l'aide sociale") == references("welfare", "en") == []
    whole = published(body, name_fr="Calcul de l'aide sociale")
    assert references("aides sociales") == references("social assistance", "en") == [whole.reference]
    assert references("centre -aide") == [] and references("aide sociale calcul") == [whole.reference]


@pytest.mark.django_db
def test_a_word_that_the_grammar_takes_for_another_finds_only_itself(public_body):
    published(public_body, name_fr="Comptage", benefit_fr="Environ 400 personnes de moins.")
    meant = published(public_body, name_fr="Statistiques de l'environnement")
    assert references("environnement") == references("Statistiques environnement") == [meant.reference]


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["photo", "photos", "PHOTO", "photos aériennes", "photo aérienne"])
def test_plurals_that_the_french_grammar_does_not_know(public_body, typed):
    one = published(public_body, name_fr="Tri", need_fr="Une photo aérienne par année.")
    many = published(public_body, name_fr="Zones", need_fr="Des photos aériennes en été.")
    assert sorted(references(typed)) == sorted([one.reference, many.reference])


# ------------------------------------------------------------------ names of before


@pytest.mark.django_db
def test_an_old_name_is_found_once_search_is_rebuilt(public_body, sheet, capsys):
    record = PublicRecord.objects.get(system=sheet)
    keep_old_name(body=public_body.public_body, sigle="ANCIEN", name_fr="Bureau des ornithorynques", until=date.today())
    assert references("ornithorynques") == []
    call_command("rebuild_search")
    assert "1" in capsys.readouterr().out
    assert references("ornithorynque") == references("ancien", "en") == [sheet.reference]
    again = PublicRecord.objects.get(system=sheet)
    kept = ("first_published_at", "updated_at", "publication_id", "sort_key", "phase")
    assert [getattr(again, name) for name in kept] == [getattr(record, name) for name in kept]


def in_a_moment() -> None:
    """What the relay and a worker do."""
    for key in list(Intent.objects.order_by("pk").values_list("pk", flat=True)):
        outbox.run(key)


@pytest.mark.django_db
def test_search_follows_a_body_that_takes_another_name(public_body, sheet):
    names = {"sigle": "NOUV", "name_fr": "Bureau des ornithorynques", "effective_on": date.today()}
    rename_organization(organization=public_body, by=person(public_body, Role.ORGANIZATION_ADMIN), **names)
    in_a_moment()
    assert references("ornithorynque") == references("nouv", "en") == [sheet.reference]


@pytest.mark.django_db
def test_search_follows_the_systems_of_a_body_that_another_took_in(public_body, sheet):
    """Through two steps: merged, then the other one renamed. A body that has nothing to do with it is left alone."""
    platform = person(public_body, *Role)  # those who create bodies merge them
    heir = public_organization(sigle="HERIT", name_fr="Régie héritière")
    other = published(public_organization(sigle="TIERS", name_fr="Tiers"), name_fr="Ailleurs")
    before = PublicRecord.objects.filter(system=other).values_list("pk", "search_fr").get()
    merge_organization(organization=public_body, into=heir, effective_on=date.today(), by=platform)
    in_a_moment()
    assert references("héritière") == [sheet.reference]
    names = {"sigle": "NOUV", "name_fr": "Bureau des ornithorynques", "effective_on": date.today()}
    rename_organization(organization=heir, by=person(heir, Role.ORGANIZATION_ADMIN), **names)
    with CaptureQueriesContext(connection) as told:
        in_a_moment()
    assert references("ornithorynque") == [sheet.reference]
    assert sum('UPDATE "registry_publicrecord"' in query["sql"] for query in told) == 1
    assert PublicRecord.objects.filter(system=other).values_list("pk", "search_fr").get() == before


@pytest.mark.django_db
def test_a_lost_record_comes_back_with_its_first_day(sheet):
    record = PublicRecord.objects.get(system=sheet)
    record.delete()
    call_command("rebuild_search", verbosity=0)
    assert PublicRecord.objects.get(system=sheet).first_published_at == record.first_published_at


@pytest.mark.django_db
def test_one_query_tells_the_names_and_one_search_is_one_query(sheet, django_assert_num_queries):
    publication = sheet.publications.get()
    with django_assert_num_queries(1):
        list(matching(PublicRecord.objects.all(), "hôpital permit -radar chatbot"))
    assert PublicBodyName.objects.count() == 0
    assert refresh_public_record(publication).system_id == sheet.pk


# ------------------------------------------------------------------ the demonstration


# (word, language) → names of what is found, best first: the right sense, or honestly nothing.
RIGHT = {
    ("embauche", "fr"): [],
    ("emploi", "fr"): ["Codage des professions dans les enquêtes"],
    ("job", "en"): ["Occupation coding in surveys"],
    ("aide sociale", "fr"): [],
    ("welfare", "en"): [],
    ("chômage", "fr"): [],
    # Its calls are about licences obtained elsewhere; the record says so.
    ("permis de conduire", "fr"): ["Aide aux préposées et préposés du centre d'appels"],
    ("garderie", "fr"): [],
    ("égout", "fr"): [],
    ("autobus", "fr"): [],
    ("aînés", "fr"): ["Transcription des rencontres cliniques"],
    ("plagiat", "fr"): ["Comparaison des travaux pour repérer le plagiat"],
    ("procès-verbal", "fr"): [
        "Projet de procès-verbal à partir d'un enregistrement",
        "Transcription des rencontres cliniques",
    ],
    ("transcription", "fr"): [
        "Transcription des rencontres cliniques",
        "Projet de procès-verbal à partir d'un enregistrement",
    ],
    ("centre d'appels", "fr"): ["Aide aux préposées et préposés du centre d'appels"],
    ("environnement", "fr"): ["Carte de l'occupation du sol par satellite"],
    ("environment", "en"): ["Land cover map from satellite images"],
    ("eau potable", "fr"): ["Prévision de la demande en eau potable"],
    ("swimming pool", "en"): ["Repérage des piscines sur les photos aériennes"],
    # The sheet itself says «un danger pour les enfants»: the word is there as typed.
    ("enfants", "fr"): ["Repérage des piscines sur les photos aériennes"],
    ("youth", "en"): [],
}


def names(text: str, language: str) -> list[str]:
    with translation.override(language):
        return [card.name.text for card in find_systems(SystemSearch(text))]


def suggested(client, language: str) -> list[str]:
    """The words that the home page gives as examples."""
    with translation.override(language):
        page = client.get(reverse("transparency:home")).content.decode()
    hint = re.search(r"(?:Par exemple|For example)\s*:\s*([^<]+)<", page.replace("&nbsp;", " "))
    assert hint, "the home page suggests words"
    return [word.strip(" .") for word in hint[1].split(",")]


@pytest.mark.slow
@pytest.mark.django_db
def test_every_suggested_word_finds_something_in_the_demonstration(visitor):
    load_demonstration()
    words = {language: [*suggested(visitor, language), *TYPED[language], *BY_OLD_NAME] for language in TYPED}
    assert all(len(found) > 3 for found in words.values())
    nothing = [(word, language) for language in words for word in words[language] if not references(word, language)]
    assert nothing == []
    shown = {(word, language): names(word, language) for word, language in RIGHT}
    assert shown == RIGHT
