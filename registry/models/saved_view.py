"""Lists that a person comes back to."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.models import keep_history


@keep_history()
class SavedView(models.Model):
    """The filters and the order of the list of systems, under a name that its person gave. Nobody else sees it.

    It says which list, never what is in it: each opening shows what the person may see that day. Retention: with the
    account.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=2000)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="savedview_name_once"),
            models.CheckConstraint(condition=~(Q(name="") | Q(query="")), name="savedview_has_name_and_query"),
        ]

    def __str__(self) -> str:
        return self.name
