"""Letting one person from elsewhere read one system, until a day."""

from datetime import date

from django.contrib.auth.models import Permission as AuthPermission
from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.audit import record
from core.outbox import ask
from core.services import InvalidInput, NotAllowed, NotPossibleNow, check_length
from core.text import clean_line
from organizations.models import User
from organizations.services.messages import SEND
from registry import permissions
from registry.models import AISystem, SystemGrant
from registry.services.parts import check_not_put_away

MAX_DAYS = 366


@transaction.atomic
def grant_exception(*, system: AISystem, email: str, reason: str, ends_on: date, by: User) -> SystemGrant:
    """The person (who has an account) may read this system, drafts included, until that day."""
    _check(system, by)
    check_not_put_away(system)
    today = clock.civil_date(clock.now())
    if not 0 <= (ends_on - today).days <= MAX_DAYS:
        raise InvalidInput(_("Choose an end date within one year from today."), field="ends_on")
    person = User.objects.filter(email__iexact=clean_line(email), is_active=True).first()
    if person is None:
        raise InvalidInput(
            _("Nobody has an account under this e-mail: ask the person to create one first."), field="email"
        )
    if person.pk == by.pk:
        raise InvalidInput(_("You can read this system already."), field="email")
    reason = clean_line(reason)
    if not reason:
        raise InvalidInput(_("Give the reason: it is kept with the access."), field="reason")
    check_length(reason, SystemGrant, "reason")
    moment = clock.now()
    grant: SystemGrant
    grant, is_new = SystemGrant.objects.select_for_update(of=("self",)).get_or_create(
        user=person,
        content_object=system,
        permission=AuthPermission.objects.get(content_type__app_label="registry", codename="read_aisystem"),
        defaults={"given_at": moment, "given_by": by, "reason": reason, "ends_on": ends_on},
    )
    if not is_new:
        grant.given_at, grant.given_by, grant.reason, grant.ends_on = moment, by, reason, ends_on
        grant.withdrawn_at = grant.withdrawn_by = None
        grant.save()
    record(
        by=by,
        verb="grant",
        thing=system,
        organization=system.organization,
        facts={"person": str(person.uuid), "until": ends_on.isoformat()},
    )
    ask(SEND, message="registry.services.messages.exception_given", refs={"grant": grant.pk})
    return grant


@transaction.atomic
def withdraw_exception(*, grant: SystemGrant, by: User) -> SystemGrant:
    """End an exception now; the row stays."""
    _check(grant.content_object, by)
    grant = SystemGrant.objects.select_for_update(of=("self",)).get(pk=grant.pk)
    if grant.withdrawn_at:
        raise NotPossibleNow(_("This access was ended already."))
    grant.withdrawn_at, grant.withdrawn_by = clock.now(), by
    grant.save()
    record(
        by=by,
        verb="end_grant",
        thing=grant.content_object,
        organization=grant.content_object.organization,
        facts={"person": str(grant.user.uuid)},
    )
    return grant


def _check(system: AISystem, by: User) -> None:
    if not permissions.can_grant_exception(by, system):
        raise NotAllowed(_("Your functions in this body do not let you open a system to a person from elsewhere."))
