"""What a page of questions refuses is told at its field, and keeps nothing else from being saved."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment
from assessments.scoring.leaves import MOST_ROWS
from assessments.services.facts import reading_of
from assessments.services.guests import secret_of
from assessments.services.submitting import withdraw_assessment
from organizations.models import User

pytestmark = pytest.mark.django_db
TOGETHER = {"uses": ["sorting", "nothing"], "boxes": ["uses"], "name": "Tri des plaintes"}


@pytest.fixture
def send(assessment: Assessment, editor: User, as_user: Callable[[User], Client]) -> Callable[..., Any]:
    """Sends a page as a form or, with `autosave`, as its script does."""
    client = as_user(editor)
    address = reverse("assessments:everything", args=[assessment.uuid])

    def sending(**answers: Any) -> Any:
        codes = {name.partition(".")[0] for name in answers} & set(assessment.questionnaire.by_id)
        return client.post(address, {"version": "1", "shown": ",".join(codes), **answers})

    return sending


def test_an_answer_that_stands_alone_is_told_and_the_others_are_saved(assessment, send):
    answer = send(**TOGETHER)
    page = answer.content.decode()
    assert answer.status_code == 422 and assessment.values() == {"name": "Tri des plaintes"}
    assert 'href="#id_uses' in page and 'value="sorting" checked' in page and 'value="nothing" checked' in page


def test_so_does_the_script(assessment, send):
    answer = send(**TOGETHER, autosave="1")
    told = answer.json()
    assert (answer.status_code, list(told["errors"])) == (422, ["uses"])
    assert told["version"] == 2 and assessment.values() == {"name": "Tri des plaintes"}
    assert told["message"].startswith("Enregistré") and told["errors"]["uses"][0] in told["message"]


def test_more_rows_than_an_answer_has_are_refused_alone(assessment, send):
    rows = {f"data.r{number:04d}abcd.what": "Courriel" for number in range(1, MOST_ROWS + 2)}
    answer = send(**rows, name="Tri des plaintes")
    assert answer.status_code == 422 and assessment.values() == {"name": "Tri des plaintes"}
    assert answer.content.decode().count("Courriel") >= MOST_ROWS


def test_far_more_rows_than_a_page_shows_are_refused_without_it(assessment, send):
    rows = {f"data.r{number:04d}abcd.what": "Courriel" for number in range(1, 1000)}
    answer = send(**rows, name="Tri des plaintes")
    page = answer.content.decode()
    assert answer.status_code == 422 and "200 lignes au plus" in page and assessment.values() == {}
    assert 'name="data.' not in page and len(page) < 200_000


def test_what_is_about_nothing_of_the_page_is_refused_whole(assessment, send):
    assert send(name="Tri", version="99").status_code == 422
    assert assessment.values() == {}


def test_an_invited_person_loses_nothing_either(assessment, invite):
    guest = invite(questions=["uses", "story"])
    address = reverse("guests:answers", args=[secret_of(guest.uuid)])
    sent = {"version": "1", "shown": "uses,story", **TOGETHER, "story": "Le récit"}
    assert Client().post(address, sent).status_code == 422
    assert assessment.values() == {"story": "Le récit"}


def test_what_a_closed_assessment_gives_back_is_under_its_question(assessment, send, editor):
    withdraw_assessment(assessment=assessment, reason="Projet abandonné", by=editor)
    answer = send(**{"name": "Tri", "data.r0001aaaa.what": "Courriel", "law.text": "Article 64"})
    assert answer.status_code == 409 and given_back(answer) == ["Nom", "Données – Donnée", "Permis? – Explication"]


def test_an_invited_person_finds_theirs_so_too(assessment, invite, client, editor):
    guest = invite(questions=["uses", "story"])
    url = reverse("guests:answers", args=[secret_of(guest.uuid)])
    withdraw_assessment(assessment=assessment, reason="Projet abandonné", by=editor)
    assert given_back(client.post(url, {"version": "1", "shown": "story", "story": "Le récit."})) == ["Récit"]


def given_back(answer: Any) -> list[str]:
    """Labels of the texts that the page of a refusal gives back."""
    return re.findall(r'<label[^>]* for="typed-\d+">(.*?)</label>', unescape(answer.content.decode()))


@pytest.mark.parametrize("autosave", [False, True])
def test_what_an_answer_brings_to_other_sections_is_said(assessment, editor, as_user, autosave):
    code = assessment.questionnaire.question("sensitive").section
    url = reverse("assessments:section", args=[assessment.uuid, code])
    sent = {"version": "1", "shown": "sensitive", "sensitive": "yes"} | ({"autosave": "1"} if autosave else {})
    answer = as_user(editor).post(url, sent, follow=True)
    told = answer.json()["message"] if autosave else unescape(answer.content.decode())
    now = Assessment.objects.get(pk=assessment.pk)
    before, after = (reading_of(now, values).asked for values in ({}, now.values()))
    came = {each.id for each in after if each.section != code} - {each.id for each in before}
    assert f"Cette réponse ajoute {len(came)} questions à d'autres sections." in told
