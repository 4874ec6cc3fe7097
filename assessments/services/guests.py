"""Invited persons: somebody without account (a supplier) answers named questions by a link, until a day."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Assessment, GuestAccess
from assessments.services.saving import check_may_lead, check_open
from core import clock, outbox
from core.audit import record
from core.services import InvalidInput, NotAllowed, NotPossibleNow, check_length, created_once
from core.text import clean_line
from organizations.models import User
from organizations.services.links import absolute, digest
from organizations.services.messages import SEND

SALT = "assessments.guest"
LONGEST = timedelta(days=90)
MOST_GUESTS = 20


def secret_of(uuid: UUID) -> str:
    """32 bytes that only the key of this program makes: neither a row, nor a job, nor a log holds them."""
    return signing.Signer(salt=SALT).signature(str(uuid))


def address_of(guest: GuestAccess) -> str:
    return absolute("guests:answers", guest.language, secret=secret_of(guest.uuid))


def find_guest(secret: str) -> GuestAccess | None:
    """The invitation that this link opens, ended or not."""
    joined = GuestAccess.objects.select_related(
        "given_by",
        "assessment__organization",
        "assessment__system__organization",
        "assessment__version_asked",
    )
    return joined.defer("assessment__version_asked__content").filter(digest=digest(secret)).first()


def is_open_to(guest: GuestAccess) -> bool:
    """Its day is not past, nobody withdrew it, and the assessment is still being written."""
    return guest.is_good_on(clock.civil_date(clock.now())) and guest.assessment.is_open


@transaction.atomic
def invite_guest(
    *,
    assessment: Assessment,
    name: str,
    email: str,
    on_behalf_of: str,
    questions: Collection[str],
    language: str,
    ends_on: date,
    by: User,
    request_key: UUID | None = None,
) -> tuple[GuestAccess, str]:
    """Invite one person to answer these questions, and send them the link; the link too, empty when this very form was
    sent before. Raises `InvalidInput` for what cannot be kept, `NotPossibleNow` when many are invited already.
    """
    check_may_lead(assessment, by)
    locked = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    check_open(locked)
    about = {"name": clean_line(name), "on_behalf_of": clean_line(on_behalf_of), "email": clean_line(email).lower()}
    _check_person(about)
    _check_day(ends_on)
    asked = _checked_questions(assessment, questions)
    if language not in {"fr", "en"}:
        raise InvalidInput(_("Choose the language of the message."), field="language")
    told: list[str] = []

    def create() -> GuestAccess:
        _check_number(locked)
        given = {"questions": asked, "language": language, "ends_on": ends_on, **about}
        guest = _create(assessment, given, by)
        told.append(address_of(guest))
        return guest

    made = created_once(key=request_key, by=by, model=GuestAccess, create=create)
    return made, told[0] if told else ""


def _create(assessment: Assessment, given: dict[str, Any], by: User) -> GuestAccess:
    uuid = uuid4()
    guest = GuestAccess.objects.create(
        uuid=uuid,
        assessment=assessment,
        digest=digest(secret_of(uuid)),
        given_at=clock.now(),
        given_by=by,
        **given,
    )
    facts = {"questions": guest.questions, "ends_on": guest.ends_on.isoformat()}
    record(by=by, verb="invite_guest", thing=guest, organization=assessment.organization, facts=facts)
    message = "assessments.services.messages.guest_invited"
    outbox.ask(SEND, dedup_key=f"guest:{uuid}", message=message, refs={"uuid": str(uuid)})
    return guest


def _check_number(assessment: Assessment) -> None:
    today = clock.civil_date(clock.now())
    if GuestAccess.objects.filter(assessment=assessment).in_force(today).count() >= MOST_GUESTS:
        sentence = _("%(most)d persons are invited already: withdraw one of these invitations first.")
        raise NotPossibleNow(sentence % {"most": MOST_GUESTS})


def _checked_questions(assessment: Assessment, questions: Collection[str]) -> list[str]:
    """In the order of the questionnaire."""
    wanted = set(questions)
    asked = [question.id for question in assessment.questionnaire.questions if question.id in wanted]
    if not asked or len(asked) != len(wanted):
        raise InvalidInput(_("Choose at least one question of the list."), field="questions")
    return asked


def _check_person(about: dict[str, str]) -> None:
    for field in ("name", "on_behalf_of"):
        if not about[field]:
            raise InvalidInput(_("Say who is invited, and for which enterprise or body they answer."), field=field)
        check_length(about[field], GuestAccess, field)
    try:
        validate_email(about["email"])
    except ValidationError:
        sentence = _("Type a whole e-mail address, like prenom.nom@organisme.example.")
        raise InvalidInput(sentence, field="email") from None
    check_length(about["email"], GuestAccess, "email")


def _check_day(ends_on: date) -> None:
    today = clock.civil_date(clock.now())
    if not today <= ends_on <= today + LONGEST:
        sentence = _("Choose a day to come, within %(days)d days.") % {"days": LONGEST.days}
        raise InvalidInput(sentence, field="ends_on")


@transaction.atomic
def withdraw_guest(*, guest: GuestAccess, by: User) -> GuestAccess:
    """The link opens nothing any more; what was answered stays, marked as theirs."""
    check_may_lead(guest.assessment, by)
    locked = GuestAccess.objects.select_for_update(of=("self",)).get(pk=guest.pk)
    if locked.withdrawn_at:
        raise NotPossibleNow(_("This invitation was withdrawn already."))
    locked.withdrawn_at, locked.withdrawn_by = clock.now(), by
    locked.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record(by=by, verb="withdraw_guest", thing=locked, organization=guest.assessment.organization)
    return locked


@transaction.atomic
def hand_in(*, guest: GuestAccess, by: GuestAccess) -> GuestAccess:
    """«J'ai terminé»: whoever invited is told; the answers wait until they are taken back."""
    return _turn(guest, by, is_handed_in=True)


@transaction.atomic
def take_answers_back(*, guest: GuestAccess, by: GuestAccess) -> GuestAccess:
    """To correct or add something, while the link is good."""
    return _turn(guest, by, is_handed_in=False)


def _turn(guest: GuestAccess, by: GuestAccess, *, is_handed_in: bool) -> GuestAccess:
    locked = GuestAccess.objects.select_for_update(of=("self",)).get(pk=guest.pk)
    if by.pk != locked.pk or not locked.is_good_on(clock.civil_date(clock.now())):
        raise NotAllowed(_("This invitation has ended. Ask whoever invited you for another one."))
    check_open(guest.assessment)
    if bool(locked.handed_in_at) == is_handed_in:
        return locked
    locked.handed_in_at = clock.now() if is_handed_in else None
    locked.save(update_fields=["handed_in_at"])
    verb = "hand_in_answers" if is_handed_in else "take_answers_back"
    record(by=by, verb=verb, thing=locked, organization=guest.assessment.organization)
    return locked
