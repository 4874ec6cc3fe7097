"""Going public: with and without a second look, numbered, sealed, never edited."""

import pytest
from django.db import DatabaseError, transaction

from core import clock
from core.models import AuditEvent
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from organizations.models import Organization
from organizations.services.succession import merge_organization
from organizations.workflow import Role, SecondLook
from registry.models import Publication, PublicationRequest, PublicRecord
from registry.services.documents import digest_of, frozen_facts, kind_for
from registry.services.public_state import public_state
from registry.services.publication import answer_publication_request, publish_system, withdraw_publication
from registry.services.systems import save_answers
from registry.services.todo import waiting_for
from registry.workflow import Phase
from tests.factories.organizations import person
from tests.factories.registry import SystemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def strict(body):
    """The body requires a second look."""
    body.second_look = SecondLook.REQUIRED
    body.save()
    return body


def change(system, text="Classe les demandes par date."):
    system.summary_fr = text
    system.save()
    return system


def test_a_body_that_only_recommends_publishes_at_once_and_says_so(system, editor):
    publication = publish_system(system=system, by=editor)
    assert (publication.number, publication.kind) == (1, "sheet")
    assert publication.digest == digest_of(publication.document)
    event = AuditEvent.objects.get(verb="publish")
    assert event.facts["second_look"] == "recommended"


def test_while_an_answer_misses_one_line_goes_public_and_no_more(system, editor):
    system.personal_information = "unsure"
    system.save()
    publication = publish_system(system=system, by=editor)
    assert publication.kind == "line"
    assert set(publication.document["system"]) == {"name", "phase", "category"}


def test_a_body_without_telephone_shows_no_sheet(system, editor):
    Organization.objects.filter(pk=system.organization_id).update(contact_phone="", postal_address="")
    system.refresh_from_db()
    assert publish_system(system=system, by=editor).kind == "line"


def test_internal_answers_never_leave(system, editor):
    system.supplier = "Produits Secrets inc."
    system.save()
    publication = publish_system(system=system, by=editor)
    assert "Produits Secrets" not in str(publication.document)


def test_a_draft_has_no_number_to_show(body, editor):
    with pytest.raises(NotPossibleNow):
        publish_system(system=SystemFactory(organization=body, draft=True), by=editor)


def test_a_contributor_may_not_publish(system, body):
    with pytest.raises(NotAllowed):
        publish_system(system=system, by=person(body, Role.CONTRIBUTOR))


def test_a_second_version_says_what_changed(system, editor):
    publish_system(system=system, by=editor)
    with pytest.raises(InvalidInput):
        publish_system(system=change(system), by=editor)
    second = publish_system(system=system, by=editor, change_note="La phrase est plus claire.", is_major=False)
    assert (second.number, second.is_major) == (2, False)
    assert PublicRecord.objects.get(system=system).publication == second


def test_nothing_new_is_not_published_again(system, editor):
    publish_system(system=system, by=editor)
    with pytest.raises(NotPossibleNow):
        publish_system(system=system, by=editor, change_note="Rien.")


def test_what_was_not_read_is_not_published(system, editor):
    seen = digest_of(frozen_facts(system, kind_for(system)))
    with pytest.raises(NotPossibleNow):
        publish_system(system=change(system), by=editor, seen=seen)
    assert not Publication.objects.exists()


def test_a_required_second_look_freezes_and_waits(system, editor, strict):
    request = publish_system(system=system, by=editor)
    assert isinstance(request, PublicationRequest) and not Publication.objects.exists()
    with pytest.raises(NotPossibleNow):
        publish_system(system=change(system), by=editor)


def test_who_publishes_may_want_a_second_look_where_it_is_recommended(system, editor, reviewer):
    asked = publish_system(system=system, by=editor, wants_second_look=True)
    assert isinstance(asked, PublicationRequest) and not Publication.objects.exists()
    answer_publication_request(request=asked, move="approve", by=reviewer)
    assert AuditEvent.objects.get(verb="publish").facts["second_look"] == "given"


def test_a_body_without_a_second_person_waits_for_nobody(system, editor, body):
    body.second_look, body.second_look_reason_fr = SecondLook.IMPOSSIBLE, "Une seule personne."
    body.save()
    assert isinstance(publish_system(system=system, by=editor, wants_second_look=True), Publication)


def test_another_person_publishes_exactly_what_was_submitted(system, editor, reviewer, strict):
    request = publish_system(system=system, by=editor)
    submitted = system.summary_fr
    change(system)
    publication = answer_publication_request(request=request, move="approve", by=reviewer)
    assert publication.document["system"]["summary"]["fr"] == submitted
    assert publication.case == request.case
    assert AuditEvent.objects.get(verb="publish").facts["second_look"] == "given"


def test_the_one_who_asked_is_not_the_second_person(system, body, strict):
    lead = person(body, Role.AI_LEAD)
    request = publish_system(system=system, by=lead)
    with pytest.raises(NotAllowed):
        answer_publication_request(request=request, move="approve", by=lead)
    assert not Publication.objects.exists()


def test_who_may_not_approve_does_not(system, editor, body, strict):
    request = publish_system(system=system, by=editor)
    for move in ("approve", "send_back"):
        with pytest.raises(NotAllowed):
            answer_publication_request(request=request, move=move, comment="Non.", by=person(body, Role.CONTRIBUTOR))


def test_sending_back_says_why(system, editor, reviewer, strict):
    request = publish_system(system=system, by=editor)
    with pytest.raises(InvalidInput):
        answer_publication_request(request=request, move="send_back", by=reviewer)
    assert answer_publication_request(request=request, move="send_back", comment="Précisez.", by=reviewer) is None
    assert not Publication.objects.exists()


def test_only_the_author_takes_a_request_back(system, editor, reviewer, strict):
    request = publish_system(system=system, by=editor)
    with pytest.raises(NotAllowed):
        answer_publication_request(request=request, move="withdraw", by=reviewer)
    answer_publication_request(request=request, move="withdraw", by=editor)
    assert isinstance(publish_system(system=system, by=editor), PublicationRequest)


def test_a_request_is_answered_once(system, editor, reviewer, strict):
    request = publish_system(system=system, by=editor)
    answer_publication_request(request=request, move="approve", by=reviewer)
    with pytest.raises(NotPossibleNow):
        answer_publication_request(request=request, move="approve", by=reviewer)
    assert Publication.objects.count() == 1


def test_a_withdrawal_is_a_version_and_keeps_the_others(system, editor, reviewer):
    first = publish_system(system=system, by=editor)
    with pytest.raises(InvalidInput):
        withdraw_publication(system=system, reason=" ", by=reviewer)
    with pytest.raises(NotAllowed):
        withdraw_publication(system=system, reason="Erreur.", by=editor)
    trace = withdraw_publication(system=system, reason="Publiée par erreur.", by=reviewer)
    assert (trace.number, trace.kind, trace.change_note_fr) == (2, "withdrawn", "Publiée par erreur.")
    assert Publication.objects.get(pk=first.pk).digest == first.digest
    with pytest.raises(NotPossibleNow):
        withdraw_publication(system=system, reason="Encore.", by=reviewer)


def test_a_published_version_never_changes(system, editor):
    publication = publish_system(system=system, by=editor)
    with pytest.raises(DatabaseError), transaction.atomic():
        Publication.objects.filter(pk=publication.pk).update(change_note_fr="Autre")
    with pytest.raises(DatabaseError), transaction.atomic():
        publication.delete()


def test_the_state_tells_what_is_not_published_yet(system, editor):
    assert (public_state(system).is_shown, public_state(system).has_news) == (False, True)
    publish_system(system=system, by=editor)
    assert (public_state(system).is_shown, public_state(system).has_news) == (True, False)
    system.supplier = "Un nom interne"
    system.save()
    assert not public_state(system).has_news, "an internal answer is no news for the public"
    system.phase = Phase.SUSPENDED
    system.save()
    assert public_state(system).has_news


def test_what_was_asked_before_a_withdrawal_does_not_bring_the_sheet_back(system, editor, reviewer, strict):
    bodies = Organization.objects.filter(pk=strict.pk)
    bodies.update(second_look=SecondLook.RECOMMENDED)
    publish_system(system=system, by=editor)
    bodies.update(second_look=SecondLook.REQUIRED)
    asked = publish_system(system=change(system), by=editor, change_note="Phrase plus claire.")
    withdraw_publication(system=system, reason="Une erreur sur la fiche.", by=reviewer)
    with pytest.raises(NotPossibleNow):
        answer_publication_request(request=asked, move="approve", by=reviewer)
    assert PublicRecord.objects.get(system=system).kind == "withdrawn"
    answer_publication_request(request=asked, move="send_back", comment="À redemander.", by=reviewer)
    again = publish_system(system=system, by=editor, change_note="La fiche corrigée revient.")
    assert answer_publication_request(request=again, move="approve", by=reviewer).number == 3


def test_the_one_who_wrote_it_is_not_the_second_person_though_another_asked(system, editor, body, strict):
    """«Une autre personne que celle qui a écrit la fiche la lit.»"""
    writer = person(body, Role.PRIVACY_OFFICER, Role.AI_LEAD)
    third = person(body, Role.PRIVACY_OFFICER)
    system = save_answers(
        system=system, answers={"summary_fr": "Classe les demandes."}, version=system.version, by=writer
    )
    asked = publish_system(system=system, by=editor)
    assert waiting_for(writer) == [] and len(waiting_for(third)) == 1
    with pytest.raises(NotAllowed):
        answer_publication_request(request=asked, move="approve", by=writer)
    assert answer_publication_request(request=asked, move="approve", by=third).number == 1
    system = save_answers(
        system=system, answers={"need_fr": "Les délais sont longs."}, version=system.version, by=editor
    )
    again = publish_system(system=system, by=editor, change_note="Le besoin est plus clair.")
    assert answer_publication_request(request=again, move="approve", by=writer).number == 2, "not theirs this time"


def test_after_a_merger_the_one_that_took_over_answers(system, editor, body, other_body):
    """Its name and contacts are published, and without a telephone or an address of its own there is no sheet."""
    today = clock.civil_date(clock.now())
    Organization.objects.filter(pk=other_body.pk).update(contact_phone="", postal_address="")
    merge_organization(organization=body, into=other_body, effective_on=today, by=person(body, *Role))
    system.refresh_from_db()
    line = publish_system(system=system, by=editor)
    assert (line.kind, line.document["body"]["sigle"], line.reference) == ("line", other_body.sigle, system.reference)
    reached = {"contact_phone": "418 555-0155", "postal_address": "1, rue des Essais"}
    Organization.objects.filter(pk=other_body.pk).update(**reached)
    sheet = publish_system(system=system, by=editor, change_note="Le téléphone est là.")
    assert (sheet.kind, sheet.document["body"]["phone"]) == ("sheet", "418 555-0155")


def test_a_text_changed_while_another_version_waited_still_has_its_writer(system, editor, body, strict):
    """Approved and public is what was frozen: what was written meanwhile is theirs in the next version."""
    writer, third = person(body, Role.PRIVACY_OFFICER, Role.AI_LEAD), person(body, Role.PRIVACY_OFFICER)
    asked = publish_system(system=system, by=editor)
    save_answers(system=system, answers={"summary_fr": "Texte écrit pendant ce temps."}, version=1, by=writer)
    answer_publication_request(request=asked, move="approve", by=third)
    again = publish_system(system=system, by=editor, change_note="La phrase change.")
    with pytest.raises(NotAllowed):
        answer_publication_request(request=again, move="approve", by=writer)


def test_a_line_moves_no_writer(system, editor, body, strict):
    """It showed nothing of what they wrote: the first sheet is still theirs."""
    writer, third = person(body, Role.PRIVACY_OFFICER, Role.AI_LEAD), person(body, Role.PRIVACY_OFFICER)
    contacts = {"contact_phone": body.contact_phone, "postal_address": body.postal_address}
    Organization.objects.filter(pk=body.pk).update(contact_phone="", postal_address="")
    save_answers(system=system, answers={"summary_fr": "Classe les demandes."}, version=1, by=writer)
    line = publish_system(system=system, by=editor)
    assert answer_publication_request(request=line, move="approve", by=third).kind == "line"
    Organization.objects.filter(pk=body.pk).update(**contacts)
    sheet = publish_system(system=system, by=editor, change_note="La fiche est entière.")
    with pytest.raises(NotAllowed):
        answer_publication_request(request=sheet, move="approve", by=writer)
