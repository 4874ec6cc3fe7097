"""The drafts of a file are declared together, in parts, and one that the database refuses stays a draft."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from core.models import AuditEvent
from core.services import NotPossibleNow
from organizations.models import User
from registry.models import AISystem, ImportRun, Publication
from registry.services.imports import continue_entering, enter_imported, entry_forecast, inventory_entry
from registry.workflow import RunState
from tests.registry.imports.builders import inventory

pytestmark = pytest.mark.django_db
HandIn = Callable[..., ImportRun]
RunJobs = Callable[[], int]
WHOLE = {
    "summary_fr": "Classe les demandes.",
    "need_fr": "Trop de demandes.",
    "unit_fr": "Direction",
    "contact_email": "ia@organisme.example",
    "affected": ["service_users"],
    "autonomy": "recommends",
    "personal_information": "no",
    "category": "automation",
    "benefit_fr": "Plus vite.",
    "origin": "own",
}


@pytest.fixture
def five(hand_in: HandIn) -> ImportRun:
    """Five drafts, four of which are complete."""
    run = hand_in(inventory(*[(f"Système {number}", "Eau", "Idée") for number in range(5)]), start=True)
    AISystem.objects.exclude(name_fr="Système 4").update(**WHOLE)
    return run


def statuses() -> dict[str, str]:
    return dict(AISystem.objects.order_by("name_fr").values_list("name_fr", "status"))


def test_the_complete_ones_enter_and_the_others_wait(five: ImportRun, editor: User) -> None:
    forecast = entry_forecast(five)
    assert (forecast.complete, forecast.incomplete) == (4, 1)
    run = enter_imported(run=five, publishes=True, by=editor)
    assert run.mapping["entry"]["entered"] == 4 and run.mapping["entry"]["is_done"]
    assert statuses()["Système 4"] == "draft" and list(statuses().values()).count("declared") == 4
    assert Publication.objects.count() == 4
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"enter_import", "declare", "publish", "finish_entering"} <= verbs
    with pytest.raises(NotPossibleNow):
        enter_imported(run=run, publishes=True, by=editor)


def test_nothing_is_published_unless_somebody_said_so(five: ImportRun, editor: User) -> None:
    enter_imported(run=five, publishes=False, by=editor)
    assert not Publication.objects.exists()


def test_many_are_a_job_in_parts_and_a_part_run_again_changes_nothing(
    five: ImportRun, editor: User, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inventory_entry, "AT_ONCE", 0)
    monkeypatch.setattr(inventory_entry, "PART", 3)
    run = enter_imported(run=five, publishes=True, by=editor)
    assert not run.mapping["entry"]["is_done"]
    run_jobs()
    run.refresh_from_db()
    assert run.mapping["entry"]["entered"] == 4 and run.mapping["entry"]["is_done"]
    continue_entering(run_key=run.pk, after=0, token=run.mapping["entry"]["token"])
    assert Publication.objects.count() == 4


def test_one_that_the_database_refuses_costs_its_neighbours_nothing(five: ImportRun, editor: User) -> None:
    from django.db import connection

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE registry_publication ADD CONSTRAINT refused_here"
            " CHECK (document->'system'->'name'->>'fr' <> 'Système 2')"
        )
    run = enter_imported(run=five, publishes=True, by=editor)
    assert (run.mapping["entry"]["entered"], run.mapping["entry"]["refused"]) == (3, 1)
    assert statuses()["Système 2"] == "draft"
    assert Publication.objects.count() == 3


def test_the_page_says_how_many_before(five: ImportRun, editor: User, as_user: Callable[[User], Client]) -> None:
    client = as_user(editor)
    address = reverse("registry:import_entry", args=[five.uuid])
    assert five.state == RunState.DONE
    page = client.get(address).content.decode()
    assert "4 brouillons de ce fichier" in page and "1 brouillon attend" in page
    answer = client.post(address, {"publishes": "yes"}, follow=True)
    assert "4 systèmes déclarés." in answer.content.decode()
