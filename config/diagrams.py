"""Diagrams of states in docs/workflows/, drawn from the transition tables: what is drawn is what the code permits."""

from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from config.messages import ROOMS, ROOT

FOLDER = ROOT / "docs" / "workflows"


def drawings() -> dict[Path, str]:
    """File → its text, for each transition table of each room: `TRANSITIONS`, `PHASE_TRANSITIONS`…"""
    found = {}
    for room in ROOMS:
        if find_spec(f"{room}.workflow"):
            for name, moves in sorted(vars(import_module(f"{room}.workflow")).items()):
                if name.endswith("TRANSITIONS"):
                    noun = name.removesuffix("TRANSITIONS").removesuffix("_").lower()
                    found[FOLDER / f"{room}-{noun}.md" if noun else FOLDER / f"{room}.md"] = draw(room, moves)
    return found


def draw(room: str, moves: Iterable[Any]) -> str:
    """A state that no move reaches is the first, one that no move leaves is a last one."""
    moves = list(moves)
    sources, targets = ([str(getattr(move, end)) for move in moves] for end in ("source", "target"))
    lines = [f"    [*] --> {state}" for state in dict.fromkeys(sources) if state not in targets]
    lines += [f"    {move.source} --> {move.target} : {_label(move)}" for move in moves]
    lines += [f"    {state} --> [*]" for state in dict.fromkeys(targets) if state not in sources]
    origin = f"Drawn by `manage.py diagrams` from `{room}/workflow.py`: change the table, not this file."
    return "\n".join([f"# States of `{room}`", "", origin, "", "```mermaid", "stateDiagram-v2", *lines, "```", ""])


def _label(move: Any) -> str:
    who: dict[bool | None, str] = {True: ", by a second person where the body requires one", False: ", by its author"}
    how = ", by a decision in Vigie" if getattr(move, "by_decision", False) else ""
    return f"{move.name}{who.get(getattr(move, 'by_other', None), '')}{how}"


def out_of_date() -> list[str]:
    """Names of the drawings that are missing, that differ from their table, or that no table has any more."""
    wanted = drawings()
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    return sorted(path.name for path in {*stale, *(set(FOLDER.glob("*.md")) - wanted.keys())})


def write() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = drawings()
    for path in set(FOLDER.glob("*.md")) - wanted.keys():
        path.unlink()
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8")
