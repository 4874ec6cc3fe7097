"""Rows of a record, what the public reads of them, and what the level of attention asks."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from core.models import AuditEvent
from core.services import EditConflict, InvalidInput, NotAllowed
from organizations.workflow import Role
from registry.field_catalogue import CATALOGUE, STRATEGIES
from registry.models import AdverseEvent, Benefit, HostingSite, SystemPart
from registry.models.parts import PART_MODELS
from registry.public.facts import detail_facts, system_facts
from registry.rules.attention import (
    Attention,
    attention,
    departs_from_principle_4,
    is_required,
    is_row_required,
    progress,
)
from registry.services.documents import frozen_facts, kind_for
from registry.services.parts import add_part, remove_part, save_part
from registry.services.publication import publish_system
from registry.services.visibility import set_visibility
from tests.factories.organizations import person

pytestmark = pytest.mark.django_db

SITE = {"name_fr": "Base de données", "place_fr": "Québec", "country": "quebec"}
EVENT = {"occurred_on": date(2026, 3, 1), "what_happened_fr": "Vingt dossiers mal triés.", "was_stopped": "yes"}


def add(system, by, part="hosting", **answers):
    return add_part(system=system, part=part, answers={**SITE, **answers} if part == "hosting" else answers, by=by)


def test_every_part_of_the_catalogue_has_its_table_and_its_columns():
    assert set(PART_MODELS) == {part.code for part in CATALOGUE.parts}
    for part in CATALOGUE.parts:
        columns = {field.name for field in PART_MODELS[part.code]._meta.get_fields()}
        assert {field.code for field in part.columns} <= columns, part.code


def test_a_row_is_added_corrected_and_removed_and_the_record_knows_who(system, editor):
    row = add(system, editor)
    system.refresh_from_db()
    assert (system.version, system.updated_by) == (2, editor)
    saved = save_part(row=row, part="hosting", answers={**SITE, "place_fr": "Lévis"}, version=1, by=editor)
    assert (saved.version, saved.place_fr) == (2, "Lévis")
    remove_part(row=saved, part="hosting", by=editor)
    assert not HostingSite.objects.exists()
    verbs = list(AuditEvent.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["add_part", "remove_part"]


def test_two_people_on_one_row_both_texts_are_shown(system, editor):
    row = add(system, editor)
    save_part(row=row, part="hosting", answers={**SITE, "place_fr": "Lévis"}, version=1, by=editor)
    with pytest.raises(EditConflict) as conflict:
        save_part(row=row, part="hosting", answers={**SITE, "place_fr": "Gatineau"}, version=1, by=editor)
    [told] = conflict.value.differences
    assert (told.stored, told.typed) == ("Lévis", "Gatineau")


@pytest.mark.parametrize(
    ("part", "answers", "field"),
    [
        ("hosting", {"place_fr": ""}, "place_fr"),
        ("hosting", {"country": "mars"}, "country"),
        ("recourses", {"target": "decision", "who_fr": "Toute personne"}, "channel_fr"),
        ("datasets", {"name_fr": "Photos", "roles": ["training"], "url": "javascript:alert(1)"}, "url"),
        ("measures", {"benefit": None, "year": 2025, "value": Decimal(3)}, "benefit"),
        ("principles", {"principle": "2021-p9", "answer_fr": "Oui"}, "principle"),
    ],
)
def test_what_a_row_cannot_do_without_is_asked(system, editor, part, answers, field):
    with pytest.raises(InvalidInput) as refusal:
        add(system, editor, part, **answers)
    assert refusal.value.field == field
    assert PART_MODELS[part].objects.count() == 0


def test_one_measure_a_year_and_of_the_same_system(system, editor, other_system):
    benefit = add(system, editor, "benefits", name_fr="Délai", unit_fr="jours", baseline=Decimal("25"))
    add(system, editor, "measures", benefit=benefit, year=2025, value=Decimal("12.5"))
    with pytest.raises(InvalidInput):
        add(system, editor, "measures", benefit=benefit, year=2025, value=Decimal("11"))
    elsewhere = Benefit.objects.create(
        system=other_system, name_fr="Coût", unit_fr="$", created_at=system.created_at, created_by=editor,
        updated_at=system.created_at, updated_by=editor,
    )  # fmt: skip
    with pytest.raises(InvalidInput):
        add(system, editor, "measures", benefit=elsewhere, year=2024, value=Decimal("11"))


def test_the_database_refuses_an_empty_row(system, editor):
    moment = {"created_at": system.created_at, "created_by": editor, "updated_at": system.created_at}
    with pytest.raises(IntegrityError), transaction.atomic():
        HostingSite.objects.create(system=system, name_fr="", updated_by=editor, **moment)


def test_a_reader_adds_nothing(system, body):
    with pytest.raises(NotAllowed):
        add(system, person(body, Role.READER))


def test_the_public_reads_the_rows_and_never_what_is_internal(system, editor):
    add(system, editor, "adverse_events", **EVENT)
    add(system, editor, "benefits", name_fr="Délai", unit_fr="jours", target=Decimal("10.500"))
    system.refresh_from_db()
    told = detail_facts(system).as_json()["parts"]
    [event] = told["adverse_events"]
    assert event == {"id": str(AdverseEvent.objects.get().uuid), "occurred_on": "2026-03-01", "was_stopped": "yes"}
    assert told["benefits"][0]["target"] == "10.5"
    assert publish_system(system=system, by=editor).schema == "publication.v2"


def test_every_answer_and_every_row_goes_public_and_the_schema_accepts_it(whole_system, editor):
    facts = frozen_facts(whole_system, kind_for(whole_system))
    shown = {field.code.removesuffix("_fr") for field in CATALOGUE.fields if field.visibility == "public"}
    assert shown - set(facts["system"]) == set(), "each public field that is answered is published"
    assert set(facts["details"]["parts"]) == {part.code for part in CATALOGUE.parts}
    assert publish_system(system=whole_system, by=editor).document["details"]["departs_from_principle_4"]
    hidden = {field.code.removesuffix("_fr") for field in CATALOGUE.fields if field.visibility != "public"}
    assert not hidden & set(facts["system"])


def test_the_body_decides_otherwise_and_says_why(system, editor):
    system.supplier, system.risks_fr, system.security_fr = "Logiciels Exemple", "Des erreurs de tri.", "Pare-feu"
    system.save()
    set_visibility(system=system, field="supplier", visibility="public", reason="Le contrat le dit déjà.", by=editor)
    set_visibility(system=system, field="risks_fr", visibility="on_request", reason="En cours de révision.", by=editor)
    assert system_facts(system).as_json()["supplier"] == "Logiciels Exemple"
    assert "risks" not in system_facts(system).as_json()
    assert detail_facts(system).as_json()["on_request"] == ["risks"]
    set_visibility(system=system, field="supplier", visibility="internal", reason="", by=editor)
    assert "supplier" not in system_facts(system).as_json()


@pytest.mark.parametrize(
    ("field", "visibility", "reason"),
    [("security_fr", "public", "Pour voir."), ("summary_fr", "internal", "Pour voir."), ("risks_fr", "internal", "")],
)
def test_what_may_not_be_shown_or_hidden(system, editor, field, visibility, reason):
    with pytest.raises(InvalidInput):
        set_visibility(system=system, field=field, visibility=visibility, reason=reason, by=editor)


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        ({}, Attention.LOW),
        ({"autonomy": "alone"}, Attention.MODERATE),
        ({"personal_information": "unsure"}, Attention.MODERATE),
        ({"affects_rights": "yes", "autonomy": "recommends"}, Attention.MODERATE),
        ({"affects_rights": "yes", "autonomy": "supervised"}, Attention.HIGH),
        ({"affects_rights": "yes", "autonomy": "recommends", "sensitive_information": ["health"]}, Attention.HIGH),
        ({"affects_rights": "yes", "autonomy": "recommends", "sensitive_information": ["none"]}, Attention.MODERATE),
        ({"solely_automated": "yes"}, Attention.HIGH),
    ],
)
def test_how_much_attention(answers, level):
    assert attention(answers).level == level


def test_more_is_wanted_as_the_system_lives_and_decides():
    idea = {"phase": "idea"}
    pilot = {"phase": "pilot"}
    service = {"phase": "regularizing", "affects_rights": "yes", "autonomy": "alone"}
    wanted = [sum(each.required for each in progress(answers, filled=())) for answers in (idea, pilot, service)]
    assert wanted[0] < wanted[1] < wanted[2]
    assert departs_from_principle_4(service)
    assert is_required(CATALOGUE.field("departure_reason_fr"), service)
    assert not is_required(CATALOGUE.field("lesson_fr"), service)
    assert is_required(CATALOGUE.field("lesson_fr"), {"phase": "retired"})


def test_rows_are_wanted_as_answers_are():
    """A system that touches people says how to contest it; one row answers."""
    rights = {"phase": "pilot", "affects_rights": "yes", "autonomy": "alone"}

    def of(answers, filled=()):
        return next(each for each in progress(answers, filled=filled) if each.section == "rights")

    assert CATALOGUE.part("recourses") in of(rights).missing
    there = of(rights, filled={"recourses"})
    assert CATALOGUE.part("recourses") not in there.missing
    assert (there.required, there.done) == (of(rights).required, of(rights).done + 1)
    for quiet in (
        {"phase": "pilot"},
        rights | {"phase": "development"},
        rights | {"phase": "retired"},
        rights | {"affected": ["nobody"]},
    ):
        assert CATALOGUE.part("recourses") not in of(quiet).missing
    assert not is_row_required(CATALOGUE.part("consultations"), rights | {"phase": "in_service"})


def test_the_strategy_is_dated_and_its_indicator_defined():
    [strategy] = STRATEGIES
    assert (len(strategy.axes), len(strategy.objectives), len(strategy.principles)) == (3, 9, 5)
    assert {objective.axis for objective in strategy.objectives} == {axis.code for axis in strategy.axes}
    assert strategy.is_in_force(date(2026, 12, 31)) and not strategy.is_in_force(date(2027, 1, 1))
    indicator = strategy.indicator
    assert all(
        text["fr"] and text["en"] for text in (indicator.numerator, indicator.denominator, indicator.validated_by)
    )


def test_rows_are_of_one_system(system, editor, other_system):
    row = add(system, editor)
    assert isinstance(row, SystemPart)
    assert "hosting" not in detail_facts(other_system).as_json().get("parts", {})
