"""Declaring in a real browser: by keyboard with autosave, without JavaScript, two people on one answer."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from organizations.models import Organization, User
from organizations.workflow import Role, SecondLook
from registry.models import AISystem, ErrorReport
from registry.services.publication import publish_system
from registry.services.systems import begin_system, save_answers
from tests.browser import overflows, violations
from tests.factories.organizations import person
from tests.factories.registry import SystemFactory

pytestmark = pytest.mark.django_db(transaction=True)

NewPage = Callable[..., Page]


@pytest.fixture
def page_of(new_context: Callable[..., BrowserContext], as_user: Any) -> NewPage:
    """A page in the browser of somebody already signed in."""

    def open_page(user: User, **options: Any) -> Page:
        context = new_context(**options)
        cookie = as_user(user).cookies[settings.SESSION_COOKIE_NAME].value
        host = {"name": settings.SESSION_COOKIE_NAME, "value": cookie, "domain": "localhost", "path": "/"}
        context.add_cookies([host])  # type: ignore[list-item]
        return context.new_page()

    return open_page


@pytest.fixture
def draft(body: Organization, editor: User) -> AISystem:
    return begin_system(organization=body, answers={"name_fr": "Tri des permis"}, by=editor)


def edit_url(system: AISystem) -> str:
    return f"/fr/espace/systemes/{system.uuid}/modifier/"


def tab_to(page: Page, selector: str) -> None:
    for _key in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"The keyboard never reaches {selector}.")


def saved(page: Page) -> None:
    expect(page.locator("[data-autosave-status]")).to_have_text(re.compile("^Enregistré à"))


def test_twelve_answers_by_keyboard(page_of: NewPage, editor: User) -> None:
    page = page_of(editor)
    page.goto("/fr/espace/systemes/declarer/")
    tab_to(page, "[name=situation]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    tab_to(page, "[name=name_fr]")
    page.keyboard.type("Tri des permis")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for name in ("summary_fr", "need_fr", "benefit_fr"):
        tab_to(page, f"[name={name}]")
        page.keyboard.type(f"Réponse {name}.")
    for name in ("category", "affected", "autonomy", "personal_information"):
        tab_to(page, f"[name={name}]")
        page.keyboard.press("Space")
    saved(page)
    expect(page.locator("[data-progress-text]")).to_have_text(re.compile("^9 sur 12"))
    tab_to(page, "button[value=declare]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.type("Direction des permis")
    tab_to(page, "[name=contact_email]")
    page.keyboard.type("permis@organisme.example")
    tab_to(page, "[name=origin]")
    page.keyboard.press("Space")
    tab_to(page, "button[value=declare]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Le système est déclaré")
    assert AISystem.objects.get().phase == "regularizing"


def test_without_javascript_on_a_telephone(page_of: NewPage, editor: User, draft: AISystem) -> None:
    page = page_of(editor, java_script_enabled=False, viewport={"width": 320, "height": 640})
    page.goto(edit_url(draft))
    page.locator("[name=summary_fr]").fill("Classe les demandes.")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator(".vg-notice")).to_contain_text("Enregistré à")
    page.locator("[name=unit_fr]").fill("Direction des permis")
    page.get_by_role("button", name="Déclarer", exact=True).click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Besoin")
    draft.refresh_from_db()
    assert (draft.summary_fr, draft.unit_fr) == ("Classe les demandes.", "Direction des permis")


def test_two_people_on_one_answer_lose_nothing(
    page_of: NewPage, editor: User, body: Organization, draft: AISystem
) -> None:
    first, second = page_of(editor), page_of(person(body, Role.CONTRIBUTOR))
    for page in (first, second):
        page.goto(edit_url(draft))
    first.locator("[name=summary_fr]").fill("Texte de l'une.")
    first.locator("[name=phase][value=idea]").check()
    saved(first)
    second.locator("[name=summary_fr]").fill("Texte de l'autre.")
    second.locator("[name=phase][value=pilot]").check()
    second.locator("[name=unit_fr]").fill("Une unité à garder")
    second.locator("[data-autosave-status] button").click()
    expect(second.locator(".vg-conflict")).to_have_count(2)
    expect(second.locator("main")).to_contain_text("Texte de l'une.")
    assert violations(second) == []
    second.locator("[name=settle-summary_fr][value=third]").check()
    second.locator("textarea[name=third-summary_fr]").fill("Les deux textes.")
    second.locator("[name=settle-phase][value=theirs]").check()
    second.locator("main form button.govuk-button").click()
    expect(second.locator("[name=unit_fr]")).to_have_value("Une unité à garder")
    with first.expect_response(re.compile("/modifier/")):
        first.locator("[name=need_fr]").fill("Tapé après, ailleurs.")
    draft.refresh_from_db()
    assert (draft.summary_fr, draft.phase) == ("Les deux textes.", "idea")
    assert (draft.unit_fr, draft.need_fr) == ("Une unité à garder", "Tapé après, ailleurs.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_the_register_is_accessible(
    page_of: NewPage, editor: User, reviewer: User, body: Organization, system: AISystem, draft: AISystem, scheme: str
) -> None:
    publish_system(system=system, by=editor)
    Organization.objects.filter(pk=body.pk).update(second_look=SecondLook.REQUIRED)
    changed = save_answers(system=system, answers={"summary_fr": "Autre phrase."}, version=system.version, by=editor)
    asked = publish_system(system=changed, by=editor, change_note="Phrase changée.")
    other = SystemFactory(organization=body, created_by=editor, reference="QC-MTEST-0901")
    report = ErrorReport.objects.create(
        code="ABCD-EFGH-JKLM", system=system, organization=body, reference=system.reference, version_number=1,
        message="Une erreur.", received_at=timezone.now() - timedelta(days=20),
    )  # fmt: skip
    sheet = f"systemes/{system.uuid}/"
    mine = ["systemes/", "systemes/?q=rien", "systemes/declarer/", sheet, f"{sheet}historique/", f"{sheet}acces/"]
    mine += [f"systemes/{draft.uuid}/modifier/", f"systemes/{other.uuid}/publier/", f"{sheet}declarer/"]
    mine += ["signalements/", "signalements/?state=answered", f"signalements/{report.uuid}/"]
    theirs = [f"publications/{asked.case.uuid}/", f"{sheet}retirer/", sheet]
    for user, addresses in ((editor, mine), (reviewer, theirs)):
        page = page_of(user, color_scheme=scheme)
        for number, address in enumerate(addresses):
            page.set_viewport_size({"width": 320 if number % 2 else 1280, "height": 800})
            page.goto(f"/{'en' if number % 3 == 1 else 'fr'}/espace/{address}")
            assert page.get_by_role("heading", level=1).count() == 1, address
            assert violations(page) == [], address
            assert not overflows(page), address
