"""A system kept from the public on a ground of the law: what stays, what goes, who may, how it is lifted."""

import html

import pytest
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.models import AuditEvent
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from organizations.workflow import Role, SecondLook
from registry.models import PublicRecord
from registry.rules.withholding import GROUNDS
from registry.services.public_records import rebuild_public_records
from registry.services.public_state import public_state
from registry.services.publication import answer_publication_request, publish_system, withdraw_publication
from registry.services.similar import similar_systems
from registry.services.withholding import withhold_system
from tests.factories.organizations import person
from tests.factories.registry import SystemFactory

pytestmark = pytest.mark.django_db


def test_the_stub_has_the_number_the_body_and_the_ground_alone(whole_system, editor, reviewer):
    publish_system(system=whole_system, by=editor)
    stub = withhold_system(system=whole_system, ground="security_measure", note="Décision 12.", by=reviewer)
    assert (stub.number, stub.kind, stub.change_note_fr) == (2, "withheld", GROUNDS["security_measure"].label["fr"])
    assert (stub.document["system"], stub.document["details"]) == ({}, {})
    assert stub.document["withheld"] == {"ground": "security_measure", "note": {"fr": "Décision 12."}}
    assert whole_system.name_fr not in str(stub.document)
    record = PublicRecord.objects.get(system=whole_system)
    assert (record.kind, record.phase, record.techniques, record.sort_key) == ("withheld", "", [], "qc-mtest-0900")
    assert "permis" not in str(record.search_fr) and not public_state(whole_system).is_shown
    assert AuditEvent.objects.get(verb="withhold").facts["kind"] == "withheld"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_ground_is_offered_with_its_article_and_how_sure_it_is(client, system, reviewer, language):
    client.force_login(reviewer)
    page = html.unescape(client.get(f"/{language}/espace/systemes/{system.uuid}/ne-pas-diffuser/").content.decode())
    with override(language):
        sure = _("not checked")
    for ground in GROUNDS.values():
        assert ground.explanation[language] in page
        assert ground.article is None or f"{ground.article[language]} ({sure})." in page


def test_a_system_never_published_may_be_withheld_and_publishing_lifts_it(system, editor, reviewer):
    assert withhold_system(system=system, ground="state_security", by=reviewer).number == 1
    rebuild_public_records()
    assert PublicRecord.objects.get(system=system).kind == "withheld"
    assert publish_system(system=system, by=editor, change_note="Le motif n'existe plus.").kind == "sheet"
    assert PublicRecord.objects.get(system=system).kind == "sheet"


def test_another_ground_is_a_new_version_the_same_one_is_not(system, reviewer):
    withhold_system(system=system, ground="state_security", by=reviewer)
    with pytest.raises(NotPossibleNow):
        withhold_system(system=system, ground="state_security", by=reviewer)
    assert withhold_system(system=system, ground="investigation", by=reviewer).number == 2


@pytest.mark.parametrize(
    ("ground", "note"), [("", ""), ("because", ""), ("other_act", " "), ("investigation", "x" * 501)]
)
def test_a_ground_is_one_of_the_list_and_says_enough(system, reviewer, ground, note):
    with pytest.raises(InvalidInput):
        withhold_system(system=system, ground=ground, note=note, by=reviewer)
    assert not PublicRecord.objects.exists()


def test_who_may_not_and_what_cannot_be_withheld(system, editor, outsider, reviewer, body):
    for nobody in (editor, outsider, person(body, Role.READER)):
        with pytest.raises(NotAllowed):
            withhold_system(system=system, ground="state_security", by=nobody)
    with pytest.raises(NotPossibleNow):
        withhold_system(system=SystemFactory(draft=True, organization=body), ground="state_security", by=reviewer)


def test_a_stub_is_not_withdrawn_for_that_would_tell_its_name(system, reviewer):
    withhold_system(system=system, ground="state_security", by=reviewer)
    with pytest.raises(NotPossibleNow):
        withdraw_publication(system=system, reason="Une raison.", by=reviewer)


def test_what_was_asked_before_does_not_bring_the_sheet_back(system, editor, reviewer, body):
    body.second_look = SecondLook.REQUIRED
    body.save()
    asked = publish_system(system=system, by=editor)
    withhold_system(system=system, ground="state_security", by=person(body, Role.AI_LEAD))
    with pytest.raises(NotPossibleNow):
        answer_publication_request(request=asked, move="approve", by=reviewer)


def test_its_name_is_not_proposed_to_other_bodies(system, editor, reviewer, outsider, other_body):
    publish_system(system=system, by=editor)
    withhold_system(system=system, ground="state_security", by=reviewer)
    ours = SystemFactory(organization=other_body, name_fr=system.name_fr)
    assert not [each for each in similar_systems(ours, outsider) if each.name == system.name_fr]


def test_the_page_of_the_staff(system, reviewer, editor, as_user):
    path = f"/fr/espace/systemes/{system.uuid}/ne-pas-diffuser/"
    assert as_user(editor).get(path).status_code == 403
    client = as_user(reviewer)
    page = client.get(path).content.decode()
    assert all(ground.label["fr"] in page.replace("&#x27;", "'") for ground in GROUNDS.values())
    assert client.post(path, {"ground": "other_act", "note": ""}).status_code == 422
    assert client.post(path, {"ground": "other_act", "note": "Loi sur l'exemple, article 3."}).status_code == 303
    assert PublicRecord.objects.get(system=system).kind == "withheld"
    assert client.post(path, {"ground": "other_act", "note": "Loi sur l'exemple, article 3."}).status_code == 409


def test_the_act_is_not_called_optional_and_its_hint_says_when_it_is_needed(system, reviewer, as_user):
    page = as_user(reviewer).get(f"/en/espace/systemes/{system.uuid}/ne-pas-diffuser/").content.decode()
    assert "(optional)" not in page and "Needed for “Forbidden by another Act”" in page
    assert str(GROUNDS["other_act"].label["en"]) in page
