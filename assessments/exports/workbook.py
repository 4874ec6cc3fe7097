"""An assessment as an Excel workbook: its answers, a sheet for each table, risks and measures among them, the files
and the comments.
"""

import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from assessments.exports.told import Block, Bullets, Pairs, Paragraphs, Said, Table, ToldAssessment, ToldQuestion
from core.text import Localized
from registry.public.open_data.workbook import excel_cell, sheet_title

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NARROW, WIDE = 22, 60
LONG = 40
Line = list[Any]


def assessment_workbook(told: ToldAssessment) -> bytes:
    return _Book(told).content()


class _Book:
    """Sheets in the order in which people look for them. What is fictitious has a column: above the heads, a sentence
    would be taken for them.
    """

    def __init__(self, told: ToldAssessment) -> None:
        self.told, self.book = told, Workbook()
        self.tables: dict[tuple[str, str], str] = {}
        self.mark_head, self.mark = ([_("Demonstration")], [_("Yes")]) if told.is_demonstration else ([], [])

    def content(self) -> bytes:
        told, book = self.told, self.book
        if (first := book.active) is not None:
            book.remove(first)
        everything = [*told.questions, *told.kept_aside]
        titles = self._titles(everything)
        self._sheet(_("Assessment"), [_("Information"), _("Value")], self._about())
        self._sheet(_("Answers"), self._answer_heads(), self._answers(titles))
        for question in everything:
            for index, table in enumerate(question.tables):
                self._table(titles[question.code, index], question, table)
        if told.files:
            heads = [_("Question code"), _("File"), _("Details"), _("Checksum (SHA-256)"), _("Added by"), _("Added on")]
            rows = ([one.question, one.name, one.note, one.digest, one.by, one.on] for one in told.files)
            self._sheet(_("Files"), heads, rows)
        self._comments(everything)
        book.properties.title = f"{told.short_title} – {excel_cell(told.name.text)}"
        book.properties.creator = str(excel_cell(told.body.text))
        book.properties.language = f"{told.language}-CA"
        target = io.BytesIO()
        book.save(target)
        return target.getvalue()

    def _titles(self, questions: Iterable[ToldQuestion]) -> dict[tuple[str, int], str]:
        """Numbered: two long labels may begin alike, and Excel takes thirty-one characters."""
        keys = [(question, index) for question in questions for index, _table in enumerate(question.tables)]
        return {
            (question.code, index): sheet_title(f"{number} {question.label}").rstrip("' ")
            for number, (question, index) in enumerate(keys, start=1)
        }

    def _about(self) -> Iterator[Line]:
        told = self.told
        yield [_("Assessment"), told.title]
        for pair in (*told.head, *told.outcomes, *told.reached):
            yield [pair.label.text, pair.value.text]
        if told.notice:
            yield [_("Notice"), told.notice]
        if told.digest:
            yield [_("Checksum (SHA-256)"), told.digest]
        for label in told.missing:
            yield [_("Still missing"), label]
        for sentence in told.problems:
            yield [_("Still missing"), sentence]

    def _answer_heads(self) -> Line:
        asked = [_("Part"), _("Section"), _("Question code"), _("Question"), _("Answer"), _("Answered by")]
        return [*asked, _("Answered on"), _("Origin"), _("References"), _("Mandatory"), _("Counted")]

    def _answers(self, titles: dict[tuple[str, int], str]) -> Iterator[Line]:
        for part in self.told.parts:
            for section in part.sections:
                for question in section.questions:
                    yield [part.title, section.title, *self._answer(question, titles), _("Yes")]
        for question in self.told.kept_aside:
            yield ["", _("Answers kept aside"), *self._answer(question, titles), _("No")]

    def _answer(self, question: ToldQuestion, titles: dict[tuple[str, int], str]) -> Line:
        answered = question.answered
        how = [answered.by, answered.at[:10], answered.origin] if answered else ["", "", ""]
        references = "\n".join(f"{each.label} – {each.sure}" for each in question.references)
        said = [
            _("See the sheet “%(title)s”") % {"title": titles[question.code, index]}
            for index, _each in enumerate(question.tables)
        ] or _texts(question)
        needed = _("Yes") if question.is_required else _("No")
        return [question.code, question.label, _joined(said), *how, references, needed]

    def _table(self, title: str, question: ToldQuestion, table: Table) -> None:
        """With what is written of each row, when the answer says more of them: the reasons of a risk."""
        more = {block.title.text: block for block in question.blocks if isinstance(block, Pairs) and block.title}
        labels = list(dict.fromkeys(pair.label.text for block in more.values() for pair in block.pairs))

        def told(row: tuple[Localized, ...]) -> Line:
            block = more.get(row[0].text)
            said = {pair.label.text: pair.value.text for pair in block.pairs} if block else {}
            return [*map(_cell, row), *(said.get(label, "") for label in labels)]

        self._sheet(title, [*(column.text for column in table.columns), *labels], map(told, table.rows))

    def _comments(self, questions: Iterable[ToldQuestion]) -> None:
        rows = [
            [
                one.code,
                one.label,
                comment.author,
                comment.on,
                comment.text,
                _("Yes") if comment.is_resolved else _("No"),
            ]
            for one in questions
            for comment in one.comments
        ]
        if rows:
            heads = [_("Question code"), _("Question"), _("Author"), _("Date"), _("Comment"), _("Resolved")]
            self._sheet(_("Comments"), heads, rows)

    def _sheet(self, title: str, heads: Line, rows: Iterable[Line]) -> None:
        sheet = self.book.create_sheet(sheet_title(title))
        lines = [[*heads, *self.mark_head], *([*row, *self.mark] for row in rows)]
        for line in lines:
            sheet.append([excel_cell(cell) for cell in line])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for row in sheet.iter_rows():
            for cell in row:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
        for number in range(len(lines[0])):
            is_long = any(len(str(line[number])) > LONG for line in lines)
            sheet.column_dimensions[get_column_letter(number + 1)].width = WIDE if is_long else NARROW
        sheet.freeze_panes = "A2"


def _cell(cell: Localized) -> Any:
    """A number stays a number, a day sorts."""
    return cell.plain if isinstance(cell, Said) else cell.text


def _texts(question: ToldQuestion) -> list[Any]:
    """What one cell says of the answer, and the files that support it."""
    if len(question.blocks) == 1 and isinstance(only := question.blocks[0], Paragraphs) and not question.files:
        return [_cell(only.text)]
    said = [text for block in question.blocks for text in _lines(block)]
    return [*said, *(_("File: %(name)s") % {"name": one.name} for one in question.files)]


def _joined(said: list[Any]) -> Any:
    return said[0] if len(said) == 1 else "\n".join(map(str, said))


def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraphs):
        yield block.text.text
    elif isinstance(block, Bullets):
        yield from (item.text for item in block.items)
    elif isinstance(block, Pairs):
        for pair in block.pairs:
            yield _("%(label)s: %(value)s") % {"label": pair.label.text, "value": pair.value.text}
