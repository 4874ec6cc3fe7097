"""The edition of the public register changes in the very transaction that changes what a public page may show.

By triggers and not by services, so that a bulk write or a table that comes later cannot forget it.
"""

import secrets

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from core.models import PublicEdition

TABLE = PublicEdition._meta.db_table
# Fewer rows cost a reader nothing; folding them would make every kept page anew.
FEW = 100
# One row for each transaction, whose mark each statement draws anew; the setting dies with the transaction, and goes
# back with its savepoints.
FUNCTION = f"""
CREATE OR REPLACE FUNCTION vigie_public_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    drawn bigint := floor(random() * 9007199254740992)::bigint;
    own bigint := NULLIF(current_setting('vigie.public_edition', true), '')::bigint;
BEGIN
    IF own IS NOT NULL THEN
        UPDATE {TABLE} SET mark = drawn WHERE id = own;
        IF FOUND THEN
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO {TABLE} (mark) VALUES (drawn) RETURNING id INTO own;
    PERFORM set_config('vigie.public_edition', own::text, true);
    RETURN NULL;
END $$
"""


def edition_triggers(connection: BaseDatabaseWrapper, tables: set[str]) -> list[str]:
    """SQL that makes each of these tables change the edition; begun anew, so that no page outlives a migration."""
    if TABLE not in tables:  # migrations go back or forth before it is there
        return []
    quote = connection.ops.quote_name
    triggers = [
        f"CREATE OR REPLACE TRIGGER vigie_public_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {quote(table)}"
        " FOR EACH STATEMENT EXECUTE FUNCTION vigie_public_changed()"
        for table in sorted(tables - {TABLE})
    ]
    return [FUNCTION, *triggers, f"INSERT INTO {quote(TABLE)} (mark) VALUES ({secrets.randbits(52)})"]


@transaction.atomic
def fold_public_editions() -> None:
    """One row in place of many. Rows that another transaction is writing are not seen, and stay."""
    if PublicEdition.objects.count() <= FEW:
        return
    PublicEdition.objects.all().delete()
    PublicEdition.objects.create(mark=secrets.randbits(52))
