"""Rows of the register."""

from registry.models.citizens import ErrorReport
from registry.models.foreign import ForeignSystem
from registry.models.imports import ColumnMapping, ImportRow, ImportRun
from registry.models.publication import Publication, PublicationRequest, PublicRecord
from registry.models.scope import ScopeAnswer
from registry.models.system import AISystem, SystemGrant

__all__ = [
    "AISystem",
    "ColumnMapping",
    "ErrorReport",
    "ForeignSystem",
    "ImportRow",
    "ImportRun",
    "PublicRecord",
    "Publication",
    "PublicationRequest",
    "ScopeAnswer",
    "SystemGrant",
]
