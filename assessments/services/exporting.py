"""Taking an assessment away as a file is an act: it stands in the ledger."""

from django.db import transaction

from assessments.models import Assessment
from core.audit import record
from organizations.models import User


@transaction.atomic
def note_export(*, assessment: Assessment, kind: str, digest: str, by: User) -> None:
    """A person took a file of this assessment out of Vigie: in what form, and the digest of that very file."""
    facts = {"format": kind, "digest": digest, "version": assessment.version}
    record(by=by, verb="export", thing=assessment, organization=assessment.organization, facts=facts)
