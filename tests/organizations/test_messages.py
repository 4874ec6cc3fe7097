"""Mail: sent by a job, in the reader's language, with the one link it is about."""

import re

import pytest
from django.core import mail
from django.utils.translation import gettext, override

from core import clock
from organizations.exports import blocks, letter, letter_of
from organizations.services import links
from organizations.services.access import grant_access, refuse_access, request_access
from organizations.services.invitations import invite, withdraw_invitation
from organizations.services.messages import access_answered, access_requested, invitation
from organizations.tasks import send_message
from organizations.workflow import Role

NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def invited(administrator, body):
    return invite(
        organization=body,
        email="invitee@organisme.example",
        roles=[Role.READER, Role.AI_LEAD],
        language="en",
        by=administrator,
    )


def link_in(message):
    return re.findall(r"https?://\S+/compte/invitation/\S+", message.body)


def test_an_invitation_names_body_person_functions_and_end(invited, deliver, administrator, body):
    (message,) = deliver()
    assert message.to == ["invitee@organisme.example"]
    assert body.name_fr in message.subject
    for text in (body.name_fr, str(administrator), "AI lead", "Reader"):
        assert text in message.body
    assert link_in(message) == [links.invitation_address(invited.uuid, invited.expires_at, "en")]
    assert "/en/compte/invitation/" in message.body


def test_a_mail_is_written_in_the_reader_s_language(invited, deliver):
    (message,) = deliver()
    with override("en"):
        assert gettext("Your functions would be:") in message.body
    assert '<html lang="en-CA">' in message.alternatives[0][0]


def test_the_page_form_says_the_same_and_fetches_nothing(invited, deliver):
    (message,) = deliver()
    html = message.alternatives[0][0]
    assert "<li>AI lead</li>" in html
    assert re.search(r'<a href="http[^"]+/invitation/', html)
    assert not re.search(r"<img|<script|<link|style=", html)
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_names_in_a_mail_are_text_not_markup(administrator, body, deliver):
    body.name_fr = "Organisme <script>alert(1)</script> & cie"
    body.save()
    invite(organization=body, email="x@organisme.example", roles=[Role.READER], language="fr", by=administrator)
    (message,) = deliver()
    assert "<script>" in message.body
    assert "<script>" not in message.alternatives[0][0]


def test_a_name_cannot_add_a_header(db):
    message = letter_of("Sujet\nBcc: quelqu@ailleurs.example", "Texte", to="x@organisme.example", language="fr")
    assert message.subject == "Sujet Bcc: quelqu@ailleurs.example"


def test_what_has_no_object_any_more_is_not_sent(invited, administrator, deliver):
    withdraw_invitation(invitation=invited, by=administrator)
    assert deliver() == []
    assert invitation(NOBODY) is None
    assert access_answered(NOBODY) is None


def test_a_job_runs_once(invited, deliver):
    deliver()
    assert len(deliver()) == 1


def test_a_request_reaches_the_administration_in_its_language(newcomer, administrator, body, deliver):
    administrator.language = "en"
    administrator.save()
    asked = request_access(organization=body, function="Analyste des permis", by=newcomer)
    (message,) = deliver()
    assert message.to == [administrator.email]
    assert "Analyste des permis" in message.body
    assert f"/en/espace/demandes-acces/{asked.uuid}/" in message.body
    refuse_access(request=asked, by=administrator)
    assert access_requested(str(asked.uuid), str(administrator.uuid)) is None


@pytest.mark.parametrize("is_granted", [True, False])
def test_the_answer_reaches_the_person(newcomer, administrator, body, deliver, is_granted):
    asked = request_access(organization=body, function="Analyste", by=newcomer)
    if is_granted:
        grant_access(request=asked, roles=[Role.READER], by=administrator)
    else:
        refuse_access(request=asked, by=administrator)
    message = deliver()[-1]
    assert message.to == [newcomer.email]
    assert ("/fr/espace/" in message.body) == is_granted
    assert (body.contact_email in message.body) != is_granted


def test_a_demonstration_says_so_in_its_mails(invited, body, deliver):
    body.is_demonstration = True
    body.save()
    with override("en"):
        assert gettext("Demonstration: no body, person or system in this message exists.") in deliver()[0].body


def test_only_services_make_messages(db):
    with pytest.raises(ValueError, match="services"):
        send_message(message="os.system", refs={"command": "true"})
    assert mail.outbox == []


def test_blocks_of_a_text():
    found = blocks("Un\nDeux\n\n- a\n- b\n\nhttps://x.example/\n")
    assert [(block.kind, block.lines) for block in found] == [
        ("text", ("Un", "Deux")),
        ("list", ("a", "b")),
        ("link", ("https://x.example/",)),
    ]


def test_an_invitation_says_until_when(invited, deliver):
    (message,) = deliver()
    assert str(clock.civil_date(invited.expires_at).year) in message.body


@pytest.mark.parametrize("is_demonstration", [True, False])
def test_a_mail_of_the_demonstration_says_so(body, is_demonstration):
    body.is_demonstration = is_demonstration
    context = {"organization": body, "is_granted": True, "address": "https://vigie.example/"}
    sent = letter("organizations/email/access_answered.txt", context, to="a@exemple.example", language="fr")
    assert ("Démonstration" in sent.body) is is_demonstration
