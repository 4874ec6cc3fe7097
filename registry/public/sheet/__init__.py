"""The public page of one system: its versions, and what each says in two readings."""

from registry.public.sheet.reading import Sheet, find_sheet, history_of
from registry.public.sheet.sections import document_sections
from registry.public.sheet.shapes import Answer, BodyThen, PartRows, Row, Section, Version
from registry.public.sheet.solution import Claim, SolutionTold, solution_in

__all__ = [
    "Answer",
    "BodyThen",
    "Claim",
    "PartRows",
    "Row",
    "Section",
    "Sheet",
    "SolutionTold",
    "Version",
    "document_sections",
    "find_sheet",
    "history_of",
    "solution_in",
]
