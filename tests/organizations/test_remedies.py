"""Each person is shown the right door, with its limits, and no door that would send them away."""

import dataclasses
import itertools
import re

import jsonschema
import pytest
import yaml

from organizations.rules import REMEDIES, REMEDIES_FILE, by_kind, remedies_for

REGIMES = ("lggri", "municipal", "health", "statistics", "official_source", "education")
KINDS = ["decision", "service", "personal_information", "discrimination", "wrongdoing"]

TEXT = {
    "type": "object",
    "required": ["fr", "en"],
    "additionalProperties": False,
    "properties": {language: {"type": "string", "minLength": 3} for language in ("fr", "en")},
}
CODES = {"type": "array", "items": {"enum": list(REGIMES)}, "uniqueItems": True}
REMEDY = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        "code", "kind", "regimes", "not_regimes", "name", "what", "limits", "phone", "website",
        "origin", "certainty", "sources",
    ],
    "properties": {
        "code": {"type": "string", "pattern": "^[a-z_]+$"},
        "kind": {"enum": KINDS},
        "regimes": CODES,
        "not_regimes": CODES,
        "name": TEXT,
        "what": TEXT,
        "limits": TEXT,
        "phone": {"type": ["string", "null"], "pattern": r"^1 8\d\d \d{3}-\d{4}$"},
        "website": {"type": ["string", "null"], "pattern": r"^https://[a-z.]+(/|$)"},
        "origin": {"enum": ["statute", "regulation", "government_direction", "own_rule", "good_practice"]},
        "certainty": {"enum": ["text_read", "secondary_source", "from_memory"]},
        "sources": {"type": "array", "items": {"type": "string", "pattern": "^https://"}},
    },
}  # fmt: skip
EVERY_SET = [set(some) for size in range(len(REGIMES) + 1) for some in itertools.combinations(REGIMES, size)]


def codes(*regimes):
    return {remedy.code for remedy in remedies_for(regimes)}


def test_the_data_file_has_the_right_shape():
    data = yaml.safe_load(REMEDIES_FILE.read_text(encoding="utf-8"))
    for row in data["remedies"]:
        jsonschema.validate(row, REMEDY)
    assert [kind["code"] for kind in data["kinds"]] == KINDS
    names = [row["code"] for row in data["remedies"]]
    assert len(names) == len(set(names))


def test_a_door_whose_text_or_page_was_read_names_it():
    for remedy in REMEDIES.remedies:
        if remedy.certainty != "from_memory":
            assert remedy.sources, remedy.code
        if remedy.phone:
            assert remedy.certainty == "text_read", f"{remedy.code}: a phone number is never from hearsay"


@pytest.mark.parametrize("regimes", EVERY_SET, ids=lambda some: "+".join(sorted(some)) or "none")
def test_every_body_has_someone_for_decisions_information_and_discrimination(regimes):
    kinds = {kind.code for kind, _ in by_kind(remedies_for(regimes))}
    assert {"decision", "personal_information", "discrimination"} <= kinds
    if regimes:
        assert kinds == set(KINDS)


@pytest.mark.parametrize("regimes", [some for some in EVERY_SET if "municipal" in some])
def test_the_ombudsman_is_never_shown_for_a_municipality_alone(regimes):
    shown = {remedy.code for remedy in remedies_for(regimes)}
    assert not shown & {"ombudsman", "ombudsman_wrongdoing"}
    assert {"municipal_ombudsman", "municipal_commission"} <= shown


def test_each_regime_gets_its_own_doors():
    general = {"administrative_review", "administrative_tribunal", "access_commission", "human_rights_commission"}
    assert codes("lggri") == general | {"ombudsman", "ombudsman_wrongdoing"}
    assert codes("lggri", "statistics") == codes("lggri")
    assert codes("municipal") == general | {"municipal_ombudsman", "municipal_commission"}
    assert codes("lggri", "health") == general | {
        "health_commissioner", "health_ombudsman", "health_complaint_support", "ombudsman_wrongdoing",
    }  # fmt: skip
    assert codes("lggri", "education") == general - {"administrative_tribunal"} | {
        "college_ombudsman", "school_ombudsman", "ombudsman_wrongdoing",
    }  # fmt: skip


def test_in_health_the_commissioner_comes_before_the_ombudsman():
    order = [remedy.code for remedy in remedies_for(["lggri", "health"])]
    assert order.index("health_commissioner") < order.index("health_ombudsman")


def test_texts_are_short():
    for remedy in REMEDIES.remedies:
        for text in (remedy.what, remedy.limits):
            for sentence in re.split(r"(?<=[.!?])\s", text["fr"]):
                assert len(sentence.split()) <= 30, sentence


def test_nobody_can_change_it():
    remedy = REMEDIES.remedies[0]
    with pytest.raises(dataclasses.FrozenInstanceError):
        remedy.phone = "911"
    with pytest.raises(TypeError):
        remedy.name["fr"] = "autre"
