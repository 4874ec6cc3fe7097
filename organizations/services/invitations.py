"""Bringing a person in by mail: invited to one or several functions, for 14 days."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.audit import record
from core.services import InvalidInput, NotAllowed, NotPossibleNow, created_once
from core.text import clean_line
from organizations.models import Invitation, Organization, User
from organizations.services import links
from organizations.services.accounts import has_verified, open_account
from organizations.services.members import add_membership, givable_roles, held
from organizations.services.messages import send_later

LASTS = timedelta(days=14)
BETWEEN_MAILS = timedelta(minutes=5)


@transaction.atomic
def invite(
    *,
    organization: Organization,
    email: str,
    roles: Sequence[str],
    language: str,
    by: User,
    request_key: UUID | None = None,
) -> Invitation:
    """Invite a person by mail to these functions. Raises `NotPossibleNow` when an invitation is waiting already."""
    organization = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    _check_may_invite(by, organization, roles)

    def create() -> Invitation:
        address = _check_address(email)
        _check_new(organization, address, roles)
        moment = clock.now()
        invitation = Invitation(
            uuid=uuid4(),
            organization=organization,
            email=address,
            roles=sorted(set(roles)),
            language=language,
            invited_at=moment,
            invited_by=by,
            expires_at=moment + LASTS,
        )
        invitation.token_digest = _digest(invitation)
        invitation.save(force_insert=True)
        record(by=by, verb="invite", thing=invitation, organization=organization, facts={"roles": invitation.roles})
        _send(invitation)
        return invitation

    return created_once(key=request_key, by=by, model=Invitation, create=create)


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: User) -> Invitation:
    """Another 14 days and another link; the former link dies."""
    invitation = _to_change(invitation, by)
    if clock.now() - (invitation.expires_at - LASTS) < BETWEEN_MAILS:
        raise NotPossibleNow(_("The message left less than five minutes ago: give it time to arrive."))
    invitation.expires_at = clock.now() + LASTS
    invitation.token_digest = _digest(invitation)
    invitation.save()
    record(by=by, verb="resend_invitation", thing=invitation, organization=invitation.organization)
    _send(invitation)
    return invitation


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User) -> Invitation:
    """The link opens nothing any more."""
    invitation = _to_change(invitation, by)
    invitation.withdrawn_at, invitation.withdrawn_by = clock.now(), by
    invitation.save()
    record(by=by, verb="withdraw_invitation", thing=invitation, organization=invitation.organization)
    return invitation


@transaction.atomic
def accept_invitation(*, invitation: Invitation, by: User) -> Invitation:
    """The person takes the functions offered. Raises `NotAllowed` when they are not the one who was invited."""
    invitation = _lock(invitation)
    _check_open(invitation)
    if not has_verified(by, invitation.email):
        raise NotAllowed(
            _("This invitation was sent to %(email)s, and you are signed in under another e-mail.")
            % {"email": invitation.email}
        )
    have = set(held(invitation.organization, user=by).order_by("pk").values_list("role", flat=True))
    for role in invitation.roles:
        if role not in have:
            add_membership(
                organization=invitation.organization, user=by, role=role, by=invitation.invited_by, taken_by=by
            )
    invitation.accepted_at, invitation.accepted_by = clock.now(), by
    invitation.save()
    record(by=by, verb="accept_invitation", thing=invitation, organization=invitation.organization)
    return invitation


@transaction.atomic
def join_by_invitation(*, invitation: Invitation, name: str, password: str, language: str) -> User:
    """Open the account of the invited person, whose mailbox the link proves, and take the functions."""
    invitation = _lock(invitation)
    _check_open(invitation)
    user = open_account(
        user=User(),
        email=invitation.email,
        name=name,
        language=language,
        password=password,
        is_verified=True,
        is_demonstration=invitation.organization.is_demonstration,
    )
    accept_invitation(invitation=invitation, by=user)
    return user


def find_invitation(secret: str) -> Invitation | None:
    """The invitation that this link opens. A link made before the last sending opens nothing."""
    found = Invitation.objects.select_related("organization", "invited_by")
    return found.filter(token_digest=links.digest(secret)).first()


def is_open(invitation: Invitation) -> bool:
    return not (invitation.accepted_at or invitation.withdrawn_at) and invitation.expires_at > clock.now()


def _check_may_invite(by: User, organization: Organization, roles: Sequence[str]) -> None:
    if not set(roles) <= set(givable_roles(by, organization)):
        raise NotAllowed(_("Only the administration of this body may invite people to these functions."))
    if not roles:
        raise InvalidInput(_("Choose at least one function."), field="roles")


def _check_address(typed: str) -> str:
    email = clean_line(typed).lower()
    try:
        validate_email(email)
    except ValidationError:
        raise InvalidInput(
            _("Type a whole e-mail address, like prenom.nom@organisme.example."), field="email"
        ) from None
    return email


def _check_new(organization: Organization, email: str, roles: Sequence[str]) -> None:
    waiting = Invitation.objects.filter(organization=organization, email__iexact=email)
    if waiting.filter(accepted_at__isnull=True, withdrawn_at__isnull=True).exists():
        raise NotPossibleNow(
            _("An invitation to this e-mail is waiting already: send it again or withdraw it from the list.")
        )
    have = set(held(organization).filter(user__email__iexact=email).order_by("pk").values_list("role", flat=True))
    if set(roles) <= have:
        raise InvalidInput(_("This person holds these functions already."), field="email")


def _to_change(invitation: Invitation, by: User) -> Invitation:
    invitation = _lock(invitation)
    _check_may_invite(by, invitation.organization, invitation.roles)
    if invitation.accepted_at:
        raise NotPossibleNow(_("This invitation was accepted: end the person's functions instead."))
    if invitation.withdrawn_at:
        raise NotPossibleNow(_("This invitation was withdrawn: make a new one."))
    return invitation


def _check_open(invitation: Invitation) -> None:
    if not is_open(invitation):
        raise NotPossibleNow(_("This invitation is over: ask the administration of the body to send you another one."))


def _lock(invitation: Invitation) -> Invitation:
    found = Invitation.objects.select_for_update(of=("self",)).select_related("organization", "invited_by")
    return found.get(pk=invitation.pk)


def _digest(invitation: Invitation) -> str:
    return links.digest(links.invitation_secret(invitation.uuid, invitation.expires_at))


def _send(invitation: Invitation) -> None:
    key = f"invitation:{invitation.uuid}:{int(invitation.expires_at.timestamp())}"
    send_later("invitation", once=key, uuid=str(invitation.uuid))
