"""The history: who did what, when, with both texts."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.formats import date_format

from core import clock
from organizations.workflow import Role
from registry.models import AISystem
from registry.serializers.history import timeline
from registry.services.exceptions import grant_exception
from registry.services.lifecycle import change_phase
from registry.services.parts import add_part, remove_part, save_part
from registry.services.publication import publish_system, withdraw_publication
from registry.services.systems import begin_system, declare_system, save_answers
from tests.factories.organizations import person
from tests.registry.test_services_systems import ANSWERS

pytestmark = pytest.mark.django_db

SITE = {"name_fr": "Base de données", "place_fr": "Québec", "country": "quebec"}


@pytest.fixture
def lived(body, editor):
    """Begun, answered in two sittings by two people, declared, published."""
    system = begin_system(organization=body, answers={"name_fr": "Tri des permis"}, by=editor)
    for number, (code, answer) in enumerate(ANSWERS.items(), start=1):
        system = save_answers(system=system, answers={code: answer}, version=number, by=editor)
    colleague = person(body, Role.CONTRIBUTOR, name="Autre membre de l'équipe")
    system = save_answers(system=system, answers={"unit_fr": "Service des permis"}, version=12, by=colleague)
    system = declare_system(system=system, by=editor)
    publish_system(system=system, by=editor)
    return system


def url(system) -> str:
    return f"/fr/espace/systemes/{system.uuid}/historique/"


def test_acts_and_changes_in_one_line_of_time(lived, editor, as_user):
    response = as_user(editor).get(url(lived))
    entries = response.context["entries"]
    assert [bool(entry.changes) for entry in entries] == [False, False, True, True, False]
    mine, theirs = entries[3], entries[2]
    assert len(mine.changes) == len(ANSWERS), "what one person typed in one sitting reads as one entry"
    assert (theirs.who, theirs.changes[0].before, theirs.changes[0].after) == (
        "Autre membre de l'équipe",
        "Direction des permis",
        "Service des permis",
    )
    shown = response.content.decode()
    assert "Aide à la décision et prédiction" in shown and "decision_support" not in shown


def test_withdrawals_and_exceptions_are_told(lived, editor, reviewer, outsider, as_user):
    day = clock.civil_date(clock.now()) + timedelta(days=3)
    grant_exception(system=lived, email=outsider.email, reason="Analyse", ends_on=day, by=editor)
    withdraw_publication(system=lived, reason="Trop tôt.", by=reviewer)
    latest, grant = as_user(editor).get(url(lived)).context["entries"][:2]
    assert (latest.who, grant.who) == (reviewer.name, editor.name)
    assert outsider.name in grant.detail and day.isoformat() in grant.detail


def test_a_verb_of_a_later_day_is_shown_as_it_is(lived, editor):
    from core.audit import record

    record(by=editor, verb="assess", thing=lived, organization=lived.organization)
    rows = AISystem.pgh_event_models["insert"].objects.filter(pgh_obj_id=lived.pk).order_by("-pgh_id")
    assert "assess" in [entry.title for entry in timeline(lived, list(rows))]


def test_an_invited_person_is_told_without_a_name(lived):
    from core.audit import Guest, record

    record(by=Guest(ref="invitation", name="Soutien technique"), verb="assess", thing=lived)
    rows = AISystem.pgh_event_models["insert"].objects.filter(pgh_obj_id=lived.pk).order_by("-pgh_id")
    [entry] = [entry for entry in timeline(lived, list(rows)) if entry.title == "assess"]
    assert entry.who and "Soutien" not in entry.who


def test_who_reads_it(lived, reviewer, outsider, body, as_user):
    assert as_user(reviewer).get(url(lived)).status_code == 200
    assert as_user(person(body, Role.AUDITOR)).get(url(lived)).status_code == 200
    assert as_user(person(body, Role.READER)).get(url(lived)).status_code == 403
    assert as_user(outsider).get(url(lived)).status_code == 404
    assert as_user(reviewer).post(url(lived)).status_code == 405


def test_pages_hold_together(lived, editor, as_user, monkeypatch):
    monkeypatch.setattr("registry.views.history.PER_PAGE", 5)
    client = as_user(editor)
    found = []
    for number in (1, 2, 3):
        entries = client.get(url(lived), {"page": number}).context["entries"]
        found += [change for entry in entries for change in entry.changes]
    assert len(found) == len(ANSWERS) + 1, "no change falls between two pages, none is told twice"


def test_the_same_queries_however_long(lived, editor, as_user):
    client = as_user(editor)
    client.get(url(lived))
    with CaptureQueriesContext(connection) as few:
        client.get(url(lived))
    version = AISystem.objects.get(pk=lived.pk).version
    for number in range(10):
        save_answers(system=lived, answers={"benefit_fr": f"Bénéfice {number}"}, version=version + number, by=editor)
    with CaptureQueriesContext(connection) as many:
        client.get(url(lived))
    assert len(few) == len(many) == 15


def test_a_text_is_told_by_its_differences_in_words(lived, editor, as_user):
    shown = as_user(editor).get(url(lived)).content.decode()
    assert '<del class="vg-diff__removed">' in shown and '<ins class="vg-diff__added">' in shown
    removed = shown.split("vg-diff__removed", 1)[1].split("</del>", 1)[0]
    assert "Direction" in removed and "permis" not in removed


def test_rows_that_were_added_changed_and_removed_are_told(system, editor, reviewer, as_user):
    row = add_part(system=system, part="hosting", answers=SITE, by=editor)
    colleague = person(system.organization, Role.CONTRIBUTOR, name="Autre membre de l'équipe")
    save_part(row=row, part="hosting", answers={"place_fr": "Lévis"}, version=1, by=colleague)
    remove_part(row=row, part="hosting", by=editor)
    entries = as_user(editor).get(url(system)).context["entries"]
    told = [(entry.who, len(entry.changes)) for entry in entries if entry.detail == "Base de données"]
    assert told == [(editor.name, 3), (colleague.name, 1), (editor.name, 3)]
    change = next(entry.changes[0] for entry in entries if entry.who == colleague.name)
    assert (change.before, change.after) == ("Québec", "Lévis")
    assert not [entry for entry in entries if entry.title in {"add_part", "remove_part"}]


def test_a_change_of_phase_is_told_with_its_reason(lived, editor, as_user):
    change_phase(system=lived, to="suspended", reason="Une panne", by=editor)
    entry = next(entry for entry in as_user(editor).get(url(lived)).context["entries"] if entry.detail)
    assert entry.detail == "Une panne"


def test_the_history_of_a_whole_record(whole_system, editor, as_user):
    assert as_user(editor).get(url(whole_system)).status_code == 200


# --- One order, the true one ------------------------------------------------------------------------------------------
def told(system, editor, as_user) -> list[tuple[str, int]]:
    return [(entry.title, len(entry.changes)) for entry in as_user(editor).get(url(system)).context["entries"]]


def saved(system, by, **answers) -> AISystem:
    version = AISystem.objects.get(pk=system.pk).version
    return save_answers(system=system, answers=answers, version=version, by=by)


def test_an_entry_never_grows_over_what_was_done_since(lived, editor, as_user):
    before = told(lived, editor, as_user)
    saved(lived, editor, need_fr="Un autre besoin.")
    change_phase(system=lived, to="suspended", reason="Une panne", by=editor)
    saved(lived, editor, benefit_fr="Un autre bénéfice.")
    saved(lived, editor, summary_fr="Un autre résumé.")
    entries = told(lived, editor, as_user)
    assert [number for _title, number in entries[:3]] == [2, 0, 1], "after the change of phase, that change, before it"
    assert entries[3:] == before, "what was told stays as it was told, where it was told"


def test_answers_contained_in_a_version_are_told_before_it(body, editor, as_user):
    system = begin_system(organization=body, answers={"name_fr": "Tri des permis"}, by=editor)
    save_answers(system=system, answers=ANSWERS, version=1, by=editor)
    system = declare_system(system=system, by=editor)
    publish_system(system=system, by=editor)
    saved(system, editor, benefit_fr="Un autre bénéfice.")
    assert [number for _title, number in told(system, editor, as_user)] == [1, 0, 0, len(ANSWERS), 0]


def test_a_row_and_a_colleague_end_a_sitting(system, editor, as_user):
    colleague = person(system.organization, Role.CONTRIBUTOR, name="Autre membre de l'équipe")
    saved(system, editor, need_fr="Un.")
    add_part(system=system, part="hosting", answers=SITE, by=editor)
    saved(system, editor, need_fr="Deux.")
    saved(system, colleague, benefit_fr="Un.")
    saved(system, editor, need_fr="Trois.")
    saved(system, editor, need_fr="Quatre.")
    entries = as_user(editor).get(url(system)).context["entries"][:5]
    assert [entry.who for entry in entries] == [editor.name, colleague.name, *[editor.name] * 3]
    assert [entry.changes[0].after for entry in entries] == ["Quatre.", "Un.", "Deux.", "Base de données", "Un."]
    assert entries[0].changes[0].before == "Deux."
    moments = [entry.at for entry in entries]
    assert moments == sorted(moments, reverse=True)


def test_what_was_typed_and_taken_back_is_not_told(system, editor, as_user):
    before = told(system, editor, as_user)
    kept = system.need_fr
    saved(system, editor, need_fr="Autre chose.")
    saved(system, editor, need_fr=kept)
    assert told(system, editor, as_user) == before


def test_a_phase_change_is_told_once_with_its_day_and_the_dates_it_wrote(system, editor, as_user):
    day = clock.civil_date(clock.now()) - timedelta(days=40)
    change_phase(system=system, to="retired", reason="Remplacé", on=day, by=editor)
    page = as_user(editor).get(url(system))
    entry = page.context["entries"][0]
    assert (entry.day, entry.detail, [change.label for change in entry.changes]) == (day, "Remplacé", ["Fin"])
    assert all(change.label != "Phase" for each in page.context["entries"] for change in each.changes)
    assert date_format(day, "DATE_FORMAT") in page.content.decode()
