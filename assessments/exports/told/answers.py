"""One answer in words: as blocks for documents, leaf by leaf for tables of data."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from assessments.exports.told.linked import NOTHING_LINKED, Linked
from assessments.exports.told.risks import risk_blocks
from assessments.exports.told.shapes import (
    Block,
    Bullets,
    Pair,
    Pairs,
    Paragraphs,
    Said,
    Table,
    ToldLeaf,
    table_of,
    typed,
    worded,
)
from assessments.questionnaires import Question
from assessments.scoring.asking import Reading
from assessments.scoring.leaves import (
    BY_LINE,
    MANY_CODES,
    MEASURE_LEAVES,
    PARTS_OF,
    SIMPLE,
    Leaf,
    flat_of,
    leaves_of,
    row_keys,
)
from assessments.scoring.links import links_of
from assessments.services.words import NAMES, name_of_leaf, shown_leaf, words_of_code
from core.text import Localized, clean_line, reader_language

WRITTEN = frozenset({"text", "long_text"})
PLAIN = frozenset({"number", "whole", "date"})


class AnswerInWords:
    """The answer to one question, read once. What the questionnaire no longer shows of it (a hidden line, a hidden
    risk) is not told.
    """

    def __init__(self, reading: Reading, question: Question, value: Any, linked: Linked = NOTHING_LINKED) -> None:
        self.reading, self.question = reading, question
        self.flat: Mapping[str, Any] = flat_of(question, value)
        self.rows = row_keys(self.flat)
        self.links = {link.path("reference"): linked.told(link) for link in links_of(question, self.flat)}

    def leaves(self) -> Iterator[Leaf]:
        shown = self._shown_lines()
        for leaf in leaves_of(self.reading.questionnaire, self.question, self.flat):
            if not leaf.is_file and (shown is None or leaf.path.partition(".")[0] in shown):
                yield leaf

    def _shown_lines(self) -> set[str] | None:
        kind = self.question.kind
        if kind in BY_LINE:
            return {line.code for line in self.reading.lines_of(self.question)}
        if kind == "risk_list":
            return {risk.code for risk in self.reading.risks}
        if kind == "measures":
            return {measure.code for measure in self.reading.measures} | set(self.rows)
        return None

    def said(self, leaf: Leaf) -> Localized:
        value = self.flat.get(leaf.path)
        if leaf.path in self.links:
            return self.links[leaf.path]
        text = shown_leaf(self.reading.questionnaire, leaf, value)
        if text and self.question.unit and leaf.path == "":
            return worded(f"{text}\u00a0{self.question.unit[reader_language()]}")
        if value is not None and leaf.kind in PLAIN:
            return Said(text, reader_language(), value)
        return typed(text) if leaf.kind in WRITTEN else worded(text)

    # --- For tables of data ------------------------------------------------------------------------------------------
    def told_leaves(self, guest_leaves: Mapping[str, str]) -> Iterator[ToldLeaf]:
        """`guest_leaves`: path → for whom an invited person gave it."""
        for leaf in self.leaves():
            value = self.flat.get(leaf.path)
            if value not in (None, "", []):
                said = self.said(leaf).text
                yield ToldLeaf(
                    leaf.path,
                    self._line(leaf),
                    name_of_leaf(leaf),
                    _code(leaf, value),
                    said,
                    clean_line(guest_leaves.get(leaf.path, "")),
                )

    def _line(self, leaf: Leaf) -> str:
        if leaf.line:
            return leaf.line[reader_language()]
        return str(leaf.number or "")

    # --- For documents -----------------------------------------------------------------------------------------------
    def blocks(self) -> tuple[Block, ...]:
        """Nothing for an answer that is not given."""
        if not self.flat:
            return ()
        kind = self.question.kind
        if kind in SIMPLE:
            return (self._simple(),)
        if kind in PARTS_OF:
            return tuple(self._parts())
        if kind == "risk_list":
            return risk_blocks(self.reading, self.question)
        if kind in BY_LINE:
            return (self._grid(),)
        if kind == "measures":
            return (self._measures(),)
        return (self._table(),)

    def _simple(self) -> Block:
        (leaf,) = self.leaves()
        if leaf.kind in MANY_CODES:
            chosen = self.flat[leaf.path]
            return Bullets(tuple(worded(words_of_code(self.reading.questionnaire, leaf, code)) for code in chosen))
        return Paragraphs(self.said(leaf))

    def _parts(self) -> Iterator[Block]:
        """A choice and its explanation read as one text; what has several names keeps them."""
        told = [(leaf, self.said(leaf)) for leaf in self.leaves()]
        told = [(leaf, said) for leaf, said in told if said]
        if self.question.kind in {"choice_with_text", "text_with_file", "file"}:
            yield from (Paragraphs(said) for _leaf, said in told)
        elif told:
            yield Pairs(tuple(Pair(worded(name_of_leaf(leaf)), said) for leaf, said in told))

    def _grid(self) -> Table:
        """Each line with what is said of it; a line not answered yet stands empty."""
        by_line: dict[str, list[Leaf]] = {line.code: [] for line in self.reading.lines_of(self.question)}
        for leaf in self.leaves():
            by_line[leaf.path.partition(".")[0]].append(leaf)
        rows = [
            (worded(line.label[reader_language()]), *map(self.said, by_line[line.code]))
            for line in self.reading.lines_of(self.question)
        ]
        first = _("Criterion") if self.question.kind == "criteria_grid" else _("Line")
        some = next(iter(by_line.values()), [])
        return self._made([first, *(name_of_leaf(leaf) or _("Answer") for leaf in some)], rows, has_heads=True)

    def _table(self) -> Table:
        leaves = {leaf.path: leaf for leaf in self.leaves()}
        names = list(dict.fromkeys(path.partition(".")[2] for path in leaves))
        columns = [name_of_leaf(leaves[f"{self.rows[0]}.{name}"]) for name in names]
        rows = [tuple(self.said(leaves[f"{key}.{name}"]) for name in names) for key in self.rows]
        return self._made(columns, rows)

    def _measures(self) -> Table:
        """Those of the catalogue that were answered, then those that people added."""
        leaves = {leaf.path: leaf for leaf in self.leaves()}
        names = [name for name, _kind in MEASURE_LEAVES]
        rows = []
        for measure in self.reading.measures:
            if any(f"{measure.code}.{name}" in self.flat for name in names):
                cells = (self.said(leaves[f"{measure.code}.{name}"]) for name in names)
                rows.append((worded(measure.label[reader_language()]), *cells))
        for key in self.rows:
            rows.append(tuple(self.said(leaves[f"{key}.{name}"]) for name in ("label", *names)))
        heads = [str(NAMES[name]) for name in ("label", *names)]
        return self._made(heads, rows, has_heads=True)

    def _made(self, columns: list[str], rows: list[tuple[Localized, ...]], *, has_heads: bool = False) -> Table:
        title = worded(self.question.label[reader_language()])
        return table_of(title, map(worded, columns), rows, has_heads=has_heads)


def _code(leaf: Leaf, value: Any) -> str:
    """What a program counts by: a code, a number, a date; nothing for a text."""
    if leaf.kind in WRITTEN or leaf.kind == "url":
        return ""
    return ", ".join(value) if leaf.kind in MANY_CODES else str(value)
