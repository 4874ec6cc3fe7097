"""A supplier answers two questions by the link of a mail: invited, answering, asking, done, thanked, shut out."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from assessments.models import Answer, Assessment, Evidence, GuestAccess
from assessments.services.saving import save_answers
from organizations.models import User
from review.models import CommentThread
from tests.browser import overflows, violations
from tests.e2e.keyboard import Keyboard
from tests.e2e.test_assessments import MOST, as_leaves, at
from tests.e2e.test_save_status import STATUS
from tests.factories.files import EXE, PDF

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"]),
]
NAMED = ["information_path", "internal_access"]
PATH, ACCESS = "Le formulaire, puis le serveur de Québec.", "Les deux personnes du soutien, sur demande."
ASKED, ANSWERED = "Faut-il compter les copies de secours?", "Oui, chacune."
OpenPage = Callable[..., Page]


@pytest.fixture
def whole(efvp: Assessment, editor: User) -> Assessment:
    """In full depth, the only one that asks both questions."""
    save_answers(assessment=efvp, leaves=as_leaves(efvp, MOST), version=efvp.version, by=editor)
    efvp.refresh_from_db()
    return efvp


def test_a_supplier_answers_two_questions_and_nothing_else(
    open_page: OpenPage,
    whole: Assessment,
    editor: User,
    script: bool,
    run_jobs: Callable[[], int],
    store_of_files: Path,
) -> None:
    staff = Keyboard(open_page(editor, at("guests", whole.uuid)))
    shown = invited(staff)
    run_jobs()
    [message] = mail.outbox
    link = found_in(message)
    assert message.to == ["soutien@fournisseur.example"] and shown.endswith(link)
    guest = Keyboard(open_page(None, link, viewport={"width": 320, "height": 700}))
    sees_the_named_questions_alone(guest)
    answers_them(guest, script)
    joins_a_file(guest)
    asks_something(guest)
    with guest.page.expect_navigation():
        guest.press("J'ai terminé")
    expect(guest.page.get_by_role("heading", level=1)).to_contain_text("Merci")
    if script:
        assert violations(guest.page) == []
    reads_and_answers(staff, whole)
    run_jobs()
    assert ANSWERED not in mail.outbox[-1].body
    guest.page.goto(found_in(mail.outbox[-1]))
    expect(guest.page.locator("article")).to_contain_text(ANSWERED)
    guest.page.goto(link)
    expect(guest.page.locator("main")).to_contain_text("2 commentaires")
    shut_out(staff, whole)
    answer = guest.page.goto(link)
    assert answer and answer.status == 404
    expect(guest.page.get_by_role("heading", level=1)).to_have_text("Ce lien n'ouvre rien")
    expect(guest.page.locator("main")).to_contain_text(str(editor))
    expect(guest.page.locator("main")).to_contain_text("Ce que vous avez répondu est conservé")


def invited(staff: Keyboard) -> str:
    """The link, as the page shows it once. A form without question is given back with what was typed."""
    staff.follow("Inviter quelqu'un")
    staff.write("name", "Personne invitée")
    staff.write("on_behalf_of", "Fournisseur")
    staff.write("email", "soutien@fournisseur.example")
    with staff.page.expect_navigation():
        staff.press("Envoyer l'invitation")
    expect(staff.page.locator(".govuk-error-summary")).to_contain_text("Choisissez au moins une question")
    expect(staff.page.locator("[name=on_behalf_of]")).to_have_value("Fournisseur")
    assert not GuestAccess.objects.exists()
    staff.open("Le parcours des renseignements")
    for code in NAMED:
        staff.tick("questions_path", code)
    with staff.page.expect_navigation():
        staff.press("Envoyer l'invitation")
    expect(staff.page.get_by_role("heading", level=1)).to_contain_text("L'invitation est envoyée")
    return staff.page.get_by_label("Lien de l'invitation").input_value()


def found_in(message: mail.EmailMessage) -> str:
    """The path of the link that a mail holds."""
    found = re.search(r"https?://[^/\s]+(/fr/invite/\S+)", str(message.body))
    assert found, message.body
    return found.group(1)


def sees_the_named_questions_alone(guest: Keyboard) -> None:
    page = guest.page
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vos réponses sont attendues")
    shown = page.locator("main .vg-question").evaluate_all("all => all.map((each) => each.id)")
    assert shown == [f"q-{code}" for code in NAMED]
    expect(page.locator("main")).to_contain_text("Fournisseur")
    assert page.get_by_role("navigation", name="Menu").count() == 0
    assert page.locator("main a[href*='/espace/']").count() == 0
    assert not overflows(page)


def answers_them(guest: Keyboard, script: bool) -> None:
    page = guest.page
    guest.write("information_path.text", PATH)
    guest.write("internal_access", ACCESS)
    if script:
        expect(page.locator(f"{STATUS}[data-state=saved]")).to_be_attached()
        page.wait_for_function("() => document.querySelector('[data-progress-text]').textContent.startsWith('2')")
        assert violations(page) == []
    else:
        with page.expect_navigation():
            guest.press("Enregistrer")
        expect(page.locator("main")).to_contain_text("Enregistré à")
    kept = {row.question: row for row in Answer.objects.filter(question__in=NAMED)}
    assert kept["internal_access"].value == ACCESS and kept["information_path"].value["text"] == PATH
    assert {(row.origin, row.updated_by, str(row.guest.name)) for row in kept.values() if row.guest} == {
        ("guest", None, "Personne invitée")
    }


def joins_a_file(guest: Keyboard) -> None:
    """A program is refused in a sentence; the file that is taken stands under the question."""
    page = guest.page
    guest.reach(page.locator("button[name=files][value=information_path]"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    guest.join("file", called="chemin.pdf", content=EXE)
    guest.write("note", "La page 2.")
    with page.expect_navigation():
        guest.press("Ajouter le fichier")
    expect(page.locator(".govuk-error-summary")).to_contain_text("contient un programme")
    expect(page.locator("[name=note]")).to_have_value("La page 2.")
    guest.join("file", called="chemin.pdf", content=PDF)
    with page.expect_navigation():
        guest.press("Ajouter le fichier")
    expect(page.locator("main")).to_contain_text("chemin.pdf")
    assert not overflows(page)
    kept = Evidence.objects.select_related("guest", "file").get()
    assert kept.guest and kept.note == "La page 2." and kept.file.size == len(PDF)
    guest.follow("Retour à vos questions")
    expect(page.locator("#q-information_path")).to_contain_text("chemin.pdf")
    expect(page.locator("[name='information_path.text']")).to_have_value(PATH)


def asks_something(guest: Keyboard) -> None:
    guest.follow("Poser une question à ce sujet")
    guest.write("text", ASKED)
    with guest.page.expect_navigation():
        guest.press("Commencer le fil")
    expect(guest.page.locator("article")).to_contain_text(ASKED)
    assert not overflows(guest.page)
    guest.follow("Retour à vos questions")
    expect(guest.page.locator("#q-information_path")).to_contain_text("1 fil ouvert")


def reads_and_answers(staff: Keyboard, whole: Assessment) -> None:
    """From «À faire» to the question; each answer says whose it is."""
    page = staff.page
    page.goto("/fr/espace/")
    expect(page.locator("main")).to_contain_text("Lire les réponses d'une personne invitée")
    staff.follow("Répondre à un commentaire")
    expect(page.locator("main")).to_contain_text("Une personne invitée lit une partie de cette page")
    expect(page.locator("article")).to_contain_text("(personne invitée)")
    staff.write("text", ANSWERED, form="article")
    with page.expect_navigation():
        staff.press("Répondre")
    assert [str(one.text) for one in CommentThread.objects.get().comments.order_by("number")] == [ASKED, ANSWERED]
    page.goto(at("section", whole.uuid, "path"))
    expect(page.locator(".vg-guest")).to_have_text(["Réponse de Fournisseur"] * 2)
    expect(page.locator("[name=internal_access]")).to_have_value(ACCESS)
    expect(page.locator("#q-information_path").get_by_role("link", name="chemin.pdf")).to_be_visible()
    page.goto(f"{at('history', whole.uuid)}?question=internal_access")
    expect(page.locator("main")).to_contain_text("Personne invitée")


def shut_out(staff: Keyboard, whole: Assessment) -> None:
    page = staff.page
    page.goto(at("guests", whole.uuid))
    expect(page.locator("main")).to_contain_text("A terminé")
    staff.reach(page.get_by_role("button", name=re.compile("J'ai lu les réponses")))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("n'ouvre plus rien")
    assert GuestAccess.objects.get().withdrawn_by
