"""The history says that a program wrote, of every kind of write, and who removed what left with a benefit."""

import pytest

from core.models import AuditEvent
from organizations.workflow import Role, Scope
from registry.models import AISystem, Benefit, BenefitMeasure
from registry.services.parts import add_part, remove_part
from registry.services.systems import save_answers
from tests.factories.organizations import person
from tests.registry.api import Program, at, version_of
from tests.registry.test_services_systems import ANSWERS

pytestmark = pytest.mark.django_db
SITE = {"name_fr": "Base de données", "place_fr": "Québec", "country": "quebec"}
BENEFIT = {"name_fr": "Délai de réponse", "unit_fr": "jours"}


@pytest.fixture
def program(editor) -> Program:
    return Program(editor, *Scope)


@pytest.fixture
def history(editor, as_user):
    def read(system):
        page = as_user(editor).get(f"/en/espace/systemes/{system.uuid}/historique/")
        return page.context["entries"][::-1]

    return read


def test_every_write_by_a_token_says_so(program, editor, history):
    begun = program.post(at("systems"), {"body": "MTEST", "answers": {"name_fr": "Tri"}})
    system = AISystem.objects.get()
    acts = [
        program.patch(at("system", system.uuid), ANSWERS, If_Match=version_of(begun)),
        program.act(at("declare", system.uuid)),
        added := program.post(at("parts", system.uuid, "hosting"), {"answers": SITE}),
        program.patch(
            row := at("part", system.uuid, "hosting", added.json()["uuid"]), {"place_fr": "Lévis"}, If_Match="*"
        ),
        program.send("DELETE", row, If_Match="*"),
        program.send(
            "PUT",
            at("field_visibility", system.uuid, "risks_fr"),
            {"visibility": "internal", "reason": "Une enquête."},
            If_Match="*",
        ),
        program.act(at("phase", system.uuid), {"to": "retired", "reason": "Fin."}),
        program.act(at("publish", system.uuid)),
    ]
    assert [act.status_code for act in acts] == [200, 200, 201, 200, 204, 200, 200, 201], [a.content for a in acts]
    entries = history(system)
    assert len(entries) == 1 + len(acts)
    assert {entry.who for entry in entries} == {f"{editor.name}, by the token “{program.token.name}”"}
    assert not {entry.title for entry in entries} & {"change_answers", "add_part"}


def test_a_person_and_their_program_are_two_hands(program, system, editor, history):
    save_answers(system=system, answers={"need_fr": "Un."}, version=1, by=editor)
    program.patch(at("system", system.uuid), {"need_fr": "Deux."}, If_Match="*")
    program.patch(at("system", system.uuid), {"need_fr": "Trois."}, If_Match="*")
    save_answers(system=system, answers={"need_fr": "Quatre."}, version=4, by=editor)
    told = [(entry.who, entry.changes[0].after) for entry in history(system) if entry.changes]
    assert [after for _who, after in told] == ["Un.", "Trois.", "Quatre."], "one sitting of the program, one entry"
    assert ["token" in who for who, _after in told] == [False, True, False]


def test_what_a_person_saves_needs_no_event(system, editor):
    save_answers(system=system, answers={"need_fr": "Un."}, version=1, by=editor)
    assert not AuditEvent.objects.filter(verb="change_answers").exists()


# --- What leaves with a benefit -------------------------------------------------------------------------------------
@pytest.fixture
def benefit(system, editor) -> Benefit:
    kept = add_part(system=system, part="benefits", answers=BENEFIT, by=editor)
    for year in (2024, 2025):
        add_part(system=system, part="measures", answers={"benefit": kept, "year": year, "value": 3}, by=editor)
    return kept


def test_the_page_says_how_many_measures_leave_with_a_benefit(benefit, system, editor, as_user):
    url = f"/en/espace/systemes/{system.uuid}/lignes/benefits/{benefit.uuid}/"
    page = as_user(editor).get(url).content.decode()
    assert "Its 2 yearly measurements leave with it." in page
    BenefitMeasure.objects.all().delete()
    assert "yearly measurement" not in as_user(editor).get(url).content.decode()


@pytest.mark.parametrize("door", ["page", "program"])
def test_the_history_names_who_removed_the_measures_too(benefit, system, body, as_user, history, door):
    colleague = person(body, Role.SYSTEM_OWNER, name="Autre membre de l'équipe")
    if door == "page":
        as_user(colleague).post(f"/fr/espace/systemes/{system.uuid}/lignes/benefits/{benefit.uuid}/enlever/")
    else:
        Program(colleague, *Scope).send("DELETE", at("part", system.uuid, "benefits", benefit.uuid), If_Match="*")
    assert not BenefitMeasure.objects.exists()
    gone = [entry.who for entry in history(system) if entry.title.startswith("Removed: ")]
    assert len(gone) == 3 and all(who.startswith(colleague.name) for who in gone), gone
    assert ["token" in who for who in gone] == [door == "program"] * 3
    assert AuditEvent.objects.filter(verb="remove_part", object_type="registry.benefitmeasure").count() == 2


def test_measures_removed_before_the_ledger_was_told_of_them_have_the_hand_that_removed_the_benefit(
    benefit, system, editor, history, monkeypatch
):
    monkeypatch.setattr("registry.services.parts.rows_leaving_with", lambda row: [])
    remove_part(row=benefit, part="benefits", by=editor)
    assert {entry.who for entry in history(system)} == {editor.name}
