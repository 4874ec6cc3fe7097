"""Rows that belong to no room: the audit ledger, the outbox, private files, keys of creation."""

from core.models.audit import AuditEvent
from core.models.base import Versioned, keep_history
from core.models.creation import CreationKey
from core.models.intent import Intent
from core.models.public_edition import PublicEdition
from core.models.stored_file import StoredFile

__all__ = ["AuditEvent", "CreationKey", "Intent", "PublicEdition", "StoredFile", "Versioned", "keep_history"]
