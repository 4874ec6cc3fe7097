"""The November 2025 edition of Canada's register, where it is at hand: counts that must not move by themselves."""

import csv
import io
import time
from collections import Counter
from pathlib import Path

import pytest

from registry.standards.canada import KNOWN_HEADERS, parse_register
from registry.standards.foreign import Accepted, count_recodings, digest
from registry.standards.tabular import Table, read_table
from tests.registry.standards.builders import workbook

FILE = Path(__file__).resolve().parents[3] / "../shared/data/registries/ca/gc-ai-register-mvp_2025-11.csv"
pytestmark = pytest.mark.skipif(not FILE.exists(), reason="../shared is absent")


@pytest.fixture(scope="module")
def content() -> bytes:
    return FILE.read_bytes()


@pytest.fixture(scope="module")
def accepted(content: bytes) -> list[Accepted]:
    parsed = list(parse_register(read_table(content, filename=FILE.name, known_headers=KNOWN_HEADERS)))
    assert all(isinstance(each, Accepted) for each in parsed)
    return parsed  # type: ignore[return-value]


def test_every_row_comes_in_once(accepted: list[Accepted]) -> None:
    assert len(accepted) == 409
    assert len({each.record.source_id for each in accepted}) == 409
    assert not [each for each in accepted if each.repeats]
    assert all(each.record.languages == ("en", "fr") for each in accepted)


@pytest.mark.parametrize(
    ("concept", "counts"),
    [
        ("phase", {"development": 179, "in_service": 160, "retired": 28, "unknown": 42}),
        ("origin", {"own": 177, "supplier": 156, "open": 25, "other": 21, "unknown": 30}),
        ("primary_users", {"staff": 353, "both": 25, "public": 23, "neither": 6, "unknown": 2}),
        ("personal_information", {"yes": 87, "no": 222, "unknown": 100}),
        ("notification", {"yes": 197, "no": 79, "unknown": 133}),
    ],
)
def test_codes(accepted: list[Accepted], concept: str, counts: dict[str, int]) -> None:
    assert Counter(each.record.codes[concept] for each in accepted) == counts


def test_years_bodies_and_suppliers(accepted: list[Accepted]) -> None:
    years = Counter(each.record.status_year for each in accepted)
    assert (years[2025], years[None], min(year for year in years if year)) == (218, 66, 1994)
    assert len({tuple(sorted(each.record.organization.items())) for each in accepted}) == 42
    assert all(set(each.record.organization) == {"en", "fr"} for each in accepted)
    assert sum(1 for each in accepted if each.record.vendor) == 164


def test_recodings(accepted: list[Accepted]) -> None:
    counted = count_recodings(accepted)
    codes = {(each["field"], each["from"], each["to"]): each["count"] for each in counted if each["kind"] != "spaces"}
    assert codes == {
        ("notification_ai", "", "unknown"): 133,
        ("involves_personal_information", "", "unknown"): 100,
        ("status_date", "", "unknown"): 66,
        ("ai_system_status", "", "unknown"): 42,
        ("developed_by", "", "unknown"): 30,
        ("ai_system_status", "In development ", "development"): 11,
        ("ai_system_status", "In production ", "in_service"): 5,
        ("ai_system_status", "in production", "in_service"): 2,
        ("ai_system_primary_users", "", "unknown"): 2,
        ("developed_by", "Other ", "other"): 1,
    }
    assert sum(int(each["count"]) for each in counted if each["kind"] == "spaces") == 482


def records(table: Table) -> list[str]:
    return [digest(each.record) for each in parse_register(table) if isinstance(each, Accepted)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_saved_again_by_another_program_it_is_the_same_register(
    content: bytes, accepted: list[Accepted], encoding: str, delimiter: str
) -> None:
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    assert records(read_table(out.getvalue().encode(encoding))) == [digest(each.record) for each in accepted]


@pytest.mark.slow
def test_saved_as_a_workbook_it_is_the_same_register(content: bytes, accepted: list[Accepted]) -> None:
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    typed = [[int(cell) if cell.isdecimal() else cell or None for cell in row] for row in rows]
    assert records(read_table(workbook(typed))) == [digest(each.record) for each in accepted]


def test_saved_by_windows_only_the_signs_it_lacks_change(content: bytes, accepted: list[Accepted]) -> None:
    table = read_table(content.decode("utf-8-sig").encode("cp1252", "replace"))
    assert table.encoding == "cp1252"
    same = sum(one == each for one, each in zip(records(table), [digest(a.record) for a in accepted], strict=True))
    assert same > 380


def test_a_torn_row_costs_itself(content: bytes, accepted: list[Accepted]) -> None:
    lines = content.decode("utf-8-sig").split("\r\n")
    lines[7] = lines[7][:60]
    lines[200] = lines[200].replace(",", ',"', 3)
    parsed = list(parse_register(read_table("\r\n".join(lines).encode())))
    came_in = [each for each in parsed if isinstance(each, Accepted)]
    assert len(came_in) >= 405
    originals = {digest(each.record) for each in accepted}
    assert all(digest(each.record) in originals for each in came_in)


@pytest.mark.slow
def test_it_takes_less_than_a_second(content: bytes) -> None:
    # Processor time: the machine that runs the tests does other things too.
    start = time.process_time()
    list(parse_register(read_table(content)))
    assert time.process_time() - start < 1
