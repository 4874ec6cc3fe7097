"""A case is submitted once and decided once, by another person where the body requires it."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.audit import record
from core.services import InvalidInput, NotAllowed, NotPossibleNow, check_length
from core.text import clean_text
from organizations.models import Organization, User
from review.models import Case
from review.workflow import CaseState, Transition, transition


@transaction.atomic
def submit_case(
    *,
    organization: Organization,
    subject: str,
    label: str,
    address: str,
    digest: str,
    needs_other_person: bool,
    authors: Iterable[User],
    by: User,
) -> Case:
    """Put a frozen subject before the people of the body. The room that asks checked who may, and says who wrote it."""
    case = Case.objects.create(
        organization=organization,
        subject=subject,
        label=label,
        address=address,
        digest=digest,
        needs_other_person=needs_other_person,
        submitted_at=clock.now(),
        submitted_by=by,
    )
    case.authors.set(authors)
    record(by=by, verb="submit", thing=case, organization=organization, facts={"subject": subject, "digest": digest})
    return case


@transaction.atomic
def decide_case(*, case: Case, move: str, comment: str = "", by: User) -> Case:
    """Approve, send back or withdraw. Raises `NotPossibleNow` when decided already, `NotAllowed` for one's own case
    or text, `InvalidInput` for sending back without a word.
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    permitted = transition(move, case.state)
    if permitted is None:
        raise NotPossibleNow(_("Somebody already answered this request. Reload the page to see the answer."))
    _check_second_person(case, permitted, by)
    comment = clean_text(comment)
    check_length(comment, Case, "comment")
    if permitted.target == CaseState.SENT_BACK and not comment:
        raise InvalidInput(_("Say what should be changed, so that the person can do it."), field="comment")
    case.state, case.comment = permitted.target, comment
    case.decided_at, case.decided_by = clock.now(), by
    case.save()
    record(by=by, verb=move, thing=case, organization=case.organization, facts={"digest": case.digest})
    return case


def _check_second_person(case: Case, move: Transition, by: User) -> None:
    if move.by_other and case.needs_other_person and case.submitted_by_id == by.pk:
        raise NotAllowed(
            _("Your body requires a second look: another person must answer the request you made yourself.")
        )
    if move.by_other and case.needs_other_person and is_author(case, by):
        raise NotAllowed(_("You wrote part of what is submitted: your body requires that another person looks at it."))
    if not move.by_other and case.submitted_by_id != by.pk:
        raise NotAllowed(_("Only the person who made this request may withdraw it."))


def is_author(case: Case, user: User) -> bool:
    """They wrote part of what the case holds: theirs is not a second look."""
    return case.authors.filter(pk=user.pk).exists()
