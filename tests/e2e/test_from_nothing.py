"""From nothing: create the body, invite, sign in, declare, publish, find by search, download the PDF and read it."""

import io
import re
from collections.abc import Callable
from typing import Any

import pypdf
import pytest
from django.core import mail
from playwright.sync_api import BrowserContext, Page, expect

from core.models import AuditEvent
from organizations.services.links import first_address
from registry.models import Publication

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "un-mot-de-passe-assez-long"


def on(page: Page, address: str) -> str:
    """The path of an absolute address written in a mail or printed by a command."""
    return re.sub(r"^https?://[^/]+", "", address)


def found_in_last_mail(pattern: str) -> str:
    match = re.search(pattern, mail.outbox[-1].body)
    assert match, mail.outbox[-1].body
    return match.group(0)


def create_the_body(page: Page) -> None:
    page.goto(on(page, first_address()))
    page.get_by_label("Courriel").fill("direction@ville.example")
    page.get_by_label("Votre nom").fill("Direction générale")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_label("Nom de l'organisme en français").fill("Ville des Essais")
    page.get_by_label("Sigle").fill("VDE")
    page.get_by_label("Type d'organisme").select_option("municipality")
    page.get_by_label("Municipal", exact=True).check()
    page.get_by_label("Effectif (nombre de personnes)").fill("40")
    page.get_by_role("button", name="Commencer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("À faire")


def say_how_to_be_reached(page: Page) -> None:
    page.get_by_role("link", name="Dire comment joindre l'organisme").click()
    page.get_by_label("Téléphone public").fill("418 555-0199")
    page.get_by_label("Adresse postale").fill("1, rue de l'Essai\nEssai (Québec) Z1Z 1Z1")
    page.get_by_label("Courriel public").fill("info@ville.example")
    page.get_by_role("button", name="Enregistrer").click()


def invite(page: Page, email: str, role: str) -> None:
    page.goto("/fr/espace/")
    page.get_by_role("link", name="Inviter des personnes").click()
    page.get_by_label("Courriel de la personne").fill(email)
    page.get_by_label(role, exact=True).check()
    page.get_by_role("button", name="Envoyer l'invitation").click()


def accept_and_sign_in(page: Page, address: str, email: str) -> None:
    page.goto(on(page, address))
    page.locator("[name=name]").fill("Responsable des permis")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main").get_by_role("button", name=re.compile("Créer|Accepter|Commencer|Rejoindre")).click()
    page.context.clear_cookies()
    page.goto("/fr/compte/connexion/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Se connecter").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("À faire")


TEXTS = {
    "summary_fr": "Classe les demandes de permis de rénovation selon leur urgence.",
    "need_fr": "Les demandes urgentes attendaient aussi longtemps que les autres.",
    "benefit_fr": "Répondre aux demandes urgentes en deux jours au lieu de neuf.",
    "data_description_fr": "Le texte des demandes, sans le nom des personnes.",
    "unit_fr": "Service des permis",
    "contact_email": "permis@ville.example",
}
CHOICES = {
    "category": "decision_support",
    "autonomy": "recommends",
    "personal_information": "no",
    "phase": "regularizing",
    "origin": "own",
}


def declare(page: Page) -> None:
    page.goto("/fr/espace/systemes/")
    page.get_by_role("link", name=re.compile("Déclarer un système")).first.click()
    page.get_by_label("Un système déjà en service").check()
    page.locator("[name=name_fr]").fill("Tri des demandes de permis")
    page.get_by_role("button", name="Continuer").click()
    for name, text in TEXTS.items():
        page.locator(f"[name={name}]").fill(text)
    for name, code in CHOICES.items():
        field = page.locator(f"[name={name}]")
        if field.first.evaluate("element => element.tagName") == "SELECT":
            field.select_option(code)
        else:
            page.locator(f"[name={name}][value={code}]").check()
    page.locator("[name=affected][value=service_users]").check()
    page.get_by_role("button", name="Déclarer").click()
    expect(page.locator("main")).to_contain_text("QC-VDE-0001")


def publish(page: Page) -> None:
    page.goto("/fr/espace/systemes/")
    page.get_by_role("link", name="Tri des demandes de permis").click()
    page.get_by_role("link", name=re.compile("Publier")).first.click()
    page.locator("main").get_by_role("button", name=re.compile("Publier")).click()
    expect(page.locator("main")).to_contain_text(re.compile("[Vv]ersion 1"))


def find_as_a_citizen(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/fr/")
    page.get_by_role("searchbox").first.fill("renovations")
    page.get_by_role("button", name="Rechercher").first.click()
    page.get_by_role("link", name="Tri des demandes de permis").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tri des demandes de permis")
    for text in ("418 555-0199", "Ville des Essais", "Classe les demandes de permis"):
        expect(page.locator("main")).to_contain_text(text)


def download_the_sheet(page: Page, run_jobs: Callable[[], int]) -> str:
    """The text of the PDF, all pages together."""
    page.goto("/fr/espace/systemes/")
    page.get_by_role("link", name="Tri des demandes de permis").click()
    page.get_by_role("link", name=re.compile("PDF")).first.click()
    page.locator("main").get_by_role("button", name=re.compile("PDF")).click()
    page.wait_for_url(re.compile("/rapports/[0-9a-f-]+/$"))
    run_jobs()
    page.reload()
    with page.expect_download() as download:
        page.locator("main").get_by_role("link", name=re.compile("PDF")).first.click()
    content = download.value.path().read_bytes()
    return "\n".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(content)).pages)


def test_from_an_empty_database_to_a_sheet_in_hand(
    page: Page, new_context: Callable[..., BrowserContext], run_jobs: Callable[[], int], client: Any
) -> None:
    create_the_body(page)
    say_how_to_be_reached(page)
    invite(page, "permis@ville.example", "Responsable du système")
    run_jobs()
    colleague = new_context().new_page()
    accept_and_sign_in(colleague, found_in_last_mail(r"https?://\S+/invitation/\S+"), "permis@ville.example")
    declare(colleague)
    publish(colleague)
    find_as_a_citizen(new_context())
    text = download_the_sheet(colleague, run_jobs)
    assert "Tri des demandes de permis" in text and "QC-VDE-0001" in text and "Ville des Essais" in text
    assert Publication.objects.get().kind == "sheet"
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"create", "invite", "begin", "declare", "publish", "make_report", "download"} <= verbs
