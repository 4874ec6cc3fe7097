"""Every stable code this floor hands to people's pages, where each has its sentence."""

from typing import Final

from registry.standards.tabular.table import DAMAGE, NOTES

# `UnreadableFile.code`: the whole file is refused.
FILE_REFUSALS: Final = frozenset(
    {
        "empty_file",
        "file_too_large",
        "too_many_merges",
        "not_a_table",
        "old_xls",
        "encrypted",
        "opendocument",
        "binary_workbook",
    }
    | {"damaged_file", "zip_bomb", "too_many_rows", "too_many_columns", "no_table", "no_rows", "unknown_sheet"}
    | {"not_this_register", "missing_columns", "repeated_columns", "damaged_json", "no_records"}
)
# `Table.problems`: odd titles of columns.
HEADER_PROBLEMS: Final = frozenset({"duplicate_header", "empty_header", "merged_cells"})
# `Row.problems`.
ROW_PROBLEMS: Final = DAMAGE | NOTES
# `Rejected.reason`.
REJECTIONS: Final = DAMAGE | {"missing_id", "invalid_id", "missing_name", "duplicate_id", "same_name", "missing_body"}
# `Recoding.kind`.
RECODING_KINDS: Final = frozenset(
    {"blank", "spelling", "synonym", "unrecognized", "contradiction", "completed", "reversed", "spaces", "control"}
    | {"excel_error", "encoding", "absent", "markup", "derived", "prefixed"}
)
# `FieldProblem.code`; those of a whole row come with an empty field.
FIELD_PROBLEMS: Final = (
    DAMAGE
    | {"unknown_value", "several_values", "exclusive_value", "answer_needed", "name_missing", "too_long", "excel_error"}
    | {"character_lost", "character_recoded", "formula_result", "merged_identity"}
    | {"not_an_email", "several_emails", "not_a_phone", "not_a_date", "incomplete_date", "ambiguous_date"}
    | {"not_a_number", "ambiguous_number", "not_an_address"}
)
