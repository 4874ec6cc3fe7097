"""Shipped questionnaires are right, and a released one never changes: the build fails before a body sees it."""

import copy
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from assessments.management.commands import release_questionnaire
from assessments.questionnaires import (
    FOLDER,
    NotAQuestionnaire,
    check_content,
    digest_of,
    load,
    released_digests,
    released_files,
    releasing,
    shipped_names,
)
from assessments.services.facts import RECORD
from tests.assessments.conftest import DATA


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_file_is_right(name):
    """Its shape and rules; fields, rows and codes of the record that it takes from; terms of the glossary."""
    content = load(FOLDER / f"{name}.yaml", record=RECORD)
    assert f"{content['id']}/{content['version']}" == name


@pytest.mark.parametrize("name", shipped_names())
def test_what_it_takes_from_other_assessments_is_asked_there(name):
    questions = {content["id"]: check_content(content).by_id for content in released_files().values()}
    for question in check_content(released_files()[name]).questions:
        for source in question.prefill:
            if source.source == "assessment" and source.instrument in questions:
                assert source.field in questions[source.instrument], f"{question.id}: {source.field}"


def test_a_released_file_is_what_its_digest_says():
    """Editing one fails here: write a new version instead (`manage.py release_questionnaire` pins it)."""
    for name, digest in released_digests().items():
        assert name in shipped_names(), f"{name} was released and is gone"
        assert digest_of(released_files()[name]) == digest, f"{name} was released and changed"


def test_every_version_of_a_released_instrument_is_pinned():
    pinned = released_digests()
    instruments = {name.partition("/")[0] for name in pinned}
    assert not [name for name in shipped_names() if name.partition("/")[0] in instruments and name not in pinned]


@pytest.fixture
def folder(tmp_path):
    for name in ("every_kind", "five_questions"):
        (tmp_path / name).mkdir()
        shutil.copy(DATA / f"{name}.yaml", tmp_path / name / "1.0.yaml")
    return tmp_path


@pytest.fixture
def release(folder, monkeypatch):
    """`release("five_questions/1.0")`: what the command says, with the folder of the test in place of ours."""

    def releasing_in_folder(name: str, *, record) -> bool:
        return releasing.release(name, record=record, folder=folder, pinned=folder / "RELEASED.sha256")

    monkeypatch.setattr(release_questionnaire, "release", releasing_in_folder)

    def run(name: str) -> str:
        out = StringIO()
        call_command("release_questionnaire", name, stdout=out)
        return out.getvalue().strip()

    return run


def pinned(folder: Path) -> str:
    path = folder / "RELEASED.sha256"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def test_a_release_adds_one_line_and_twice_is_once(folder, release):
    release("five_questions/1.0")
    first = pinned(folder)
    assert first == f"{digest_of(load(DATA / 'five_questions.yaml'))}  five_questions/1.0\n"
    release("five_questions/1.0")
    release("every_kind/1.0")
    assert pinned(folder).startswith(first) and pinned(folder).count("\n") == 2
    assert set(released_digests(folder / "RELEASED.sha256")) == {"five_questions/1.0", "every_kind/1.0"}


def test_a_released_file_that_changed_is_not_released_again(folder, release):
    release("five_questions/1.0")
    before, path = pinned(folder), folder / "five_questions" / "1.0.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("points: 2", "points: 4"), encoding="utf-8")
    with pytest.raises(CommandError, match="write a new version"):
        release("five_questions/1.0")
    assert pinned(folder) == before


def test_a_comment_is_no_change(folder, release):
    release("five_questions/1.0")
    path = folder / "five_questions" / "1.0.yaml"
    path.write_text("# Relu.\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert release("five_questions/1.0")
    assert pinned(folder).count("\n") == 1


@pytest.mark.parametrize(
    "name", ["nothing/1.0", "../data/five_questions", "five_questions", "five_questions/../every_kind/1.0"]
)
def test_only_a_file_of_the_folder_is_released(folder, release, name):
    with pytest.raises(CommandError, match=r"there is no such file|not named for its id"):
        release(name)
    assert pinned(folder) == ""


def test_a_file_that_is_wrong_or_misnamed_is_not_released(folder, release):
    path = folder / "five_questions" / "1.0.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("kind: multiple_choice", "kind: horoscope"), encoding="utf-8")
    with pytest.raises(CommandError, match="horoscope"):
        release("five_questions/1.0")
    path.write_text(text.replace('version: "1.0"', 'version: "1.1"'), encoding="utf-8")
    with pytest.raises(CommandError, match="not named for its id and version"):
        release("five_questions/1.0")
    assert pinned(folder) == ""


DATASETS = {"from": "rows", "part": "datasets"}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"prefill": [{"from": "system", "field": "colour"}]}, "project/name/prefill"),
        ({"prefill": [{"from": "body", "field": "colour"}]}, "project/name/prefill"),
        ({"prefill": [{"from": "rows", "part": "colours", "columns": {"a": "b"}}]}, "project/name/prefill"),
        ({"prefill": [{**DATASETS, "columns": {"a": "colour"}}]}, "project/name/prefill/columns"),
        ({"prefill": [{**DATASETS, "columns": {"a": "name_fr"}}]}, "project/name/prefill/columns"),
        ({"terms": ["couleur"]}, "project/name/terms"),
    ],
    ids=str,
)  # fmt: skip
def test_what_the_record_has_not_is_refused(contents, change, place):
    content = copy.deepcopy(contents["every_kind"])
    content["sections"][0]["questions"][0].update(change)
    check_content(content)
    with pytest.raises(NotAQuestionnaire) as refusal:
        check_content(content, record=RECORD)
    assert refusal.value.place == place


def test_a_column_of_choices_is_not_filled_with_words(contents):
    content = copy.deepcopy(contents["every_kind"])
    questions = [each for section in content["sections"] for each in section["questions"]]
    table = next(each for each in questions if each["kind"] == "table")
    column = next(each for each in table["columns"] if each["kind"] == "single_choice")
    table["prefill"] = [{**DATASETS, "columns": {column["code"]: "name_fr"}}]
    with pytest.raises(NotAQuestionnaire, match=column["code"]) as refusal:
        check_content(content, record=RECORD)
    assert refusal.value.place.endswith("prefill/columns")


@pytest.mark.parametrize(
    ("prefill", "place"),
    [
        ({"map": {"maybe": "yes"}}, "prefill/map"),
        ({"map": {"yes": "perhaps"}}, "prefill/map"),
        ({"map": {"yes": "yes"}, "unmapped": "perhaps"}, "prefill/unmapped"),
        ({"field": "origin"}, "prefill"),
    ],
    ids=str,
)
def test_codes_are_known_on_both_sides(contents, prefill, place):
    content = copy.deepcopy(contents["every_kind"])
    source = {"from": "system", "field": "personal_information", **prefill}
    content["sections"][0]["questions"][2]["prefill"] = [source]
    with pytest.raises(NotAQuestionnaire) as refusal:
        check_content(content, record=RECORD)
    assert refusal.value.place == f"project/sensitive/{place}"
