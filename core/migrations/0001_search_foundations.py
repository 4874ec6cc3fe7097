"""Extensions, an IMMUTABLE unaccent, and search configurations that forgive accents in French and English."""

from django.db import migrations

# unaccent() is only STABLE because its dictionary could change; ours is named, so indexes may rely on it.
FUNCTION = """
CREATE OR REPLACE FUNCTION f_unaccent(text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
AS $$ SELECT public.unaccent('public.unaccent'::regdictionary, $1) $$;
"""
CONFIGURATIONS = """
CREATE TEXT SEARCH CONFIGURATION vigie_fr (COPY = french);
ALTER TEXT SEARCH CONFIGURATION vigie_fr
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;
CREATE TEXT SEARCH CONFIGURATION vigie_en (COPY = english);
ALTER TEXT SEARCH CONFIGURATION vigie_en
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.RunSQL(
            "CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public; CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION IF EXISTS f_unaccent(text)"),
        migrations.RunSQL(
            CONFIGURATIONS,
            "DROP TEXT SEARCH CONFIGURATION vigie_fr; DROP TEXT SEARCH CONFIGURATION vigie_en;",
        ),
    ]
