"""What was typed and refused is given back: refusals of services, a form without its token, an ended session."""

import re
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.translation import gettext as _

from core.middleware import RefusalMiddleware
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from core.templatetags.refusals import MOST_CHARACTERS, page_again
from organizations.models import User
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem

pytestmark = pytest.mark.django_db
AREA = re.compile(r"<textarea[^>]* readonly>\n(.*?)</textarea>", re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')
OURS = {"origin": "http://testserver"}


def given_back(html: str) -> list[str]:
    return [unescape(text) for text in AREA.findall(html)]


def carried(html: str) -> list[tuple[str, str]]:
    form = html.partition("data-renew-token")[2].partition("</form>")[0]
    return [(name, unescape(value)) for name, value in HIDDEN.findall(form) if name != "csrfmiddlewaretoken"]


def refused(sent: dict[str, Any], user: User, error: Exception | None = None, **marks: Any) -> str:
    request = RequestFactory().post("/fr/espace/systemes/", sent)
    request.user, request.session = user, {}  # type: ignore[assignment]
    for name, value in marks.items():
        setattr(request, name, value)
    answer = RefusalMiddleware(lambda request: None).process_exception(  # type: ignore[arg-type,return-value]
        request, error or NotPossibleNow("Quelqu'un a déjà répondu.")
    )
    assert answer is not None
    return answer.content.decode()


# --- A service says no ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("error", [NotAllowed("Non."), NotPossibleNow("Non."), InvalidInput("Non.")])
def test_each_text_that_was_sent_is_given_back(editor: User, error: Exception) -> None:
    html = refused({"change_note": " Le seuil\r\na <b>changé</b>. ", "comment": "Été"}, editor, error)
    assert given_back(html) == ["Le seuil\r\na <b>changé</b>.", "Été"]
    assert "<b>changé" not in html


def test_what_nobody_typed_or_nobody_may_see_is_not(editor: User) -> None:
    sent = {
        "csrfmiddlewaretoken": "AbCdEf0123456789AbCdEf0123456789",
        "request_key": "0b9f1c7e-7f2e-4b8e-9b7c-0d1f2a3b4c5d",
        "seen": "a" * 64,
        "version": "7",
        "action": "leave",
        "affected": ["public", "staff"],
        "started_on": "2026-11-22",
        "next": "/fr/espace/?page=2",
        "password": "Un mot de passe",
        "oldpassword": "Un autre",
        "code": "ABC 123",
        "file": SimpleUploadedFile("Secret.txt", b"Un fichier"),
    }
    html = refused(sent, editor)
    assert given_back(html) == [] and "typed-title" not in html
    assert "mot de passe</textarea>" not in html and "Un fichier" not in html
    assert given_back(refused({"note": "Un secret"}, editor, sensitive_post_parameters=["note"])) == []
    assert given_back(refused({"note": "Un secret"}, editor, sensitive_post_parameters="__ALL__")) == []


def test_a_page_of_refusal_has_a_size(editor: User) -> None:
    html = refused({"a": "É" * MOST_CHARACTERS, "b": "Une suite", "c": "Une autre"}, editor)
    assert [len(text) for text in given_back(html)] == [MOST_CHARACTERS]
    assert str(_("The rest is too long for this page: go back with your browser to find it in the form.")) in unescape(
        html
    )


def test_the_note_of_a_publication_survives_a_colleague(as_user: Any, editor: User, system: AISystem) -> None:
    client, page = as_user(editor), reverse("registry:publish", args=[system.uuid])
    seen = re.search(r'name="seen" value="(\w+)"', client.get(page).content.decode())
    assert seen
    AISystem.objects.filter(pk=system.pk).update(summary_fr="Changé par une collègue.")
    answer = client.post(page, {"seen": seen[1], "change_note": "Une note qui m'a pris du temps."})
    assert answer.status_code == 409
    assert given_back(answer.content.decode()) == ["Une note qui m'a pris du temps."]


@pytest.mark.parametrize(
    ("came_from", "shown"),
    [("http://testserver/fr/ici/", "http://testserver/fr/ici/"), ("https://evil.example/", "/x/")],
)
def test_the_way_back_is_the_page_one_comes_from(came_from: str, shown: str) -> None:
    request = RequestFactory().post("/x/", headers={"referer": came_from})
    assert page_again(Context({"request": request})) == shown


# --- A form without its token ---------------------------------------------------------------------------------------
@pytest.fixture
def browser_of(as_user: Any) -> Any:
    """As a browser: tokens are asked for."""

    def sign_in(user: User) -> Client:
        client = Client(enforce_csrf_checks=True)
        client.cookies = as_user(user).cookies
        return client

    return sign_in


def test_a_stale_token_gives_everything_back_to_be_sent_again(browser_of: Any, editor: User, system: AISystem) -> None:
    page, client = reverse("registry:edit", args=[system.uuid]), browser_of(editor)
    client.get(page)
    typed = {"version": str(system.version), "summary_fr": "Une phrase.", "affected": "staff", "action": "leave"}
    sent = {"csrfmiddlewaretoken": "x" * 64, **typed}
    answer = client.post(page, sent, headers=OURS)
    html = answer.content.decode()
    assert answer.status_code == 403 and html.count("<h1") == 1 and 'href="/static/' in html
    assert given_back(html) == ["Une phrase."]
    assert carried(html) == list(typed.items())
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)
    assert token
    again = client.post(page, dict(carried(html)) | {"csrfmiddlewaretoken": token[1]}, headers=OURS)
    system.refresh_from_db()
    assert again.status_code < 500 and (system.summary_fr, system.affected) == ("Une phrase.", ["staff"])


@pytest.mark.parametrize(
    "headers", [{}, {"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}]
)
def test_what_another_site_wrote_is_neither_shown_nor_sent_again(browser_of: Any, editor: User, headers: Any) -> None:
    client = browser_of(editor)
    answer = client.post("/fr/espace/systemes/declarer/", {"name_fr": "Écrit ailleurs"}, headers=headers)
    html = answer.content.decode()
    assert answer.status_code == 403 and "Écrit ailleurs" not in html
    assert "data-renew-token" not in html and "<form" not in html.partition("<main")[2]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_citizen_without_cookies_is_told_what_to_do(db: None, settings: Any, language: str) -> None:
    settings.DEBUG = True
    address = f"/{language}/compte/connexion/" if language == "fr" else "/en/compte/connexion/"
    answer = Client(enforce_csrf_checks=True).post(
        address, {"login": "Une Personne", "password": "Un secret"}, headers=OURS
    )
    html = answer.content.decode()
    assert answer.status_code == 403 and f'lang="{language}-CA"' in html
    assert "cookie" in html.lower() or "témoin" in html
    assert "CSRF" not in html and "DEBUG" not in html and "Un secret" not in html
    assert f'href="{address}"' in html


def test_a_script_may_not_be_fooled_into_a_page_as_json(browser_of: Any, editor: User, system: AISystem) -> None:
    """Autosave knows a stale token by an answer that is not JSON."""
    answer = browser_of(editor).post(reverse("registry:edit", args=[system.uuid]), {"autosave": "1"}, headers=OURS)
    assert answer.status_code == 403 and answer["Content-Type"].startswith("text/html")


# --- An ended session -----------------------------------------------------------------------------------------------
def test_what_is_sent_after_the_session_ended_waits_in_the_page(client: Client, system: AISystem) -> None:
    page = reverse("registry:edit", args=[system.uuid])
    answer = client.post(page, {"summary_fr": "Une phrase.", "phase": "pilot", "action": "leave"}, headers=OURS)
    html = answer.content.decode()
    assert answer.status_code == 403 and f'action="{page}"' in html
    assert f'href="{reverse("account_login")}" target="_blank"' in html
    assert given_back(html) == ["Une phrase."]
    assert carried(html) == [("summary_fr", "Une phrase."), ("phase", "pilot"), ("action", "leave")]
    assert system.name_fr not in html, "nobody is signed in: the record is not shown"


def test_the_same_without_token_asks_to_sign_in_too(system: AISystem) -> None:
    page = reverse("registry:edit", args=[system.uuid])
    answer = Client(enforce_csrf_checks=True).post(page, {"summary_fr": "Une phrase."}, headers=OURS)
    assert answer.status_code == 403
    assert str(_("Your session has ended")) in unescape(answer.content.decode())


def test_a_file_or_a_password_is_not_carried(client: Client, system: AISystem) -> None:
    page = reverse("registry:edit", args=[system.uuid])
    for more in ({"password": "Un secret"}, {"file": SimpleUploadedFile("a.txt", b"Un fichier")}):
        html = client.post(page, {"summary_fr": "Une phrase.", **more}, headers=OURS).content.decode()
        assert carried(html) == [] and "Un secret" not in html and given_back(html) == ["Une phrase."]


def test_a_script_and_a_bare_button_are_sent_to_sign_in(client: Client, system: AISystem) -> None:
    page = reverse("registry:edit", args=[system.uuid])
    assert settings.LOGIN_URL == "account_login"
    for answer in (
        client.post(page, {"csrfmiddlewaretoken": "x"}, headers=OURS),
        client.post(page, {"summary_fr": "Une phrase."}, headers=OURS | {"x-requested-with": "XMLHttpRequest"}),
        client.post(page, {"summary_fr": "Une phrase."}),
        client.get(page, {"summary_fr": "Une phrase."}),
    ):
        assert answer.status_code == 302 and answer["Location"].startswith(reverse("account_login"))


def test_each_text_given_back_stands_under_its_question(client: Client, system: AISystem) -> None:
    url = reverse("registry:section", args=[system.uuid, "purpose"])
    sent = {
        "alternative_fr": "Un premier texte.",
        "service_fr": "Un second texte.",
        "note_fr": "Un texte sans question.",
    }
    html = unescape(client.post(url, sent, headers=OURS).content.decode())
    labels = re.findall(r'<label[^>]* for="typed-\d">(.*?)</label>', html)
    questions = [CATALOGUE.field(name).question["fr"] for name in ("alternative_fr", "service_fr")]
    assert labels[:2] == questions and "3" in labels[2]


def test_a_row_given_back_has_the_questions_of_its_part(client: Client, system: AISystem) -> None:
    url = reverse("registry:add_part", args=[system.uuid, "hosting"])
    html = unescape(
        client.post(url, {"name_fr": "Base de données", "place_fr": "Lévis"}, headers=OURS).content.decode()
    )
    assert f">{CATALOGUE.part('hosting').field('name_fr').question['fr']}</label>" in html


def test_a_choice_between_two_texts_is_given_back_as_what_was_chosen(client: Client, system: AISystem) -> None:
    url = reverse("registry:section", args=[system.uuid, "purpose"])
    sent = {"settle": "alternative_fr", "settle-alternative_fr": "third", "mine-alternative_fr": "De l'un",
            "theirs-alternative_fr": "De l'autre", "third-alternative_fr": "Des deux"}  # fmt: skip
    assert given_back(client.post(url, sent, headers=OURS).content.decode()) == ["Des deux"]


def test_a_page_that_sends_too_much_says_how_much_and_what_to_do(as_user, editor):
    """Django stops reading before any view: the page says it all the same."""
    answer = as_user(editor).post(reverse("account_login"), {"login": "a" * (3 * 1024 * 1024)})
    assert answer.status_code == 400 and "au plus 2 millions de caractères" in answer.content.decode()


def test_the_script_of_a_page_is_told_too_and_tries_again(as_user, editor):
    sent = {"login": "a" * (3 * 1024 * 1024)}
    answer = as_user(editor).post(reverse("account_login"), sent, headers={"x-requested-with": "XMLHttpRequest"})
    assert (answer.status_code, answer.json()["refused"]) == (400, True) and "Raccourcissez" in answer.json()["message"]
