"""The page «Changer la phase»."""

import pytest
from django.urls import reverse
from django.utils.html import escape

from registry.models import AISystem
from tests.factories.registry import SystemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pilot(body, editor):
    return SystemFactory(organization=body, created_by=editor, phase="pilot", reference="QC-MTEST-0901")


def address(system):
    return reverse("registry:phase", args=[system.uuid])


def test_the_page_shows_each_phase_and_what_stands_before_it(pilot, editor, as_user):
    page = as_user(editor).get(address(pilot)).content.decode()
    for target in ("development", "experiment", "in_service", "regularizing", "suspended", "retired"):
        assert f'id="move-{target}"' in page
    assert 'value="in_service"' not in page, "a decision, never a choice"
    assert 'value="suspended"' in page and reverse("registry:section", args=[pilot.uuid, "people"]) in page


def test_what_stands_before_several_phases_is_said_once(body, editor, as_user):
    system = SystemFactory(organization=body, created_by=editor, phase="pilot", autonomy="alone", affects_rights="yes")
    response = as_user(editor).get(address(system))
    page = response.content.decode()
    sentences = [refusal.sentence for each in response.context["moves"] for refusal in each.possible.refusals]
    assert len(sentences) > len({*sentences}), "the gates themselves repeat it"
    assert all(page.count(escape(sentence)) == 1 for sentence in sentences)
    departure = next(each for each in response.context["shared"] if each.refusal.code == "departure_accepted")
    assert {"En développement", "En expérimentation"} <= {*departure.before}


def test_the_move_is_made_and_told(pilot, editor, as_user):
    client = as_user(editor)
    sent = {"seen": "pilot", "to": "suspended", "reason": "Une panne", "on": "2026-03-01"}
    answer = client.post(address(pilot), sent, follow=True)
    assert answer.redirect_chain == [(reverse("registry:system", args=[pilot.uuid]), 303)]
    assert AISystem.objects.get(pk=pilot.pk).phase == "suspended"
    page = client.get(address(pilot)).content.decode()
    assert "Une panne" in page and "1" in page


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"to": ""}, "to"),
        ({"to": "in_service"}, "to"),
        ({"to": "idea"}, "to"),
        ({"to": "suspended", "reason": " "}, "reason"),
        ({"to": "suspended", "reason": "x" * 401}, "reason"),
        ({"to": "experiment", "on": "hier"}, "on"),
        ({"to": "experiment", "on": "2999-01-01"}, "on"),
        ({"to": "experiment", "seen": "development"}, "__all__"),
        ({"to": "experiment\x00", "seen": "pilot\x00"}, "to"),
    ],
)
def test_a_wrong_sending_is_told_and_nothing_moves(pilot, editor, as_user, sent, field):
    answer = as_user(editor).post(address(pilot), {"seen": "pilot", **sent})
    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert AISystem.objects.get(pk=pilot.pk).phase == "pilot"


def test_a_draft_is_sent_to_its_declaration(body, editor, as_user):
    draft = SystemFactory(organization=body, created_by=editor, draft=True)
    client = as_user(editor)
    assert reverse("registry:edit", args=[draft.uuid]) in client.get(address(draft)).content.decode()
    assert client.post(address(draft), {"to": "idea"}).status_code in {409, 422}


def test_who_only_reads_may_not(pilot, reviewer, outsider, as_user):
    assert as_user(reviewer).get(address(pilot)).status_code == 403
    assert as_user(outsider).post(address(pilot), {"to": "suspended", "reason": "x"}).status_code == 404


def test_forms_show_the_phase_and_lead_to_its_page(pilot, editor, as_user):
    client = as_user(editor)
    for page in (reverse("registry:edit", args=[pilot.uuid]), reverse("registry:section", args=[pilot.uuid, "life"])):
        html = client.get(page).content.decode()
        assert address(pilot) in html and 'name="phase"' not in html
