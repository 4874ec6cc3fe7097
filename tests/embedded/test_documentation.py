"""What a person may type is what is written: environment variables, make's commands, the order of CI."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_install_explains_every_variable_in_both_languages() -> None:
    sources = [*(ROOT / "config").glob("*.py"), *(ROOT / "core").rglob("*.py")]
    text = "\n".join(path.read_text("utf-8") for path in sources)
    read = set(re.findall(r'\benv\.\w+\("([A-Z_]+)"', text))
    read |= {"PORT", "HOST", "DEMO", "OWNER_DATABASE_URL"}
    french, english = (ROOT / "docs" / "install.md").read_text("utf-8").split("\n---\n")
    for part in (french, english):
        table = part[part.index("| variable |") :].splitlines()
        cells = "\n".join(line.split("|")[1] for line in table if line.startswith("|"))
        assert set(re.findall(r"`([A-Z_]+)`", cells)) == read


@pytest.mark.parametrize("command", "start test long check fix bench messages backup restore".split())
def test_make_has_the_commands_of_the_house(command: str) -> None:
    assert re.search(rf"^{command}:.*## \w", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def test_ci_types_what_a_person_would_type() -> None:
    lines = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith("make")] == ["make check", "make test", "make long"]
    assert "set -euo pipefail" in lines
