"""Data coming in: registers from elsewhere and a body's own inventory, row by row, never by halves."""

from registry.services.imports.messages import recoding_kind, register_name, sentence_for
from registry.services.imports.register import (
    RegisterResult,
    continue_register_import,
    import_register,
    order_register_import,
)
from registry.standards.tabular import UnreadableFile

__all__ = [
    "RegisterResult",
    "UnreadableFile",
    "continue_register_import",
    "import_register",
    "order_register_import",
    "recoding_kind",
    "register_name",
    "sentence_for",
]
