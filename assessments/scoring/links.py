"""Rows of an answer that links to other records: of which kind each is, and which record its text names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from assessments.questionnaires import Question
from assessments.scoring.leaves import Flat, is_of_one_kind, row_keys

RECORD_KINDS = frozenset({"system", "assessment"})
"""What Vigie keeps, and looks up. Of a data set or an agreement, the text is all there is."""

PAGE = re.compile(r"(?<![0-9a-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-z])", re.IGNORECASE | re.ASCII)
# As a body gives them out (registry/services/systems.py); whoever types one may leave the accent out.
NUMBER = re.compile(
    r"(?<![\w-])(QC|D[ÉE]MO)-([A-Z][A-Z0-9]{1,11}-[0-9]{4,9})(?![\w])(?:[\s–—:,-]*([a-z][a-z0-9_]*))?", re.IGNORECASE
)


@dataclass(frozen=True)
class Link:
    """One row. `path`: of its reference among the leaves; `kind` is «» where nobody has said it yet."""

    row: str
    kind: str
    reference: str

    def path(self, leaf: str) -> str:
        return f"{self.row}.{leaf}"

    @property
    def is_of_record(self) -> bool:
        """It says enough to be looked up."""
        return self.kind in RECORD_KINDS and bool(self.reference)


def links_of(question: Question, flat: Flat) -> Iterator[Link]:
    """Every row of a question that links; none of another question."""
    if question.kind == "link":
        alone = question.links[0] if is_of_one_kind(question) else ""
        for key in row_keys(flat):
            yield Link(key, alone or str(flat.get(f"{key}.kind") or ""), str(flat.get(f"{key}.reference") or ""))


@dataclass(frozen=True)
class Named:
    """What a text names: by the address of a page (`uuid`), by the number of a system, with the instrument that may
    stand after it.
    """

    uuid: UUID | None = None
    number: str = ""
    instrument: str = ""


def named_in(text: str) -> Named:
    """The first page and the first number: a name may hold the number of another record after its own."""
    page, number = PAGE.search(text), NUMBER.search(text)
    if number is None:
        return Named(UUID(page.group()) if page else None)
    prefix, rest, word = number.groups()
    found = f"{'QC' if prefix.upper() == 'QC' else 'DÉMO'}-{rest.upper()}"
    return Named(UUID(page.group()) if page else None, found, (word or "").lower())


def taken_over(old: Question, new: Question, flat: Flat) -> Flat:
    """The rows of one question as another takes them: with their kind where there are several, without what the other
    does not link to.
    """
    rows = {link.row: link.kind for link in links_of(old, flat) if not link.kind or link.kind in new.links}
    kept = {path: each for path, each in flat.items() if path.partition(".")[0] in rows}
    if is_of_one_kind(new):
        return {path: each for path, each in kept.items() if not path.endswith(".kind")}
    return {**kept, **{f"{row}.kind": kind for row, kind in rows.items() if kind}}
