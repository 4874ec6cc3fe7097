"""Registers of the United States and the Netherlands through the service: once, twice, later, and apart from ours."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.postgres.search import SearchQuery
from django.utils import translation

from core.audit import NamedJob
from registry.models import AISystem, ForeignSystem, ImportRow, PublicRecord
from registry.public.elsewhere.lists import find_elsewhere
from registry.services.imports import RegisterResult, UnreadableFile, import_register
from tests.registry.imports.builders import canada, csv_of
from tests.registry.registers import UNITED_STATES, daily, daily_file, full, json_of, united_states

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).resolve().parents[4] / "shared/data/registries"
NOTHING_NEW = {"created": 0, "updated": 0, "unchanged": 0, "rejected": 0}


def bring_in(register: str, content: bytes, **options: Any) -> RegisterResult:
    by = NamedJob("import_register")
    return import_register(register=register, content=content, file_name="registre", by=by, **options)


def whole_table() -> list[dict[str, Any]]:
    return list(ForeignSystem.objects.order_by("register", "source_id").values())


def american_edition() -> bytes:
    rows = [united_states(number) for number in range(1, 10)]
    rows[1] |= {"id": "34"}
    rows[2] |= {"id": "", "demographic_features": "['c) Age', 'gait']"}
    rows[3] |= {"id": rows[0]["id"], "benefits": "Others"}
    rows[4] |= {"use_case_name": ""}
    rows[5] |= {"operational_date": "FY25", "has_pii": "b) Yes"}
    return csv_of(rows, list(UNITED_STATES))


def dutch_edition() -> bytes:
    return daily_file(daily(1), daily(2, status="buiten_gebruik"), daily(3, title=""), "words", daily(5, doel="=1+1"))


@pytest.mark.parametrize(
    ("register", "edition", "counts", "reasons"),
    [
        (
            "us",
            american_edition,
            {"created": 7, "rejected": 2},
            [(5, "id", "duplicate_id"), (6, "use_case_name", "missing_name")],
        ),
        (
            "nl",
            dutch_edition,
            {"created": 2, "rejected": 3},
            [(3, "name", "missing_name"), (4, "", "not_a_record"), (5, "goal", "formula_cell")],
        ),
    ],
)
def test_what_comes_in_what_stays_out_and_nothing_the_second_time(
    register: str, edition: Callable[[], bytes], counts: dict[str, int], reasons: list[tuple[int, str, str]]
) -> None:
    first = bring_in(register, edition())
    assert first.counts == NOTHING_NEW | counts
    assert [(each["row"], each["field"], each["reason"]) for each in first.reasons] == reasons
    before = whole_table()
    second = bring_in(register, edition())
    assert whole_table() == before
    assert second.counts == NOTHING_NEW | {"unchanged": counts["created"], "rejected": counts["rejected"]}
    assert (second.reasons, second.recodings) == (first.reasons, first.recodings)


def test_each_record_names_its_source_and_its_licence() -> None:
    bring_in("us", american_edition())
    bring_in("nl", dutch_edition())
    found = {row.register: row.document for row in ForeignSystem.objects.order_by("-pk")}
    assert (found["us"]["licence"], found["nl"]["licence"]) == ("US-Government-Work", "CC0-1.0")
    assert all(document["source"]["attribution"]["fr"] for document in found.values())
    assert found["us"]["url"].startswith("https://github.com/ombegov/")
    assert found["nl"]["url"] == "https://algoritmes.example/nl/algoritme/10000001"
    assert not AISystem.objects.exists() and not PublicRecord.objects.exists()


def test_registers_do_not_meet() -> None:
    """The same identifier in two registers is two records."""
    bring_in("ca", csv_of([canada(1, ai_register_id="10000001")]))
    bring_in("nl", daily_file(daily(1)))
    bring_in("us", csv_of([united_states(id="A10000001")], list(UNITED_STATES)))
    assert ForeignSystem.objects.count() == 3
    assert bring_in("nl", daily_file(daily(1, status="ontwikkeling"))).counts == NOTHING_NEW | {"updated": 1}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("words", ["Moeraswacht", "vogels", "Gemeente Rietland", "moeraswacht vogels", "10000001"])
def test_dutch_words_are_found_from_a_page_in_either_language(language: str, words: str) -> None:
    bring_in("nl", daily_file(daily(1)))
    with translation.override(language):
        assert find_elsewhere(words).paginator.count == 1
    assert ForeignSystem.objects.get().sort_key == "moeraswacht"
    code = SearchQuery("nl", config=f"vigie_{language}", search_type="websearch")
    assert not ForeignSystem.objects.filter(**{f"search_{language}": code}).exists(), "a language is no word"


def test_a_shorter_file_after_a_fuller_one_erases_nothing() -> None:
    bring_in("nl", json_of([full(1)]))
    before = ForeignSystem.objects.get().document
    result = bring_in("nl", daily_file({**daily(1), "doel": "Telt kikkers."}))
    after = ForeignSystem.objects.get().document
    assert result.counts == NOTHING_NEW | {"updated": 1}
    assert after["texts"] == before["texts"] | {
        "purpose": {"original": "Telt kikkers.", "lang": "nl"},
        "legal_basis": {"original": "Omgevingswet", "lang": "nl"},
    }
    assert (after["vendor"], after["lists"]) == (before["vendor"], before["lists"])
    assert after["dates"] == before["dates"] | {"registered": "2026-04-07"}
    assert after["codes"] == before["codes"] | {"impact_assessment": "yes"}
    assert after["url"] == "https://algoritmes.example/nl/algoritme/10000001"
    # And the fuller one again keeps what only the daily file said.
    bring_in("nl", json_of([full(1)]))
    assert ForeignSystem.objects.get().document["url"] == after["url"]


@pytest.mark.parametrize(
    "column", ["operational_date", "demographic_features", "is_high_impact", "pia_url", "benefits"]
)
def test_a_column_that_is_absent_erases_nothing(column: str) -> None:
    row = united_states(1, operational_date="FY25", demographic_features="['c) Age', 'gait']")
    bring_in("us", csv_of([row], list(UNITED_STATES)))
    before = whole_table()
    kept = [each for each in UNITED_STATES if each != column]
    assert bring_in("us", csv_of([row], kept)).counts == NOTHING_NEW | {"unchanged": 1}
    assert whole_table() == before


@pytest.mark.parametrize("content", [b'[{"a": 1}', b"[1, 2]", b"{}", b'[{"a": 1}]', b"[" * 200_000])
def test_a_wrong_json_is_one_refusal(content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        bring_in("nl", content)
    assert not ForeignSystem.objects.exists()


def test_cells_of_a_rejected_record_can_be_read_again() -> None:
    bring_in("nl", json_of([full(1), full(2, name="", category=["Werk", "Toerisme"])]))
    kept = ImportRow.objects.get()
    assert (kept.number, json.loads(kept.cells["category"])) == (2, ["Werk", "Toerisme"])


@pytest.mark.slow
@pytest.mark.skipif(not FOLDER.exists(), reason="../shared is absent")
@pytest.mark.parametrize(
    ("register", "file", "counts"),
    [
        ("us", "us/2025_individually_reported_AI_use_cases.csv", {"created": 3603, "unchanged": 2, "rejected": 6}),
        ("nl", "nl/algoritmes_2026-08-08.json", {"created": 1530}),
        ("nl", "nl/nl_testdata_90_full_records_v0_1.json", {"created": 90}),
    ],
)
def test_the_real_registers_come_in_and_the_second_run_leaves_them(
    register: str, file: str, counts: dict[str, int]
) -> None:
    content = (FOLDER / file).read_bytes()
    first = bring_in(register, content)
    assert first.counts == NOTHING_NEW | counts
    before = ForeignSystem.objects.order_by("pk").values_list("pk", "digest", "updated_at", "last_seen_on")
    frozen = list(before)
    second = bring_in(register, content)
    came_in = counts["created"] + counts.get("unchanged", 0)
    assert second.counts == NOTHING_NEW | {"unchanged": came_in, "rejected": counts.get("rejected", 0)}
    assert list(before.all()) == frozen
