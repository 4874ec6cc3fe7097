"""Instruments as data: each version a YAML file, checked, released under its digest and never changed after."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from assessments.questionnaires.plain import MOST_BYTES, check_plain, read_text
from assessments.questionnaires.prefills import Record, check_prefills
from assessments.questionnaires.reading import NotAQuestionnaire, check_shape, read_questionnaire
from assessments.questionnaires.rules import asked_about, check_rules, facts_read
from assessments.questionnaires.shapes import (
    DEPTHS,
    YES_NO_UNSURE,
    Column,
    Condition,
    Matrix,
    Measure,
    Option,
    Outcome,
    Prefill,
    Question,
    Questionnaire,
    Risk,
    RiskLevel,
    Section,
    Source,
    Text,
)

__all__ = [
    "DEPTHS",
    "YES_NO_UNSURE",
    "Column",
    "Condition",
    "Matrix",
    "Measure",
    "NotAQuestionnaire",
    "Option",
    "Outcome",
    "Prefill",
    "Question",
    "Questionnaire",
    "Record",
    "Risk",
    "RiskLevel",
    "Section",
    "Source",
    "Text",
    "asked_about",
    "canonical",
    "check_content",
    "digest_of",
    "facts_read",
    "load",
    "read_questionnaire",
    "read_text",
    "released_digests",
    "released_files",
    "shipped_names",
]

FOLDER = Path(__file__).parent
RELEASED_FILE = FOLDER / "RELEASED.sha256"


def canonical(content: Mapping[str, Any]) -> bytes:
    """The content as bytes that depend on nothing but it: what the digest is made of."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest_of(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()


def load(path: Path, *, record: Record | None = None) -> dict[str, Any]:
    """The content of one file, checked. Raises `NotAQuestionnaire` with the place of the fault."""
    if path.stat().st_size > MOST_BYTES:
        raise NotAQuestionnaire(path.name, f"a questionnaire has {MOST_BYTES:,} bytes at most")
    found: dict[str, Any] = read_text(path.read_bytes(), name=path.name)
    check_content(found, record=record)
    return found


def check_content(content: Any, *, record: Record | None = None) -> Questionnaire:
    """The questionnaire, or `NotAQuestionnaire` with the place of the first fault. `record`: what it may take from the
    record is looked at too.
    """
    check_plain(content)
    check_shape(content)
    found = read_questionnaire(content)
    check_rules(found, system_facts=frozenset(record.fields) if record else None)
    if record:
        check_prefills(found, record)
    return found


def released_digests(pinned: Path = RELEASED_FILE) -> Mapping[str, str]:
    """`efvp/1.0` → digest of its content, as pinned when it was released."""
    lines = pinned.read_text(encoding="utf-8").split("\n") if pinned.exists() else []
    pairs = (line.split() for line in lines if line and not line.startswith("#"))
    return {name: digest for digest, name in pairs}


@cache
def released_files() -> Mapping[str, dict[str, Any]]:
    """Every file of this folder, `efvp/1.0` → its content. Each is what its digest says, or nothing is read at all."""
    found: dict[str, dict[str, Any]] = {}
    pinned = released_digests()
    for path in _files():
        content = load(path)
        name = f"{path.parent.name}/{path.stem}"
        if name != f"{content['id']}/{content['version']}":
            raise NotAQuestionnaire(name, "the file is not named for its id and version")
        if name in pinned and pinned[name] != digest_of(content):
            raise NotAQuestionnaire(name, "a released file changed: write a new version instead")
        found[name] = content
    return found


def shipped_names() -> list[str]:
    """`efvp/1.0`… of every file of this folder, none of them read."""
    return [f"{path.parent.name}/{path.stem}" for path in _files()]


def _files() -> Iterator[Path]:
    return iter(sorted(path for path in FOLDER.glob("*/*.yaml") if not path.parent.name.startswith(".")))
