"""From the bytes of a file to plain data, and nothing but plain data: what is cut short, huge or cunning stops here."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from assessments.questionnaires.reading import NotAQuestionnaire

MOST_BYTES = 2_000_000
MOST_THINGS = 100_000
"""Values in one questionnaire, each counted wherever an alias repeats it: ours have a few thousand."""
DEEPEST = 30
LARGEST = 10**12
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
ONE_BRANCH = ("all", "any", "not")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Plain(_Loader):
    """Dates stay the texts that were written, as do yes, no, on and off: a questionnaire is JSON too."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _value in node.value if isinstance(key, yaml.ScalarNode) and key.value != "<<"]
        twice = next((key for key in keys if keys.count(key) > 1), None) if len(keys) < 500 else None
        if twice is not None:
            raise yaml.constructor.ConstructorError(None, None, f"the key {twice!r} is there twice", node.start_mark)
        found: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return found


_BOOLEAN, _DAY = "tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp"
_Plain.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in found if tag not in {_BOOLEAN, _DAY}]
    for letter, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Plain.add_implicit_resolver(_BOOLEAN, re.compile(r"true|false"), ["t", "f"])


def read_text(content: bytes, *, name: str) -> Any:
    """The data of a YAML file, or of a JSON one. Raises `NotAQuestionnaire` with the name of the file."""
    if len(content) > MOST_BYTES:
        raise NotAQuestionnaire(name, f"a questionnaire has {MOST_BYTES:,} bytes at most")
    try:
        _check_depth(content)
        return yaml.load(content.decode("utf-8-sig"), Loader=_Plain)  # noqa: S506 – a SafeLoader
    # What a library says of wrong data is its own affair: a number of 5,000 figures is a ValueError.
    except (yaml.YAMLError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise NotAQuestionnaire(name, " ".join(str(error).split())[:300]) from error


def _check_depth(content: bytes) -> None:
    """Read as events first: the library makes its tree by calling itself, and a deep one brings the process down."""
    depth = 0
    for number, event in enumerate(yaml.parse(content.decode("utf-8-sig"), Loader=_Plain)):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST or number > 2 * MOST_THINGS:
            raise ValueError("it goes too deep, or holds too much")


def check_plain(content: Any) -> None:
    """Raise `NotAQuestionnaire` for what JSON or the database cannot hold, and for what is built to be endless."""
    if not isinstance(content, dict):
        raise NotAQuestionnaire("", "a questionnaire is a map: id, version, title…")
    for number, (place, value) in enumerate(_walk(content, ())):
        if number > MOST_THINGS:
            raise NotAQuestionnaire("", "it holds too much: an alias may repeat itself without end")
        if problem := _problem(value):
            raise NotAQuestionnaire("/".join(place), problem)
        if len(place) > DEEPEST:
            raise NotAQuestionnaire("/".join(place[:6]), "it goes too deep")


def _walk(value: Any, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield place, value
    if isinstance(value, dict):
        for key, each in value.items():
            yield (*place, str(key)[:40]), key
            yield from _walk(each, (*place, str(key)[:40]))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _walk(each, (*place, str(number)))


def _problem(value: Any) -> str:
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            return "each key is a text: put it between quotation marks"
        return "a condition is one of `all`, `any`, `not`" if _branches(value) > 1 else ""
    if isinstance(value, str):
        return "it holds a sign that nobody sees" if UNSEEN.search(value) else ""
    if isinstance(value, bool) or value is None or isinstance(value, list):
        return ""
    if isinstance(value, (int, float)):
        return "" if math.isfinite(float(value) if abs(value) <= LARGEST else math.inf) else "this number is too large"
    return f"a {type(value).__name__} is neither text, number, list nor map"


def _branches(value: Mapping[str, Any]) -> int:
    """More than one branch in one condition is wrong, and would be tried for ever by the schema."""
    return sum(name in value for name in ONE_BRANCH)
