"""What was wrong with a file, a row or a cell, as one sentence that says what to do."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.text import reader_language
from registry.field_catalogue import CATALOGUE
from registry.services.imports.inventory_columns import EXTERNAL_ID
from registry.services.imports.registers import SOURCES

Sentence = str | Promise
_CODED = frozenset(field.code for field in CATALOGUE.fields if field.choices)

# The whole file is refused.
FILE_SENTENCES: Mapping[str, Sentence] = {
    "empty_file": gettext_lazy("This file is empty. Check that you chose the right one."),
    "not_a_table": gettext_lazy("This file is not a table. Choose an Excel workbook (.xlsx) or a CSV file."),
    "old_xls": gettext_lazy("This workbook is in the old Excel format (.xls). Save it as .xlsx, then try again."),
    "encrypted": gettext_lazy("This workbook is protected by a password. Remove the password, then try again."),
    "opendocument": gettext_lazy("This file is in the OpenDocument format (.ods). Save it as .xlsx or CSV."),
    "binary_workbook": gettext_lazy("This workbook is in the binary format (.xlsb). Save it as .xlsx."),
    "damaged_file": gettext_lazy(
        "This file is damaged and cannot be read. Open it in your spreadsheet program and save it again as .xlsx."
    ),
    "zip_bomb": gettext_lazy(
        "Once unpacked, this file would be far larger than any inventory: it was not opened."
        " Copy the useful cells into a new workbook."
    ),
    "file_too_large": gettext_lazy("This file is too large: %(limit)s MB at most. Remove images, or split the table."),
    "too_many_rows": gettext_lazy("This table has too many rows: %(limit)s at most. Split it into several files."),
    "too_many_columns": gettext_lazy(
        "This table has too many columns: %(limit)s at most. Keep those that describe your systems."
    ),
    "too_many_merges": gettext_lazy(
        "This sheet has too many merged cells: %(limit)s at most. Unmerge them in your spreadsheet, then try again."
    ),
    "no_table": gettext_lazy(
        "No table was found in this file. Put the titles of the columns in the first row, then one system per row."
    ),
    "no_rows": gettext_lazy("This table has titles but no row. Add at least one system."),
    "unknown_sheet": gettext_lazy("This workbook has no sheet named “%(sheet)s”."),
    "not_this_register": gettext_lazy(
        "This file is not this register: its columns are others (%(found)s…)."
        " Take the file that the register publishes."
    ),
    "missing_columns": gettext_lazy(
        "Without these columns no record can come in: %(columns)s. Take the file that the register publishes."
    ),
    "repeated_columns": gettext_lazy(
        "Columns stand twice in this file: %(columns)s. Keep one of each, then try again."
    ),
    "damaged_json": gettext_lazy(
        "This JSON file is cut or damaged, and cannot be read. Download it again, then try again."
    ),
    "no_records": gettext_lazy(
        "This JSON file holds no list of records with named fields. Take the file that the register publishes."
    ),
    "name_not_found": gettext_lazy(
        "None of these columns was recognized as the name of the system: %(columns)s. Say which one it is."
    ),
    "interrupted": gettext_lazy(
        "The import stopped in the middle. What came in is whole. Start it again: rows already there will not change."
    ),
    "abandoned": gettext_lazy("This import was abandoned: nothing came in."),
    "unsafe_file": gettext_lazy("The virus scanner refused this file. Ask your security team to look at it."),
}

# One row stays out, or one cell of it was not taken.
ROW_SENTENCES: Mapping[str, Sentence] = {
    "row_too_short": gettext_lazy(
        "This row has fewer cells than the table has columns: its values may have slipped. Complete it in the file."
    ),
    "row_too_long": gettext_lazy(
        "This row has more cells than the table has columns: its values may have slipped. Correct it in the file."
    ),
    "unterminated_quote": gettext_lazy(
        "A quotation mark is opened in this row and never closed. Close it in the file."
    ),
    "not_a_record": gettext_lazy("This entry of the list is not a record with named fields. Correct it in the file."),
    "formula_cell": gettext_lazy("This cell holds a formula. Replace it with its result, as text."),
    "formula_result": gettext_lazy("Value computed by a formula, to be checked: Vigie took the saved result."),
    "merged_identity": gettext_lazy(
        "In the file, this cell is merged with the row above: these rows tell one system. Keep the row above, or type"
        " here what makes this one another system."
    ),
    "cell_too_long": gettext_lazy("This text is longer than a cell may be. Shorten it."),
    "cell_unreadable": gettext_lazy("This value cannot be read. Type it again as text."),
    "excel_error": gettext_lazy("This cell holds an error of the spreadsheet. It was read as empty."),
    "control_character": gettext_lazy("Invisible characters were removed from this text."),
    "character_lost": gettext_lazy("A character of this text could not be read. Check the text."),
    "character_recoded": gettext_lazy(
        "A character of this text was written in another encoding than the file; it was read as Windows writes it."
        " Check the text."
    ),
    "missing_id": gettext_lazy("The identifier is missing: nobody could tell this record from another."),
    "invalid_id": gettext_lazy("This identifier is too long to be one."),
    "missing_name": gettext_lazy("The name of the system is missing: type it."),
    "missing_body": gettext_lazy(
        "There is no identifier and no body: nobody could tell this record from another. Type one of them."
    ),
    "duplicate_id": gettext_lazy(
        "Row %(first_row)s has the same identifier and says something else: the first row was kept."
    ),
    "same_name": gettext_lazy(
        "Row %(first_row)s has the same body and the same name, no identifier either, and says something else: the"
        " first row was kept. Give this one an identifier."
    ),
    "text_too_long": gettext_lazy("This text is too long: %(limit)s characters at most."),
    "name_missing": gettext_lazy("The name of the system is missing: type it."),
    "too_long": gettext_lazy(
        "This text has %(length)s characters; %(limit)s at most fit. Shorten it, or complete it in the draft."
    ),
    "answer_needed": gettext_lazy("The file says that the answer is not known. Give it in the draft."),
    "unknown_value": gettext_lazy("This is none of the answers of the list. Choose one in the draft."),
    "several_values": gettext_lazy("This says several answers at once. Choose one in the draft."),
    "exclusive_value": gettext_lazy("“No one” cannot stand beside other answers. Choose in the draft."),
    "not_an_email": gettext_lazy("This is not an e-mail address."),
    "several_emails": gettext_lazy("This cell holds several e-mail addresses. Keep one generic mailbox."),
    "not_a_phone": gettext_lazy("This is not a telephone number."),
    "not_a_date": gettext_lazy("This is not a date. Write it like 2026-11-22."),
    "incomplete_date": gettext_lazy("The day or the month is missing. Write the date like 2026-11-22."),
    "ambiguous_date": gettext_lazy("The day and the month could be read either way. Write it like 2026-11-22."),
    "implausible_day": gettext_lazy("No system of a register has this date. Correct the year."),
    "day_to_come": gettext_lazy("This day has not come yet. Give a date that has passed, or leave it empty."),
    "end_before_start": gettext_lazy("The end is before the start: correct one of the two dates."),
    "end_while_serving": gettext_lazy(
        "The system is in use and has an end already: take the end off, or say that the system is retired."
    ),
    "not_a_number": gettext_lazy("This is not a whole number. Write it with figures only, like 125000."),
    "ambiguous_number": gettext_lazy(
        "The comma or the point could mark thousands or cents. Write the number with figures only, like 125000."
    ),
    "not_an_address": gettext_lazy("This is not a whole web address. Write it like https://body.example/page."),
    "repeated_row": gettext_lazy("This row repeats row %(first_row)s word for word."),
    "duplicate_row": gettext_lazy(
        "Row %(first_row)s has the same name and unit and says something else. Give one of them another name."
    ),
    "duplicate_identifier": gettext_lazy(
        "Row %(first_row)s has the same identifier (“%(identifier)s”, column “%(column)s”) and says something else."
        " Correct the identifier of one of them, or keep one row."
    ),
    "kept_as_edited": gettext_lazy(
        "The register already has this system and a person worked on it: nothing was overwritten."
    ),
    "duplicate_header": gettext_lazy("Two columns have the title “%(value)s”: the second is called “%(column)s” here."),
    "contrary_columns": gettext_lazy(
        "The columns “%(value)s” and “%(column)s” disagree, first in row %(first_row)s. Only one can be imported:"
        " check which one is right."
    ),
    "empty_header": gettext_lazy("The column “%(column)s” has values and no title: nothing was guessed for it."),
    "merged_cells": gettext_lazy(
        "The column “%(column)s” has merged cells: their value was given to the other rows they cover (%(value)s)."
    ),
    "database_refused": gettext_lazy(
        "The database refused this row, and this row only. Look for an unusual value in it, or write to support."
    ),
}
# The same on a row that stays out: it has no draft, the answer is chosen beside the cell.
_HERE: Mapping[str, Sentence] = {
    "answer_needed": gettext_lazy("The file says that the answer is not known. Choose one if you know it."),
    "unknown_value": gettext_lazy("This is none of the answers of the list. Choose one of them."),
    "several_values": gettext_lazy("This says several answers at once. Choose one of them."),
    "exclusive_value": gettext_lazy("“No one” cannot stand beside other answers. Choose one of them."),
}
_UNKNOWN = gettext_lazy("This could not be read. Check the file, then try again.")

# What became of a value that was written in other words.
RECODING_KINDS: Mapping[str, Sentence] = {
    "blank": gettext_lazy("left blank"),
    "spelling": gettext_lazy("other spelling"),
    "synonym": gettext_lazy("other word"),
    "unrecognized": gettext_lazy("unknown word"),
    "contradiction": gettext_lazy("French and English disagree"),
    "completed": gettext_lazy("completed from the other language"),
    "reversed": gettext_lazy("languages the other way round"),
    "spaces": gettext_lazy("superfluous spaces"),
    "control": gettext_lazy("invisible characters"),
    "excel_error": gettext_lazy("spreadsheet error"),
    "encoding": gettext_lazy("character in another encoding"),
    "markup": gettext_lazy("text layout removed"),
    "derived": gettext_lazy("no number in the source: recognized by its body and its name"),
    "prefixed": gettext_lazy("number completed with its body"),
    "absent": gettext_lazy("column absent from the file"),
}


def sentence_for(code: str, params: Mapping[str, Any] | None = None) -> str:
    """The sentence of a code in the reader's language; a code nobody wrote a sentence for still says something."""
    sentence = FILE_SENTENCES.get(code) or ROW_SENTENCES.get(code) or _UNKNOWN
    try:
        return str(sentence) % {**(params or {})}
    except KeyError:  # a parameter is missing: better a plain sentence than none
        return str(_UNKNOWN)


def field_label(field: str) -> str:
    """The name of a field in the reader's language; a column of another register keeps its own name."""
    if field == EXTERNAL_ID:
        return _("Our own identifier of the system")
    try:
        return CATALOGUE.label(field, reader_language())
    except KeyError:
        return field


def told_note(note: Mapping[str, Any]) -> str:
    """What was odd about a column of the file, as one sentence."""
    column = {"column": note["field"], "value": note["value"]}
    return sentence_for(note["reason"], {**column, **note["params"]})


def told_problem(problem: Mapping[str, Any], *, has_draft: bool = True) -> tuple[str, str]:
    """(where in the row, or nothing; what is wrong and what to do) of a problem as rows keep it."""
    is_coded = problem["field"] in _CODED and problem["reason"] in _HERE
    sentence = str(_HERE[problem["reason"]]) if is_coded and not has_draft else ""
    return field_label(problem["field"]), sentence or sentence_for(problem["reason"], problem["params"])


def recoding_kind(kind: str) -> str:
    return str(RECODING_KINDS.get(kind, kind))


def register_name(code: str, language: str) -> str:
    """The name of a register from elsewhere."""
    return SOURCES[code].register.names[language] if code in SOURCES else code


def register_language(code: str) -> str:
    """The language of the texts of a register, if it is one."""
    languages = SOURCES[code].register.languages
    return languages[0] if len(languages) == 1 else ""


def unknown_register(code: str) -> str:
    """A code that is no register of ours, or none at all: which there are."""
    language = reader_language()
    known = ", ".join(f"{each} ({register_name(each, language)})" for each in sorted(SOURCES))
    if not code:
        return _("Say which register the file comes from. Vigie reads: %(known)s.") % {"known": known}
    return _("“%(code)s” is no register that Vigie reads. It reads: %(known)s.") % {"code": code[:40], "known": known}
