"""Taking an assessment away as a file: which version of it; the act stands in the ledger."""

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Assessment, Submission
from core.audit import record
from core.services import InvalidInput
from organizations.models import User


@transaction.atomic
def note_export(*, assessment: Assessment, kind: str, digest: str, by: User) -> None:
    """A person took a file of this assessment out of Vigie: in what form, and the digest of that very file."""
    facts = {"format": kind, "digest": digest, "version": assessment.version}
    record(by=by, verb="export", thing=assessment, organization=assessment.organization, facts=facts)


def submission_numbered(assessment: Assessment, number: int) -> Submission:
    """What was submitted under this number. Raises `InvalidInput`, which tells the numbers that there are."""
    submissions = assessment.submissions.select_related("submitted_by", "case")
    found = submissions.filter(number=number).first()
    if found is None:
        raise InvalidInput(_no_version(assessment, number), field="version")
    return found


def _no_version(assessment: Assessment, number: int) -> str:
    there = ", ".join(str(each) for each in assessment.submissions.order_by("number").values_list("number", flat=True))
    if not there:
        return _("Nothing was submitted yet: ask without “version” for the assessment as it stands.")
    told = _("Version %(number)d of this assessment does not exist. Those that were submitted: %(there)s.")
    return told % {"number": number, "there": there}
