"""Each role's exact rights in the database: what it may do, table by table, and nothing else, after every migration."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from core.services.database_rights import _ensure_role, append_only_tables, grant_rights, public_tables
from registry.models import Publication

pytestmark = pytest.mark.django_db
APP, PUBLIC = "vigie_app", "vigie_public"
RIGHTS = """
SELECT relname, right_name FROM pg_class,
    unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS right_name
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
    AND has_table_privilege(%s, pg_class.oid, right_name)
"""
COLUMNS = """
SELECT relname, attname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
    AND attnum > 0 AND NOT attisdropped AND has_column_privilege(%s, pg_class.oid, attnum, %s)
"""
SEQUENCES = """
SELECT relname, right_name FROM pg_class, unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) AS right_name
WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' AND has_sequence_privilege(%s, pg_class.oid, right_name)
"""


def ask(question: str, *values: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchall()


def grouped(pairs: list[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for thing, what in pairs:
        found.setdefault(thing, set()).add(what)
    return found


def tables() -> set[str]:
    return set(connection.introspection.table_names())


def check_exact_rights() -> None:
    of_app = grouped(ask(RIGHTS, APP))
    assert of_app.keys() == tables()
    for table, held in of_app.items():
        only_grows = table in append_only_tables()
        assert held == ({"SELECT", "INSERT"} if only_grows else {"SELECT", "INSERT", "UPDATE", "DELETE"}), table
    assert set().union(*grouped(ask(SEQUENCES, APP)).values()) == {"USAGE", "SELECT"}
    assert ask(RIGHTS, PUBLIC) == ask(SEQUENCES, PUBLIC) == []
    assert grouped(ask(COLUMNS, PUBLIC, "SELECT")) == {
        table: set(columns) for table, columns in public_tables().items()
    }
    for right in ("INSERT", "UPDATE", "REFERENCES"):
        assert ask(COLUMNS, PUBLIC, right) == []


def test_each_role_has_its_exact_rights():
    check_exact_rights()


@pytest.mark.parametrize("role", [APP, PUBLIC])
def test_no_role_of_the_program_makes_tables_or_roles(role):
    assert ask("SELECT '', has_schema_privilege(%s, 'public', 'CREATE')", role) == [("", False)]
    powers = "SELECT '', rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls FROM pg_roles WHERE rolname = %s"
    assert ask(powers, role) == [("", False)]


def test_the_next_migration_grants_anew_and_takes_back_what_was_added():
    with connection.cursor() as cursor:
        for statement in (
            "GRANT SELECT ON organizations_user TO vigie_public",
            "GRANT SELECT (published_by_id) ON registry_publication TO vigie_public",
            "GRANT UPDATE, DELETE, TRUNCATE ON core_auditevent TO vigie_app",
            "REVOKE SELECT (document) ON registry_publication FROM vigie_public",
            "REVOKE INSERT ON registry_aisystem FROM vigie_app",
        ):
            cursor.execute(statement)
    call_command("migrate", verbosity=0)
    check_exact_rights()


def test_a_column_that_is_no_longer_public_is_closed(monkeypatch):
    kept = tuple(column for column in Publication.public_columns if column != "document")
    monkeypatch.setattr(Publication, "public_columns", kept)
    grant_rights()
    assert grouped(ask(COLUMNS, PUBLIC, "SELECT"))["registry_publication"] == set(kept)


@pytest.mark.parametrize("columns", [(), None])
def test_an_empty_list_opens_nothing(monkeypatch, columns):
    monkeypatch.setattr(Publication, "public_columns", columns)
    grant_rights()
    assert "registry_publication" not in grouped(ask(COLUMNS, PUBLIC, "SELECT"))


def test_a_star_opens_the_whole_table_and_no_other():
    opened = public_tables()
    assert "search_fr" in opened["registry_publicrecord"] and "published_by_id" not in opened["registry_publication"]


def test_missing_roles_are_made_where_that_is_permitted(settings):
    settings.APPLICATION_DATABASE_ROLE, settings.PUBLIC_DATABASE_ROLE = "vigie_app_new", "vigie_public_new"
    grant_rights()
    assert grouped(ask(COLUMNS, "vigie_public_new", "SELECT")).keys() == public_tables().keys()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE vigie_public_new")
        cursor.execute("RESET ROLE")


def test_where_a_role_cannot_be_made_nothing_is_half_granted(monkeypatch):
    with connection.cursor() as cursor:
        cursor.execute("REVOKE INSERT ON registry_aisystem FROM vigie_app")
    monkeypatch.setattr("core.services.database_rights._ensure_role", lambda cursor, role: role == APP)
    grant_rights()
    assert "INSERT" not in grouped(ask(RIGHTS, APP))["registry_aisystem"]


def test_who_may_not_make_roles_is_told_so():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE vigie_app")
        assert _ensure_role(cursor, PUBLIC) and not _ensure_role(cursor, "vigie_public_new")
        cursor.execute("RESET ROLE")


def test_a_refused_statement_takes_the_others_back(monkeypatch):
    monkeypatch.setattr(Publication, "public_columns", ("id", "no_such_column"))
    with pytest.raises(DatabaseError), transaction.atomic():
        grant_rights()
    readable = grouped(ask(COLUMNS, PUBLIC, "SELECT"))["registry_publication"]
    assert "document" in readable, "the public site goes on with the rights it had"
