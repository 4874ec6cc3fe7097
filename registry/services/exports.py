"""Taking a list away is an act: it stands in the ledger."""

from collections.abc import Iterable

from django.db import transaction

from core.audit import record
from organizations.models import User


@transaction.atomic
def note_export(*, rows: int, kind: str, filters: Iterable[str], by: User) -> None:
    """A person took a list of systems out of Vigie: how many, in what form, narrowed by what. Never the words typed."""
    record(by=by, verb="export", thing=by, facts={"rows": rows, "format": kind, "filters": sorted(filters)})
