"""The real registers of the United States and the Netherlands, where they are at hand: counts that must not move."""

import csv
import io
import json
import re
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from registry.standards import netherlands, united_states
from registry.standards.foreign import Accepted, Rejected, count_recodings, digest, words_of
from registry.standards.tabular import read_table
from registry.standards.words import fold, is_blank
from tests.registry.imports.builders import xlsx_of

FOLDER = Path(__file__).resolve().parents[3] / "../shared/data/registries"
INVENTORY = FOLDER / "us/2025_individually_reported_AI_use_cases.csv"
DAILY = FOLDER / "nl/algoritmes_2026-08-08.json"
FULL = FOLDER / "nl/nl_testdata_90_full_records_v0_1.json"
SAMPLE = FOLDER / "nl/sample_v1.0_csv_export_1_record.csv"
pytestmark = pytest.mark.skipif(not INVENTORY.exists(), reason="../shared is absent")


def parse(register: Any, content: bytes) -> list[Any]:
    return list(register.parse_register(read_table(content, known_headers=register.KNOWN_HEADERS, takes_json=True)))


@pytest.fixture(scope="module")
def american() -> list[Any]:
    return parse(united_states, INVENTORY.read_bytes())


@pytest.fixture(scope="module")
def dutch() -> list[Any]:
    return parse(netherlands, DAILY.read_bytes())


def test_the_inventory_comes_in_but_for_six_rows(american: list[Any]) -> None:
    assert len(american) == 3611
    out = [(each.row, each.reason) for each in american if isinstance(each, Rejected)]
    assert out == [
        (839, "missing_name"),
        (1315, "duplicate_id"),
        (1492, "same_name"),
        (1497, "same_name"),
        (1516, "same_name"),
        (1533, "same_name"),
    ]
    came_in = [each for each in american if isinstance(each, Accepted)]
    assert [(each.row, each.repeats) for each in came_in if each.repeats] == [(1168, 1161), (1782, 1781)]
    assert len({each.record.source_id.casefold() for each in came_in}) == 3603


@pytest.mark.parametrize(
    ("concept", "counts"),
    [
        ("phase", {"development": 1479, "in_service": 1038, "pilot": 440, "retired": 314, "unknown": 334}),
        ("high_impact", {"high": 444, "presumed_not": 110, "not_high": 2629, "unknown": 422}),
        ("personal_information", {"yes": 359, "no": 1150, "unknown": 2096}),
        ("appeal", {"yes": 25, "in_progress": 117, "precluded": 4, "not_applicable": 143, "unknown": 3316}),
        ("failsafe", {"yes": 72, "in_progress": 83, "not_applicable": 135, "unknown": 3315}),
    ],
)
def test_its_codes(american: list[Any], concept: str, counts: dict[str, int]) -> None:
    assert Counter(each.record.codes[concept] for each in american if isinstance(each, Accepted)) == counts


def test_every_date_of_it_is_read(american: list[Any]) -> None:
    lengths = Counter(len(each.record.dates.get("operational", "")) for each in american if isinstance(each, Accepted))
    assert (lengths[10], lengths[7], lengths[4]) == (881, 483, 36)
    assert not any("operational_date" in each.record.details for each in american if isinstance(each, Accepted))


def test_its_lists_are_split(american: list[Any]) -> None:
    traits = Counter(
        code for each in american if isinstance(each, Accepted) for code in each.record.lists["demographics"]
    )
    assert (traits["none"], traits["age"], traits["sex"]) == (980, 25, 17)


def words_known(register: str) -> dict[str, set[str]]:
    """Concept → the answers that a code says whole, read from the file itself."""
    file = Path(united_states.__file__).parents[1] / register / "vocabulary.yaml"
    concepts = yaml.safe_load(file.read_text(encoding="utf-8")).items()
    return {
        concept: {
            fold(text) for words in codes.values() for kind in ("official", "also") for text in words.get(kind, ())
        }
        for concept, codes in concepts
    }


def is_said(text: str, known: set[str]) -> bool:
    """By one announced answer, with its letter or not, or by several with commas."""
    return any(
        all({fold(part), fold(re.sub(r"^ *[a-l]\)", "", part))} & known for part in parts)
        for parts in ([text], text.split(","))
    )


@pytest.mark.parametrize(
    ("register", "file"), [("united_states", INVENTORY), ("netherlands", DAILY), ("netherlands", FULL)]
)
def test_no_answer_of_a_source_is_lost(register: str, file: Path) -> None:
    module, columns = (import_module(f"registry.standards.{register}{part}") for part in ("", ".columns"))
    table = read_table(file.read_bytes(), known_headers=module.KNOWN_HEADERS, takes_json=True)
    headers, known, lost = module.LAYOUT.match(table.headers), words_known(register), []
    cells = {row.number: row.cells for row in table.rows}
    asked = columns.CODES | getattr(columns, "LISTS", {"themes": getattr(columns, "THEMES", "")})
    for parsed in module.parse_register(table):
        for concept, column in asked.items() if isinstance(parsed, Accepted) else ():
            cell = cells[parsed.row].get(headers.get(column, ""), "").strip("[]\"'").replace("\\n", "")
            for text in re.split(r"['\"], ['\"]", cell):
                if text and not is_blank(text) and not is_said(text, known[concept] | {"unknown"}):
                    kept = fold("\n".join(words_of(parsed.record.texts.get(concept, {}))))
                    lost += [(parsed.record.source_id, concept, text)] if fold(text) not in kept else []
    assert not lost


def test_topics_of_their_own_keep_their_words(american: list[Any]) -> None:
    texts = Counter(each.record.texts.get("topic", {}).get("en") for each in american if isinstance(each, Accepted))
    assert texts["Other – Economic & Financial"] == 34 and texts["Other - Applied Mathematical Sciences"] == 13
    told = [each.record for each in american if isinstance(each, Accepted) and "training" in each.record.texts]
    assert len(told) == 3 and {record.codes["training"] for record in told} == {"unknown"}


def test_its_recodings(american: list[Any]) -> None:
    counted = count_recodings(american)
    kinds = Counter({(each["field"], each["kind"]): each["count"] for each in counted})
    assert (kinds["id", "derived"], kinds["id", "prefixed"]) == (701, 72)
    assert not any(each["kind"] == "absent" for each in counted)


@pytest.mark.slow
def test_saved_again_by_other_programs_it_is_the_same_inventory(american: list[Any]) -> None:
    rows = list(csv.reader(io.StringIO(INVENTORY.read_text(encoding="utf-8-sig"), newline="")))
    clean = [digest(each.record) for each in american if isinstance(each, Accepted)]
    turned = [row[::-1] for row in rows]
    for again in (
        xlsx_of([[cell or None for cell in row] for row in rows]),
        _csv(turned).encode("utf-16"),
    ):
        found = [digest(each.record) for each in parse(united_states, again) if isinstance(each, Accepted)]
        assert sum(one == other for one, other in zip(found, clean, strict=True)) >= 0.99 * len(clean)
    spoiled = parse(united_states, _csv(rows).encode("cp1252", "replace"))
    same = sum(isinstance(each, Accepted) and digest(each.record) in set(clean) for each in spoiled)
    assert same > 0.97 * len(clean)


def _csv(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\n").writerows(rows)
    return out.getvalue()


def test_the_daily_dutch_file_comes_in_whole(dutch: list[Any]) -> None:
    assert len(dutch) == 1530 and all(isinstance(each, Accepted) for each in dutch)
    records = [each.record for each in dutch]
    assert len({record.source_id for record in records}) == 1530
    assert Counter(record.codes["phase"] for record in records) == {
        "in_service": 1392, "development": 73, "retired": 65,
    }  # fmt: skip
    assert Counter(record.codes["impact_assessment"] for record in records) == {"yes": 623, "no": 22, "unknown": 885}
    assert len({record.organization["original"] for record in records}) == 336
    assert all(record.names["lang"] == "nl" and record.url.endswith(record.source_id) for record in records)
    assert sum("legal_basis" in record.texts for record in records) == 1530 - 362 - 5, "blank, or «n.v.t.»"
    assert all("registered" in record.dates for record in records)
    assert {each["kind"] for each in count_recodings(dutch)} == {"spaces", "blank"}


def test_full_records_and_the_csv_come_in_too() -> None:
    parsed = parse(netherlands, FULL.read_bytes())
    assert len(parsed) == 90 and all(isinstance(each, Accepted) for each in parsed)
    assert len({each.record.source_id for each in parsed}) == 90
    assert sum("objection" in each.record.texts for each in parsed) == 90 - 66 - 6
    assert sum("review" in each.record.dates for each in parsed) == 25
    (sample,) = parse(netherlands, SAMPLE.read_bytes())
    assert sample.record.lists["themes"] == ("economy", "housing")
    assert sample.record.codes["publication_category"] == "impactful"


def test_the_same_records_as_a_table_of_a_spreadsheet(dutch: list[Any]) -> None:
    records = json.loads(DAILY.read_bytes())["algoritmes"]
    again = parse(netherlands, xlsx_of([list(records[0]), *(list(record.values()) for record in records)]))
    assert [digest(each.record) for each in again] == [digest(each.record) for each in dutch]
