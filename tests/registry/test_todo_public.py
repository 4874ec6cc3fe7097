"""A record that changed since its public version waits for who keeps it."""

from datetime import timedelta

import pytest

from core import clock
from organizations.services.todo import everything_waiting
from organizations.workflow import Role, SecondLook
from registry.models import AISystem, Publication
from registry.rules.delays import republish_due_on
from registry.services.lifecycle import change_phase
from registry.services.parts import add_part
from registry.services.publication import answer_publication_request, publish_system, withdraw_publication
from registry.services.systems import save_answers
from registry.services.todo_public import waiting_for
from tests.factories.organizations import person
from tests.factories.registry import SystemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_second_look(body):
    body.second_look = SecondLook.RECOMMENDED
    body.save()


@pytest.fixture
def public(system, editor):
    publish_system(system=system, by=editor)
    return system


def write(system, by, **answers: str) -> None:
    version = AISystem.objects.get(pk=system.pk).version
    save_answers(system=system, answers=answers, version=version, by=by)


def test_another_phase_waits_for_who_keeps_the_record(public, editor, body):
    assert waiting_for(editor) == []
    change_phase(system=public, to="retired", reason="Remplacé.", by=editor)
    [item] = waiting_for(editor)
    assert item.address == f"/fr/espace/systemes/{public.uuid}/publier/" and item.about == public.name_fr
    assert item.due_on == republish_due_on(clock.civil_date(clock.now()))
    assert item in everything_waiting(editor)
    assert waiting_for(person(body, Role.SYSTEM_OWNER)) == [], "another person of the body keeps it"
    publish_system(system=public, change_note="Hors service.", by=editor)
    assert waiting_for(editor) == []


def test_so_do_an_answer_and_a_row_and_not_what_stays_internal(public, editor):
    write(public, editor, unit_fr="Une autre direction")
    assert len(waiting_for(editor)) == 1
    publish_system(system=public, change_note="La direction.", by=editor)
    write(public, editor, supplier="Un fournisseur")
    assert waiting_for(editor) == [], "the supplier is not public"
    answers = {"name_fr": "Modèle", "place_fr": "Québec", "country": "quebec"}
    add_part(system=public, part="hosting", answers=answers, by=editor)
    assert len(waiting_for(editor)) == 1


def test_a_change_that_was_undone_waits_for_nobody(public, editor):
    need = public.need_fr
    write(public, editor, need_fr="Autre chose.")
    assert len(waiting_for(editor)) == 1
    write(public, editor, need_fr=need)
    assert waiting_for(editor) == []


def test_it_is_due_ten_working_days_after_the_first_change(public, editor, monkeypatch):
    now = clock.now()
    monkeypatch.setattr("core.clock.now", lambda: now + timedelta(days=1))
    write(public, editor, need_fr="Un.")
    monkeypatch.setattr("core.clock.now", lambda: now + timedelta(days=9))
    write(public, editor, need_fr="Deux.")
    [item] = waiting_for(editor)
    assert item.due_on == republish_due_on(clock.civil_date(now + timedelta(days=1)))


def test_a_version_that_is_asked_for_or_sent_back_has_its_own_line(public, editor, reviewer, body):
    body.second_look = SecondLook.REQUIRED
    body.save()
    write(public, editor, need_fr="Un.")
    request = publish_system(system=public, change_note="Le besoin.", by=editor)
    assert waiting_for(editor) == []
    answer_publication_request(request=request, move="send_back", comment="Précisez.", by=reviewer)
    assert waiting_for(editor) == []


def test_what_was_written_while_another_person_looked_still_waits(public, editor, reviewer, body):
    body.second_look = SecondLook.REQUIRED
    body.save()
    write(public, editor, need_fr="Un.")
    request = publish_system(system=public, change_note="Le besoin.", by=editor)
    write(public, editor, need_fr="Deux.")
    answer_publication_request(request=request, move="approve", by=reviewer)
    assert len(waiting_for(editor)) == 1


def test_what_is_not_shown_or_was_put_away_waits_for_nobody(public, editor, reviewer):
    write(public, editor, need_fr="Un.")
    AISystem.objects.filter(pk=public.pk).update(put_away_at=clock.now(), put_away_by=editor, put_away_reason="Double.")
    assert waiting_for(editor) == []
    AISystem.objects.filter(pk=public.pk).update(put_away_at=None, put_away_by=None, put_away_reason="")
    withdraw_publication(system=public, reason="Erreur.", by=reviewer)
    write(public, editor, need_fr="Deux.")
    assert waiting_for(editor) == []


def test_of_a_line_only_what_it_says_waits(body, editor):
    body.contact_phone = body.postal_address = ""
    body.save()
    system = SystemFactory(organization=body, created_by=editor)
    assert publish_system(system=system, by=editor).kind == "line"
    write(system, editor, need_fr="Un.")
    assert waiting_for(editor) == []
    write(system, editor, name_fr="Un autre nom")
    assert len(waiting_for(editor)) == 1


def test_who_may_not_publish_asks_a_colleague(public, editor, body):
    keeper = person(body, Role.CONTRIBUTOR)
    AISystem.objects.filter(pk=public.pk).update(lead=keeper)
    write(public, editor, need_fr="Un.")
    [item] = waiting_for(keeper)
    assert item.address == f"/fr/espace/systemes/{public.uuid}/" and waiting_for(editor) == []
    assert item.why_me != ""


def test_as_many_queries_however_many_records(body, editor, django_assert_num_queries):
    def one_more() -> None:
        system = SystemFactory(organization=body, created_by=editor)
        publish_system(system=system, by=editor)
        write(system, editor, need_fr="Un.")

    one_more()
    waiting_for(editor)
    with django_assert_num_queries(3):
        assert len(waiting_for(editor)) == 1
    one_more()
    one_more()
    with django_assert_num_queries(3):
        assert len(waiting_for(editor)) == 3
    assert Publication.objects.count() == 3
