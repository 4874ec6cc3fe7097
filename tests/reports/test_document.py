"""The document itself: its words read back from the PDF, in both languages, drafts and demonstration marked."""

import io

import pypdf
import pytest

from organizations.public import remedies_for
from organizations.workflow import Role
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem
from registry.services.parts import add_part
from registry.services.publication import publish_system
from reports.exports import typeset
from reports.tasks import make_report
from tests.factories.organizations import person
from tests.factories.registry import SystemFactory
from tests.reports.conftest import bytes_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def pages_of(content: bytes) -> list[str]:
    """The text of each page on one line, spaces and hyphens of line ends forgiven."""
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def test_the_words_of_the_system_are_in_the_pdf(ready, system):
    text = " ".join(pages_of(bytes_of(ready)))
    for words in (system.name_fr, system.reference, system.need_fr, system.benefit_fr, system.contact_email):
        assert words in text
    assert "418 555-0100" in text and "G1A 1A1" in text
    # A section of which nothing is known yet is not on paper: nobody reads a page of headings.
    asked = {field.section for field in CATALOGUE.fields if field.asked_first}
    for section in CATALOGUE.sections:
        assert (section.question["fr"] in text) == (section.code in asked)
    assert CATALOGUE.field("autonomy").choice("recommends").public_label["fr"][:30] in text
    assert CATALOGUE.field("supplier").label["fr"] not in text  # an internal field


def test_the_contact_of_the_system_comes_before_that_of_the_body(ask, body, system):
    def reached():
        recourse = ask().content["sheet"]["recourse"]
        return recourse["phone"], recourse["email"]

    type(body).objects.filter(pk=body.pk).update(contact_phone="418 555-0100", contact_email="corps@exemple.quebec")
    AISystem.objects.filter(pk=system.pk).update(contact_phone="418 555-0177", contact_email="ia@exemple.quebec")
    assert reached() == ("418 555-0177", "ia@exemple.quebec")
    AISystem.objects.filter(pk=system.pk).update(contact_phone="")
    assert reached() == ("418 555-0100", "ia@exemple.quebec")


def test_paper_names_the_rights_and_the_recourses_outside_the_body(ask, system):
    AISystem.objects.filter(pk=system.pk).update(autonomy="alone", personal_information="yes")
    text = " ".join(pages_of(typeset(ask()).content))
    assert "article 65.2" in text and "Origine : loi; d'après le texte officiel." in text
    assert "En vigueur depuis" in text
    for remedy in remedies_for(system.organization.regimes):
        for told in (remedy.name["fr"], remedy.what["fr"], remedy.phone or "", remedy.website or ""):
            assert "".join(told.split()) in "".join(text.split())  # spaces of line ends forgiven


def test_the_rights_are_those_of_what_the_system_does(ask, system):
    AISystem.objects.filter(pk=system.pk).update(autonomy="recommends", personal_information="no")
    assert [right["name"] for right in ask(language="en").content["sheet"]["recourse"]["rights"]] == [
        "A person decides"
    ]


def test_it_is_tagged_and_says_its_language_and_title(ready, system):
    reader = pypdf.PdfReader(io.BytesIO(bytes_of(ready)))
    root = reader.trailer["/Root"]
    assert root["/Lang"].startswith("fr") and root["/MarkInfo"]["/Marked"]
    assert reader.metadata.title == f"{system.name_fr} ({system.reference})"


def test_a_draft_says_so_on_each_page(ask, system):
    AISystem.objects.filter(pk=system.pk).update(
        need_fr="Un besoin décrit longuement. " * 100, benefit_fr="Mieux. " * 280
    )
    pages = pages_of(typeset(ask()).content)
    assert len(pages) > 1
    assert all(f"{system.reference} – Brouillon – non publié" in page for page in pages)


def test_a_published_version_says_its_number_date_and_digest(ask, system, editor):
    publication = publish_system(system=system, by=editor)
    text = " ".join(pages_of(typeset(ask()).content))
    assert "Brouillon" not in text
    assert publication.digest in text.replace(" ", "")
    assert f"/fr/systemes/{system.reference}/" in text.replace(" ", "")


def test_the_demonstration_is_said_on_each_page(ask, demonstration_system):
    AISystem.objects.filter(pk=demonstration_system.pk).update(need_fr="Un besoin décrit longuement. " * 100)
    demonstration_system.refresh_from_db()
    report = ask(system=demonstration_system, by=person(demonstration_system.organization, Role.SYSTEM_OWNER))
    pages = pages_of(typeset(report).content)
    assert len(pages) > 1
    assert all("Données fictives – démonstration" in page for page in pages)


def test_in_english_labels_change_and_texts_keep_their_language(ask, system):
    document = typeset(ask(language="en"))
    text = " ".join(pages_of(document.content))
    assert CATALOGUE.sections[0].question["en"] in text and "Draft – not published" in text
    assert system.need_fr in text and "Brouillon" not in text
    assert '<html lang="en-CA">' in document.html
    assert 'lang="fr"' in document.html  # the passage in the other language is marked


def test_english_texts_are_used_where_the_body_publishes_in_english(ask, body, system):
    type(body).objects.filter(pk=body.pk).update(publishes_in_english=True, name_en="Department of Trials")
    AISystem.objects.filter(pk=system.pk).update(name_en="Sorting of requests", need_en="Urgent requests waited.")
    report = ask(language="en")
    assert report.title == "Sorting of requests"
    assert "Department of Trials" in typeset(report).html and "Urgent requests waited." in typeset(report).html


def test_rows_are_in_the_language_of_the_document(ask, body, system, editor):
    type(body).objects.filter(pk=body.pk).update(publishes_in_english=True)
    site = {"name_fr": "Base de données", "name_en": "Database", "place_fr": "Lévis", "place_en": "Lévis area"}
    add_part(system=system, part="hosting", answers={**site, "country": "quebec"}, by=editor)
    english, french = typeset(ask(language="en")).html, typeset(ask()).html
    assert "Database" in english and "Lévis area" in english and "Base de données" not in english
    assert "Base de données" in french and "Database" not in french


def test_a_draft_of_three_words_makes_a_document(ask, body, editor):
    draft = SystemFactory(organization=body, draft=True, name_fr="Un simple début", created_by=editor)
    report = ask(system=draft)
    make_report(report=report.pk)
    report.refresh_from_db()
    text = " ".join(pages_of(bytes_of(report)))
    assert "Un simple début" in text and "Brouillon sans numéro" in text and "Non renseigné" in text


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "{{ sheet.digest }}", "<img src='file:///etc/passwd'>"]
)
def test_hostile_texts_are_only_texts(ask, system, hostile):
    AISystem.objects.filter(pk=system.pk).update(name_fr=hostile, need_fr=hostile)
    text = " ".join(pages_of(typeset(ask()).content))
    assert hostile.replace(" ", "") in text.replace(" ", "")
