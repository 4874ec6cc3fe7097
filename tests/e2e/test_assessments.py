"""Assessments, task by task, in a browser: the screening, an ÉFVP by two people with a network cut, short and whole."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Page, expect

from assessments.models import Assessment, ScreeningConclusion, Submission
from assessments.services.saving import save_answers
from assessments.workflow import AssessmentState
from organizations.models import Organization, User
from organizations.workflow import Role
from registry.models import AISystem
from tests.browser import overflows, violations
from tests.e2e.keyboard import Keyboard
from tests.e2e.test_save_status import STATUS
from tests.factories.organizations import person

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"]),
]
LEAST = {"sensitivity": "ordinary", "purpose_effect": "internal", "quantity": "under_100"}
LEAST |= {"distribution": "one_unit", "medium": "isolated", "special_situations": "none", "decision_role": "none"}
LEAST |= {"identification_functions": "none", "people_heard": "no"}
MOST = {"sensitivity": "very_sensitive", "purpose_effect": "rights", "quantity": "over_100000"}
MOST |= {"distribution": "many_outside", "medium": "many_media", "special_situations": "outside_quebec"}
MOST |= {"decision_role": "fully_automated", "identification_functions": "profile"}
# What a person would choose or type, question after question; nothing that is filled already is touched.
FILL = """(chosen) => {
  const tell = (input) => {
    for (const name of ["input", "change"]) input.dispatchEvent(new Event(name, { bubbles: true }));
  };
  const groups = new Set();
  for (const input of document.querySelectorAll("form[data-autosave] .vg-question :is(input, textarea, select)")) {
    if (input.type === "hidden" || !input.name) continue;
    const question = input.name.split(".")[0];
    if (/radio|checkbox/.test(input.type)) {
      if (groups.has(input.name)) continue;
      groups.add(input.name);
      const all = [...document.getElementsByName(input.name)].filter((each) => each.type === input.type);
      if (all.some((each) => each.checked)) continue;
      const isRisk = input.name.endsWith(".applies");
      const wanted = all.find((each) => each.value === (isRisk ? "no" : chosen[question])) ?? all[0];
      if (input.name.endsWith(".measures")) continue;
      wanted.checked = true; tell(wanted);
    } else if (input.tagName === "SELECT") {
      if (input.value || /_(severity|likelihood)$/.test(input.name)) continue;
      input.selectedIndex = 1; tell(input);
    } else if (!input.value) {
      input.value = { date: "2026-12-01", url: "https://organisme.example/page" }[input.type] ??
        (input.inputMode ? "12" : "Une réponse de deux mots.");
      tell(input);
    }
  }
}"""


def at(name: str, *args: Any) -> str:
    with translation.override("fr"):
        return reverse(f"assessments:{name}", args=args)


def fill(page: Page, assessment: Assessment, chosen: dict[str, str]) -> None:
    """Until nothing is missing: an answer brings questions."""
    for _round in range(6):
        page.goto(at("everything", assessment.uuid))
        page.evaluate(FILL, chosen)
        with page.expect_navigation():
            page.get_by_role("button", name="Enregistrer", exact=True).click()
        assert not page.locator(".govuk-error-summary").count(), page.locator(".govuk-error-summary").inner_text()
        assessment.refresh_from_db()
        if assessment.done == assessment.required:
            return
    raise AssertionError(f"{assessment.required - assessment.done} answers are still missing")


def submit(page: Page, assessment: Assessment) -> Submission:
    page.goto(at("submit", assessment.uuid))
    page.get_by_role("button", name="Soumettre").click()
    expect(page.locator("main")).to_contain_text("Soumission reçue")
    return assessment.submissions.get()


def test_the_five_questions_say_what_is_required_and_it_is_signed(
    open_page: Callable[..., Page], system: AISystem, editor: User, reviewer: User, script: bool
) -> None:
    """By keyboard alone. The record says that no personal information is used: «non requise», signed by the RPRP."""
    page = open_page(editor, at("of_system", system.uuid))
    hands = Keyboard(page)
    with page.expect_navigation():
        hands.press("Répondre aux cinq questions")
    hands.pick("personal_information", "no")
    hands.pick("generative_ai", "no")
    hands.tick("intervention", "small_change")
    hands.tick("special_situations", "none")
    hands.pick("decision_part", "none")
    if script:
        expect(page.locator(f"{STATUS}[data-state=saved]")).to_be_attached()
    with page.expect_navigation():
        hands.press("Enregistrer et quitter")
    hands.follow("Voir le résultat")
    expect(page.locator("main")).to_contain_text("Non requise")
    expect(page.locator("main")).to_contain_text("Si vous répondiez")
    if script:
        assert violations(page) == []
    with page.expect_navigation():
        hands.press("Conclure le tri")
    conclusion = ScreeningConclusion.objects.get(system=system)
    assert conclusion.to_sign and not conclusion.signed_at
    officer = open_page(reviewer, at("of_system", system.uuid))
    signs = Keyboard(officer)
    signs.follow("Lire et signer")
    with officer.expect_navigation():
        signs.press("Signer : elle n'est pas requise".replace(" :", "\u00a0:"))
    conclusion.refresh_from_db()
    assert conclusion.signed_by == reviewer


def test_two_people_write_one_assessment_while_the_network_fails(
    open_page: Callable[..., Page], efvp: Assessment, body: Organization, editor: User, script: bool
) -> None:
    """The second comes back on line with a text of their own for an answer that the first has written meanwhile."""
    save_answers(assessment=efvp, leaves=as_leaves(efvp, LEAST), version=efvp.version, by=editor)
    address = at("section", efvp.uuid, "necessity")
    first, second = open_page(editor, address), open_page(person(body, Role.CONTRIBUTOR), address)
    second.context.set_offline(True)
    second.locator("[name=purposes]").fill("Ce que l'autre personne a tapé.")
    second.locator("[name=collection_authority]").fill("Une attribution que personne d'autre ne touche.")
    first.locator("[name=purposes]").fill("Ce que la première a tapé.")
    if script:
        expect(second.locator(f"{STATUS}[data-state=offline]")).to_be_attached()
        expect(first.locator(f"{STATUS}[data-state=saved]")).to_be_attached()
        second.context.set_offline(False)
        second.evaluate("window.dispatchEvent(new Event('online'))")
        second.locator(f"{STATUS} button").click()
    else:
        first.get_by_role("button", name="Enregistrer", exact=True).click()
        first.wait_for_load_state()
        second.context.set_offline(False)
        second.get_by_role("button", name="Enregistrer", exact=True).click()
    both = ["Ce que la première a tapé.", "Ce que l'autre personne a tapé."]
    expect(second.locator(".vg-conflict__stored")).to_have_text(both)
    second.locator("[name=settle-purposes][value=third]").check()
    second.locator("[name=third-purposes]").fill("Les deux textes ensemble.")
    second.get_by_role("button", name="Enregistrer mes choix").click()
    second.wait_for_load_state()
    kept = efvp.values()
    assert kept["purposes"] == "Les deux textes ensemble."
    assert kept["collection_authority"] == "Une attribution que personne d'autre ne touche."


@pytest.mark.parametrize(("chosen", "depth", "most"), [(LEAST, "short", 25), (MOST, "full", 90)], ids=["short", "full"])
def test_an_assessment_is_filled_in_and_submitted(
    open_page: Callable[..., Page],
    efvp: Assessment,
    editor: User,
    reviewer: User,
    script: bool,
    chosen: dict[str, str],
    depth: str,
    most: int,
) -> None:
    page = open_page(editor, at("assessment", efvp.uuid))
    fill(page, efvp, chosen)
    assert efvp.required <= most
    page.goto(at("assessment", efvp.uuid))
    if script:
        assert violations(page) == []
    assert not overflows(page)
    submission = submit(page, efvp)
    assert submission.document["depth"]["asked"] == depth
    decides = open_page(reviewer, at("assessment", efvp.uuid))
    decides.get_by_role("link", name="La lire et décider").click()
    expect(decides.locator("main")).to_contain_text("Une réponse de deux mots.")
    decides.get_by_role("button", name="Approuver").click()
    expect(decides.locator("main")).to_contain_text("Décision rendue")
    efvp.refresh_from_db()
    assert efvp.state == AssessmentState.DECIDED


def as_leaves(assessment: Assessment, chosen: dict[str, str]) -> dict[str, Any]:
    """Plain choices, as the engine takes them."""
    known = assessment.questionnaire.by_id
    return {
        code: [value] if known[code].kind == "multiple_choice" else value
        for code, value in chosen.items()
        if known[code].kind in {"single_choice", "multiple_choice"}
    }
