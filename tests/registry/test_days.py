"""Days that cannot be true are refused, with what to do: by the pages, by programs and in files alike."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from core import clock
from core.services import InvalidInput
from registry.field_catalogue import CATALOGUE
from registry.forms.declaration import AnswersForm
from registry.models import AISystem, PhaseChange
from registry.rules.days import HAPPENED, PLANNED, DayRefusal, is_measured_year, refused_days
from registry.services.lifecycle import change_phase
from registry.services.parts import add_part, save_part
from registry.services.systems import save_answers
from tests.factories.registry import SystemFactory
from tests.registry.api import Program, at

TODAY = date(2026, 11, 23)
TOMORROW = TODAY + timedelta(days=1)


# --- The rule -------------------------------------------------------------------------------------------------------
def test_each_day_of_the_catalogue_has_happened_or_is_planned():
    parts = [*CATALOGUE.parts, *CATALOGUE.shared]
    fields = [*CATALOGUE.fields, *(field for part in parts for field in part.fields)]
    assert {field.code for field in fields if field.kind == "date"} == HAPPENED | PLANNED
    assert not HAPPENED & PLANNED


@pytest.mark.parametrize(
    ("answers", "refused"),
    [
        ({}, {}),
        ({"started_on": TODAY, "ended_on": TODAY, "planned_on": date(2200, 12, 31)}, {}),
        ({"started_on": date(1990, 1, 1)}, {}),
        ({"started_on": date(1989, 12, 31)}, {"started_on": DayRefusal.IMPLAUSIBLE}),
        ({"planned_on": date(2201, 1, 1)}, {"planned_on": DayRefusal.IMPLAUSIBLE}),
        ({"measured_on": TOMORROW}, {"measured_on": DayRefusal.TO_COME}),
        ({"review_due_on": TOMORROW, "target_on": TOMORROW}, {}),
        ({"started_on": TODAY, "ended_on": date(2020, 1, 1)}, {"ended_on": DayRefusal.BEFORE_ITS_START}),
        ({"ended_on": TODAY, "phase": "regularizing"}, {"ended_on": DayRefusal.STILL_SERVES}),
        ({"ended_on": TODAY, "phase": "suspended"}, {}),
        ({"ended_on": TOMORROW, "phase": "in_service"}, {"ended_on": DayRefusal.TO_COME}),
        ({"baseline_on": TODAY, "target_on": TODAY}, {}),
        ({"baseline_on": TODAY, "target_on": date(2025, 1, 1)}, {"target_on": DayRefusal.BEFORE_ITS_BASELINE}),
        ({"baseline_on": TOMORROW, "target_on": TODAY}, {"baseline_on": DayRefusal.TO_COME}),
    ],
)
def test_days_that_cannot_be_true(answers, refused):
    assert refused_days(answers, today=TODAY) == refused


def test_a_year_is_measured_once_it_has_begun():
    assert [year for year in (1989, 1990, 2026, 2027, 2150) if is_measured_year(year, today=TODAY)] == [1990, 2026]


# --- The doors ------------------------------------------------------------------------------------------------------
@pytest.fixture
def running(body, editor):
    return SystemFactory(organization=body, created_by=editor, phase="in_service", started_on=date(2025, 5, 1))


def refused(**act) -> InvalidInput:
    function = act.pop("call")
    with pytest.raises(InvalidInput) as found:
        function(**act)
    return found.value


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("phase", "answers", "field"),
    [
        ("suspended", {"ended_on": date(2020, 1, 1)}, "ended_on"),
        ("in_service", {"ended_on": date(2025, 6, 1)}, "ended_on"),
        ("in_service", {"started_on": date(1, 1, 1)}, "started_on"),
        ("in_service", {"reviewed_on": date(2199, 1, 1)}, "reviewed_on"),
    ],
)
def test_answers_of_a_system(running, editor, phase, answers, field):
    AISystem.objects.filter(pk=running.pk).update(phase=phase)
    found = refused(call=save_answers, system=running, answers=answers, version=1, by=editor)
    assert found.field == field
    sent = {"version": "1"} | {code: str(day) for code, day in answers.items()}
    running.refresh_from_db()
    form = AnswersForm(sent, system=running, asked=[CATALOGUE.field(code) for code in answers])
    assert form.errors == {field: [found.sentence]}, "the page says what the service says"


@pytest.mark.django_db
def test_the_answer_that_was_typed_is_the_one_that_is_refused(body, editor):
    gone = SystemFactory(organization=body, created_by=editor, phase="retired", ended_on=date(2025, 5, 1))
    sent = {"started_on": date(2026, 1, 1)}
    assert refused(call=save_answers, system=gone, answers=sent, version=1, by=editor).field == "started_on"


@pytest.mark.django_db
def test_what_stood_there_before_the_rule_stops_nobody(running, editor):
    AISystem.objects.filter(pk=running.pk).update(ended_on=date(2020, 1, 1))
    assert save_answers(system=running, answers={"unit_fr": "Ici"}, version=1, by=editor).unit_fr == "Ici"


@pytest.mark.django_db
def test_a_system_that_serves_again_has_no_end(running, editor):
    AISystem.objects.filter(pk=running.pk).update(phase="suspended", ended_on=date(2025, 6, 1))
    running.refresh_from_db()
    assert change_phase(system=running, to="regularizing", reason="Repris", by=editor).ended_on is None


@pytest.mark.django_db
@pytest.mark.parametrize("day", [date(1, 1, 1), date(1989, 12, 31)])
def test_a_change_of_phase_before_any_system_of_ours(running, editor, day):
    found = refused(call=change_phase, system=running, to="suspended", reason="Panne", on=day, by=editor)
    assert found.field == "on" and "1990" in found.sentence
    stored = {"system": running, "source": "pilot", "target": "suspended", "happened_on": day}
    with pytest.raises(IntegrityError, match="phasechange_day_plausible"), transaction.atomic():
        PhaseChange.objects.create(**stored, changed_at=clock.now(), changed_by=editor)


@pytest.mark.django_db
def test_rows(running, editor):
    event = {"what_happened_fr": "Une panne.", "was_stopped": "yes"}
    tomorrow = clock.civil_date(clock.now()) + timedelta(days=1)
    for day in (tomorrow, date(1, 1, 1)):
        sent = {**event, "occurred_on": day}
        assert refused(call=add_part, system=running, part="adverse_events", answers=sent, by=editor).field
    benefit = add_part(system=running, part="benefits", answers={"name_fr": "Délai", "unit_fr": "jours"}, by=editor)
    year = clock.civil_date(clock.now()).year
    row = add_part(system=running, part="measures", answers={"benefit": benefit, "year": year, "value": 3}, by=editor)
    for wrong in (1989, year + 1, 2150):
        found = refused(call=save_part, row=row, part="measures", answers={"year": wrong}, version=1, by=editor)
        assert found.field == "year" and str(year) in found.sentence


@pytest.mark.django_db
def test_a_year_is_never_grouped(running, editor, as_user):
    benefit = add_part(system=running, part="benefits", answers={"name_fr": "Délai", "unit_fr": "jours"}, by=editor)
    add_part(system=running, part="measures", answers={"benefit": benefit, "year": 2025, "value": 4000}, by=editor)
    for page in ("historique/", "", f"questions/{CATALOGUE.part('measures').section}/"):
        response = as_user(editor).get(f"/fr/espace/systemes/{running.uuid}/{page}")
        assert "2\xa0025" not in response.content.decode()
    history = as_user(editor).get(f"/fr/espace/systemes/{running.uuid}/historique/").content.decode()
    assert "4\xa0000" in history and "2025" in history


# --- A target and what it is compared with --------------------------------------------------------------------------
BACKWARDS = {"name_fr": "Délai", "unit_fr": "jours", "baseline_on": date(2026, 1, 15), "target_on": date(2025, 1, 15)}


@pytest.mark.django_db
def test_a_target_before_its_baseline_is_refused_by_one_sentence_that_names_both(running, editor):
    refusal = refused(call=add_part, system=running, part="benefits", answers=BACKWARDS, by=editor)
    labels = [CATALOGUE.part("benefits").field(code).label["fr"] for code in ("baseline_on", "target_on")]
    assert refusal.field == "target_on" and all(label in refusal.sentence for label in labels)
    same_day = {**BACKWARDS, "target_on": BACKWARDS["baseline_on"]}
    row = add_part(system=running, part="benefits", answers=same_day, by=editor)
    later = {"baseline_on": date(2026, 2, 1)}
    assert refused(call=save_part, row=row, part="benefits", answers=later, version=1, by=editor).field == "baseline_on"


@pytest.mark.django_db
def test_a_target_before_its_baseline_is_refused_by_the_page_and_to_a_program(running, editor, as_user):
    days = {code: BACKWARDS[code].isoformat() for code in ("baseline_on", "target_on")}
    told = Program(editor).post(at("parts", running.uuid, "benefits"), {"answers": {**BACKWARDS, **days}})
    assert told.status_code == 422 and "target_on" in told.json()["errors"][0]["field"]
    page = as_user(editor).post(f"/fr/espace/systemes/{running.uuid}/lignes/benefits/ajouter/", {**BACKWARDS, **days})
    assert page.status_code == 422 and "target_on" in page.context["form"].errors
