"""Data coming in: registers from elsewhere and a body's own inventory, row by row, never by halves."""

from registry.services.imports.inventory_columns import (
    EXTERNAL_ID,
    NAME,
    NOT_IMPORTED,
    importable_fields,
    map_columns,
)
from registry.services.imports.inventory_file import (
    abandon_run,
    choose_sheet,
    file_problems,
    order_inventory_import,
    read_inventory,
)
from registry.services.imports.inventory_plan import Planned, plan_rows
from registry.services.imports.inventory_recodings import recodings_of
from registry.services.imports.inventory_rows import (
    continue_inventory_import,
    retry_row,
    start_inventory_import,
)
from registry.services.imports.messages import (
    field_label,
    recoding_kind,
    register_name,
    sentence_for,
    told_problem,
)
from registry.services.imports.register import (
    RegisterResult,
    continue_register_import,
    import_register,
    order_register_import,
)
from registry.services.imports.registers import SOURCES
from registry.services.imports.runs import give_up_run, note_rejects_export
from registry.standards.tabular import UnreadableFile

__all__ = [
    "EXTERNAL_ID",
    "NAME",
    "NOT_IMPORTED",
    "SOURCES",
    "Planned",
    "RegisterResult",
    "UnreadableFile",
    "abandon_run",
    "choose_sheet",
    "continue_inventory_import",
    "continue_register_import",
    "field_label",
    "file_problems",
    "give_up_run",
    "import_register",
    "importable_fields",
    "map_columns",
    "note_rejects_export",
    "order_inventory_import",
    "order_register_import",
    "plan_rows",
    "read_inventory",
    "recoding_kind",
    "recodings_of",
    "register_name",
    "retry_row",
    "sentence_for",
    "start_inventory_import",
    "told_problem",
]
