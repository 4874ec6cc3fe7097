"""A creating form sent twice creates once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext as _

from core import clock
from core.audit import Actor
from core.models import CreationKey
from core.services.refusals import KeyReused, NotPossibleNow

Created = TypeVar("Created", bound=models.Model)
KEPT = timedelta(days=7)


@transaction.atomic
def created_once(*, key: UUID | None, by: Actor, model: type[Created], create: Callable[[], Created]) -> Created:
    """Run `create` unless this person already sent `key`; then give back what the first sending made.

    The row is inserted before creating, so that of two simultaneous sendings the second waits for the first. Raises
    `NotPossibleNow` for the key of somebody else's form, or of a thing that is gone. Without a key nothing was sent
    by a form: `create` runs.
    """
    if key is None:
        return create()
    row, is_new = CreationKey.objects.get_or_create(
        key=key,
        defaults={"actor_ref": by.actor_ref, "object_type": model._meta.label_lower, "created_at": clock.now()},
    )
    if not is_new:
        return _made_before(row, by, model)
    created = create()
    row.object_id = created.pk
    row.save(update_fields=["object_id"])
    return created


def _made_before(row: CreationKey, by: Actor, model: type[Created]) -> Created:
    is_theirs = (row.actor_ref, row.object_type) == (by.actor_ref, model._meta.label_lower)
    made = model._default_manager.filter(pk=row.object_id).first() if is_theirs else None
    if made is None:
        raise NotPossibleNow(_("This form was sent already. Open its page again to send another."))
    return made


@transaction.atomic
def answered_once(*, key: str, fingerprint: str, by: Actor, act: Callable[[], Created]) -> Created:
    """Run `act` unless this caller already sent `key`; then give back what the first sending made or changed.

    The key is the caller's own: that of another is another key. An act that is refused leaves no trace, so that its key
    serves again. Raises `KeyReused` when the key came with another request, `NotPossibleNow`
    when what it made is gone.
    """
    row, is_new = CreationKey.objects.get_or_create(
        key=uuid5(NAMESPACE_URL, f"{by.actor_kind} {by.actor_ref} {key}"),
        defaults={"actor_ref": by.actor_ref, "fingerprint": fingerprint, "created_at": clock.now()},
    )
    if not is_new and row.fingerprint != fingerprint:
        raise KeyReused(_("This Idempotency-Key was sent already, with another request. Draw a new one."))
    if not is_new:
        done: Created = _answered_before(row)
        return done
    made = act()
    row.object_type, row.object_id = made._meta.label_lower, made.pk
    row.save(update_fields=["object_type", "object_id"])
    return made


def _answered_before(row: CreationKey) -> Any:
    found = apps.get_model(row.object_type)._default_manager.filter(pk=row.object_id).first()
    if found is None:
        raise NotPossibleNow(_("What this Idempotency-Key made was removed since. Draw a new one to make another."))
    return found


@transaction.atomic
def forget_creation_keys(*, moment: datetime) -> int:
    """A form is sent again within minutes, at worst after a week-end: then its key leaves."""
    deleted, _by_model = CreationKey.objects.filter(created_at__lt=moment - KEPT).delete()
    return deleted
