"""Questions that an answer brings to its page, or takes away: said, shown, and never emptied unseen."""

import pytest

from registry.models import AISystem
from registry.services.systems import save_answers
from tests.registry.test_views_sections import as_shown, section

pytestmark = pytest.mark.django_db
DEPARTS = {"autonomy": "alone", "affects_rights": "yes"}
NEW = ["departure_reason_fr", "departure_accepted_by_fr", "departure_accepted_on"]


def shown(client, system) -> str:
    return ",".join(field.code for field in client.get(section(system, "decision")).context["form"].asked)


@pytest.fixture
def sent(editor, system, as_user):
    client = as_user(editor)
    return client, as_shown(client, system, "decision", **DEPARTS, shown=shown(client, system))


def test_an_autosave_names_the_questions_that_came_and_the_answer_that_brought_them(sent, system):
    client, typed = sent
    told = client.post("/en" + section(system, "decision")[3:], {**typed, "autosave": "1"}).json()
    assert told["asked"]["sentence"] == "This answer adds 3 questions to this page."
    assert told["asked"]["near"] in DEPARTS and told["asked"]["sentence"] in told["message"]
    assert told["asked"]["href"].endswith(f"?new={','.join(NEW)}#id_{NEW[0]}")
    assert set(NEW) <= set(told["wanted"]) and told["progress"]["total"] > told["progress"]["done"]
    assert 'aria-current="page"' in told["parts"]["states"] and "attention: high" in told["parts"]["attention"]


def test_it_is_said_again_until_the_page_shows_them(sent, system):
    client, typed = sent
    first = client.post(section(system, "decision"), {**typed, "autosave": "1"}).json()
    again = client.post(section(system, "decision"), {**typed, "autosave": "1", "version": first["version"]}).json()
    assert again["asked"]["near"] == "" and again["asked"]["href"] == first["asked"]["href"]


def test_an_answer_that_changes_no_question_says_nothing(sent, system):
    client, typed = sent
    calm = {**typed, "autonomy": "supervised", "autosave": "1"}
    assert "asked" not in client.post(section(system, "decision"), calm).json()


def test_going_on_waits_for_the_questions_that_came(sent, system):
    client, typed = sent
    url = "/en" + section(system, "decision")[3:]
    to = client.post(url, {**typed, "action": "next"})["Location"]
    assert to.endswith(f"?new={','.join(NEW)}#id_{NEW[0]}")
    assert "This answer adds 3 questions to this page." in client.get(to).content.decode()
    assert "This answer adds" not in client.get(f"{url}?new=nothing").content.decode()


def test_who_leaves_for_the_record_leaves(sent, system):
    client, typed = sent
    to = client.post(section(system, "decision"), {**typed, "action": "leave"})["Location"]
    assert to == f"/fr/espace/systemes/{system.uuid}/"


def test_questions_that_went_are_said_and_what_was_typed_in_them_is_kept(editor, system, as_user):
    save_answers(system=system, answers=DEPARTS, version=system.version, by=editor)
    client = as_user(editor)
    typed = as_shown(client, system, "decision", autonomy="supervised", shown=shown(client, system))
    url = "/en" + section(system, "decision")[3:]
    told = client.post(url, {**typed, "autosave": "1"}).json()
    assert told["asked"]["sentence"] == "3 questions of this page are no longer asked."
    typed |= {"version": told["version"], "departure_reason_fr": "Tapé trop tard.", "autosave": "1"}
    assert client.post(url, typed).status_code == 200
    assert AISystem.objects.get(pk=system.pk).departure_reason_fr == "Tapé trop tard."
