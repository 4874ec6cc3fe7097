"""Whole journeys, by keyboard alone, with our scripts and without any: a record kept by two people while the network
fails, a year's change told to the public, a journalist who goes from a word to the data.
"""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from defusedxml import ElementTree
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import BrowserContext, expect

from organizations.models import Organization, User
from organizations.services.public_copy import publish_body
from organizations.workflow import Role
from registry.models import AISystem, BenefitMeasure
from registry.services.publication import publish_system
from registry.services.systems import save_answers
from tests.browser import violations
from tests.e2e.keyboard import Keyboard
from tests.e2e.test_save_status import STATUS, sign_in
from tests.factories.organizations import person

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"]),
]
NewContext = Callable[..., BrowserContext]


@pytest.fixture
def hands(new_context: NewContext, as_user: Any, script: bool) -> Callable[..., Keyboard]:
    """Somebody at a keyboard, in a browser of their own; `of`: who is signed in there."""

    def sit_down(address: str, *, of: User | None = None) -> Keyboard:
        context = new_context(java_script_enabled=script, accept_downloads=True)
        if of:
            sign_in(context, as_user, of)
        page = context.new_page()
        page.goto(address)
        return Keyboard(page)

    return sit_down


@pytest.fixture
def sheet(whole_system: AISystem, body: Organization, administrator: User, editor: User) -> AISystem:
    """A whole record, public since last year."""
    publish_body(organization=body, by=administrator)
    publish_system(system=whole_system, by=editor)
    return whole_system


def section_of(system: AISystem, code: str) -> str:
    with translation.override("fr"):
        return reverse("registry:section", args=[system.uuid, code])


# --- Two people and a cut network -----------------------------------------------------------------------------------
def test_two_people_keep_one_record_while_the_network_fails(
    hands: Callable[..., Keyboard], sheet: AISystem, body: Organization, editor: User, script: bool
) -> None:
    """The second comes back on line with a text of their own for an answer that the first has changed meanwhile."""
    address = section_of(sheet, "purpose")
    first, second = hands(address, of=editor), hands(address, of=person(body, Role.CONTRIBUTOR))
    second.page.context.set_offline(True)
    second.write("alternative_fr", "Ce que l'autre personne a tapé.")
    second.write("need_fr", "Un besoin que personne d'autre ne touche.")
    send(second, script, expected="offline")
    first.write("alternative_fr", "Ce que la première a tapé.")
    send(first, script, expected="saved")
    second.page.context.set_offline(False)
    come_back(second, script)
    both = ["Ce que la première a tapé.", "Ce que l'autre personne a tapé."]
    expect(second.page.locator(".vg-conflict__stored")).to_have_text(both)
    if script:
        assert violations(second.page) == []
    second.pick("settle-alternative_fr", "third")
    second.write("third-alternative_fr", "Les deux textes ensemble.")
    second.reach(second.page.locator("main button.govuk-button").first)
    with second.page.expect_navigation():
        second.keys.press("Enter")
    sheet.refresh_from_db()
    assert sheet.alternative_fr == "Les deux textes ensemble."
    assert sheet.need_fr == "Un besoin que personne d'autre ne touche."


def send(hands: Keyboard, script: bool, *, expected: str) -> None:
    """With our scripts the answers leave by themselves; without, by the button, whether the network is there or not."""
    if script:
        expect(hands.page.locator(f"{STATUS}[data-state={expected}]")).to_be_attached()
        return
    hands.press("Enregistrer et voir le dossier")
    if expected == "offline":
        expect(hands.page.locator("main")).to_have_count(0)
    else:
        hands.page.wait_for_url("**/systemes/*/")


def come_back(hands: Keyboard, script: bool) -> None:
    """The network is there again. Without our scripts the browser offers to load the page again: it sends the form."""
    if script:
        hands.page.evaluate("window.dispatchEvent(new Event('online'))")
        hands.reach(hands.page.locator(f"{STATUS} button"))
        with hands.page.expect_navigation():
            hands.keys.press("Enter")
        return
    hands.page.reload()


# --- A year's change ------------------------------------------------------------------------------------------------
def test_a_year_s_change_is_published_and_compared_with_the_last(
    hands: Callable[..., Keyboard], sheet: AISystem, editor: User, script: bool
) -> None:
    """The yearly visit: a text that changed, a measure of the year, a new version with its note; then what citizens
    read of it.
    """
    benefit = sheet.benefit_rows.get()
    lead = hands("/fr/espace/systemes/", of=editor)
    lead.follow(sheet.name_fr)
    lead.follow("Compléter ou modifier – À quoi sert ce système?")
    old = sheet.need_fr
    lead.write("need_fr", f"{old} L'an dernier, 4 000 demandes ont attendu.")
    leave(lead, script)
    measure(lead, sheet, str(benefit))
    lead.page.goto(f"/fr/espace/systemes/{sheet.uuid}/publier/")
    expect(lead.page.locator("main ins").first).to_contain_text("4 000 demandes ont attendu")
    lead.write("change_note", "Bilan de l'année : le besoin et la mesure du bénéfice.")
    lead.pick("size", "major")
    lead.press("Publier sans second regard")
    expect(lead.page.locator("main")).to_contain_text("ersion 2")
    citizen = hands(f"/fr/systemes/{sheet.reference}/")
    expect(citizen.page.locator("main")).to_contain_text("Bilan de l'année")
    compare_with_the_last(citizen)
    if script:
        assert violations(citizen.page) == []
    assert sheet.publications.order_by("number").last().is_major


def leave(lead: Keyboard, script: bool) -> None:
    if script:
        expect(lead.page.locator(f"{STATUS}[data-state=saved]")).to_be_attached()
    lead.press("Enregistrer et voir le dossier")
    lead.page.wait_for_url("**/systemes/*/")


def measure(lead: Keyboard, sheet: AISystem, title: str) -> None:
    """The value reached this year, beside the target that was promised."""
    before = BenefitMeasure.objects.count()
    lead.page.goto(section_of(sheet, "performance"))
    lead.follow("Ajouter une mesure annuelle")
    if lead.page.locator("main select[name=benefit]").count():
        lead.select("benefit", title[:12])
    lead.write("year", "2026")
    lead.write("value", "4,5")
    lead.press("Enregistrer")
    lead.page.wait_for_url("**/questions/**")
    assert BenefitMeasure.objects.count() == before + 1


def compare_with_the_last(citizen: Keyboard) -> None:
    citizen.follow("Voir les différences entre deux versions")
    main = citizen.page.locator("main")
    expect(main.locator("ins").first).to_contain_text("4 000 demandes ont attendu")
    expect(main).to_contain_text("modification majeure")
    expect(main).to_contain_text("Ajouté")


# --- A journalist ---------------------------------------------------------------------------------------------------
def test_a_journalist_goes_from_a_word_to_differences_to_data_to_a_feed(
    hands: Callable[..., Keyboard], sheet: AISystem, editor: User, script: bool
) -> None:
    """A word with a mistake, a filter, a sheet, what changed in it, the results as a table, then a feed to follow."""
    changed = save_answers(
        system=sheet, answers={"name_fr": "Tri des demandes de permis"}, version=sheet.version, by=editor
    )
    publish_system(system=changed, by=editor, change_note="Le nom dit mieux ce que fait le système.")
    journalist = hands("/fr/")
    journalist.reach(journalist.page.get_by_role("searchbox").first)
    journalist.keys.type("demnades de permi")
    with journalist.page.expect_navigation():
        journalist.keys.press("Enter")
    expect(journalist.page.locator("main")).to_contain_text("Résultats pour")
    journalist.open("Phase")
    journalist.tick("phase", sheet.phase)
    journalist.press("Appliquer les filtres")
    journalist.page.wait_for_url(f"**phase={sheet.phase}**")
    results = journalist.page.url
    journalist.follow("Tri des demandes de permis")
    journalist.follow("Voir les différences entre deux versions")
    expect(journalist.page.locator("main ins").first).to_be_visible()
    journalist.page.goto(results)
    assert [row["reference"] for row in downloaded_table(journalist)] == [sheet.reference]
    assert feed_behind(journalist) == [sheet.reference, sheet.reference]  # each of its versions


def downloaded_table(journalist: Keyboard) -> list[dict[str, str]]:
    journalist.open("Prendre ces systèmes en fichier")
    journalist.reach(journalist.page.locator("main").locator("a[href*='systemes.csv']"))
    with journalist.page.expect_download() as download:
        journalist.keys.press("Enter")
    text = download.value.path().read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def feed_behind(journalist: Keyboard) -> list[str]:
    """What a feed reader gets at the address of the page's link."""
    link = journalist.reach(journalist.page.locator("main").get_by_role("link", name="Suivre cette recherche").first)
    answer = journalist.page.request.get(str(link.evaluate("link => link.href")))
    assert answer.headers["content-type"].startswith("application/atom+xml")
    atom = "{http://www.w3.org/2005/Atom}"
    links = ElementTree.fromstring(answer.text()).findall(f"{atom}entry/{atom}link")
    return [link.attrib["href"].rstrip("/").split("/systemes/")[1].split("/")[0] for link in links]
