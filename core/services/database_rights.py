"""Who may do what in the database, granted to its roles after each migration.

Three roles: the owner migrates; `vigie_app` runs the program and may only read and add to history and audit tables;
`vigie_public` serves public pages and may read publications and nothing else. A model says so itself, by
`public_columns`.
"""

from typing import Any

import structlog
from django.apps import apps
from django.conf import settings
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from core.services.public_edition import edition_triggers

log = structlog.get_logger(__name__)

APPEND_ONLY = {"core_auditevent"}


def append_only_tables() -> set[str]:
    """The ledger and every history table."""
    from pghistory.models import Event

    return APPEND_ONLY | {model._meta.db_table for model in apps.get_models() if issubclass(model, Event)}


def public_tables() -> dict[str, tuple[str, ...]]:
    """Table → columns that public pages may read: models that carry `public_columns`; `("*",)` is all of them."""
    found = {}
    for model in apps.get_models():
        if columns := getattr(model, "public_columns", None):
            own = tuple(str(field.column) for field in model._meta.concrete_fields)
            found[model._meta.db_table] = own if tuple(columns) == ("*",) else tuple(columns)
    return found


def after_migrate(*, app_config: Any, using: str, **_: Any) -> None:
    """Once per `migrate`, when the last of our applications is done."""
    if app_config.name == "core":
        grant_rights(using=using)


def grant_rights(*, using: str = "default") -> None:
    """Create the roles when missing (and permitted), then grant exactly what each may do: all of it or nothing."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for statement in _guards(connection):
            cursor.execute(statement)
        for role in (settings.APPLICATION_DATABASE_ROLE, settings.PUBLIC_DATABASE_ROLE):
            if not _ensure_role(cursor, role):
                log.warning("database role missing: create it, then migrate again", role=role)
                return
        for statement in _statements(connection):
            cursor.execute(statement)


def _guards(connection: BaseDatabaseWrapper) -> list[str]:
    """TRUNCATE of the ledger and of every history is refused to everyone, the owner included; what public pages read
    changes the edition of the register.

    Here and not in a migration: the history of a model that comes later is guarded without anybody thinking of it.
    """
    quote = connection.ops.quote_name
    present = set(connection.introspection.table_names())
    tables = sorted(append_only_tables() & present)
    function = (
        "CREATE OR REPLACE FUNCTION vigie_never_emptied() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'vigie: the table % is never emptied', TG_TABLE_NAME; END $$"
    )
    guards = [
        f"CREATE OR REPLACE TRIGGER vigie_never_emptied BEFORE TRUNCATE ON {quote(table)}"
        " FOR EACH STATEMENT EXECUTE FUNCTION vigie_never_emptied()"
        for table in tables
    ]
    return [function, *guards, *edition_triggers(connection, set(public_tables()) & present)]


def _ensure_role(cursor: Any, role: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    if cursor.fetchone():
        return True
    cursor.execute("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user")
    if not cursor.fetchone()[0]:
        return False
    # Roles belong to the whole server: two databases migrated at the same moment must not trip over each other. Who
    # migrates here runs the program too, as no other role was made for it: it must be able to become the public one.
    cursor.execute(
        f"DO $$ BEGIN CREATE ROLE {role} NOLOGIN; GRANT {role} TO CURRENT_USER;"
        " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    )
    return True


def _statements(connection: BaseDatabaseWrapper) -> list[str]:
    quote = connection.ops.quote_name
    app, public = settings.APPLICATION_DATABASE_ROLE, settings.PUBLIC_DATABASE_ROLE
    present = set(connection.introspection.table_names())
    statements = [
        f"GRANT USAGE ON SCHEMA public TO {app}, {public}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {public}",
    ]
    statements += [f"REVOKE UPDATE, DELETE, TRUNCATE ON {quote(t)} FROM {app}" for t in append_only_tables() & present]
    for table, columns in public_tables().items():
        if table in present:
            statements.append(f"GRANT SELECT ({', '.join(map(quote, columns))}) ON {quote(table)} TO {public}")
    return statements
