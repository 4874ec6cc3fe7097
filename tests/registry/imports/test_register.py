"""A register from elsewhere: what comes in, what stays out and why, twice, in a later edition, on a failing machine."""

from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection

from core.audit import NamedJob
from core.models import AuditEvent, StoredFile
from core.services import InvalidInput
from registry.models import AISystem, ForeignSystem, ImportRow, ImportRun
from registry.services.imports import RegisterResult, UnreadableFile, batches, import_register, register
from registry.workflow import RunState
from tests.registry.imports.builders import SCRIPT, canada, csv_of, dirty_edition, xlsx_of

REAL = Path(__file__).resolve().parents[4] / "shared/data/registries/ca/gc-ai-register-mvp_2025-11.csv"
JOB = NamedJob("import_register")
NOTHING_NEW = {"created": 0, "updated": 0, "unchanged": 0, "rejected": 0}


def bring_in(content: bytes, **options: Any) -> RegisterResult:
    return import_register(register="ca", content=content, file_name="registre.csv", by=JOB, **options)


def whole_table() -> list[dict[str, Any]]:
    return list(ForeignSystem.objects.order_by("source_id").values())


@pytest.mark.django_db
def test_a_record_keeps_its_words_its_source_and_its_licence() -> None:
    result = bring_in(csv_of([canada()]))
    row = ForeignSystem.objects.get()
    assert result.counts == NOTHING_NEW | {"created": 1}
    assert (row.register, row.source_id, row.phase) == ("ca", "2526-WET-MHC-001", "in_service")
    assert row.sort_key == "veille des marais"
    document = row.document
    assert document["names"] == {"en": "Marsh Watch", "fr": "Veille des marais"}
    assert document["organization"] == {"en": "Wetlands Canada", "fr": "Milieux humides Canada"}
    assert document["texts"]["description"]["fr"] == "Compte les oiseaux sur des photos."
    assert document["codes"]["origin"] == "supplier"
    assert (document["status_year"], document["vendor"]) == (2025, "Aile et Roseau inc.")
    assert document["languages"] == ["en", "fr"]
    assert document["licence"] == "OGL-Canada-2.0"
    assert document["url"].startswith("https://ouvert.canada.ca/")
    assert not AISystem.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("column", "words"), [("search_fr", "oiseau marais"), ("search_en", "bird marsh")])
def test_a_record_is_found_by_its_words_in_both_languages(column: str, words: str) -> None:
    from django.contrib.postgres.search import SearchQuery

    bring_in(csv_of([canada()]))
    query = SearchQuery(words, config=f"vigie_{column[-2:]}", search_type="websearch")
    assert ForeignSystem.objects.filter(**{column: query}).count() == 1


@pytest.mark.django_db
def test_the_same_file_twice_changes_nothing() -> None:
    content = dirty_edition(20)
    first = bring_in(content)
    before = whole_table()
    second = bring_in(content)
    assert whole_table() == before
    assert second.counts == NOTHING_NEW | {
        "unchanged": first.counts["created"] + first.counts["unchanged"],
        "rejected": first.counts["rejected"],
    }
    assert second.reasons == first.reasons and second.recodings == first.recodings


@pytest.mark.django_db
def test_a_later_edition_renews_what_changed_and_keeps_what_left() -> None:
    bring_in(csv_of([canada(1), canada(2), canada(3)]))
    ForeignSystem.objects.update(first_seen_on="2025-11-28", last_seen_on="2025-11-28")
    result = bring_in(csv_of([canada(1), canada(2, ai_system_status_en="Retired", ai_system_status_fr=""), canada(4)]))
    assert result.counts == {"created": 1, "updated": 1, "unchanged": 1, "rejected": 0}
    found = {row.source_id[-3:]: row for row in ForeignSystem.objects.all()}
    assert found["002"].phase == "retired"
    assert str(found["002"].first_seen_on) == "2025-11-28"
    assert str(found["003"].last_seen_on) == "2025-11-28"
    assert found["001"].last_seen_on == found["002"].last_seen_on == found["004"].first_seen_on


@pytest.mark.django_db
def test_an_identifier_in_other_capitals_is_the_same_record() -> None:
    bring_in(csv_of([canada(1)]))
    result = bring_in(csv_of([canada(1, ai_register_id="2526-wet-mhc-001")]))
    assert result.counts["created"] == 0
    assert ForeignSystem.objects.count() == 1


@pytest.mark.django_db
def test_each_rejected_row_says_where_and_why_and_the_rest_comes_in() -> None:
    result = bring_in(dirty_edition(20))
    assert [(each["row"], each["field"], each["reason"]) for each in result.reasons] == [
        (5, "description_ai_system_en", "formula_cell"),
        (6, "ai_register_id", "duplicate_id"),
        (7, "ai_register_id", "missing_id"),
        (22, "", "unterminated_quote"),
    ]
    assert result.counts == NOTHING_NEW | {"created": 17, "rejected": 4}
    kept = ImportRow.objects.get(run=result.run, number=6)
    assert kept.cells["name_ai_system_en"] == "Another thing"
    assert kept.problems[0]["params"] == {"first_row": 2}


@pytest.mark.django_db
def test_recodings_are_counted_over_what_came_in() -> None:
    result = bring_in(dirty_edition(20))
    counted = {(each["field"], each["kind"], each["from"], each["to"]): each["count"] for each in result.recodings}
    assert counted["ai_system_status", "spelling", " in production ", "in_service"] == 1
    assert (
        counted[
            "government_organization", "completed", "Milieux humides Canada", "Wetlands Canada / Milieux humides Canada"
        ]
        == 1
    )
    assert result.run is not None and result.run.recodings == result.recodings


@pytest.mark.django_db
def test_a_script_is_a_text_like_another() -> None:
    bring_in(csv_of([canada(name_ai_system_fr=SCRIPT, name_ai_system_en="")]))
    assert ForeignSystem.objects.get().document["names"] == {"fr": SCRIPT}


@pytest.mark.django_db
def test_a_name_as_long_as_a_page_keeps_its_row_out() -> None:
    result = bring_in(csv_of([canada(1), canada(2, name_ai_system_fr="a" * 1001)]))
    assert [(each["row"], each["field"], each["reason"]) for each in result.reasons] == [(3, "name", "text_too_long")]


@pytest.mark.django_db
def test_texts_as_long_as_a_cell_may_be_come_in() -> None:
    long = " ".join(f"mot{number}é" for number in range(4_000))[:32_000]
    texts = {
        column: long for column in canada() if column.startswith(("desc", "ai_system_cap", "data", "ai_system_res"))
    }
    assert bring_in(csv_of([canada(1, **texts)])).counts["created"] == 1


@pytest.mark.django_db
def test_a_workbook_comes_in_like_a_csv() -> None:
    rows = [canada(1), canada(2)]
    content = xlsx_of([list(rows[0]), *(list(row.values()) for row in rows)])
    assert bring_in(content).counts == NOTHING_NEW | {"created": 2}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"%PDF-1.7 not a table", "not_a_table"),
        (b"Nom;Phase\r\nTri;Pilote\r\n", "not_this_register"),
        (csv_of([canada()], [name for name in canada() if name != "ai_register_id"]), "missing_columns"),
        (b"PK\x03\x04 broken", "damaged_file"),
    ],
)
def test_a_file_that_is_not_this_register_leaves_a_stopped_run_and_no_record(content: bytes, code: str) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        bring_in(content)
    run = ImportRun.objects.get()
    assert refusal.value.code == run.failure == code
    assert (run.state, run.rows.count(), ForeignSystem.objects.count()) == (RunState.FAILED, 0, 0)
    assert StoredFile.objects.count() == bool(content)


@pytest.mark.django_db
def test_an_edition_without_some_columns_comes_in_and_erases_nothing() -> None:
    left_out = {"vendor_information", "status_date", "government_organization", "name_ai_system_fr", "notification_ai"}
    left_out |= {"description_ai_system_fr", "developed_by_en", "developed_by_fr", "ai_system_status_fr"}
    kept = [name for name in canada() if name not in left_out]
    bring_in(csv_of([canada(1), canada(2)]))
    before = {row.source_id[-3:]: row.document for row in ForeignSystem.objects.all()}
    changed = canada(2, description_ai_system_en="Counts frogs.", data_sources_fr="", ai_system_status_en="")
    result = bring_in(csv_of([canada(1), changed, canada(3)], kept))
    assert result.counts == {"created": 1, "updated": 1, "unchanged": 1, "rejected": 0}
    after = {row.source_id[-3:]: row.document for row in ForeignSystem.objects.all()}
    texts = {"description": {"en": "Counts frogs.", "fr": before["002"]["texts"]["description"]["fr"]}}
    texts["data"] = {"en": "Photos"}
    assert after["002"] == before["002"] | {"texts": before["002"]["texts"] | texts}
    assert (after["003"]["vendor"], after["003"]["status_year"], after["003"]["organization"]) == ("", None, {})
    assert (after["003"]["languages"], after["003"]["codes"]["origin"]) == (["en"], "unknown")
    absent = {each["field"]: each["count"] for each in result.recodings if each["kind"] == "absent"}
    assert absent == dict.fromkeys(left_out, 3)
    assert bring_in(csv_of([canada(1), changed, canada(3)], kept)).counts["unchanged"] == 3


@pytest.mark.django_db
def test_a_byte_of_another_encoding_is_read_and_said() -> None:
    content = csv_of([canada(1)]).replace("Dénombrements".encode(), "Dénombrements".encode("cp1252"))
    result = bring_in(content)
    assert ForeignSystem.objects.get().document["texts"]["results"]["fr"] == "Dénombrements plus rapides"
    assert [(each["field"], each["kind"]) for each in result.recodings] == [("ai_system_results_fr", "encoding")]


@pytest.mark.django_db
def test_an_unknown_register_is_refused() -> None:
    with pytest.raises(InvalidInput):
        import_register(register="zz", content=b"", file_name="x.csv", by=JOB)


@pytest.mark.django_db
def test_a_dry_run_tells_all_and_writes_nothing() -> None:
    bring_in(csv_of([canada(1)]))
    before = (whole_table(), ImportRun.objects.count(), AuditEvent.objects.count(), StoredFile.objects.count())
    result = bring_in(csv_of([canada(1, vendor_information="Autre"), canada(2)]), dry_run=True)
    assert result.counts == NOTHING_NEW | {"created": 1, "updated": 1}
    assert result.run is None
    after = (whole_table(), ImportRun.objects.count(), AuditEvent.objects.count(), StoredFile.objects.count())
    assert after == before


@pytest.mark.django_db
def test_the_ledger_has_who_ordered_and_what_came_of_it() -> None:
    result = bring_in(dirty_edition(20))
    assert result.run is not None
    events = AuditEvent.objects.order_by("pk").values_list("verb", "actor_kind", "actor_ref", "facts")
    assert [event[:3] for event in events] == [
        ("import_register", "job", "import_register"),
        ("finish_import", "import", str(result.run.uuid)),
    ]
    assert events[0][3]["sha256"] == result.run.file.sha256
    assert events[1][3] == result.counts


@pytest.fixture
def refusing_database(db: None) -> None:
    """A database that takes every record but one, as a constraint of a later version might."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE registry_foreignsystem ADD CONSTRAINT refused CHECK (source_id <> '2526-WET-MHC-007')"
        )


@pytest.mark.usefixtures("refusing_database")
def test_a_row_that_the_database_refuses_stays_out_alone() -> None:
    result = bring_in(csv_of([canada(number) for number in range(1, 11)]))
    assert result.counts == NOTHING_NEW | {"created": 9, "rejected": 1}
    assert [(each["row"], each["field"], each["reason"]) for each in result.reasons] == [(8, "", "database_refused")]
    assert ForeignSystem.objects.count() == 9


@pytest.mark.usefixtures("refusing_database")
def test_a_dry_run_knows_what_the_database_would_refuse() -> None:
    result = bring_in(csv_of([canada(6), canada(7)]), dry_run=True)
    assert result.counts == NOTHING_NEW | {"created": 1, "rejected": 1}
    assert not ForeignSystem.objects.exists()


@pytest.mark.django_db
def test_a_machine_that_fails_in_the_middle_leaves_whole_batches_and_true_counts(monkeypatch: Any) -> None:
    monkeypatch.setattr(batches, "BATCH", 4)
    keep, calls = register.keep_foreign_systems, []

    def fails_from_the_third_time(*args: Any, **options: Any) -> Any:
        outcome = keep(*args, **options)
        calls.append(outcome)
        if len(calls) >= 3:
            raise OperationalError("the disk is full")
        return outcome

    monkeypatch.setattr(register, "keep_foreign_systems", fails_from_the_third_time)
    content = csv_of([canada(number) for number in range(1, 21)])
    with pytest.raises(OperationalError):
        bring_in(content)
    run = ImportRun.objects.get()
    assert (run.state, run.failure) == (RunState.FAILED, "interrupted")
    assert ForeignSystem.objects.count() == run.created_count == 8
    monkeypatch.undo()
    assert bring_in(content).counts == NOTHING_NEW | {"created": 12, "unchanged": 8}


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.skipif(not REAL.exists(), reason="../shared is absent")
def test_canadas_real_register_comes_in() -> None:
    content = REAL.read_bytes()
    result = bring_in(content)
    came_in = result.counts["created"] + result.counts["unchanged"]
    assert came_in >= 0.95 * 409
    assert ForeignSystem.objects.count() == result.counts["created"]
    assert bring_in(content).counts == NOTHING_NEW | {"unchanged": came_in, "rejected": result.counts["rejected"]}
