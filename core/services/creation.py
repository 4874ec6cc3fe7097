"""A creating form sent twice creates once."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.db import models, transaction

from core import clock
from core.audit import Actor
from core.models import CreationKey

Created = TypeVar("Created", bound=models.Model)


@transaction.atomic
def created_once(*, key: UUID, by: Actor, model: type[Created], create: Callable[[], Created]) -> Created:
    """Run `create` unless this person already sent `key`; then give back what the first sending made.

    The row is inserted before creating, so that of two simultaneous sendings the second waits for the first.
    """
    row, is_new = CreationKey.objects.get_or_create(
        key=key,
        defaults={"actor_ref": by.actor_ref, "object_type": model._meta.label_lower, "created_at": clock.now()},
    )
    if not is_new:
        row = CreationKey.objects.select_for_update().get(
            key=key, actor_ref=by.actor_ref, object_type=model._meta.label_lower
        )
        return model._default_manager.get(pk=row.object_id)
    created = create()
    row.object_id = created.pk
    row.save(update_fields=["object_id"])
    return created
