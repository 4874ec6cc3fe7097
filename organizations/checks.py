"""What Vigie refuses to start with on a server: the accounts of the demonstration, whose passwords everybody knows."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from organizations.models import User


@register(Tags.database)
def no_demonstration_account(app_configs: Any, databases: Any = None, **_: Any) -> Iterable[CheckMessage]:
    if settings.EMBEDDED or not databases or User._meta.db_table not in connection.introspection.table_names():
        return []
    if not User.objects.filter(is_demonstration=True).exists():
        return []
    return [
        Error(
            "This database holds the accounts of the demonstration.",
            hint="Begin with an empty database: the demonstration is for the embedded mode only.",
            id="vigie.E006",
        )
    ]
