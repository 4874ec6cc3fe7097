"""Words that stand somewhere in a sheet: found when no system is about them, or when the reader asks for every text."""

import json
import re
from html import unescape
from itertools import count

import pytest
from django.test import Client
from django.urls import reverse

from registry.field_catalogue import CATALOGUE
from registry.models import AISystem, PublicRecord, WholeText
from registry.models.parts import PART_MODELS
from registry.services.publication import publish_system, withdraw_publication
from registry.tasks import index_whole_texts, tidy_search_index
from tests.factories.publications import published, publisher_of
from tests.factories.whole import fill

SEARCH = "/fr/recherche/"
WORD = "gyroscope"
IN_PASSING = "Aucun système ne porte sur ces mots; ils se trouvent ailleurs dans ces fiches."


def page_of(client: Client, **query) -> str:
    answer = client.get(SEARCH, query)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def references(page: str) -> list[str]:
    return re.findall(r'class="vg-card__link" href="/fr/systemes/([^/]+)/"', page)


@pytest.fixture
def passing(public_body) -> AISystem:
    """Says the word in a text that does not say what it is about."""
    return published(
        public_body, name_fr="Tri des demandes", oversight_fr="Une personne règle le gyroscope. Puis elle note."
    )


def test_a_word_in_passing_is_found_when_no_system_is_about_it(passing, visitor):
    page = page_of(visitor, q="gyroscopes")
    assert references(page) == [passing.reference] and IN_PASSING in page
    assert "Sur la fiche : «\xa0Une personne règle le gyroscope.\xa0»".replace(" :", "\xa0:") in page
    assert page.count("partout=1") >= 4, "the feed and the files of this search find the same systems"


def test_a_system_that_is_about_it_hides_those_that_only_say_it(passing, public_body, visitor):
    about = published(public_body, name_fr="Gyroscope des routes")
    page = page_of(visitor, q=WORD)
    assert references(page) == [about.reference] and IN_PASSING not in page
    everywhere = page_of(visitor, q=WORD, partout="1")
    assert references(everywhere) == [about.reference, passing.reference], "what is about it comes first"
    assert IN_PASSING not in everywhere and re.search(r'id="id_partout"[^>]* checked', everywhere)


def test_every_free_text_of_the_record_its_rows_and_its_solution_is_read(public_body):
    """Each is given a word of its own: a field that comes in later is not forgotten."""
    by = publisher_of(public_body)
    system = fill(published(public_body), by)
    words = (f"zyx{number:03d}qv" for number in count())
    told = [(system, CATALOGUE.fields), (system.solution, CATALOGUE.shared_part("solution_facts").fields)]
    told += [(PART_MODELS[part.code].objects.get(system=system), part.fields) for part in CATALOGUE.parts]
    for row, fields in told:
        for field in fields:
            if field.kind in ("text", "long_text"):
                setattr(row, field.code, next(words))
        row.save()
    document = publish_system(system=system, by=by, change_note="Tout est dit.").document
    public = re.findall(r"zyx\d{3}qv", json.dumps(document["system"]) + json.dumps(document["details"]))
    assert len(public) > 50
    kept = WholeText.objects.get().words_fr
    assert [word for word in public if f"'{word}'" not in kept] == []


def test_filters_and_their_numbers_follow(passing, public_body, visitor):
    published(public_body, name_fr="Autre", phase="pilot", oversight_fr="Un gyroscope.")
    page = page_of(visitor, q=WORD, phase="pilot")
    assert len(references(page)) == 1 and IN_PASSING in page
    assert references(page) != [passing.reference]


@pytest.mark.parametrize("path", ["recherche/flux.atom", "recherche/systemes.csv"])
def test_feed_and_files_of_every_text(passing, visitor, path):
    assert passing.reference not in b"".join(visitor.get(f"/fr/{path}", {"q": WORD})).decode()
    assert passing.reference in b"".join(visitor.get(f"/fr/{path}", {"q": WORD, "partout": "1"})).decode()


def test_the_api_finds_in_every_text_when_asked(passing, visitor):
    def found(**query):
        answer = visitor.get(reverse("public_api:publications"), query)
        return answer.status_code, json.loads(answer.content)

    assert found(q=WORD)[1]["count"] == 0 and found(q=WORD, everywhere="false")[1]["count"] == 0
    status, told = found(q=WORD, everywhere="true")
    assert status == 200 and [each["reference"] for each in told["results"]] == [passing.reference]
    status, told = found(q=WORD, everywhere="oui")
    assert status == 400 and "everywhere" in json.dumps(told)


def test_what_is_withdrawn_is_found_nowhere(passing, visitor):
    withdraw_publication(system=passing, reason="Erreur.", by=publisher_of(passing.organization))
    assert references(page_of(visitor, q=WORD, partout="1")) == []
    assert WholeText.objects.get().words_fr == "", "nothing of it is kept"


def test_many_first_versions_are_read_by_a_job_and_once_a_day(passing, visitor):
    WholeText.objects.all().delete()
    assert references(page_of(visitor, q=WORD)) == []
    index_whole_texts(systems=[passing.pk])
    assert references(page_of(visitor, q=WORD)) == [passing.reference]
    before = WholeText.objects.get().words_fr
    index_whole_texts(systems=[passing.pk])
    assert WholeText.objects.get().words_fr == before
    WholeText.objects.all().delete()
    tidy_search_index()
    assert WholeText.objects.count() == PublicRecord.objects.count() == 1
