"""The public site in a real browser: two themes, a telephone's width, no mouse, no JavaScript, a screen reader."""

import re
import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from core.audit import NamedJob, Visitor
from registry.models import AISystem
from registry.services.imports import import_register
from registry.services.intake import report_error
from registry.services.publication import withdraw_publication
from tests.browser import overflows, violations
from tests.factories.publications import foreign, public_organization, published, published_again, publisher_of
from tests.registry.imports.builders import csv_of
from tests.registry.registers import full, json_of, united_states

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def register(transactional_db: None) -> AISystem:
    """A sheet in two versions, a line, a withdrawn sheet, a body without system, a record from elsewhere."""
    body = public_organization(sigle="MPUB", name_fr="Ministère des Exemples publics")
    public_organization(sigle="VIDE", name_fr="Régie sans système")
    sheet = published(body, reference="QC-MPUB-0001", name_fr="Tri des demandes de permis", personal_information="yes")
    published_again(
        sheet, note="Le système décide maintenant entièrement seul, après avoir seulement recommandé.", autonomy="alone"
    )
    published(body, reference="QC-MPUB-0002", name_fr="Repérage des nids-de-poule", data_description_fr="")
    gone = published(body, reference="QC-MPUB-0003", name_fr="Système retiré")
    withdraw_publication(system=gone, reason="La fiche nommait une personne.", by=publisher_of(body))
    foreign()
    job = NamedJob("import_register")
    for code, content in (("nl", json_of([full(1)])), ("us", csv_of([united_states()]))):
        import_register(register=code, content=content, file_name="registre", by=job)
    return sheet


PAGES = [
    "", "recherche/", "recherche/?q=permis&phase=in_service&ailleurs=1", "recherche/?q=rien", "organismes/",
    "organismes/mpub/", "organismes/vide/", "systemes/QC-MPUB-0001/", "systemes/QC-MPUB-0001/v/1/",
    "systemes/QC-MPUB-0001/differences/", "systemes/QC-MPUB-0001/fiche-complete/", "donnees/", "donnees/corrections/",
    "systemes/QC-MPUB-0002/", "systemes/QC-MPUB-0003/", "systemes/QC-MPUB-0001/signaler/", "signalements/",
    "signalements/?code=faux", "suis-je-vise/", "ailleurs/", "ailleurs/?q=wacht&sort=recent",
    "ailleurs/ca/2526-EXEMPLE-001/", "ailleurs/nl/10000001/", "ailleurs/us/DOW-001/", "a-propos/",
    "accessibilite/", "avis/", "api/", "glossaire/?q=phase", "glossaire/?q=zzz", "strategie/",
]  # fmt: skip


@pytest.mark.parametrize(("scheme", "width", "language"), [("light", 1280, "fr"), ("dark", 320, "en")])
def test_axe_finds_nothing_and_nothing_overflows(register, new_context, scheme, width, language):
    reader = new_context(color_scheme=scheme, viewport={"width": width, "height": 900}).new_page()
    report = report_error(reference=register.reference, message="Faux.", by=Visitor(), request_key=uuid.uuid4())
    found = []
    for path in [*PAGES, f"signalements/{report.code}/?recu=1"]:
        reader.goto(f"/{language}/{path}")
        reader.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
        found += [f"{path}: {problem}" for problem in violations(reader)]
        if overflows(reader):
            found.append(f"{path}: overflows")
    assert not found, "\n".join(found)


def test_from_search_to_report_without_a_mouse(register, page: Page):
    page.goto("/fr/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.get_by_role("searchbox").focus()
    page.keyboard.type("demandes")
    page.keyboard.press("Enter")
    result = page.get_by_role("link", name="Tri des demandes de permis")
    tab_to(page, result)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tri des demandes de permis")
    tab_to(page, page.get_by_role("link", name="Signaler une erreur").first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Signaler une erreur")
    tab_to(page, page.get_by_label("Qu'est-ce qui ne va pas"))
    page.keyboard.type("Le téléphone est faux.")
    page.wait_for_timeout(2100)  # a person takes longer than a robot
    tab_to(page, page.get_by_role("button", name="Transmettre"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Merci")


def tab_to(page: Page, target, most: int = 60) -> None:
    for _press in range(most):
        if target.evaluate("(each) => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached by the keyboard")


def test_everything_works_without_javascript(register, new_context: Callable[..., BrowserContext]):
    reader = new_context(java_script_enabled=False).new_page()
    reader.goto("/fr/recherche/")
    reader.get_by_label("Un besoin, un service").fill("permis")
    reader.locator(".vg-facet__label", has_text="Phase").click()
    reader.get_by_role("checkbox", name=re.compile(r"^En service(?! –)")).check()
    reader.get_by_role("button", name="Appliquer les filtres").click()
    expect(reader.get_by_role("heading", name="1 système")).to_be_visible()
    reader.get_by_role("link", name="Retirer le filtre Phase").click()
    expect(reader).to_have_url(re.compile(r"\?q=permis"))
    reader.goto("/fr/suis-je-vise/")
    for name in ("used", "ai", "decides", "personal"):
        reader.check(f"[name={name}][value=yes]")
    reader.wait_for_timeout(2100)
    reader.get_by_role("button", name="Voir la réponse").click()
    expect(reader.get_by_role("heading", level=1)).to_contain_text("Oui")


def test_a_screen_reader_meets_the_questions_in_order(register, page: Page):
    page.goto("/fr/systemes/QC-MPUB-0001/")
    headings = [each.strip() for each in page.locator("main").get_by_role("heading", level=2).all_inner_texts()]
    assert headings == [
        "À quoi sert ce système?",
        "Qui en répond?",
        "Comment joindre l'organisme?",
        "Sur qui est-il utilisé?",
        "Jusqu'où décide-t-il seul?",
        "Avec quelles données travaille-t-il?",
        "Où en est-il et d'où vient-il?",
        "Vos droits et recours",
        "Historique",
        "Une question, une erreur?",
        "Cette version",
    ]
    expect(page.get_by_role("navigation", name="Où vous êtes")).to_be_visible()
    expect(page.get_by_role("complementary", name="À propos de cette fiche")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Ce système : Il décide seul")).to_be_visible()


def test_a_screen_reader_is_told_how_many_were_found(register, page: Page):
    page.goto("/fr/recherche/?q=permis")
    expect(page.get_by_role("status")).to_have_text("1 système")
    expect(page.get_by_role("search")).to_be_visible()
    expect(page.get_by_role("form", name="Filtres")).to_be_visible()
