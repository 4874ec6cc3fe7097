"""The demonstration is plainly fictional, covers every case, and would pass the product's own rules."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import yaml
from django.utils import translation

from config.demonstration.load import load_demonstration
from core import clock
from core.models import AuditEvent
from organizations.models import User
from registry.field_catalogue import CATALOGUE
from registry.models import Publication, PublicationRequest, PublicRecord
from registry.models.parts import PART_MODELS
from registry.public.coverage import coverage
from registry.rules.attention import departs_from_principle_4, departure_is_answered, progress
from registry.rules.coverage import Coverage
from registry.rules.scope import evaluate
from registry.rules.sheet import missing_sheet_answers
from registry.services.todo import waiting_for
from review.workflow import CaseState

FOLDER = Path(__file__).resolve().parents[1] / "config" / "demonstration"
WRITTEN_ON = date(2026, 11, 22)

KINDS = {"central", "ministry", "agency", "municipality", "health", "education"}
REGIMES = {"lggri", "municipal", "health", "statistics", "official_source", "education"}
ROLES = {
    "reader", "contributor", "system_owner", "privacy_officer", "ai_lead", "security_officer", "legal_adviser",
    "data_steward", "deciding_authority", "committee_member", "committee_chair", "committee_secretary",
    "organization_admin", "central_agency", "auditor", "platform_admin",
}  # fmt: skip
MAY_PUBLISH = {"system_owner", "ai_lead"}
MAY_APPROVE = {"privacy_officer", "ai_lead", "deciding_authority"}
NOT_STARTED = {"idea", "development", "experiment"}
MAY_BE_TO_COME = {"planned_on", "review_due_on", "target_on"}
# What a record shows when it is whole, and the rows that tell how it went.
WIDENED = {
    "alternative_fr", "keywords_fr", "life_events", "users", "territory", "decision_role_fr", "technique", "outputs_fr",
    "risks_fr", "mitigation_fr", "cost_planned", "procurement", "strategy_objectives", "review_due_on", "website_url",
}  # fmt: skip


def rows_of(system):
    """(part, row) of a system, those of its revision included."""
    for parts in (system.get("parts", {}), system.get("revision", {}).get("parts", {})):
        yield from ((part, row) for part, rows in parts.items() for row in rows)


def codes_of(system, code):
    value = system["fields"].get(code) or []
    return [value] if isinstance(value, str) else value


def read(name):
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


BODIES = {body["sigle"]: body for body in read("organizations")["organizations"]}
SUCCESSIONS = read("organizations")["successions"]
ATTESTATIONS = read("organizations")["attestations"]
PEOPLE = {person["login"]: person for person in read("people")["people"]}
SYSTEMS = {system["key"]: system for system in read("systems")["systems"]}
SOLUTIONS = {solution["key"]: solution for solution in read("solutions")["solutions"]}
REPORTS = read("citizens")["error_reports"]
SCOPE_ANSWERS = read("citizens")["scope_answers"]

every_body = pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
every_system = pytest.mark.parametrize("system", SYSTEMS.values(), ids=SYSTEMS)


# ------------------------------------------------------------------ bodies


def test_nine_bodies_make_one_tree_under_a_central_agency():
    assert len(BODIES) == 9
    roots = [body for body in BODIES.values() if body["parent"] is None]
    assert [root["kind"] for root in roots] == ["central"]
    for body in BODIES.values():
        seen = []
        while body["parent"]:
            assert body["sigle"] not in seen
            seen.append(body["sigle"])
            body = BODIES[body["parent"]]
        assert body is roots[0]


def test_bodies_differ_by_kind_regime_size_and_second_look():
    assert {body["kind"] for body in BODIES.values()} == KINDS
    assert {regime for body in BODIES.values() for regime in body["regimes"]} == REGIMES
    assert {body["second_look"] for body in BODIES.values()} == {"required", "recommended", "impossible"}
    sizes = sorted(body["employees"] for body in BODIES.values())
    assert sizes[0] == 12
    assert any(70 <= size <= 90 for size in sizes)
    assert sizes[-1] > 5000
    small = next(body for body in BODIES.values() if body["employees"] == 12)
    assert small["second_look"] == "impossible"
    assert small["second_look_reason_fr"]
    assert [body["sigle"] for body in BODIES.values() if body["publishes_in_english"]] == ["OST"]


@every_body
def test_a_body_is_fictional_and_can_be_reached(body):
    assert re.fullmatch(r"[A-Z][A-Z0-9]{1,11}", body["sigle"])
    assert body["domain"].endswith(".demo.example")
    assert body["contact_email"].endswith("@" + body["domain"])
    assert body["website"] == f"https://www.{body['domain']}/"
    assert re.fullmatch(r"\d{3} 555-01\d\d", body["contact_phone"])
    assert re.search(r"\(Québec\) Z\d[A-Z] \d[A-Z]\d$", body["postal_address"]), "no real postal code begins with Z"
    assert ("name_en" in body) == body["publishes_in_english"]
    assert body["is_committee_exempt"] == ("municipal" in body["regimes"] and body["employees"] <= 50)


def test_an_old_name_was_renamed_and_another_merged():
    assert {succession["kind"] for succession in SUCCESSIONS} == {"renamed", "merged"}
    for succession in SUCCESSIONS:
        assert succession["former_sigle"] not in BODIES
        assert succession["successor"] in BODIES
        assert succession["effective_on"] < WRITTEN_ON


# ------------------------------------------------------------------ people


def test_people_hold_every_role_and_are_functions():
    assert {role for person in PEOPLE.values() for role in person["roles"]} == ROLES
    for login, person in PEOPLE.items():
        body = BODIES[person["organization"]]
        assert login.endswith("@" + body["domain"])
        assert login == login.lower()
        assert person["name_fr"].endswith("(démonstration)")
        assert set(person) <= {"login", "name_fr", "organization", "roles", "language", "shown", "try_fr"}
        assert person.get("shown", False) == ("try_fr" in person)


@every_body
def test_a_body_has_someone_to_run_it_publish_and_protect(body):
    roles = Counter(
        role for person in PEOPLE.values() if person["organization"] == body["sigle"] for role in person["roles"]
    )
    assert roles["organization_admin"]
    assert roles["privacy_officer"]
    assert roles.keys() & MAY_PUBLISH


def test_in_the_small_body_one_person_holds_many_functions():
    assert max(len(person["roles"]) for person in PEOPLE.values() if person["organization"] == "RIE") >= 4


# ----------------------------------------------------------------- systems


def test_twenty_six_systems_show_every_case():
    assert len(SYSTEMS) == 26
    without = set(BODIES) - {system["organization"] for system in SYSTEMS.values()}
    assert without == {"MSN", "CSSTC"}, "one attests that it uses no AI, the other is silent"
    assert [row["organization"] for row in ATTESTATIONS] == ["MSN"]
    for code in ("phase", "category", "autonomy", "personal_information", "origin"):
        shown = {system["fields"].get(code) for system in SYSTEMS.values()} - {None}
        assert shown == {choice.code for choice in CATALOGUE.field(code).choices}, code
    affected = {code for system in SYSTEMS.values() for code in system["fields"].get("affected", [])}
    assert affected == {choice.code for choice in CATALOGUE.field("affected").choices}
    states = Counter((system["status"], system["publish"]) for system in SYSTEMS.values())
    assert states[("draft", "nothing")] >= 3
    assert states[("declared", "nothing")] >= 1
    assert states[("declared", "line")] >= 2
    assert states[("declared", "sheet")] >= 12
    tags = Counter(tag for system in SYSTEMS.values() for tag in system.get("tags", []))
    assert tags["without_ai"] == 1
    assert tags["decides_alone"] == sum(system["fields"].get("autonomy") == "alone" for system in SYSTEMS.values())


def test_names_are_all_different():
    names = [system["fields"]["name_fr"] for system in SYSTEMS.values()]
    assert len(set(names)) == len(names)


def check_answer(field, value):
    if field.choices:
        for choice in [value] if field.kind == "choice" else value:
            field.choice(choice)
    elif field.kind == "date":
        assert isinstance(value, date)
        assert value < WRITTEN_ON or field.code in MAY_BE_TO_COME
    elif field.kind in {"integer", "decimal", "year"}:
        assert isinstance(value, int | float)
        assert value >= 0
    else:
        assert isinstance(value, str)
        assert value.strip() == value
        assert not field.max_length or len(value) <= field.max_length, field.code
        assert field.kind != "url" or re.fullmatch(r"https://[a-z.-]+\.demo\.example/\S*", value)


@every_system
def test_a_system_uses_fields_codes_and_lengths_of_the_catalogue(system):
    for code, value in [*system["fields"].items(), *system.get("revision", {}).get("fields", {}).items()]:
        check_answer(CATALOGUE.field(code), value)
    for code, alone in (("affected", "nobody"), ("life_events", "none"), ("sensitive_information", "none")):
        chosen = system["fields"].get(code, [])
        assert alone not in chosen or len(chosen) == 1


@every_system
def test_the_rows_of_a_system_are_whole_and_use_the_catalogue(system):
    benefits = [row["name_fr"] for part, row in rows_of(system) if part == "benefits"]
    measured = [(row["benefit"], row["year"]) for part, row in rows_of(system) if part == "measures"]
    assert {name for name, _ in measured} <= set(benefits)
    assert len(set(measured)) == len(measured)
    assert len(set(benefits)) == len(benefits)
    for part, row in rows_of(system):
        shape = CATALOGUE.part(part)
        assert {field.code for field in shape.fields if "row" in field.mandatory_for} <= set(row)
        for code, value in row.items():
            if code != "replaces":
                check_answer(shape.field(code), value)
    for row in system.get("revision", {}).get("parts", {}).get("hosting", []):
        assert row["replaces"] in [former["name_fr"] for former in system["parts"]["hosting"]]


def test_facets_have_something_to_show():
    shown = [system for system in SYSTEMS.values() if system["publish"] == "sheet"]
    for code, most in (("life_events", 0), ("territory", 0), ("technique", 3), ("volume", 0), ("users", 0)):
        given = {value for system in shown for value in codes_of(system, code)}
        absent = {choice.code for choice in CATALOGUE.field(code).choices} - given
        assert len(absent) <= most, (code, absent)


def test_twelve_records_and_more_are_whole():
    widened = [system for system in SYSTEMS.values() if set(system["fields"]) >= WIDENED]
    assert len(widened) >= 12
    for system in widened:
        missing = [
            field.code
            for part in progress(system["fields"], filled={code for code, _row in rows_of(system)})
            for field in part.missing
        ]
        assert not missing, (system["key"], missing)


def test_every_kind_of_row_occurs_and_eight_systems_have_several():
    assert {part for system in SYSTEMS.values() for part, _ in rows_of(system)} == set(PART_MODELS)
    assert sum(len({part for part, _ in rows_of(system)}) >= 2 for system in SYSTEMS.values()) >= 8
    events = [row for system in SYSTEMS.values() for part, row in rows_of(system) if part == "adverse_events"]
    assert all(row["public_summary_fr"] for row in events)
    assert {row["was_stopped"] for row in events} == {"yes", "no"}


def test_one_system_decides_alone_about_rights_and_answers_for_it():
    departing = [system for system in SYSTEMS.values() if departs_from_principle_4(system["fields"])]
    assert len(departing) == 1
    assert departure_is_answered(departing[0]["fields"])
    told = {code for system in SYSTEMS.values() for code in system["fields"] if code.startswith("departure_")}
    assert told == {code for code in departing[0]["fields"] if code.startswith("departure_")}


def test_one_system_is_without_ai_and_a_retired_one_leaves_a_lesson():
    without = [system for system in SYSTEMS.values() if system["fields"].get("is_ai") == "no"]
    assert [(system["fields"]["technique"], system["tags"][0]) for system in without] == [(["rules"], "without_ai")]
    retired = [system["fields"] for system in SYSTEMS.values() if system["fields"]["phase"] == "retired"]
    assert retired
    assert all(fields["lesson_fr"] and fields["ended_on"] > fields["started_on"] for fields in retired)


def test_a_years_change_measures_the_benefit_again_and_names_a_new_host():
    changes = [system["revision"]["parts"] for system in SYSTEMS.values() if system.get("revision", {}).get("parts")]
    assert any({"measures", "hosting"} <= set(parts) for parts in changes)


@every_system
def test_a_system_is_as_complete_as_its_state_says(system):
    body = BODIES[system["organization"]]
    given = {code for code, value in system["fields"].items() if value}
    mandatory = {field.code for field in CATALOGUE.mandatory("declaration")}
    if system["status"] == "draft":
        assert mandatory - given, "a draft of the demonstration is unfinished on purpose"
    else:
        assert mandatory <= given
    missing = missing_sheet_answers(system["fields"], body)
    if system["publish"] == "sheet":
        assert not missing
    elif system["publish"] == "line":
        assert missing
    assert ("started_on" in given) == (system["fields"]["phase"] not in NOT_STARTED)


@every_system
def test_english_is_written_only_where_the_body_publishes_it(system):
    told = [(CATALOGUE, system["fields"]), *((CATALOGUE.part(part), row) for part, row in rows_of(system))]
    for shape, answers in told:
        fields = [shape.field(code) for code in answers if code != "replaces"]
        twins = {field.code for field in fields if field.twin_of}
        if not BODIES[system["organization"]]["publishes_in_english"]:
            assert not twins
        elif system["publish"] == "sheet":
            assert twins == {field.twin for field in fields if field.twin}


def test_the_claims_of_a_supplier_are_in_the_languages_of_the_body_that_notes_them():
    for solution in SOLUTIONS.values():
        is_bilingual = BODIES[solution["organization"]]["publishes_in_english"]
        assert all(("claim_en" in claim) == is_bilingual for claim in solution["claims"])


@every_system
def test_a_system_is_declared_and_approved_by_people_who_may(system):
    body = BODIES[system["organization"]]
    author = PEOPLE[system["by"]]
    assert author["organization"] == body["sigle"]
    assert MAY_PUBLISH & set(author["roles"])
    if approver := system.get("approved_by"):
        assert approver != system["by"]
        assert PEOPLE[approver]["organization"] == body["sigle"]
        assert MAY_APPROVE & set(PEOPLE[approver]["roles"])
        assert body["second_look"] != "impossible"
    elif system["publish"] != "nothing":
        assert body["second_look"] != "required"


@every_system
def test_a_system_is_reached_at_its_body(system):
    fields = {**system["fields"], **system.get("revision", {}).get("fields", {})}
    if "contact_email" in fields:
        assert fields["contact_email"].endswith("@" + BODIES[system["organization"]]["domain"])
    if "contact_phone" in fields:
        assert re.fullmatch(r"\d{3} 555-01\d\d", fields["contact_phone"])


@every_system
def test_a_system_is_told_in_plain_words(system):
    texts = [*system["fields"].items(), *(told for _, row in rows_of(system) for told in row.items())]
    for code, text in texts:
        if not code.endswith("_fr") or code == "keywords_fr":
            continue
        sentences = re.split(r"(?<=[.!?;:])\s+", text)
        assert all(len(sentence.split()) <= 32 for sentence in sentences), (code, max(sentences, key=len))
        if code == "summary_fr":
            assert text.endswith(".")
            assert len(re.findall(r"[.!?](?:\s|$)", re.sub("«.*?»", "", text))) == 1, "one sentence"


def test_revisions_are_of_published_sheets_major_and_minor_with_a_note():
    revised = [system for system in SYSTEMS.values() if "revision" in system]
    assert {system["revision"]["is_major"] for system in revised} == {True, False}
    for system in revised:
        assert system["publish"] == "sheet"
        assert system["revision"]["change_note_fr"]
        for code, value in system["revision"]["fields"].items():
            assert system["fields"][code] != value


# ---------------------------------------------------------------- citizens


def test_six_error_reports_are_on_published_sheets_some_answered_some_without_email():
    assert len(REPORTS) == 6
    assert any("answer_fr" in report for report in REPORTS)
    assert any("answer_fr" not in report for report in REPORTS)
    assert any(not report["email"] for report in REPORTS)
    for report in REPORTS:
        system = SYSTEMS[report["system"]]
        assert system["publish"] == "sheet"
        assert ("answer_fr" in report) == ("answered_by" in report)
        assert 20 <= len(report["message_fr"]) <= 2000
        if "answered_by" in report:
            person = PEOPLE[report["answered_by"]]
            assert person["organization"] == system["organization"]
            assert (MAY_PUBLISH | {"privacy_officer"}) & set(person["roles"])
        assert not report["email"] or report["email"].endswith(".demo.example")


def test_three_scope_answers_with_their_three_results():
    assert {answer["result"] for answer in SCOPE_ANSWERS} == {"yes", "no", "check"}
    for answer in SCOPE_ANSWERS:
        body = BODIES[PEOPLE[answer["by"]]["organization"]]
        assert evaluate(answer["answers"], regimes=body["regimes"]).verdict.code == answer["result"]


def test_no_real_address_anywhere():
    for path in FOLDER.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        domains = re.findall(r"@([\w.-]+\w)|https?://([\w.-]+\w)", text)
        assert all((mail or web).endswith(".demo.example") for mail, web in domains), path.name
        assert all(number.startswith("555-01") for number in re.findall(r"\b\d{3}-\d{4}\b", text)), path.name


def test_one_solution_serves_two_bodies_with_two_claims():
    (solution,) = SOLUTIONS.values()
    users = [system for system in SYSTEMS.values() if system.get("solution") == solution["key"]]
    assert len({system["organization"] for system in users}) == 2
    assert {system["publish"] for system in users} == {"sheet"} and len(solution["claims"]) == 2
    for part, rows in (("solution_facts", [solution["fields"]]), ("supplier_claims", solution["claims"])):
        for row in rows:
            shape = CATALOGUE.shared_part(part)
            assert {field.code for field in shape.fields if "row" in field.mandatory_for} <= set(row)
            for code, value in row.items():
                check_answer(shape.field(code), value)
    assert PEOPLE[solution["by"]]["organization"] == solution["organization"]


# ---------------------------------------------------------------- once loaded


@pytest.mark.slow
@pytest.mark.django_db
def test_once_loaded_facets_are_fed_and_the_two_years_differ():
    load_demonstration()
    records = PublicRecord.objects.all()
    shown = {code for record in records for code in record.life_events}
    assert shown == {choice.code for choice in CATALOGUE.field("life_events").choices}
    assert {code for record in records for code in record.territories} >= {"quebec_whole", "r01", "r16", "outside"}
    first, second = (
        version.document["details"]["parts"]
        for version in Publication.objects.filter(reference="DÉMO-MCT-0001").order_by("number")
    )
    assert [measure["year"] for measure in first["measures"]] == [2025]
    assert [(measure["year"], measure["value"]) for measure in second["measures"]] == [(2025, "71"), (2026, "78")]
    assert len(first["hosting"]) == len(second["hosting"]) == 1
    assert first["hosting"][0]["place"] != second["hosting"][0]["place"]
    details = {record.reference: record.publication.document["details"] for record in records}
    departing = [reference for reference, told in details.items() if told.get("departs_from_principle_4")]
    assert departing == ["DÉMO-MCT-0005"]
    added = sum(1 for system in SYSTEMS.values() for _, row in rows_of(system) if "replaces" not in row)
    assert AuditEvent.objects.filter(verb="add_part").count() == added, "each row was added by its person"


@pytest.mark.slow
@pytest.mark.django_db
def test_once_loaded_every_state_of_coverage_is_shown():
    load_demonstration()
    states = {row.body.facts.sigle: row.state for row in coverage()}
    assert set(states.values()) == set(Coverage)
    assert (states["MSN"], states["CSSTC"], states["BCNP"]) == (Coverage.NONE, Coverage.SILENT, Coverage.IN_PROGRESS)


@pytest.mark.slow
@pytest.mark.django_db
def test_once_loaded_the_shown_accounts_find_what_they_are_told_to_try():
    load_demonstration()
    reader = User.objects.get(email="rprp@chemins.demo.example")
    assert PublicationRequest.objects.filter(case__state=CaseState.SUBMITTED).count() == 1
    with translation.override("en"):
        assert any("second look" in item.what.lower() for item in waiting_for(reader)), "«Relire une fiche…»"
        keeper = User.objects.get(email="projet@chemins.demo.example")
        reviews = [item for item in waiting_for(keeper) if item.what == "Review the record"]
    assert [item.due_on < clock.civil_date(clock.now()) for item in reviews] == [True], "one is overdue"
