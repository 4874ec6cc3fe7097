"""Assessments at two sizes: fifty written by the program, then fifty thousand copied from them inside the database."""

from datetime import date
from typing import Any

from django.db import connection, transaction

from assessments.models import Answer, Assessment
from assessments.questionnaires import DEPTHS
from assessments.services.beginning import begin_assessment
from assessments.services.saving import save_answers
from assessments.services.versions import sync_questionnaires
from assessments.workflow import EFVP
from bench.content import JOB, MOMENT, PLACES, THINGS, VERBS, _system
from bench.pages import use
from bench.plant import Plant
from bench.published import _copy
from organizations.models import Membership, Organization, User
from organizations.workflow import Role
from registry.models import AISystem

INDEXES = (
    "SELECT indexdef FROM pg_indexes WHERE tablename IN ('assessments_answer', 'assessments_answerevent')"
    " AND indexdef NOT LIKE '%UNIQUE%'"
)
FEW, MANY = 50, 50_000
ANSWERS = 20
DATABASES = {FEW: "vigie_assessed_few", MANY: "vigie_assessed_many"}
READER = "lecture@centre.example"
TOLD = "Les {1} des {2} passent par un outil de {0}, que deux personnes relisent chaque jour avant d'agir. "
NOTICE = ("body", "purposes", "means", "rights", "third_parties")
RISKS = ("unauthorized_access", "loss", "wrong_decision", "discrimination", "foreign_access", "other_use")
MEASURES = ("named_owner", "written_rules", "incident_procedure")


def fill(plant: Plant, keeper: User) -> None:
    """Two databases beside that of the other measures, which holds bodies and no system yet."""
    connection.close()
    plant.sql(f"CREATE DATABASE {DATABASES[FEW]} TEMPLATE vigie", database="postgres")
    with use(DATABASES[FEW]):
        _fill_few(keeper)
    plant.sql(f"CREATE DATABASE {DATABASES[MANY]} TEMPLATE {DATABASES[FEW]}", database="postgres")
    _grow(plant)
    for database in DATABASES.values():
        plant.sql("VACUUM ANALYZE", database=database)


def _grow(plant: Plant) -> None:
    """The indexes that forbid nothing are made anew afterwards: it is quicker."""
    database = DATABASES[MANY]
    indexes = plant.sql(INDEXES, database=database).splitlines()
    for line in indexes:
        plant.sql(f"DROP INDEX {line.split()[2]}", database=database)
    plant.sql("; ".join(_statements()), database=database)
    for line in indexes:
        plant.sql(line, database=database)


def bodies() -> list[Organization]:
    return list(Organization.objects.filter(parent__isnull=False).order_by("pk"))


@transaction.atomic
def person(email: str, among: list[Organization]) -> User:
    """Somebody who writes in the assessments of these bodies."""
    made = User.objects.create_user(email, None, name="Personne qui évalue")
    Membership.objects.bulk_create(
        Membership(
            user=made,
            organization=body,
            role=Role.CONTRIBUTOR,
            starts_on=date(2026, 1, 1),
            given_at=MOMENT,
            given_by_ref="bench",
        )
        for body in among
    )
    return made


def _fill_few(keeper: User) -> None:
    sync_questionnaires(by=JOB)
    among = bodies()
    reader = person(READER, among)
    systems = AISystem.objects.bulk_create(_system(one, among[one % len(among)], keeper) for one in range(FEW))
    for number, system in enumerate(systems):
        assessment = begin_assessment(system=system, instrument=EFVP, by=reader)
        # Everything is asked: the pages are the longest, the recount the slowest.
        assessment.depth = DEPTHS[-1]
        assessment.save(update_fields=["depth"])
        leaves = _leaves(number, assessment)
        save_answers(assessment=assessment, leaves=leaves, version=assessment.version, by=reader)
    if Answer.objects.count() != FEW * ANSWERS:
        raise RuntimeError(f"{Answer.objects.count()} answers")


def _leaves(number: int, assessment: Assessment) -> dict[str, Any]:
    """Twenty answers: texts, choices, rows, checklists, risks with their degrees."""
    told = TOLD.format(VERBS[number % 8].lower(), THINGS[number % 9], PLACES[number // 9 % 9])
    texts = ("project_summary", "purposes", "collection_authority", "access_to_information", "correction", "complaints")
    more = ("limits", "monitoring", "retention_period", "public_summary")
    found: dict[str, Any] = {name: (told * (2 + number % 5))[:600] for name in (*texts, *more)}
    found |= {
        "project_name": f"Évaluation {number}",
        "sensitivity": ("ordinary", "private", "sensitive", "very_sensitive")[number % 4],
        "quantity": ("under_100", "under_10000", "over_100000")[number % 3],
        "techniques": ["machine_learning", "generative"][: 1 + number % 2],
        "privacy_policy.choice": "planned",
        "next_review.date": "2027-01-15",
        "information_inventory.r0001abcd.information": f"Nom et numéro des {THINGS[number % 9]}",
        "information_inventory.r0001abcd.why_needed": told,
    }
    found |= {f"collection_notice.{line}.state": "yes" for line in NOTICE}
    found |= {f"collection_notice.{line}.proof": told for line in NOTICE}
    found |= {f"measures.{code}.state": "planned" for code in MEASURES}
    for place, risk in enumerate(RISKS):
        degree = str(1 + (number + place) % 4)
        found |= {f"risk_ratings.{risk}.applies": "yes", f"risk_ratings.{risk}.reason": told}
        found |= {f"risk_ratings.{risk}.{each}_severity": degree for each in ("before", "residual")}
        found |= {f"risk_ratings.{risk}.{each}_likelihood": degree for each in ("before", "residual")}
    return found


def _statements() -> list[str]:
    """Each answer with its row of history as the trigger makes it, written at once: row by row it takes minutes. In the
    order of a life: the first answers of all the assessments, then the second ones…
    """
    number = "1000000 + n"
    moment = "one.updated_at + mod(n * 7919, 50000) * interval '1 minute'"
    system = {"id": number, "uuid": "gen_random_uuid()", "reference": "'QC-COPIE-' || n"}
    assessment = {"id": number, "uuid": "gen_random_uuid()", "system_id": number, "updated_at": moment}
    answer = {"id": "nextval('assessments_answer_id_seq')", "assessment_id": number, "updated_at": moment}
    numbers = f"generate_series({FEW + 1}, {MANY}) AS n"
    place = "dense_rank() OVER (ORDER BY {}) - 1 AS place"
    return [
        "BEGIN",
        f"CREATE TEMP TABLE first_system ON COMMIT DROP AS SELECT {place.format('id')}, * FROM registry_aisystem",
        f"CREATE TEMP TABLE first_assessment ON COMMIT DROP AS SELECT {place.format('id')}, *"
        " FROM assessments_assessment",
        f"CREATE TEMP TABLE first_answer ON COMMIT DROP AS SELECT {place.format('assessment_id')}, *"
        " FROM assessments_answer",
        "ANALYZE first_system, first_assessment, first_answer",
        "SET LOCAL session_replication_role = replica",
        # A million answers are put in order in memory.
        "SET LOCAL work_mem = '1GB'",
        _copy(AISystem, system, "first_system", numbers, FEW),
        _copy(Assessment, assessment, "first_assessment", numbers, FEW),
        _copy(Answer, answer, "first_answer", numbers, FEW) + " ORDER BY one.question, mod(n * 7919, 50000)",
        *(_history(model) for model in (Assessment, Answer)),
        "COMMIT",
    ]


def _history(model: Any) -> str:
    table, event = model._meta.db_table, model.pgh_event_models["insert"]._meta
    kept = [field.column for field in event.concrete_fields if not field.name.startswith("pgh_")]
    names = ", ".join(f'"{column}"' for column in kept)
    first = "id" if model is Assessment else "assessment_id"
    return (
        f"INSERT INTO {event.db_table} (pgh_created_at, pgh_label, pgh_obj_id, {names})"
        f" SELECT updated_at, 'insert', id, {names} FROM {table} WHERE {first} > 1000000"
    )
