"""What the public reads of the rows of a system in English: the text of the body where it publishes in English."""

import csv
import io
import json

import pytest
from django.urls import reverse

from organizations.models import Organization
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem, BenefitMeasure, HostingSite, Metric, WholeText
from registry.models.parts import PART_MODELS
from registry.public.differences import compare_documents
from registry.public.open_data.dictionary import dictionary
from registry.public.sheet import document_sections
from registry.services.documents import validator
from registry.services.publication import publish_system
from tests.factories.publications import public_organization, published_again, publisher_of
from tests.factories.registry import SystemFactory
from tests.factories.solutions import CLAIM, claim_of, public_user, solution_of
from tests.factories.whole import fill
from tests.transparency.conftest import page_of, words_of

TWINS = [(part.code, twin) for part in CATALOGUE.parts for twin in part.twins]


@pytest.fixture
def bilingual(db) -> Organization:
    return public_organization(sigle="BILIN", name_fr="Organisme bilingue", publishes_in_english=True)


@pytest.fixture
def told(bilingual) -> AISystem:
    """Every answer and one row of each part, in both languages, public as version 1."""
    by = publisher_of(bilingual)
    system: AISystem = SystemFactory(organization=bilingual, created_by=by, reference="QC-BILIN-0001")
    publish_system(system=fill(system, by), by=by)
    return system


def address(system, path="", language="en") -> str:
    return f"/{language}/systemes/{system.reference}/{path}"


def table(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


# --- The document ---------------------------------------------------------------------------------------------------
def test_a_document_has_both_texts_of_every_public_row(told):
    document = told.publications.get().document
    validator("publication.v2").validate(document)
    for part, twin in TWINS:
        (row,) = document["details"]["parts"][part]
        stored = PART_MODELS[part].objects.get(system=told)
        key = twin.twin_of.removesuffix("_fr")
        assert row[key] == {"fr": getattr(stored, twin.twin_of), "en": getattr(stored, twin.code)}, (part, key)
    assert "_en" not in json.dumps(document)


def test_english_that_a_body_no_longer_publishes_is_not_in_its_documents(told):
    Organization.objects.filter(pk=told.organization_id).update(publishes_in_english=False)
    found = AISystem.objects.get(pk=told.pk)
    document = published_again(found, note="En français seulement.").document
    for part, twin in TWINS:
        assert document["details"]["parts"][part][0][twin.twin_of.removesuffix("_fr")].keys() == {"fr"}


def test_a_row_without_english_is_told_in_french(told):
    HostingSite.objects.update(name_en="", place_en="")
    (row,) = published_again(told).document["details"]["parts"]["hosting"]
    assert row["name"].keys() == row["place"].keys() == {"fr"}


# --- The pages ------------------------------------------------------------------------------------------------------
def test_each_page_speaks_the_language_of_its_reader(told, visitor):
    english, french = (words_of(page_of(visitor, address(told, language=language))) for language in ("en", "fr"))
    for part, twin in TWINS:
        stored = PART_MODELS[part].objects.get(system=told)
        label = CATALOGUE.part(part).field(twin.twin_of).label
        if (part, twin.code) == ("benefits", "unit_en"):
            continue  # said in the table
        assert getattr(stored, twin.code) in english and f"«{label['fr']}»" not in english, (part, twin.code)
        assert getattr(stored, twin.twin_of) in french and f"“{label['en']}”" not in french, (part, twin.code)


def test_what_has_no_english_is_marked_as_french(told, visitor):
    HostingSite.objects.update(place_fr="Région de Lévis", place_en="")
    BenefitMeasure.objects.update(note_fr="Mesure d'hiver.", note_en="")
    published_again(told)
    page = page_of(visitor, address(told))
    assert '<span lang="fr">Région de Lévis</span>' in page and '<span lang="fr">Mesure d\'hiver.</span>' in page


def test_the_expert_and_whoever_looks_before_publication_read_both(told, visitor):
    HostingSite.objects.update(name_fr="Base", name_en="Database", place_fr="Lévis", place_en="Lévis, Québec")
    BenefitMeasure.objects.update(note_fr="Mesure d'hiver.", note_en="Winter figure.")
    document = published_again(told).document
    page = "".join(page_of(visitor, address(told, "fiche-complete/")).split("\n"))
    assert 'Database<br><span lang="fr">Base</span>' in page
    assert 'Lévis, Québec<br><span lang="fr">Lévis</span>' in page
    assert 'Winter figure.<br><span lang="fr">Mesure d\'hiver.</span>' in page
    page = "".join(page_of(visitor, address(told, "fiche-complete/", "fr")).split("\n"))
    assert 'Base<br><span lang="en">Database</span>' in page
    (part,) = next(section.parts for section in document_sections(document) if section.code == "model")
    assert [each.text for each in part.rows[0].title.others] == ["Database"]


def test_hostile_english_is_only_a_text(told, visitor):
    HostingSite.objects.update(name_en="<script>alert(1)</script>", place_en="{{ x }}")
    published_again(told)
    for path in ("", "fiche-complete/"):
        page = visitor.get(address(told, path)).content.decode()
        assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page and "{{ x }}" in page


def test_differences_tell_english_apart(told, visitor):
    before = told.publications.get().document
    HostingSite.objects.update(place_en="Lévis area")
    Metric.objects.all().delete()
    sections = compare_documents(before, published_again(told).document)
    (change,) = next(row for section in sections for row in section.rows if row.kind == "changed").changes
    assert (change.after, change.language) == ("Lévis area", "en")
    english = page_of(visitor, address(told, "differences/"))
    metric = CATALOGUE.part("metrics").fields[0].label
    assert f"Answer to “{metric['en']}”." in english, "a row is named in the language of the reader"


# --- Open data, search ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["fr", "en"])
def test_one_system_as_a_table_has_a_line_a_language(told, visitor, language):
    rows = table(visitor.get(address(told, "v/1.csv", language)))
    said = {(row[1], row[3], row[5]): row[6] for row in rows}
    for part, twin in TWINS:
        stored = PART_MODELS[part].objects.get(system=told)
        key = twin.twin_of.removesuffix("_fr")
        assert said[part, key, "en"] == getattr(stored, twin.code)
        assert said[part, key, "fr"] == getattr(stored, twin.twin_of)


def test_the_json_and_the_api_hold_both(told, visitor):
    place = HostingSite.objects.get().place_en
    data = json.loads(visitor.get(address(told, "v/1.json")).content)
    assert data["details"]["parts"]["hosting"][0]["place"]["en"] == place
    answer = visitor.get(reverse("public_api:publication", args=[told.reference]))
    assert answer.status_code == 200 and place in json.dumps(json.loads(answer.content), ensure_ascii=False)


def test_the_dictionary_has_one_line_for_a_text_in_two_languages(db):
    keys = [(entry.part, entry.key) for group in dictionary() for entry in group.entries]
    assert len(keys) == len(set(keys)) and not [key for _part, key in keys if key.endswith("_en")]
    assert all(entry.is_text for group in dictionary() for entry in group.entries if entry.field.twin)


def test_search_reads_the_english_of_rows(told, visitor):
    HostingSite.objects.update(place_en="Gyroscope valley")
    published_again(told)
    assert "'gyroscop'" in WholeText.objects.get().words_en
    page = page_of(visitor, "/en/recherche/?q=gyroscopes")
    assert told.reference in page and "Gyroscope valley" in page


# --- The claims of a supplier ---------------------------------------------------------------------------------------
@pytest.fixture
def solution(bilingual):
    found = solution_of(bilingual)
    claim_of(found, claim_en="Nine drafts out of ten are said to be good.")
    return found


def test_a_claim_is_read_in_the_language_of_the_page(solution, bilingual, visitor):
    user = public_user(solution, bilingual)
    (claim,) = user.publications.get().document["details"]["solution_facts"]["supplier_claims"]
    assert claim["claim"] == {"fr": CLAIM["claim_fr"], "en": "Nine drafts out of ten are said to be good."}
    for page in (address(user), f"/en/solutions/{solution.uuid}/"):
        shown = page_of(visitor, page)
        assert '<blockquote class="vg-claim" lang="en"><p>Nine drafts' in shown and CLAIM["claim_fr"] not in shown
    whole = page_of(visitor, address(user, "fiche-complete/"))
    assert '<blockquote class="vg-claim" lang="fr"><p>Neuf brouillons' in whole
    assert "Nine drafts" not in page_of(visitor, address(user, language="fr"))


def test_another_body_publishes_it_in_the_languages_of_its_own(solution):
    (claim,) = public_user(solution).publications.get().document["details"]["solution_facts"]["supplier_claims"]
    assert claim["claim"] == {"fr": CLAIM["claim_fr"]}
