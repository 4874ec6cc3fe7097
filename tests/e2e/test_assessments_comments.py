"""A question between two people of a body, beside an answer: asked, found under «À faire», resolved, reopened."""

from collections.abc import Callable

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from assessments.models import Assessment
from assessments.services.saving import save_answers
from organizations.models import User
from review.models import CommentThread
from tests.browser import overflows, violations
from tests.e2e.keyboard import Keyboard
from tests.e2e.test_assessments import LEAST, as_leaves, at

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"]),
]
ASKED, ANSWERED, STILL = "Cette fin suffit-elle?", "Oui, elle est précise.", "La loi a changé depuis."
NEW = "form[id^=new-thread]"


def test_a_colleague_is_asked_answers_resolves_and_it_is_reopened(
    open_page: Callable[..., Page],
    efvp: Assessment,
    editor: User,
    reviewer: User,
    script: bool,
    run_jobs: Callable[[], int],
) -> None:
    save_answers(assessment=efvp, leaves=as_leaves(efvp, LEAST), version=efvp.version, by=editor)
    asks = Keyboard(open_page(editor, at("section", efvp.uuid, "necessity")))
    asks.enter(asks.page.locator("#q-purposes").get_by_role("link", name="Commentaires"))
    begun(asks, reviewer)
    if script:
        assert violations(asks.page) == []
    run_jobs()
    [message] = mail.outbox
    assert message.to == [reviewer.email] and ASKED not in message.body
    answers = Keyboard(open_page(reviewer, "/fr/espace/", viewport={"width": 320, "height": 700}))
    expect(answers.page.locator("main")).to_contain_text("Responsable du système vous mentionne")
    answers.follow("Répondre à un commentaire")
    answered_and_resolved(answers)
    asks.follow("Retour à la question")
    expect(asks.page.locator("#q-purposes")).to_contain_text("1 fil réglé")
    asks.enter(asks.page.locator("#q-purposes").get_by_role("link", name="Commentaires"))
    reopened(asks)
    assert [one.text for one in CommentThread.objects.get().comments.order_by("number")] == [ASKED, ANSWERED, STILL]
    asks.follow("Tous les fils ouverts")
    expect(asks.page.locator("main")).to_contain_text("1 fil ouvert")
    expect(asks.page.locator("main")).to_contain_text(STILL)


def begun(asks: Keyboard, reviewer: User) -> None:
    """Without a text nobody is called: it is said, and whom one had chosen stays chosen."""
    page = asks.page
    asks.open("Commencer un fil de commentaires")
    asks.open("Mentionner des personnes")
    asks.tick("mentions", str(reviewer.uuid))
    with page.expect_navigation():
        asks.press("Commencer le fil")
    expect(page.locator(".govuk-error-summary")).to_contain_text("Écrivez votre commentaire")
    expect(page.locator(f"{NEW} [name=mentions][value='{reviewer.uuid}']")).to_be_checked()
    assert not CommentThread.objects.exists()
    asks.write("text", ASKED, form=NEW)
    with page.expect_navigation():
        asks.press("Commencer le fil")
    expect(page.locator("article")).to_contain_text(ASKED)
    expect(page.locator("article")).to_contain_text(f"À l'attention de\u00a0: {reviewer}")


def answered_and_resolved(answers: Keyboard) -> None:
    page = answers.page
    expect(page.locator("article")).to_contain_text(ASKED)
    assert not overflows(page)
    answers.write("text", ANSWERED, form="article")
    with page.expect_navigation():
        answers.press("Répondre")
    expect(page.locator("article li")).to_have_count(2)
    with page.expect_navigation():
        answers.press("Marquer comme réglé")
    assert CommentThread.objects.get().is_resolved
    page.goto("/fr/espace/")
    expect(page.locator("main")).not_to_contain_text("vous mentionne")


def reopened(asks: Keyboard) -> None:
    page = asks.page
    asks.open("1 fil réglé")
    expect(page.locator("article")).to_contain_text("Fil réglé")
    asks.write("text", STILL, form="article")
    with page.expect_navigation():
        asks.press("Rouvrir")
    expect(page.locator("article")).to_contain_text("Fil ouvert")
    thread = CommentThread.objects.get()
    assert not thread.is_resolved
