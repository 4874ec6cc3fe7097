"""Rows of a system, read and written by a program: data sets, hosting sites, measures of a benefit…"""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from core.models import AuditEvent
from core.models.audit import ActorKind
from core.services import NotPossibleNow
from organizations.workflow import Role, Scope
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem, Benefit, HostingSite, SystemPart
from registry.models.parts import PART_MODELS
from registry.services import parts as services
from registry.services.parts import add_part, save_part
from registry.services.programs import save_row_version
from tests.factories.organizations import person
from tests.registry.api import Program, at, refused, version_of

pytestmark = pytest.mark.django_db
SITE = {"name_fr": "Base de données", "place_fr": "Québec", "country": "quebec"}
BENEFIT = {"name_fr": "Délai", "unit_fr": "jours", "baseline": Decimal("25.5")}


@pytest.fixture
def program(editor) -> Program:
    return Program(editor)


@pytest.fixture
def site(system, editor) -> SystemPart:
    return add_part(system=system, part="hosting", answers=SITE, by=editor)


@pytest.fixture
def benefit(system, editor) -> SystemPart:
    return add_part(system=system, part="benefits", answers=BENEFIT, by=editor)


def rows_at(system: AISystem, part: str = "hosting") -> str:
    return at("parts", system.uuid, part)


def row_at(row: SystemPart, part: str = "hosting") -> str:
    return at("part", row.system.uuid, part, row.uuid)


# --- Read -----------------------------------------------------------------------------------------------------------
def test_every_row_is_read_with_every_field_of_its_part(program, whole_system):
    for part in CATALOGUE.parts:
        answer = program.get(rows_at(whole_system, part.code)).json()
        row = PART_MODELS[part.code].objects.get()
        (told,) = answer["results"]
        assert answer["count"] == 1 and (told["part"], told["uuid"]) == (part.code, str(row.uuid))
        assert told["answers"].keys() == {field.code for field in part.columns}
        alone = program.get(row_at(row, part.code))
        assert alone.json() == told and version_of(alone) == f'"{row.version}"'


def test_a_measure_names_its_benefit_and_numbers_are_numbers(program, whole_system):
    (told,) = program.get(rows_at(whole_system, "measures")).json()["results"]
    assert told["answers"]["benefit"] == str(Benefit.objects.get().uuid)
    assert (told["answers"]["year"], told["answers"]["value"]) == (2025, 12.5)


def test_a_list_comes_by_pages(program, system, editor):
    for number in range(3):
        add_part(system=system, part="hosting", answers={**SITE, "name_fr": f"Site {number}"}, by=editor)
    page = program.get(rows_at(system) + "?page=2&page_size=2").json()
    assert [one["answers"]["name_fr"] for one in page["results"]] == ["Site 2"]
    assert (page["count"], page["pages"]) == (3, 2)
    refused(program.get(rows_at(system) + "?page=3&page_size=2"), 404, "not-found")
    assert program.get(rows_at(system, "metrics")).json()["results"] == []


@pytest.mark.parametrize("query", ["country=quebec", "system__organization__sigle=X", "name_fr__contains=B", "%00=1"])
def test_no_look_up_is_a_parameter(program, site, query):
    told = refused(program.get(f"{rows_at(site.system)}?{query}"), 400, "invalid-query")
    assert told["allowed"] == ["page", "page_size"]


def test_a_part_that_is_none_is_told_with_those_that_are(program, system, site):
    for path in (at("parts", system.uuid, "visibilities"), at("part", system.uuid, "lieux", site.uuid)):
        told = refused(program.get(path), 404, "not-found")
        assert all(part.code in told["detail"] for part in CATALOGUE.parts)


@pytest.mark.parametrize("part", ["hosting", "measures"])
def test_a_list_costs_the_same_whatever_its_length(program, system, editor, benefit, part):
    def add(number: int) -> None:
        measure = {"benefit": benefit, "year": 2000 + number, "value": Decimal(number)}
        add_part(system=system, part=part, answers=SITE if part == "hosting" else measure, by=editor)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert program.get(rows_at(system, part) + "?page_size=100").status_code == 200
        return len(queries)

    add(0)
    cost()  # the day of the first use is written
    first = cost()
    for number in range(1, 12):
        add(number)
    assert cost() == first <= 8


def test_what_one_may_not_see_is_not_found(outsider, site):
    program, system = Program(outsider), site.system
    for answer in (
        program.get(rows_at(system)),
        program.post(rows_at(system), {"answers": SITE}),
        program.get(row_at(site)),
        program.patch(row_at(site), {"place_fr": "Lévis"}, If_Match="*"),
        program.send("DELETE", row_at(site), If_Match="*"),
    ):
        refused(answer, 404, "not-found")
    assert HostingSite.objects.get().version == 1


def test_a_row_is_found_under_its_own_system_and_part_alone(program, body, editor, site, other_system):
    refused(program.get(at("part", site.system.uuid, "metrics", site.uuid)), 404, "not-found")
    refused(program.get(at("part", site.system.uuid, "hosting", uuid.uuid4())), 404, "not-found")
    refused(program.get(at("part", other_system.uuid, "hosting", site.uuid)), 404, "not-found")


def test_who_may_only_read_changes_nothing(body, site):
    reader = Program(person(body, Role.READER))
    assert reader.get(row_at(site)).status_code == 200
    refused(reader.post(rows_at(site.system), {}), 403, "forbidden")
    refused(reader.patch(row_at(site), {}, If_Match="*"), 403, "forbidden")
    refused(reader.send("DELETE", row_at(site), If_Match="*"), 403, "forbidden")


def test_a_token_needs_the_scope_of_what_it_does(editor, site):
    assert refused(Program(editor, Scope.PUBLISH).get(rows_at(site.system)), 403, "narrow-token")["scope"] == (
        "read_systems"
    )
    reader = Program(editor, Scope.READ_SYSTEMS)
    for answer in (
        reader.post(rows_at(site.system), {"answers": SITE}),
        reader.patch(row_at(site), {"place_fr": "Lévis"}, If_Match="*"),
        reader.send("DELETE", row_at(site), If_Match="*"),
    ):
        assert refused(answer, 403, "narrow-token")["scope"] == "write_systems"


# --- Add ------------------------------------------------------------------------------------------------------------
def test_a_row_is_added_by_the_token(program, system, editor):
    answer = program.post(rows_at(system), {"answers": {**SITE, "operator": " Un  hébergeur 🦉 "}})
    row = HostingSite.objects.get()
    assert answer.status_code == 201 and version_of(answer) == '"1"'
    assert (answer.json()["uuid"], row.operator, row.created_by) == (str(row.uuid), "Un hébergeur 🦉", editor)
    event = AuditEvent.objects.get(verb="add_part")
    assert (event.actor_kind, event.actor_ref) == (ActorKind.TOKEN, str(program.token.uuid))


def test_a_measure_is_added_to_its_benefit(program, benefit):
    sent = {"benefit": str(benefit.uuid), "year": 2025, "value": 12.25}
    answer = program.post(rows_at(benefit.system, "measures"), {"answers": sent})
    assert answer.status_code == 201 and answer.json()["answers"] == {**sent, "note_fr": "", "note_en": ""}


def sent_wrong(part: str, **answers: Any) -> tuple[str, dict[str, Any]]:
    whole: dict[str, dict[str, Any]] = {
        "hosting": SITE,
        "datasets": {"name_fr": "Photos", "roles": ["training"]},
        "benefits": {"name_fr": "Délai", "unit_fr": "jours"},
        "measures": {"benefit": "", "year": 2025, "value": 1},
        "adverse_events": {"occurred_on": "2026-03-01", "what_happened_fr": "Une panne.", "was_stopped": "yes"},
    }
    return part, {"answers": {**whole[part], **answers}}


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        (("hosting", {}), "answers"),
        (("hosting", {"answers": []}), "answers"),
        (("hosting", {"answers": {}}), "answers.name_fr"),
        (("hosting", {"answers": SITE, "part": "hosting"}), "part"),
        (sent_wrong("hosting", name_fr=""), "answers.name_fr"),
        (sent_wrong("hosting", name_fr=None), "answers.name_fr"),
        (sent_wrong("hosting", name_fr=3), "answers.name_fr"),
        (sent_wrong("hosting", name_fr="x" * 201), "answers.name_fr"),
        (sent_wrong("hosting", name_fr="a\0b"), "answers.name_fr"),
        (sent_wrong("hosting", country="mars"), "answers.country"),
        (sent_wrong("hosting", country=["quebec"]), "answers.country"),
        (sent_wrong("hosting", version=3), "answers.version"),
        (sent_wrong("hosting", system__reference="x"), "answers.system__reference"),
        (sent_wrong("datasets", roles="training"), "answers.roles"),
        (sent_wrong("datasets", roles=["training", "mars"]), "answers.roles.1"),
        (sent_wrong("datasets", url="javascript:alert(1)"), "answers.url"),
        (sent_wrong("adverse_events", occurred_on="hier"), "answers.occurred_on"),
        (sent_wrong("adverse_events", occurred_on=None), "answers.occurred_on"),
        (sent_wrong("measures", benefit=3), "answers.benefit"),
        (sent_wrong("measures", benefit="x"), "answers.benefit"),
        (sent_wrong("measures", benefit=str(uuid.uuid4())), "answers.benefit"),
        (sent_wrong("benefits", baseline="12"), "answers.baseline"),
        (sent_wrong("benefits", baseline=1e300), "answers.baseline"),
        (sent_wrong("benefits", baseline=0.0001), "answers.baseline"),
        (sent_wrong("benefits", baseline=True), "answers.baseline"),
        (sent_wrong("measures", year=2025.5), "answers.year"),
        (sent_wrong("measures", year=2**31), "answers.year"),
    ],
)
def test_what_is_wrong_is_told_by_its_path_and_nothing_is_written(program, system, sent, field):
    part, data = sent
    told = refused(program.post(rows_at(system, part), data), 422, "invalid")
    assert field in {one["field"] for one in told["errors"]} and all(one["detail"] for one in told["errors"])
    assert not PART_MODELS[part].objects.exists()


@pytest.mark.parametrize("year", [0, 3, 1989, 2150, 2201, 100_000])
def test_a_year_that_is_none_is_told(program, benefit, year):
    sent = {"benefit": str(benefit.uuid), "year": year, "value": 1}
    told = refused(program.post(rows_at(benefit.system, "measures"), {"answers": sent}), 422, "invalid")
    assert told["errors"][0]["field"] == "year" and "1990" in told["detail"]


def test_a_number_without_end_is_none(program, system):
    sent = '{"answers": {"name_fr": "Délai", "unit_fr": "jours", "baseline": 1e999}}'
    told = refused(program.post(rows_at(system, "benefits"), sent), 422, "invalid")
    assert told["errors"][0]["field"] == "answers.baseline"


def test_an_unknown_field_is_told_with_those_that_are(program, system):
    sent = {"answers": {**SITE, "ville": "Québec"}}
    told = refused(program.post(rows_at(system), sent), 422, "invalid")
    assert all(field.code in told["detail"] for field in CATALOGUE.part("hosting").fields)


def test_a_benefit_of_another_system_is_none(program, system, outsider, other_system):
    hidden = add_part(system=other_system, part="benefits", answers=BENEFIT, by=outsider)
    sent = {"benefit": str(hidden.uuid), "year": 2025, "value": 1}
    told = refused(program.post(rows_at(system, "measures"), {"answers": sent}), 422, "invalid")
    assert told["errors"][0]["field"] == "answers.benefit"


def test_one_measure_a_year(program, benefit):
    sent = {"answers": {"benefit": str(benefit.uuid), "year": 2025, "value": 1}}
    assert program.post(rows_at(benefit.system, "measures"), sent).status_code == 201
    told = refused(program.post(rows_at(benefit.system, "measures"), sent), 422, "invalid")
    assert told["errors"][0]["field"] == "year"


def test_there_are_only_so_many_rows(program, site, monkeypatch):
    monkeypatch.setattr(services, "MOST_ROWS", 1)
    refused(program.post(rows_at(site.system), {"answers": SITE}), 409, "not-now")


def test_hostile_texts_come_back_as_data(program, system):
    hostile = '=cmd|"/c calc"!A1 <script>alert(1)</script> {{ x }} \U0001f9ff'
    sent = {**SITE, "name_fr": hostile, "operator": hostile}
    answer = program.post(rows_at(system), {"answers": sent})
    assert answer.status_code == 201 and answer.headers["Content-Type"] == "application/json"
    assert answer.json()["answers"]["operator"] == hostile


# --- Once -----------------------------------------------------------------------------------------------------------
def test_a_key_sent_twice_adds_one_row(program, system):
    first = program.post(rows_at(system), {"answers": SITE}, Idempotency_Key="lot-1")
    again = program.post(rows_at(system), {"answers": SITE}, Idempotency_Key="lot-1")
    assert (first.status_code, again.status_code) == (201, 201) and first.json() == again.json()
    refused(
        program.post(rows_at(system), {"answers": {**SITE, "name_fr": "x"}}, Idempotency_Key="lot-1"), 422, "key-reused"
    )
    assert HostingSite.objects.count() == 1


def test_a_key_whose_row_was_removed_since_is_told(program, system):
    program.post(rows_at(system), {"answers": SITE}, Idempotency_Key="lot-1")
    assert program.send("DELETE", row_at(HostingSite.objects.get()), If_Match="*").status_code == 204
    refused(program.post(rows_at(system), {"answers": SITE}, Idempotency_Key="lot-1"), 409, "not-now")


# --- Change ---------------------------------------------------------------------------------------------------------
def test_the_answers_that_are_sent_change_alone(program, site, editor):
    answer = program.patch(row_at(site), {"place_fr": "Lévis"}, If_Match='"1"')
    site.refresh_from_db()
    assert answer.status_code == 200 and version_of(answer) == '"2"' and site.version == 2
    assert (site.place_fr, site.name_fr, site.updated_by) == ("Lévis", "Base de données", editor)
    assert AISystem.objects.get().version == 3


def test_nothing_sent_changes_nothing(program, site):
    assert version_of(program.patch(row_at(site), {}, If_Match="*")) == '"1"'


def test_the_same_change_twice_changes_once(program, site, benefit):
    for _each in range(2):
        answer = program.patch(row_at(site), {"place_fr": " Lévis "}, If_Match='"1"')
        assert answer.status_code == 200 and version_of(answer) == '"2"'
        answer = program.patch(row_at(benefit, "benefits"), {"baseline": 3.5, "target": None}, If_Match='"1"')
        assert answer.status_code == 200 and version_of(answer) == '"2"'


def test_a_change_says_its_version(program, site):
    refused(program.patch(row_at(site), {"place_fr": "x"}), 428, "condition-needed")
    refused(program.patch(row_at(site), {"place_fr": "x"}, If_Match="1"), 400, "malformed")
    refused(program.send("DELETE", row_at(site)), 428, "condition-needed")


def test_what_a_row_cannot_do_without_stays(program, site):
    for given in ("", None):
        told = refused(program.patch(row_at(site), {"place_fr": given}, If_Match="*"), 422, "invalid")
        assert told["errors"][0]["field"] == "answers.place_fr"


def test_a_stale_change_shows_both_values_and_writes_nothing(program, site, editor):
    save_part(row=site, part="hosting", answers={"place_fr": "Lévis"}, version=1, by=editor)
    sent = {"place_fr": "Gatineau", "operator": "Un hébergeur"}
    told = refused(program.patch(row_at(site), sent, If_Match='"1"'), 412, "stale")
    conflicts = {one["field"]: (one["stored"], one["sent"]) for one in told["conflicts"]}
    assert conflicts == {"place_fr": ("Lévis", "Gatineau"), "operator": ("", "Un hébergeur")}
    site.refresh_from_db()
    assert (site.place_fr, site.operator) == ("Lévis", "")
    assert program.patch(row_at(site), sent, If_Match=told["current"]).status_code == 200


def test_a_conflict_tells_a_row_a_number_and_a_day_as_they_are_sent(program, benefit, editor):
    other = add_part(system=benefit.system, part="benefits", answers={**BENEFIT, "name_fr": "Coût"}, by=editor)
    typed = {"benefit": benefit, "year": 2025, "value": Decimal("1.5")}
    measure = add_part(system=benefit.system, part="measures", answers=typed, by=editor)
    save_part(row=measure, part="measures", answers={"note_fr": "x"}, version=1, by=editor)
    sent = {"benefit": str(other.uuid), "value": 2.5}
    told = refused(program.patch(row_at(measure, "measures"), sent, If_Match='"1"'), 412, "stale")
    conflicts = {one["field"]: (one["stored"], one["sent"]) for one in told["conflicts"]}
    assert conflicts == {"benefit": (str(benefit.uuid), str(other.uuid)), "value": (1.5, 2.5)}
    save_part(row=benefit, part="benefits", answers={"target_on": date(2027, 1, 1)}, version=1, by=editor)
    told = refused(
        program.patch(row_at(benefit, "benefits"), {"target_on": "2028-01-01"}, If_Match='"1"'), 412, "stale"
    )
    assert (told["conflicts"][0]["stored"], told["conflicts"][0]["sent"]) == ("2027-01-01", "2028-01-01")


# --- Remove ---------------------------------------------------------------------------------------------------------
def test_a_row_is_removed_and_the_ledger_says_it(program, site):
    answer = program.send("DELETE", row_at(site), If_Match='"1"')
    assert (answer.status_code, answer.content) == (204, b"")
    assert not HostingSite.objects.exists() and AuditEvent.objects.filter(verb="remove_part").exists()
    refused(program.get(row_at(site)), 404, "not-found")
    refused(program.send("DELETE", row_at(site), If_Match="*"), 404, "not-found")


def test_a_row_that_somebody_changed_is_not_removed(program, site, editor):
    save_part(row=site, part="hosting", answers={"place_fr": "Lévis"}, version=1, by=editor)
    assert refused(program.send("DELETE", row_at(site), If_Match='"1"'), 412, "stale")["current"] == '"2"'
    assert HostingSite.objects.exists()


def test_a_row_removed_meanwhile_is_told(site, editor):
    HostingSite.objects.all().delete()
    with pytest.raises(NotPossibleNow):
        save_row_version(row=site, part="hosting", answers={"place_fr": "Lévis"}, version=1, by=editor)


def test_a_record_that_was_put_away_is_read_no_longer_written(program, site, editor):
    away = {"put_away_at": clock.now(), "put_away_by": editor, "put_away_reason": "Déclaré deux fois"}
    AISystem.objects.update(**away)
    assert program.get(rows_at(site.system)).json()["count"] == 1
    refused(program.post(rows_at(site.system), {"answers": SITE}), 409, "not-now")
    refused(program.patch(row_at(site), {"place_fr": "Lévis"}, If_Match="*"), 409, "not-now")
    refused(program.send("DELETE", row_at(site), If_Match="*"), 409, "not-now")


def test_the_history_names_the_person_and_the_token(program, system, as_user, editor):
    program.post(rows_at(system), {"answers": SITE})
    page = as_user(editor).get(f"/fr/espace/systemes/{system.uuid}/historique/").content.decode()
    assert str(editor) in page and "Base de données" in page
