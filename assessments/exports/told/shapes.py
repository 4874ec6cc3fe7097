"""What every document of an assessment says, in words. Each text knows its language; nothing here is a code alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from assessments.services.matrix import DrawnMatrix, LegendLevel
from core import clock
from core.text import Localized, clean_text, day_in_words, reader_language


@dataclass(frozen=True)
class Said(Localized):
    """Words of a number or of a day. `plain`: what a spreadsheet sorts by, the number itself or 2026-11-22."""

    plain: int | float | str = ""


@dataclass(frozen=True)
class Leading(Localized):
    """Words that lead to `address`. `title`: what is found there is called otherwise than these words."""

    address: str = ""
    title: str = ""


def typed(text: object) -> Localized:
    """Written by a person. Content is in French, whatever the language of the document."""
    return Localized(clean_text(str(text)), "fr")


def worded(text: object) -> Localized:
    """Said by Vigie or by the questionnaire, in the reader's language."""
    return Localized(clean_text(str(text)), reader_language())


def cleaned(text: Localized) -> Localized:
    """Read as it is from a record: without what no file may hold."""
    return Localized(clean_text(text.text), text.language)


@dataclass(frozen=True)
class Paragraphs:
    """One text; its own line ends separate the paragraphs."""

    text: Localized
    kind: Literal["paragraphs"] = "paragraphs"


@dataclass(frozen=True)
class Bullets:
    items: tuple[Localized, ...]
    kind: Literal["bullets"] = "bullets"


@dataclass(frozen=True)
class Pair:
    label: Localized
    value: Localized


@dataclass(frozen=True)
class Pairs:
    """Labels with what was said of each. `title`: what they are about, when the answer speaks of several things."""

    pairs: tuple[Pair, ...]
    title: Localized | None = None
    kind: Literal["pairs"] = "pairs"


@dataclass(frozen=True)
class Table:
    """`has_heads`: the first cell of a row names it. `is_stacked`: on paper its rows stand one under the other, because
    its texts are too long for columns, or because it has more heads than cells.
    """

    title: Localized
    columns: tuple[Localized, ...]
    rows: tuple[tuple[Localized, ...], ...]
    has_heads: bool = False
    is_stacked: bool = False
    kind: Literal["table"] = "table"


# What stands side by side on a page of paper without letters under letters.
MOST_OF_A_CELL, MOST_OF_A_ROW, MOST_COLUMNS = 250, 420, 6


def table_of(
    title: Localized,
    columns: Iterable[Localized],
    rows: Iterable[tuple[Localized, ...]],
    *,
    has_heads: bool = False,
) -> Table:
    heads, lines = tuple(columns), tuple(rows)
    longest = max((len(cell.text) for line in lines for cell in line), default=0)
    widest = max((sum(len(cell.text) for cell in line) for line in lines), default=0)
    is_dense = len(heads) > MOST_COLUMNS or longest > MOST_OF_A_CELL or widest > MOST_OF_A_ROW
    is_slight = has_heads and len(heads) + len(lines) > len(lines) * (len(heads) - 1)
    return Table(title, heads, lines, has_heads, is_stacked=is_dense or is_slight)


@dataclass(frozen=True)
class Matrices:
    """Risks on severity × likelihood, once for each moment. `risks`: who the numbers are. Drawn on the web and on paper
    alone: the table of levels says the same in words.
    """

    title: Localized
    drawn: tuple[DrawnMatrix, ...]
    legend: tuple[LegendLevel, ...]
    risks: tuple[Localized, ...]
    kind: Literal["matrices"] = "matrices"


Block = Paragraphs | Bullets | Pairs | Table | Matrices


@dataclass(frozen=True)
class ToldLeaf:
    """One thing that was filled in, for tables of data: where it stands, its codes if it has any, its words.

    `said` is «» where nothing was answered; `guest_of`: for whom an invited person gave it.
    """

    path: str
    line: str
    column: str
    code: str
    said: str
    guest_of: str = ""


@dataclass(frozen=True)
class ToldReference:
    """`sure`: origin and certainty, in one sentence."""

    label: str
    sure: str


@dataclass(frozen=True)
class ToldComment:
    """One remark of a thread beside a question."""

    author: str
    at: datetime
    text: str
    is_resolved: bool = False

    @property
    def on(self) -> str:
        """In the reader's words."""
        return day_in_words(clock.civil_date(self.at))


@dataclass(frozen=True)
class ToldFile:
    """A file joined to an answer. The digest proves that it is the same one."""

    question: str
    name: str
    note: str
    digest: str
    size: int | None
    by: str
    on: str


@dataclass(frozen=True)
class ToldAnswered:
    """Who answered, when (`at`: for programs, `on`: for people), and how the answer came when it was not typed; `own`:
    of what is not of an invited person.
    """

    by: str
    at: str
    on: str
    origin: str
    own: str = ""


@dataclass(frozen=True)
class ToldQuestion:
    """`blocks` is empty while nothing is answered. `is_missing`: mandatory, and something of it is not there yet."""

    code: str
    label: str
    is_required: bool
    is_missing: bool
    is_public: bool
    references: tuple[ToldReference, ...]
    blocks: tuple[Block, ...]
    leaves: tuple[ToldLeaf, ...]
    answered: ToldAnswered | None
    comments: tuple[ToldComment, ...]
    files: tuple[ToldFile, ...]

    @property
    def open_comments(self) -> tuple[ToldComment, ...]:
        return tuple(comment for comment in self.comments if not comment.is_resolved)

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Table))


@dataclass(frozen=True)
class ToldSection:
    code: str
    title: str
    questions: tuple[ToldQuestion, ...]


@dataclass(frozen=True)
class ToldPart:
    """What the documents of this instrument are divided in."""

    code: str
    title: str
    sections: tuple[ToldSection, ...]


@dataclass(frozen=True)
class ToldAssessment:
    """One assessment, live or as it was submitted (`digest`), for the people who read its working papers; or its public
    extract (`is_extract`), which names nobody.

    `head`: the facts of the first page; `outcomes`: of a screening, what it says of other assessments; `missing`: what
    is not there yet; `problems`: rules of risks that do not hold.
    """

    language: str
    title: str
    short_title: str
    name: Localized
    reference: str
    body: Localized
    sigle: str
    is_demonstration: bool
    is_draft: bool
    is_extract: bool
    head: tuple[Pair, ...]
    reached: tuple[Pair, ...]
    outcomes: tuple[Pair, ...]
    notice: str
    missing: tuple[str, ...]
    problems: tuple[str, ...]
    parts: tuple[ToldPart, ...]
    kept_aside: tuple[ToldQuestion, ...]
    files: tuple[ToldFile, ...]
    digest: str

    @property
    def questions(self) -> tuple[ToldQuestion, ...]:
        """In their order; those kept aside are not among them."""
        return tuple(each for part in self.parts for section in part.sections for each in section.questions)
