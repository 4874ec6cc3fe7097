"""«Verser une évaluation existante», from the page of a system: refused, deposited, read, withdrawn. By keyboard."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from assessments.models import DepositedAssessment
from core.models import StoredFile
from organizations.models import User
from registry.models import AISystem
from tests.browser import overflows, violations
from tests.e2e.keyboard import HAS_THE_FOCUS, Keyboard
from tests.factories.files import EXE, PDF

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"]),
]
DONE_ON, REVIEW_ON = date(2026, 3, 1), date(2027, 3, 1)
FUNCTION, SUMMARY = "Direction des ressources informationnelles", "Deux risques élevés, réduits par le chiffrement."
NEVER_TAKEN = "Ce fichier contient un programme\u00a0: il n'est jamais accepté."
REASON = "Ce document portait sur un autre système."


def test_an_assessment_done_elsewhere_is_deposited_read_and_withdrawn(
    open_page: Callable[..., Page], system: AISystem, editor: User, script: bool, store_of_files: Path
) -> None:
    page = open_page(editor, reverse("registry:system", args=[system.uuid]), accept_downloads=True)
    hands = Keyboard(page)
    hands.enter(page.get_by_role("navigation", name="Parties du dossier").get_by_role("link", name="Évaluations"))
    hands.follow("Verser une évaluation existante")
    refused_then_deposited(hands, script)
    deposit = DepositedAssessment.objects.select_related("file").get()
    assert (deposit.done_on, deposit.next_review_on) == (DONE_ON, REVIEW_ON)
    assert (deposit.approved_by_function, deposit.summary_fr) == (FUNCTION, SUMMARY)
    assert (deposit.residual_level, deposit.deposited_by) == ("moderate", editor)
    assert StoredFile.objects.get() == deposit.file
    hands.reach(page.get_by_role("link", name="efvp-2026.pdf"))
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert (download.value.path().read_bytes(), download.value.suggested_filename) == (PDF, "efvp-2026.pdf")
    back_to_the_list(hands)
    expect(line_of_the_deposit(page)).to_contain_text("Versée")
    expect(line_of_the_deposit(page)).to_contain_text("Modéré")
    hands.follow("Faite hors de Vigie")
    withdrawn(hands)
    deposit.refresh_from_db()
    assert (deposit.withdrawn_reason, deposit.withdrawn_by) == (REASON, editor)
    back_to_the_list(hands)
    expect(line_of_the_deposit(page)).to_contain_text("Retrait")
    assert not overflows(page)


def refused_then_deposited(hands: Keyboard, script: bool) -> None:
    """A program under the name of a document, and no day: both are said, all that was typed is still there."""
    page = hands.page
    hands.join("file", called="efvp-2026.pdf", content=EXE)
    hands.write("approved_by_function", FUNCTION)
    hands.pick("residual_level", "moderate")
    hands.write("summary_fr", SUMMARY)
    hands.write_day("next_review_on", REVIEW_ON)
    with page.expect_navigation():
        hands.press("Verser l'évaluation")
    said = page.locator(".govuk-error-summary")
    expect(said).to_contain_text(NEVER_TAKEN)
    expect(said.get_by_role("link")).to_have_count(2)
    assert not DepositedAssessment.objects.exists() and not StoredFile.objects.exists()
    if script:
        expect(said).to_be_focused()
        assert violations(page) == []
    hands.reach(said.get_by_role("link").last)
    page.keyboard.press("Enter")
    assert page.locator("[name=done_on]").evaluate(HAS_THE_FOCUS)
    expect(page.locator("[name=approved_by_function]")).to_have_value(FUNCTION)
    expect(page.locator("[name=summary_fr]")).to_have_value(SUMMARY)
    expect(page.locator("[name=residual_level][value=moderate]")).to_be_checked()
    expect(page.locator("[name=next_review_on]")).to_have_value(REVIEW_ON.isoformat())
    hands.write_day("done_on", DONE_ON)
    hands.join("file", called="efvp-2026.pdf", content=PDF)
    with page.expect_navigation():
        hands.press("Verser l'évaluation")
    expect(page.locator("main")).to_contain_text("Faite hors de Vigie")
    expect(page.locator("main")).to_contain_text(SUMMARY)
    expect(page.get_by_role("complementary")).to_contain_text(FUNCTION)


def withdrawn(hands: Keyboard) -> None:
    """Not without a reason; the page says it then, and offers nothing more."""
    hands.follow("La retirer")
    with hands.page.expect_navigation():
        hands.press("La retirer")
    expect(hands.page.locator(".govuk-error-summary")).to_contain_text("Dites pourquoi")
    hands.write("reason", REASON)
    with hands.page.expect_navigation():
        hands.press("La retirer")
    expect(hands.page.locator("main")).to_contain_text("Elle ne compte plus")
    expect(hands.page.locator("main")).to_contain_text(REASON)
    expect(hands.page.get_by_role("link", name="La retirer")).to_have_count(0)
    expect(hands.page.get_by_role("button", name="Ouvrir comme brouillon")).to_have_count(0)


def back_to_the_list(hands: Keyboard) -> None:
    hands.enter(hands.page.get_by_role("navigation", name="Où vous êtes").get_by_role("link", name="Évaluations"))


def line_of_the_deposit(page: Page) -> Locator:
    return page.get_by_role("row").filter(has_text="Faite hors de Vigie")
