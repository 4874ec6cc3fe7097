"""The codes people's pages have sentences for are all the codes there are."""

import re
from pathlib import Path

import pytest

from registry.standards import codes

SOURCE = Path(codes.__file__).parent
TEXT = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SOURCE.rglob("*.py")) if path.name != "codes.py")


def found(*patterns: str) -> set[str]:
    return {code for pattern in patterns for code in re.findall(pattern, TEXT)}


@pytest.mark.parametrize(
    ("known", "patterns"),
    [
        (codes.FILE_REFUSALS, [r'UnreadableFile\(\s*"(\w+)"']),
        (codes.FILE_REFUSALS, [r'UnreadableFile\("\w+" if [^"]+ else "(\w+)"']),
        (codes.HEADER_PROBLEMS, [r'Problem\("(\w+_header)"']),
        (codes.ROW_PROBLEMS, [r'(?:problems|found)\.append\(\(\s*"(\w+)"']),
        (codes.REJECTIONS, [r'Rejected\([^")]*"(\w+)"']),
        (codes.RECODING_KINDS, [r'Recoding\([\w"{}]+, "(\w+)"', r'_say\([^"]*"(\w+)"']),
        (codes.FIELD_PROBLEMS, [r'_problem\(code, "(\w+)"', r'return None, "(\w+)"', r'FieldProblem\(\w+, "(\w+)"']),
    ],
)
def test_no_code_without_a_place_in_the_lists(known: frozenset[str], patterns: list[str]) -> None:
    used = found(*patterns)
    assert used
    assert used <= known


@pytest.mark.parametrize(
    "code",
    sorted(codes.FILE_REFUSALS | codes.ROW_PROBLEMS | codes.FIELD_PROBLEMS | codes.REJECTIONS | codes.RECODING_KINDS),
)
def test_no_code_that_is_never_given(code: str) -> None:
    assert f'"{code}"' in TEXT
