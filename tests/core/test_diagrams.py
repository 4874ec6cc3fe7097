"""Drawings of states are those of the transition tables, and the gate that says so can fail."""

import pytest
from django.core.management import CommandError, call_command

from config import diagrams


def test_the_drawings_in_docs_are_those_of_the_tables():
    assert diagrams.out_of_date() == []


def test_a_case_is_drawn_from_its_first_state_to_its_last_ones():
    (text,) = (text for path, text in diagrams.drawings().items() if path.name == "review.md")
    assert "    [*] --> submitted\n" in text
    assert "    submitted --> approved : approve, by a second person where the body requires one\n" in text
    assert "    submitted --> withdrawn : withdraw, by its author\n" in text
    assert text.count("--> [*]") == 3 and text.count("```") == 2


@pytest.fixture
def folder(monkeypatch, tmp_path):
    monkeypatch.setattr(diagrams, "FOLDER", tmp_path / "workflows")
    call_command("diagrams")
    return tmp_path / "workflows"


def test_drawing_again_changes_nothing(folder, capsys):
    before = (folder / "review.md").read_bytes()
    call_command("diagrams")
    call_command("diagrams", "--check")
    assert (folder / "review.md").read_bytes() == before and "docs/workflows/" in capsys.readouterr().out


@pytest.mark.parametrize("fault", ["changed", "missing", "left over"])
def test_each_fault_fails_the_gate(folder, fault):
    drawing = folder / "review.md"
    if fault == "changed":
        drawing.write_text(drawing.read_text(encoding="utf-8").replace("approve", "accept"), encoding="utf-8")
    elif fault == "missing":
        drawing.unlink()
    else:
        (folder / "gone.md").write_text("", encoding="utf-8")
    with pytest.raises(CommandError, match="gone.md" if fault == "left over" else "review.md"):
        call_command("diagrams", "--check")
    call_command("diagrams")
    assert diagrams.out_of_date() == []
