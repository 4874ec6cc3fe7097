"""What the documents of the project point to exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_and_images_lead_to_files(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    missing = [t for t in targets if not re.match(r"[a-z]+:", t) and not (document.parent / t).exists()]
    assert not missing


def test_the_readme_opens_with_what_vigie_is_and_a_picture_of_it() -> None:
    first_screen = (ROOT / "README.md").read_text(encoding="utf-8")[:1800]
    assert "registre de gouvernance de l'IA publique" in first_screen and "docs/images/" in first_screen
