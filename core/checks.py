"""What Vigie refuses to start with outside the embedded mode: conveniences that would be holes on a server."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from core.models import AuditEvent

CONVENIENT_MAILBOXES = ("console", "filebased", "locmem", "dummy")


@register(Tags.security)
def installed_mode_is_closed(app_configs: Any, **_options: Any) -> Iterable[CheckMessage]:
    """DEBUG, a short key, a mailbox that sends nothing: only in the embedded mode."""
    if settings.EMBEDDED:
        return []
    found = []
    if settings.DEBUG:
        found.append(Error(_("DEBUG shows stack traces to everybody."), hint=_("Unset DEBUG."), id="vigie.E001"))
    if len(settings.SECRET_KEY) < 50 or len(set(settings.SECRET_KEY)) < 5:
        hint = _("Give at least 50 random characters.")
        found.append(Error(_("SECRET_KEY is too weak."), hint=hint, id="vigie.E002"))
    if any(word in settings.EMAIL_BACKEND for word in CONVENIENT_MAILBOXES):
        found.append(Error(_("No mail would leave."), hint=_("Set EMAIL_URL=smtp://…"), id="vigie.E003"))
    if not settings.ALLOWED_HOSTS:
        found.append(Error(_("No host name is allowed."), hint=_("Set ALLOWED_HOSTS."), id="vigie.E004"))
    return found


@register(Tags.database)
def database_folds_accents(app_configs: Any, databases: Any = None, **_options: Any) -> Iterable[CheckMessage]:
    """Search and order need `lower('É') = 'é'`: a database made with the locale C answers otherwise."""
    if not databases or _ask("SELECT lower('É') = 'é'"):
        return []
    return [
        Error(
            _("This database does not fold accented capitals: lower('É') is not 'é'."),
            hint=_("Create it with a UTF-8 locale (C.UTF-8, fr_CA.UTF-8)."),
            id="vigie.E005",
        )
    ]


@register(Tags.database, deploy=True)
def program_reads_as_the_public(app_configs: Any, databases: Any = None, **_options: Any) -> Iterable[CheckMessage]:
    """Each public page becomes `vigie_public`. Not asked of `migrate`: the owner of the database need not."""
    if not databases:
        return []
    role = settings.PUBLIC_DATABASE_ROLE
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {role}")
            cursor.execute("RESET ROLE")
    except DatabaseError:
        hint = _("As administrator: CREATE ROLE %(role)s NOLOGIN; GRANT %(role)s TO %(user)s; then migrate.")
        values = {"role": role, "user": settings.DATABASES["default"].get("USER", "")}
        return [Error(_("Public pages cannot be read: a role is missing."), hint=hint % values, id="vigie.E007")]
    return []


@register(Tags.database, deploy=True)
def program_may_not_alter_history(app_configs: Any, databases: Any = None, **_options: Any) -> Iterable[CheckMessage]:
    """Triggers protect the ledger even from its owner; rights protect it from the loss of a trigger."""
    table = AuditEvent._meta.db_table
    if settings.EMBEDDED or not databases or not _ask(f"SELECT to_regclass('{table}') IS NOT NULL"):
        return []
    if not _ask(f"SELECT has_table_privilege('{table}', 'UPDATE, DELETE, TRUNCATE')"):
        return []
    hint = _("Give DATABASE_URL the role %(role)s, and OWNER_DATABASE_URL the owner's.")
    return [
        Warning(
            _("The program signs in to PostgreSQL with a role that may alter the ledger."),
            hint=hint % {"role": settings.APPLICATION_DATABASE_ROLE},
            id="vigie.W001",
        )
    ]


def _ask(question: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return bool(cursor.fetchone()[0])
