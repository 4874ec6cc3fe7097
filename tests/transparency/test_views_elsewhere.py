"""Registres d'ailleurs: as their source wrote them, and apart."""

import re
from html import unescape

import pytest
from django.core.cache import caches

from core.audit import NamedJob
from registry.models import ForeignSystem
from registry.services.imports import import_register
from tests.factories.publications import foreign
from tests.registry.imports.builders import csv_of
from tests.registry.registers import UNITED_STATES, daily, daily_file, full, json_of, united_states


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


def test_a_record_seen_on_one_day_says_one_day(db, visitor):
    record = foreign()
    ForeignSystem.objects.update(first_seen_on="2026-11-22", last_seen_on="2026-11-22")
    address = f"/en/ailleurs/ca/{record.source_id}/"
    assert "on November 22, 2026</dd>" in visitor.get(address).content.decode()
    ForeignSystem.objects.update(last_seen_on="2026-11-23")
    caches["pages"].clear()
    assert "from November 22, 2026 to November 23, 2026</dd>" in visitor.get(address).content.decode()


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
        {"names": {"original": "Iets", "lang": "xx"}, "organization": {"original": "Rietland"}},
        {"lists": {"themes": ["nieuw"], "zz": []}, "dates": {"begin": "ooit", "zz": "9999999-99"}},
        {"codes": {"testing": "maybe", "high_impact": "high"}, "details": {"pia_url": "https://x y"}},
    ],
)
def test_a_record_of_any_shape_is_shown(db, visitor, document):
    record = foreign(**document)
    page = visitor.get(f"/fr/ailleurs/ca/{record.source_id}/")
    assert page.status_code == 200
    assert b"javascript:" not in page.content
    assert visitor.get("/fr/ailleurs/").status_code == 200


def bring_in(register, content):
    import_register(register=register, content=content, file_name="registre", by=NamedJob("import_register"))


def page_of(visitor, record, language="fr"):
    address = f"/{language}/ailleurs/{record.register}/{record.source_id}/"
    return unescape(visitor.get(address).content.decode())


def test_a_dutch_record_keeps_its_language_and_says_so(db, visitor):
    bring_in("nl", json_of([full(1)]))
    french, english = (page_of(visitor, ForeignSystem.objects.get(), language) for language in ("fr", "en"))
    assert '<span lang="nl">Moeraswacht</span>' in french and '<span lang="nl">Gemeente Rietland</span>' in french
    assert '<div class="vg-text" lang="nl"><p>Telt vogels.</p>' in french
    assert "Texte original en néerlandais" in french and "Original text in Dutch" in english
    assert "Pays-Bas" in french and "Netherlands" in english
    assert "CC0 1.0" in french and "Algoritmeregister van de Nederlandse overheid" in french
    assert "Nature et environnement, Logement" in french and "Algorithme à forte incidence" in french
    assert "mars 2024" in french and "March 2024" in english
    listed = unescape(visitor.get("/fr/ailleurs/").content.decode())
    assert 'lang="nl">Moeraswacht</a>' in listed and '<span lang="nl">Gemeente Rietland</span>' in listed
    assert "Texte original en néerlandais" in listed and "Pays-Bas" in listed and "CC0 1.0" in listed


def test_a_record_links_to_its_own_page(db, visitor):
    bring_in("nl", daily_file(daily(1)))
    assert 'href="https://algoritmes.example/nl/algoritme/10000001"' in page_of(visitor, ForeignSystem.objects.get())


def test_an_american_record_shows_all_that_its_register_has(db, visitor):
    bring_in("us", csv_of([united_states()], list(UNITED_STATES)))
    page = page_of(visitor, ForeignSystem.objects.get())
    for text in (
        "Texte original en anglais", "États-Unis", "Department of Wetlands", "Bureau of Reeds", "Wing and Reed",
        "Incidence élevée selon les règles du pays", "Vision par ordinateur", "Un fournisseur", "1er octobre 2024",
        "Mis à l'essai avant le déploiement", "Exclue par la loi ou une directive", "Sans objet selon la source",
        "Essais avec des personnes qui l'utilisent, Autre moyen", "du domaine public dans ce pays",
    ):  # fmt: skip
        assert text in page, text
    assert '<a class="govuk-link vg-break" href="https://wetlands.example/pia" rel="nofollow">' in page
    assert "somebody@" not in page


def test_what_is_blank_is_said_and_safeguards_are_for_high_impact(db, visitor):
    silent = {column: "" for column in UNITED_STATES if column.startswith("hi_")}
    rows = [
        united_states(1, **silent, is_high_impact="Not High-impact", development_stage="", has_pii=""),
        united_states(2, **silent, is_high_impact="High-impact"),
    ]
    bring_in("us", csv_of(rows, list(UNITED_STATES)))
    low, high = (page_of(visitor, record, "en") for record in ForeignSystem.objects.order_by("source_id"))
    assert low.count("Not said by the source") >= 2 and "Ongoing monitoring" not in low
    assert "Ongoing monitoring" in high


def test_an_answer_of_their_own_is_shown_and_found(db, visitor):
    bring_in("us", csv_of([united_states(topic_area="Other – Fisheries")], list(UNITED_STATES)))
    page = page_of(visitor, ForeignSystem.objects.get(), "en")
    assert "Topic, in the words of the source" in page and "Other – Fisheries" in page
    assert "Marsh Watch" in visitor.get("/en/ailleurs/", {"q": "fisheries"}).content.decode()


def test_a_record_without_number_says_so(db, visitor):
    bring_in("us", csv_of([united_states(id="")], list(UNITED_STATES)))
    record = ForeignSystem.objects.get()
    assert "recognizes this record by its body and its name" in page_of(visitor, record, "en")
    assert "DOW~" not in visitor.get("/en/ailleurs/").content.decode().replace("/DOW~", "")


def test_the_list_is_narrowed_by_register_with_counts(db, visitor, django_assert_max_num_queries):
    bring_in("nl", daily_file(daily(1), daily(2, title="Kikkers")))
    bring_in("us", csv_of([united_states()], list(UNITED_STATES)))
    every = unescape(visitor.get("/en/ailleurs/").content.decode())
    assert "Dutch government (2)" in every and "Use Case Inventory (1)" in every
    assert every.count("vg-card__link") == 3
    with django_assert_max_num_queries(12):
        found = unescape(visitor.get("/en/ailleurs/", {"q": "kikkers", "registre": "nl"}).content.decode())
    assert "Dutch government (1)" in found and "Use Case Inventory (0)" in found
    assert found.count("vg-card__link") == 1


def test_a_count_past_a_thousand_is_read_at_a_glance(db, visitor):
    first = foreign()
    names = [field.attname for field in first._meta.concrete_fields if field.attname not in ("id", "uuid", "source_id")]
    same = {name: getattr(first, name) for name in names}
    ForeignSystem.objects.bulk_create(ForeignSystem(**same, source_id=f"X-{number}") for number in range(1_100))
    for language, told in (("fr", "1\xa0101"), ("en", "1,101")):
        page = visitor.get(f"/{language}/ailleurs/").content.decode()
        assert f"{told} " in page and f"({told})" in page


def test_the_list_is_sorted_by_name_or_latest(db, visitor):
    bring_in("nl", daily_file(daily(1, title="Aal"), daily(2, title="Zalm")))
    bring_in("nl", daily_file(daily(2, title="Zalm", doel="Nieuw")))

    def order(**asked):
        return re.findall(r'lang="nl">(Aal|Zalm)</a>', visitor.get("/fr/ailleurs/", asked).content.decode())

    assert order() == order(sort="name") == order(sort="relevance") == order(sort="'; drop") == ["Aal", "Zalm"]
    assert order(sort="recent") == ["Zalm", "Aal"]
    page = visitor.get("/fr/ailleurs/", {"q": "vogels", "sort": "recent"}).content.decode()
    assert '<input type="hidden" name="sort" value="recent">' in page


def test_they_are_in_no_default_search(db, visitor):
    bring_in("nl", daily_file(daily(1)))
    assert "vg-card__link" not in visitor.get("/fr/recherche/", {"q": "moeraswacht"}).content.decode()
    assert "Moeraswacht" in visitor.get("/fr/recherche/", {"q": "moeraswacht", "ailleurs": "1"}).content.decode()


@pytest.mark.parametrize("source", ["nl", "us"])
def test_a_script_in_any_text_is_shown_as_words(db, visitor, source):
    script = "<script>alert(1)</script>"
    if source == "nl":
        bring_in(
            "nl", json_of([full(1, **dict.fromkeys(("name", "goal", "provider", "organization", "tags"), script))])
        )
    else:
        cells = dict.fromkeys(("use_case_name", "problem_solved", "vendor_name", "agency_name", "code_url"), script)
        bring_in("us", csv_of([united_states(**cells)], list(UNITED_STATES)))
    record = ForeignSystem.objects.get()
    for address in (f"/fr/ailleurs/{source}/{record.source_id}/", "/fr/ailleurs/"):
        page = visitor.get(address).content.decode()
        assert script not in page and "&lt;script&gt;" in page
