"""What a page of questions refuses is told at its field, and keeps nothing else from being saved."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment
from assessments.scoring.leaves import MOST_ROWS
from assessments.services.guests import secret_of
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


def test_what_is_about_nothing_of_the_page_is_refused_whole(assessment, send):
    assert send(name="Tri", version="99").status_code == 422
    assert assessment.values() == {}


def test_an_invited_person_loses_nothing_either(assessment, invite):
    guest = invite(questions=["uses", "story"])
    address = reverse("guests:answers", args=[secret_of(guest.uuid)])
    sent = {"version": "1", "shown": "uses,story", **TOGETHER, "story": "Le récit"}
    assert Client().post(address, sent).status_code == 422
    assert assessment.values() == {"story": "Le récit"}
