"""What Vigie refuses to start with outside the embedded mode: conveniences that would be holes on a server."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

CONVENIENT_MAILBOXES = ("console", "filebased", "locmem", "dummy")


@register(Tags.security)
def installed_mode_is_closed(app_configs: Any, **_: Any) -> Iterable[CheckMessage]:
    """DEBUG, a short key, a mailbox that sends nothing: only in the embedded mode."""
    if settings.EMBEDDED:
        return []
    found = []
    if settings.DEBUG:
        found.append(Error("DEBUG shows stack traces to everybody.", hint="Unset DEBUG.", id="vigie.E001"))
    if len(settings.SECRET_KEY) < 50 or len(set(settings.SECRET_KEY)) < 5:
        found.append(Error("SECRET_KEY is too weak.", hint="Give at least 50 random characters.", id="vigie.E002"))
    if any(word in settings.EMAIL_BACKEND for word in CONVENIENT_MAILBOXES):
        found.append(Error("No mail would leave.", hint="Set EMAIL_URL=smtp://…", id="vigie.E003"))
    if not settings.ALLOWED_HOSTS:
        found.append(Error("No host name is allowed.", hint="Set ALLOWED_HOSTS.", id="vigie.E004"))
    return found


@register(Tags.database)
def database_folds_accents(app_configs: Any, databases: Any = None, **_: Any) -> Iterable[CheckMessage]:
    """Search and order need `lower('É') = 'é'`: a database made with the locale C answers otherwise."""
    if not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT lower('É') = 'é'")
        folds = bool(cursor.fetchone()[0])
    if folds:
        return []
    return [
        Error(
            "This database does not fold accented capitals: lower('É') is not 'é'.",
            hint="Create it with a UTF-8 locale (C.UTF-8, fr_CA.UTF-8).",
            id="vigie.E005",
        )
    ]
