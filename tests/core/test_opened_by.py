"""A page is sent by whom it was opened: nothing is saved under the name of who signed in after in the same browser."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _

from organizations.models import Organization, User
from organizations.workflow import Role
from registry.models import AISystem, CommonToolUse
from registry.rules.common_tools import COMMON_TOOLS
from registry.services.parts import add_part
from tests.core.test_refusal_pages import OURS, carried, given_back
from tests.factories.organizations import person

pytestmark = pytest.mark.django_db
FIELD = re.compile(r'name="opened_by" value="([0-9a-f-]+)"')
SENTENCE = (
    "This page was opened by somebody else; nothing was saved. Sign in with their account, or open the page again."
)
TEXT = "Tapé par la première personne."


@pytest.fixture
def second(body: Organization) -> User:
    return person(body, Role.AI_LEAD)


@pytest.fixture
def pages(system: AISystem, body: Organization, editor: User) -> dict[str, tuple[str, dict[str, str]]]:
    """A page that guards what is typed → its address, and what somebody types in it."""
    row = add_part(
        system=system, part="hosting", answers={"name_fr": "A", "place_fr": "Q", "country": "quebec"}, by=editor
    )
    return {
        "section": (reverse("registry:section", args=[system.uuid, "purpose"]), {"alternative_fr": TEXT}),
        "edit": (reverse("registry:edit", args=[system.uuid]), {"summary_fr": TEXT}),
        "row": (reverse("registry:change_part", args=[system.uuid, "hosting", row.uuid]), {"name_fr": TEXT}),
        "tools": (reverse("registry:common_tools_of", args=[body.uuid]), {f"product_{COMMON_TOOLS.codes[0]}": TEXT}),
        "solution": (reverse("registry:enter_solution"), {"name_fr": TEXT}),
    }


@pytest.mark.parametrize("name", ["section", "edit", "row", "tools", "solution"])
@pytest.mark.parametrize("is_script", [True, False])
def test_what_somebody_typed_is_not_saved_under_another_name(
    as_user: Any, editor: User, second: User, pages: Any, system: AISystem, name: str, is_script: bool
) -> None:
    address, typed = pages[name]
    opener = FIELD.search(as_user(editor).get(address).content.decode())
    assert opener and opener[1] == str(editor.uuid)
    sent = {**typed, "version": "1", "opened_by": opener[1]} | ({"autosave": "1"} if is_script else {})
    before = AISystem.objects.values().get(pk=system.pk)
    answer = as_user(second).post(address, sent)
    assert answer.status_code == 403
    if is_script:
        assert answer.json() == {"message": _(SENTENCE), "other_person": True}
    else:
        html = answer.content.decode()
        assert _(SENTENCE) in unescape(html) and given_back(html) == [TEXT]
        assert ("opened_by", str(editor.uuid)) in carried(html), "sent again, it is still theirs"
    assert AISystem.objects.values().get(pk=system.pk) == before and not CommonToolUse.objects.exists()


def test_who_opened_it_saves_it_and_a_form_that_does_not_say_is_read_as_before(
    as_user: Any, editor: User, system: AISystem, pages: Any
) -> None:
    address, typed = pages["edit"]
    sent = {"opened_by": str(editor.uuid), "version": str(system.version)}
    assert as_user(editor).post(address, typed | sent).status_code != 403
    system.refresh_from_db()
    assert (system.summary_fr, system.updated_by) == (TEXT, editor)
    assert as_user(editor).post(address, {"summary_fr": "Autre.", "version": system.version}).status_code != 403


@pytest.mark.parametrize("is_script", [True, False])
def test_with_the_token_of_before_it_says_the_same(
    as_user: Any, editor: User, second: User, pages: Any, is_script: bool
) -> None:
    """Signing in gives another token: the form comes with the one of who opened the page."""
    address, typed = pages["edit"]
    client = Client(enforce_csrf_checks=True)
    client.cookies = as_user(second).cookies
    sent = {**typed, "csrfmiddlewaretoken": "x" * 64, "opened_by": str(editor.uuid)}
    answer = client.post(address, sent | ({"autosave": "1"} if is_script else {}), headers=OURS)
    assert answer.status_code == 403 and _(SENTENCE) in (
        answer.json()["message"] if is_script else unescape(answer.content.decode())
    )
    elsewhere = client.post(address, sent, headers={"origin": "https://evil.example"})
    assert TEXT not in elsewhere.content.decode()


def test_the_page_of_a_conflict_says_it_once(as_user: Any, editor: User, second: User, system: AISystem) -> None:
    address = reverse("registry:edit", args=[system.uuid])
    as_user(second).post(address, {"summary_fr": "Un.", "version": system.version, "opened_by": str(second.uuid)})
    sent = {"summary_fr": "Deux.", "version": system.version, "opened_by": str(editor.uuid)}
    answer = as_user(editor).post(address, sent)
    assert answer.status_code == 409 and FIELD.findall(answer.content.decode()) == [str(editor.uuid)]


# --- A page that saves by itself, refused -----------------------------------------------------------------------------
def test_its_script_gets_the_sentence_of_the_refusal(as_user: Any, editor: User, system: AISystem) -> None:
    address, client = reverse("registry:edit", args=[system.uuid]), as_user(editor)
    client.post(reverse("registry:put_away", args=[system.uuid]), {"reason": "Doublon."})
    system.refresh_from_db()
    assert system.put_away_at
    script = {"x-requested-with": "XMLHttpRequest"}
    answer = client.post(address, {"summary_fr": TEXT, "autosave": "1"}, headers=script)
    assert answer.status_code == 409 and answer.json()["refused"] and answer.json()["message"]
    html = client.post(address, {"summary_fr": TEXT}).content.decode()
    assert answer.json()["message"] in unescape(html) and given_back(html) == [TEXT]
