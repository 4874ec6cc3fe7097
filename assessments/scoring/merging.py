"""Two people wrote the same answer since one version of it: leaf by leaf, what stands, what is in dispute."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

Flat = Mapping[str, Any]


@dataclass(frozen=True)
class Merged:
    """`changed`: leaves to write; `disputed`: leaves that both changed, differently."""

    changed: Mapping[str, Any]
    disputed: tuple[str, ...]


def merge(base: Flat, stored: Flat, typed: Flat, *, unsettled: Collection[str] = ()) -> Merged:
    """`base`: what the person had read; `typed`: every leaf that they sent, empty ones too. What they only read, and
    somebody else wrote since, is not written back. `unsettled`: in dispute already, until somebody chooses.
    """
    changed: dict[str, Any] = {}
    disputed: list[str] = []
    for path, value in typed.items():
        was, now = _value(base, path), _value(stored, path)
        if _same(value, now):
            continue
        if path in unsettled:
            disputed.append(path)
        elif _same(value, was):
            continue
        elif _same(was, now):
            changed[path] = value
        else:
            disputed.append(path)
    return Merged(changed, tuple(disputed))


def _value(flat: Flat, path: str) -> Any:
    return flat.get(path)


def _same(one: Any, other: Any) -> bool:
    """Nothing is nothing, however it is written; a list of codes means a set."""
    empty: tuple[Any, ...] = (None, "", [], {})
    if one in empty or other in empty:
        return one in empty and other in empty
    if isinstance(one, list) and isinstance(other, list) and all(isinstance(each, str) for each in one + other):
        return set(one) == set(other)
    return bool(one == other)
