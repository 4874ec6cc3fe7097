"""How each field of a system is asked, explained, shown and named elsewhere: one data file, read once."""

from pathlib import Path

import yaml

from registry.field_catalogue.reading import read_catalogue
from registry.field_catalogue.shapes import (
    Catalogue,
    Choice,
    Field,
    Part,
    Requirement,
    Section,
    SheetAnswer,
    Standard,
    Text,
)
from registry.field_catalogue.strategy import STRATEGIES, STRATEGY_LISTS

__all__ = [
    "CATALOGUE",
    "STRATEGIES",
    "STRATEGY_LISTS",
    "Catalogue",
    "Choice",
    "Field",
    "Part",
    "Requirement",
    "Section",
    "SheetAnswer",
    "Standard",
    "Text",
    "read_catalogue",
]

FIELDS_FILE = Path(__file__).with_name("fields.yaml")
SCHEMA_FILE = Path(__file__).with_name("schema.json")

CATALOGUE = read_catalogue(yaml.safe_load(FIELDS_FILE.read_text(encoding="utf-8")), STRATEGY_LISTS)
