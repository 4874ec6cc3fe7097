"""Data coming in: registers from elsewhere and a body's own inventory, row by row, never by halves."""

from registry.services.imports.inventory_columns import (
    EXTERNAL_ID,
    NAME,
    NOT_IMPORTED,
    importable_fields,
)
from registry.services.imports.inventory_command import import_inventory
from registry.services.imports.inventory_entry import (
    can_be_entered,
    continue_entering,
    enter_imported,
    entry_forecast,
    give_up_entering,
    is_being_entered,
)
from registry.services.imports.inventory_file import (
    abandon_run,
    choose_sheet,
    order_inventory_import,
    read_inventory,
)
from registry.services.imports.inventory_preview import (
    is_being_planned,
    is_planned,
    is_stale,
    map_columns,
    plan_again,
    plan_counts,
    plan_inventory,
)
from registry.services.imports.inventory_rows import (
    continue_inventory_import,
    retry_row,
    start_inventory_import,
)
from registry.services.imports.inventory_undo import (
    can_be_undone,
    continue_undoing,
    give_up_undoing,
    is_being_undone,
    undo_forecast,
    undo_inventory_import,
)
from registry.services.imports.messages import (
    field_label,
    recoding_kind,
    register_language,
    register_name,
    sentence_for,
    told_note,
    told_problem,
    unknown_register,
)
from registry.services.imports.register import (
    RegisterResult,
    continue_register_import,
    import_register,
    order_register_import,
)
from registry.services.imports.register_rows import columns_of, retry_register_row
from registry.services.imports.registers import SOURCES
from registry.services.imports.runs import give_up_run, note_rejects_export
from registry.standards.tabular import UnreadableFile

__all__ = [
    "EXTERNAL_ID",
    "NAME",
    "NOT_IMPORTED",
    "SOURCES",
    "RegisterResult",
    "UnreadableFile",
    "abandon_run",
    "can_be_entered",
    "can_be_undone",
    "choose_sheet",
    "columns_of",
    "continue_entering",
    "continue_inventory_import",
    "continue_register_import",
    "continue_undoing",
    "enter_imported",
    "entry_forecast",
    "field_label",
    "give_up_entering",
    "give_up_run",
    "give_up_undoing",
    "import_inventory",
    "import_register",
    "importable_fields",
    "is_being_entered",
    "is_being_planned",
    "is_being_undone",
    "is_planned",
    "is_stale",
    "map_columns",
    "note_rejects_export",
    "order_inventory_import",
    "order_register_import",
    "plan_again",
    "plan_counts",
    "plan_inventory",
    "read_inventory",
    "recoding_kind",
    "register_language",
    "register_name",
    "retry_register_row",
    "retry_row",
    "sentence_for",
    "start_inventory_import",
    "told_note",
    "told_problem",
    "undo_forecast",
    "undo_inventory_import",
    "unknown_register",
]
