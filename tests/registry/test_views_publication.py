"""Publishing through the pages: read first, looked at by another person, withdrawn with its reason."""

import html
import re

import pytest
from django.utils import translation
from django.utils.translation import gettext as _

from organizations.workflow import Role, SecondLook
from registry.models import DataUse, Publication, PublicationRequest
from registry.services.publication import publish_system
from registry.services.systems import save_answers
from tests.factories.organizations import person
from tests.factories.registry import SystemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def strict(body):
    body.second_look = SecondLook.REQUIRED
    body.save()
    return body


def publish_url(system) -> str:
    return f"/fr/espace/systemes/{system.uuid}/publier/"


def withdraw_url(system) -> str:
    return f"/fr/espace/systemes/{system.uuid}/retirer/"


def look_url(request) -> str:
    return f"/fr/espace/publications/{request.case.uuid}/"


def read(client, system) -> dict[str, str]:
    """The hidden fields of the page as the person saw it."""
    form = client.get(publish_url(system)).context["form"]
    return {name: str(form[name].value()) for name in ("seen", "request_key")}


def change(system, text="Classe les demandes par date."):
    system.summary_fr = text
    system.save()


def test_the_page_shows_what_will_be_public_and_nothing_internal(editor, system, as_user):
    system.supplier = "Produits Secrets inc."
    system.save()
    shown = as_user(editor).get(publish_url(system)).content.decode()
    assert system.summary_fr in shown and system.organization.contact_phone in shown
    assert "Produits Secrets" not in shown


def test_the_page_tells_every_row_that_will_be_public_then_what_changes_in_words(editor, whole_system, as_user):
    """«Exactly this, and nothing else»: whoever publishes or looks again reads the rows too, not the answers alone."""
    client = as_user(editor)
    row = DataUse.objects.get(system=whole_system)
    assert row.name_fr in html.unescape(client.get(publish_url(whole_system)).content.decode())
    version = publish_system(system=whole_system, by=editor)
    DataUse.objects.filter(pk=row.pk).update(name_fr=f"{row.name_fr} de 2026")
    save_answers(
        system=whole_system,
        answers={"need_fr": f"{whole_system.need_fr} Toujours."},
        version=whole_system.version,
        by=editor,
    )
    page = html.unescape(client.get(publish_url(whole_system)).content.decode())
    added = re.findall(r"<ins[^>]*>.*?</span>(.*?)<span", page)
    assert [word in text for word, text in zip(["Toujours", "de 2026"], added, strict=True)] == [True, True]
    assert version.number == 1


def test_a_first_version(editor, system, as_user):
    client = as_user(editor)
    page = read(client, system)
    response = client.post(publish_url(system), page)
    assert (response.status_code, Publication.objects.get().number) == (303, 1)
    again = client.post(publish_url(system), page)
    assert (again.status_code, again.headers["Location"]) == (303, response.headers["Location"]), "pressed twice"
    assert Publication.objects.count() == 1
    assert client.post(publish_url(system), {}).status_code == 409, "another page has nothing new to publish"


def test_a_second_version_or_a_request_pressed_twice_goes_once(editor, system, strict, as_user):
    client = as_user(editor)
    page = read(client, system)
    first, again = (client.post(publish_url(system), page) for _time in range(2))
    assert (again.status_code, again.headers["Location"]) == (303, first.headers["Location"])
    assert PublicationRequest.objects.count() == 1


def test_a_line_is_said_to_be_one_and_what_misses(editor, system, as_user):
    system.personal_information = "unsure"
    system.save()
    shown = as_user(editor).get(publish_url(system)).content.decode()
    assert "avec quelles données il travaille" in shown and system.need_fr not in shown


def test_a_second_version_needs_its_note(editor, system, as_user):
    client = as_user(editor)
    publish_system(system=system, by=editor)
    change(system)
    seen = read(client, system)
    assert client.post(publish_url(system), seen).status_code == 422
    response = client.post(publish_url(system), {**seen, "change_note": "Phrase plus claire.", "size": "minor"})
    latest = Publication.objects.order_by("-number").first()
    assert (response.status_code, latest.number, latest.is_major) == (303, 2, False)


def test_both_texts_of_a_change_are_shown(editor, system, as_user):
    publish_system(system=system, by=editor)
    before = system.summary_fr
    change(system, "Un texte tout autre.")
    shown = as_user(editor).get(publish_url(system)).content.decode()
    assert before in shown and "Un texte tout autre." in shown


def test_what_changed_meanwhile_is_read_again_first(editor, system, as_user):
    client = as_user(editor)
    seen = read(client, system)
    change(system)
    assert client.post(publish_url(system), seen).status_code == 409
    assert not Publication.objects.exists()


def test_a_draft_explains_instead_of_publishing(editor, body, as_user):
    draft = SystemFactory(organization=body, created_by=editor, draft=True)
    client = as_user(editor)
    response = client.get(publish_url(draft))
    assert (
        response.status_code == 200
        and '<form method="post" action="/fr/espace/systemes' not in response.content.decode()
    )
    assert client.post(publish_url(draft), {}).status_code == 409


def test_the_choice_of_the_body_is_told(editor, system, body, as_user):
    client = as_user(editor)
    shown = []
    for look in (SecondLook.RECOMMENDED, SecondLook.REQUIRED, SecondLook.IMPOSSIBLE):
        body.second_look, body.second_look_reason_fr = look, "Une seule personne publie."
        body.save()
        shown.append("Une seule personne publie." in client.get(publish_url(system)).content.decode())
    assert shown == [False, False, True]


def test_who_may_not_publish_or_withdraw(reviewer, editor, outsider, system, as_user):
    assert as_user(reviewer).get(publish_url(system)).status_code == 403
    assert as_user(reviewer).post(publish_url(system), {}).status_code == 403
    assert as_user(editor).get(withdraw_url(system)).status_code == 403
    for address in (publish_url(system), withdraw_url(system)):
        assert as_user(outsider).get(address).status_code == 404
        assert as_user(editor).put(address).status_code == 405


# --- The second look --------------------------------------------------------------------------------------------------
def test_a_required_second_look_leads_to_its_page(editor, system, strict, as_user):
    client = as_user(editor)
    response = client.post(publish_url(system), read(client, system))
    request = PublicationRequest.objects.get()
    assert (response.status_code, response.url) == (303, look_url(request))
    shown = client.get(look_url(request)).content.decode()
    assert 'value="withdraw"' in shown and 'value="approve"' not in shown


def test_the_second_person_reads_differences_and_approves(editor, reviewer, system, body, as_user):
    publish_system(system=system, by=editor)
    before = system.summary_fr
    change(system, "Un texte tout autre.")
    body.second_look = SecondLook.REQUIRED
    body.save()
    request = publish_system(system=system, by=editor, change_note="Phrase changée.")
    client = as_user(reviewer)
    shown = client.get(look_url(request)).content.decode()
    assert before in shown and "Un texte tout autre." in shown and "Phrase changée." in shown
    assert client.post(look_url(request), {"move": "approve"}).status_code == 303
    assert Publication.objects.filter(number=2).exists()
    after = client.get(look_url(request)).content.decode()
    assert before in after and 'value="approve"' not in after, "once answered the page still tells what changed"
    assert client.post(look_url(request), {"move": "approve"}).status_code == 409


def test_sent_back_with_a_comment_that_its_author_reads(editor, reviewer, system, strict, as_user):
    request = publish_system(system=system, by=editor)
    client = as_user(reviewer)
    refused = client.post(look_url(request), {"move": "send_back"})
    assert refused.status_code == 422 and "comment" in refused.context["form"].errors
    assert client.post(look_url(request), {"move": "send_back", "comment": "Dites <b>pour qui</b>."}).status_code == 303
    shown = as_user(editor).get(look_url(request)).content.decode()
    assert "Dites &lt;b&gt;pour qui&lt;/b&gt;." in shown and f"/systemes/{system.uuid}/modifier/" in shown


def test_nobody_approves_their_own_request(system, body, strict, as_user):
    lead = person(body, Role.AI_LEAD)
    request = publish_system(system=system, by=lead)
    response = as_user(lead).post(look_url(request), {"move": "approve"})
    with translation.override("fr"):
        sentence = _("Your body requires a second look: another person must answer the request you made yourself.")
    assert response.status_code == 403 and sentence in html.unescape(response.content.decode())
    assert not Publication.objects.exists()


def test_the_author_takes_it_back(editor, system, strict, as_user):
    request = publish_system(system=system, by=editor)
    assert as_user(editor).post(look_url(request), {"move": "withdraw"}).status_code == 303
    request.case.refresh_from_db()
    assert request.case.state == "withdrawn"


def test_a_move_that_does_not_exist(editor, reviewer, system, strict, as_user):
    request = publish_system(system=system, by=editor)
    for move in ("", "publish", "approve "):
        assert as_user(reviewer).post(look_url(request), {"move": move}).status_code == 422


def test_who_sees_a_request(editor, outsider, body, system, strict, as_user):
    request = publish_system(system=system, by=editor)
    assert as_user(outsider).get(look_url(request)).status_code == 404
    assert as_user(person(body, Role.READER)).get(look_url(request)).status_code == 403
    contributor = as_user(person(body, Role.CONTRIBUTOR))
    assert 'value="approve"' not in contributor.get(look_url(request)).content.decode()
    assert contributor.post(look_url(request), {"move": "approve"}).status_code == 403
    assert as_user(editor).put(look_url(request)).status_code == 405


# --- Withdrawing ------------------------------------------------------------------------------------------------------
def test_a_withdrawal_gives_its_reason(editor, reviewer, system, as_user):
    client = as_user(reviewer)
    assert "<textarea" not in client.get(withdraw_url(system)).content.decode(), "nothing is public yet"
    publish_system(system=system, by=editor)
    assert client.post(withdraw_url(system), {"reason": " "}).status_code == 422
    assert client.post(withdraw_url(system), {"reason": "Publiée trop tôt."}).status_code == 303
    assert Publication.objects.order_by("-number").first().kind == "withdrawn"
    assert client.post(withdraw_url(system), {"reason": "Encore."}).status_code == 409


def test_a_writer_reads_why_they_may_not_answer(editor, reviewer, system, strict, as_user):
    system = save_answers(
        system=system, answers={"summary_fr": "Classe les demandes."}, version=system.version, by=editor
    )
    writer = person(system.organization, Role.PRIVACY_OFFICER, Role.SYSTEM_OWNER)
    system = save_answers(system=system, answers={"benefit_fr": "Plus vite."}, version=system.version, by=writer)
    asked = publish_system(system=system, by=editor)
    page = as_user(writer).get(look_url(asked)).content.decode()
    assert _("You wrote part of what is submitted: your body requires that another person looks at it.") in page
    assert 'value="approve"' not in page
