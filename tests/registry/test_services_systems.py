"""Declaring: drafts, autosave, two people on one field, numbers."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from core import clock
from core.models import AuditEvent
from core.services import EditConflict, InvalidInput, NotAllowed, NotPossibleNow
from organizations.workflow import Role
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem
from registry.models.system import MANDATORY
from registry.services.systems import begin_system, declare_system, missing_answers, save_answers
from registry.workflow import Phase
from tests.factories.organizations import person
from tests.factories.registry import SystemFactory

pytestmark = pytest.mark.django_db

ANSWERS = {
    "summary_fr": "Classe les demandes.",
    "need_fr": "Trop de demandes.",
    "unit_fr": "Direction des permis",
    "contact_email": "ia@organisme.example",
    "phase": "regularizing",
    "affected": ["service_users"],
    "autonomy": "recommends",
    "personal_information": "unsure",
    "category": "decision_support",
    "benefit_fr": "Réponse plus rapide.",
    "origin": "own",
}


def begin(body, editor, **answers):
    return begin_system(organization=body, answers={"name_fr": "Tri des permis", **answers}, by=editor)


def test_a_name_is_enough_to_begin(body, editor):
    system = begin(body, editor)
    assert (system.status, system.reference, system.created_by) == ("draft", None, editor)
    assert AuditEvent.objects.filter(verb="begin", object_ref=str(system.uuid)).count() == 1


def test_without_a_name_nothing_begins(body, editor):
    with pytest.raises(InvalidInput):
        begin_system(organization=body, answers={"name_fr": "  "}, by=editor)
    assert not AISystem.objects.exists()


@pytest.mark.parametrize("name", ["\x00", "\u200b \u202e", "\n"])
def test_a_name_nobody_can_see_is_no_name(body, editor, name):
    with pytest.raises(InvalidInput):
        begin_system(organization=body, answers={"name_fr": name}, by=editor)


def test_a_closed_body_takes_no_new_system(body, editor):
    body.closed_on = clock.civil_date(clock.now())
    body.save()
    with pytest.raises(NotPossibleNow):
        begin(body, editor)


def test_a_closed_body_gives_out_no_number(body, editor):
    draft = begin(body, editor, **ANSWERS)
    type(body).objects.filter(pk=body.pk).update(closed_on=clock.civil_date(clock.now()))
    with pytest.raises(NotPossibleNow):
        declare_system(system=draft, by=editor)
    body.refresh_from_db()
    assert body.next_number == 1 and not AISystem.objects.get(pk=draft.pk).is_declared


@pytest.mark.parametrize("answer", [{"phase": "unknown"}, {"affected": ["staff", "martians"]}, {"category": "x"}])
def test_a_code_of_no_list_is_refused_with_a_sentence(body, editor, answer):
    with pytest.raises(InvalidInput) as refusal:
        begin(body, editor, **answer)
    assert refusal.value.field == next(iter(answer))


def test_a_reader_may_not_begin(body):
    with pytest.raises(NotAllowed):
        begin(body, person(body, Role.READER))


def test_the_same_form_sent_twice_begins_once(body, editor):
    key = uuid.uuid4()
    answers = {"name_fr": "Tri"}
    first = begin_system(organization=body, answers=answers, by=editor, request_key=key)
    second = begin_system(organization=body, answers=answers, by=editor, request_key=key)
    assert first == second and AISystem.objects.count() == 1


def test_saving_keeps_what_was_typed_and_grows_the_version(body, editor):
    system = begin(body, editor)
    saved = save_answers(system=system, answers={"summary_fr": " Classe\tles demandes. "}, version=1, by=editor)
    assert (saved.summary_fr, saved.version) == ("Classe les demandes.", 2)
    assert not AuditEvent.objects.filter(verb="save").exists(), "an autosave is a history row, not an event"


def test_saving_the_same_again_changes_nothing(body, editor):
    system = begin(body, editor)
    assert save_answers(system=system, answers={"name_fr": "Tri des permis"}, version=1, by=editor).version == 1


def test_two_people_on_different_fields_lose_nothing(body, editor):
    system = begin(body, editor, summary_fr="Avant")
    save_answers(system=system, answers={"summary_fr": "Texte de la première"}, version=1, by=editor)
    colleague = person(body, Role.CONTRIBUTOR)
    saved = save_answers(
        system=system, answers={"summary_fr": "Avant", "need_fr": "Texte de la seconde"}, version=1, by=colleague
    )
    assert (saved.summary_fr, saved.need_fr) == ("Texte de la première", "Texte de la seconde")


def test_two_people_on_the_same_field_see_both_texts(body, editor):
    system = begin(body, editor, summary_fr="Avant")
    save_answers(system=system, answers={"summary_fr": "Texte de la première"}, version=1, by=editor)
    with pytest.raises(EditConflict) as conflict:
        save_answers(system=system, answers={"summary_fr": "Texte de la seconde"}, version=1, by=editor)
    [difference] = conflict.value.differences
    assert (difference.stored, difference.typed) == ("Texte de la première", "Texte de la seconde")
    system.refresh_from_db()
    assert system.summary_fr == "Texte de la première"


def test_a_text_too_long_is_refused_whole(body, editor):
    system = begin(body, editor)
    with pytest.raises(InvalidInput) as refusal:
        save_answers(system=system, answers={"summary_fr": "x" * 401, "unit_fr": "Direction"}, version=1, by=editor)
    assert refusal.value.field == "summary_fr"
    system.refresh_from_db()
    assert system.unit_fr == ""


def test_declaring_gives_a_number_that_follows(body, editor):
    first = declare_system(system=begin(body, editor, **ANSWERS), by=editor)
    second = declare_system(system=begin(body, editor, **ANSWERS), by=editor)
    assert (first.reference, second.reference) == ("QC-MTEST-0001", "QC-MTEST-0002")
    assert AuditEvent.objects.filter(verb="declare").count() == 2


def test_a_demonstration_says_so_in_its_numbers(body, editor):
    body.is_demonstration = True
    body.save()
    assert declare_system(system=begin(body, editor, **ANSWERS), by=editor).reference == "DÉMO-MTEST-0001"


def test_declaring_names_the_answers_that_miss(body, editor):
    system = begin(body, editor, **{**ANSWERS, "need_fr": "", "affected": []})
    assert [field.code for field in missing_answers(system)] == ["need_fr", "affected"]
    with pytest.raises(InvalidInput):
        declare_system(system=system, by=editor)


def test_declaring_twice_is_refused(system, editor):
    with pytest.raises(NotPossibleNow):
        declare_system(system=system, by=editor)


def test_a_declared_system_does_not_slip_into_service(body, editor):
    system = SystemFactory(organization=body, phase=Phase.DEVELOPMENT)
    with pytest.raises(NotPossibleNow):
        save_answers(system=system, answers={"phase": "in_service"}, version=1, by=editor)


def test_a_draft_given_to_another_body_meanwhile_gets_no_number_of_the_first(body, other_body, editor):
    seen = begin(body, editor, **ANSWERS)
    AISystem.objects.filter(pk=seen.pk).update(organization=other_body)
    with pytest.raises(NotPossibleNow, match="autre organisme"):
        declare_system(system=seen, by=editor)
    assert not AISystem.objects.exclude(reference=None).exists()


def test_nor_does_a_draft_outside_the_demonstration(body, editor):
    with pytest.raises(NotPossibleNow):
        begin(body, editor, phase="in_service")
    body.is_demonstration = True
    assert begin(body, editor, phase="in_service").phase == Phase.IN_SERVICE


@pytest.mark.parametrize("text", ["\x00nul", "<script>alert(1)</script>", "=1+1", "🙂 emoji", "a" * 200, "‮rtl"])
def test_any_name_is_kept_as_text(body, editor, text):
    system = begin_system(organization=body, answers={"name_fr": text}, by=editor)
    system.refresh_from_db()
    assert "\x00" not in system.name_fr and system.name_fr


EMPTY = [(code, [] if code == "affected" else "") for code in ("name_fr", *ANSWERS)]


@pytest.mark.parametrize(("code", "nothing"), EMPTY, ids=[code for code, _nothing in EMPTY])
def test_a_declared_system_keeps_its_twelve_answers(body, editor, code, nothing):
    """A service says which one is missed; the database refuses whatever came by another door."""
    draft = begin(body, editor, **ANSWERS)
    if code != "name_fr":
        assert save_answers(system=draft, answers={code: nothing}, version=1, by=editor).version == 2, "a draft may"
        draft = save_answers(system=draft, answers={code: ANSWERS[code]}, version=2, by=editor)
    system = declare_system(system=draft, by=editor)
    with pytest.raises(InvalidInput) as refused:
        save_answers(system=system, answers={code: nothing, "supplier": "X"}, version=system.version, by=editor)
    assert refused.value.field == code
    with pytest.raises(IntegrityError, match="aisystem_"), transaction.atomic():
        AISystem.objects.filter(pk=system.pk).update(**{code: nothing})


def test_the_database_and_the_catalogue_keep_the_same_answers():
    assert {*MANDATORY, "affected"} == {field.code for field in CATALOGUE.mandatory("declaration")}
