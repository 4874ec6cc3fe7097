"""Runs at every step, and a way to let the jobs run."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from core import clock, outbox
from core.models import Intent
from core.models.intent import IntentState
from organizations.models import Organization, User
from registry.models import ImportRun
from registry.services.imports import map_columns, order_inventory_import, start_inventory_import
from tests.registry.imports.builders import INVENTORY_COLUMNS, csv_of

HandIn = Callable[..., ImportRun]


@pytest.fixture
def hand_in(body: Organization, editor: User) -> HandIn:
    """An inventory handed in by the editor of `body`; `confirm` takes the proposed columns, `start` brings it in."""

    def order(content: bytes, *, confirm: bool = False, start: bool = False, **columns: Any) -> ImportRun:
        run = order_inventory_import(
            organization=body, content=content, file_name="inventaire.csv", by=editor, request_key=uuid4()
        )
        if confirm or start:
            run = map_columns(run=run, columns={**run.mapping["columns"], **columns}, by=editor)
        return start_inventory_import(run=run, by=editor) if start else run

    return order


@pytest.fixture
def run_jobs() -> Callable[[], int]:
    """Run what the outbox holds, and what that asks for, until nothing waits; how many jobs ran."""

    def run() -> int:
        done = 0
        while keys := list(
            Intent.objects.filter(state=IntentState.WAITING, due_at__lte=clock.now()).values_list("pk", flat=True)
        ):
            for key in keys:
                done += outbox.run(key)
        return done

    return run


@pytest.fixture
def three_rows() -> bytes:
    """Two sound rows and one without a name."""
    return csv_of(
        [
            {
                "Nom du projet": "Tri des permis",
                "Direction": "Permis",
                "Statut": "En production",
                "Courriel": "ia@m.example",
            },
            {"Nom du projet": "", "Direction": "Greffe", "Statut": "Idée", "Courriel": "ia@m.example"},
            {"Nom du projet": "Repérage des fuites", "Direction": "Eau", "Statut": "En rodage", "Courriel": ""},
        ],
        INVENTORY_COLUMNS,
    )
