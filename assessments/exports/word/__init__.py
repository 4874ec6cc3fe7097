"""An assessment as a Word document that people go on with: headings, real tables, open threads as comments."""

import io
import re
from collections.abc import Iterable
from datetime import UTC, datetime

from django.utils.translation import gettext as _
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import Table as WordTable
from docx.table import _Row as WordRow
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from assessments.exports.told import (
    Block,
    Bullets,
    Leading,
    Pair,
    Pairs,
    Paragraphs,
    Table,
    ToldAssessment,
    ToldPart,
    ToldQuestion,
)
from assessments.exports.word.frame import ALERT, NOTE, blank, demonstration_mark, describe, repeat_on_pages
from core.text import Localized, cut_at_word

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# What XML cannot hold; all else, Word shows.
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LONGEST_DESCRIPTION = 250


def assessment_word(told: ToldAssessment, *, moment: datetime) -> bytes:
    """Made at this moment; its texts are those of every other format."""
    return _Writer(told).content(moment)


class _Writer:
    def __init__(self, told: ToldAssessment) -> None:
        self.told, self.word = told, blank(language=told.language)

    def content(self, moment: datetime) -> bytes:
        told = self.told
        repeat_on_pages(
            self.word,
            running=" – ".join(filter(None, (plain(told.reference), told.short_title, self._state()))),
            is_demonstration=told.is_demonstration,
        )
        self._first_page()
        for part in told.parts:
            self._part(part)
        self._annexes()
        mark = f"{demonstration_mark()}. " if told.is_demonstration else ""
        describe(
            self.word,
            title=plain(f"{told.short_title} – {told.name.text}"),
            subject=told.title,
            author=plain(told.body.text),
            about=f"{mark}{self._state()}",
            language=told.language,
            moment=moment.astimezone(UTC),
        )
        target = io.BytesIO()
        self.word.save(target)
        return target.getvalue()

    def _state(self) -> str:
        if self.told.is_extract:
            return _("Public extract")
        return _("Draft – not submitted") if self.told.is_draft else ""

    # --- The document, from its first page to its annexes ------------------------------------------------------------
    def _first_page(self) -> None:
        told = self.told
        if told.is_demonstration:
            self._text(_("Demonstration: this document describes no real system."), ALERT)
        self._said(told.body, "Normal")
        self._text(told.title, "Subtitle")
        self._said(told.name, "Title")
        if state := self._state():
            self._text(state, ALERT)
        if told.notice:
            self._text(told.notice, NOTE)
        self._pairs_table(_("About this assessment"), told.head)
        self._list(_("What is still missing"), (*told.missing, *told.problems))
        for title, pairs in ((_("Result of the screening"), told.outcomes), (_("Who may be reached"), told.reached)):
            if pairs:
                self._heading(title, 1)
                self._pairs_table(title, pairs)

    def _part(self, part: ToldPart) -> None:
        self._heading(part.title, 1)
        for section in part.sections:
            self._heading(section.title, 2)
            for question in section.questions:
                self._question(question)

    def _question(self, question: ToldQuestion) -> None:
        heading = self._heading(question.label, 3)
        for comment in question.open_comments:
            made = self.word.add_comment(
                heading.runs, text=plain(comment.text), author=plain(comment.author), initials=initials(comment.author)
            )
            made._comment_elm.date = comment.at.astimezone(UTC)
        for block in question.blocks:
            self._block(block)
        for file in question.files:
            self._text(_("File: %(name)s") % {"name": file.name})
        if not question.blocks and not question.files:
            self._text(_("Mandatory: not answered yet") if question.is_missing else _("Not answered"), NOTE)
        elif question.is_missing:
            self._text(_("Mandatory: the answer is not whole yet"), NOTE)
        if told := said_of(question):
            self._text(told, NOTE)
        for reference in question.references:
            self._text(f"{reference.label}. {reference.sure}", NOTE)

    def _annexes(self) -> None:
        told = self.told
        if told.kept_aside:
            self._heading(_("Answers kept aside"), 1)
            self._text(_("These questions are not asked any more. Their answers are kept and count for nothing."))
            for question in told.kept_aside:
                self._question(question)
        if told.files:
            title = _("Files joined to the answers")
            self._heading(title, 1)
            heads = [_("File"), _("Question"), _("Checksum (SHA-256)")]
            labels = {question.code: question.label for question in (*told.questions, *told.kept_aside)}
            rows = [[one.name, labels.get(one.question, one.question), one.digest] for one in told.files]
            self._table(title, [_own(head) for head in heads], [[_own(cell) for cell in row] for row in rows])
        if told.digest:
            self._heading(_("About this document"), 1)
            self._text(_("Checksum of what was submitted (SHA-256), a technical proof that it was not altered:"))
            self._text(told.digest)

    # --- Pieces ------------------------------------------------------------------------------------------------------
    def _block(self, block: Block) -> None:
        if isinstance(block, Paragraphs):
            self._said(block.text)
        elif isinstance(block, Bullets):
            for item in block.items:
                self._said(item, "List Bullet")
        elif isinstance(block, Pairs):
            if block.title:
                self._said(block.title, ALERT)
            for pair in block.pairs:
                paragraph = self.word.add_paragraph()
                paragraph.add_run(
                    _("%(label)s: %(value)s") % {"label": plain(pair.label.text), "value": ""}
                ).bold = True
                self._run(paragraph, pair.value)
        elif isinstance(block, Table):
            self._table(block.title.text, block.columns, block.rows, has_heads=block.has_heads)

    def _heading(self, text: str, level: int) -> Paragraph:
        made: Paragraph = self.word.add_heading(plain(text), level)
        return made

    def _text(self, text: str, style: str = "Normal") -> None:
        self.word.add_paragraph(plain(text), style)

    def _said(self, said: Localized, style: str = "Normal") -> None:
        """One paragraph for each that was typed."""
        for line in said.text.split("\n"):
            if line.strip():
                self._run(self.word.add_paragraph(style=style), Localized(line, said.language))

    def _run(self, paragraph: Paragraph, said: Localized, *, is_bold: bool = False) -> None:
        run = paragraph.add_run(plain(said.text))
        run.bold = is_bold or None
        if said.text and said.language not in {"", self.told.language}:
            lang = OxmlElement("w:lang")
            lang.set(qn("w:val"), f"{said.language}-CA")
            run._r.get_or_add_rPr().append(lang)
        if isinstance(said, Leading):
            _lead(paragraph, run, said.address)

    def _list(self, title: str, lines: Iterable[str]) -> None:
        told = list(lines)
        if told:
            self._heading(title, 1)
            for line in told:
                self._text(line, "List Bullet")

    def _pairs_table(self, title: str, pairs: Iterable[Pair]) -> None:
        heads = [_own(_("Information")), _own(_("Value"))]
        self._table(title, heads, [[pair.label, pair.value] for pair in pairs], has_heads=True)

    def _table(
        self,
        title: str,
        columns: Iterable[Localized],
        rows: Iterable[Iterable[Localized]],
        *,
        has_heads: bool = False,
    ) -> None:
        """A real table: its first row repeats on each page, and has its name for whoever does not see it."""
        heads = list(columns)
        table = self.word.add_table(rows=0, cols=len(heads), style="Table Grid")
        _name(table, title)
        self._row(table.add_row(), heads, bold=set(range(len(heads))))
        mark = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(mark)
        bold = {0} if has_heads else set()
        for row in rows:
            self._row(table.add_row(), list(row), bold=bold)
        self.word.add_paragraph(style=NOTE)  # two tables without a paragraph between them would be one

    def _row(self, row: WordRow, cells: list[Localized], *, bold: set[int]) -> None:
        for index, (cell, said) in enumerate(zip(row.cells, cells, strict=True)):
            self._run(cell.paragraphs[0], said, is_bold=index in bold)


def _own(text: str) -> Localized:
    return Localized(text, "")


def _name(table: WordTable, title: str) -> None:
    for tag in ("w:tblCaption", "w:tblDescription"):
        told = OxmlElement(tag)
        told.set(qn("w:val"), cut_at_word(plain(title), LONGEST_DESCRIPTION))
        table._tbl.tblPr.append(told)


def _lead(paragraph: Paragraph, run: Run, address: str) -> None:
    """The run, one click away from what it names."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(plain(address), RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run.underline = True
    paragraph._p.append(link)
    link.append(run._r)


def plain(text: str) -> str:
    return NOT_XML.sub("", text)


def initials(name: str) -> str:
    return "".join(word[0] for word in plain(name).split()[:3]).upper()


def said_of(question: ToldQuestion) -> str:
    """Who answered, when, and how the answer came."""
    given = question.answered
    if given is None:
        return ""
    told = _("Answered on %(day)s, by %(who)s") % {"day": given.on, "who": given.by}
    return ". ".join(filter(None, (told, given.origin)))
