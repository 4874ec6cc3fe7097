"""One hundred thousand published systems, made from a few hundred: each its own name, words, dates and answers.

The first ones are made by the program; the others are copied inside the database, where the triggers of the register
count them as they would any other.
"""

from datetime import timedelta

from django.db import connection, transaction

from bench.content import MOMENT, _publication, _record, _system
from bench.plant import Plant
from bench.texts import UNIT, texts
from organizations.models import Organization, User
from registry.models import AISystem, Publication, PublicRecord
from registry.public.search.texts import searched_texts
from registry.services.search_index import learn_words, tidy_search

OWN_WORDS = 5000
WHOLE_TEXTS = (
    "INSERT INTO registry_wholetext (record_id, words_fr, words_en)"
    " SELECT id, search_fr, search_en FROM registry_publicrecord ON CONFLICT DO NOTHING"
)
INDEXES = "SELECT indexdef FROM pg_indexes WHERE tablename = 'registry_publicrecord' AND indexdef LIKE '%gin%'"
# A word of a hundredth of the sheets or less, in letters that no other word has: «kgajbdhe».
WORD = f"translate(substr(md5(mod(n, {OWN_WORDS})::text), 1, 8), '0123456789', 'ghijklmnop')"


def fill_first(person: User) -> int:
    """The systems whose texts are given; how many there are."""
    bodies = list(Organization.objects.filter(parent__isnull=False).order_by("pk"))
    systems = []
    for number, told in enumerate(texts()):
        system = _system(number, bodies[number % len(bodies)], person)
        system.name_fr, system.name_en, system.summary_fr = told.name, told.name_en, told.summary
        system.need_fr, system.benefit_fr, system.unit_fr = told.need, told.benefit, UNIT
        systems.append(system)
    with transaction.atomic():
        made = AISystem.objects.bulk_create(systems)
        publications = Publication.objects.bulk_create(_publication(system, person) for system in made)
        records = [_record(publication) for publication in publications]
        for number, record in enumerate(records):
            record.updated_at = MOMENT + timedelta(minutes=number)
        PublicRecord.objects.bulk_create(records)
        learn_words(text for publication in publications for text, _weight in searched_texts(publication.document))
    return len(systems)


def grow(plant: Plant, database: str, first: int, last: int) -> None:
    """Copies numbered so, of those that are there. The indexes of words are made anew afterwards: it is quicker."""
    indexes = plant.sql(INDEXES, database=database).splitlines()
    for line in indexes:
        plant.sql(f"DROP INDEX {line.split()[2]}", database=database)
    base = PublicRecord.objects.count()
    plant.sql("; ".join(_statements(base, first, last)), database=database)
    for line in indexes:
        plant.sql(line, database=database)
    plant.sql(WHOLE_TEXTS, database=database)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT {WORD} FROM generate_series({first}, {last}) AS n")
        with transaction.atomic():
            learn_words(row[0] for row in cursor.fetchall())
    tidy_search()
    plant.sql("VACUUM ANALYZE", database=database)


def _statements(base: int, first: int, last: int) -> list[str]:
    """The history of the copies, which nobody reads, is left out; the numbers of the filters are not."""
    number = "1000000 + n"
    own = {"id": number, "uuid": "gen_random_uuid()", "reference": "'QC-COPIE-' || n", "system_id": number}
    document = "jsonb_set(one.document, '{reference}', to_jsonb('QC-COPIE-' || n))"
    publication = own | {"digest": "encode(sha256(n::text::bytea), 'hex')", "document": document}
    record = own | {
        "publication_id": number,
        # Those of others of the first systems, so that answers do not go with words.
        "phase": "second.phase",
        "category": "third.category",
        "autonomy": "fourth.autonomy",
        "sort_key": "one.sort_key || ' ' || n",
        "updated_at": "one.updated_at + n * interval '1 minute'",
        "search_fr": f"one.search_fr || to_tsvector('vigie_fr', {WORD})",
        "search_en": f"one.search_en || to_tsvector('vigie_en', {WORD})",
    }
    numbers = f"generate_series({first}, {last}) AS n"
    return [
        "BEGIN",
        "CREATE TEMP TABLE first_system ON COMMIT DROP AS SELECT row_number() OVER (ORDER BY id) - 1 AS place, *"
        " FROM registry_aisystem",
        *(
            f"CREATE TEMP TABLE first_{name} ON COMMIT DROP AS SELECT place, t.*"
            f" FROM {table} AS t JOIN first_system AS s ON s.id = t.system_id"
            for name, table in (("publication", "registry_publication"), ("record", "registry_publicrecord"))
        ),
        "ANALYZE first_system, first_publication, first_record",
        "SET LOCAL session_replication_role = replica",
        _copy(AISystem, own, "first_system", numbers, base),
        _copy(Publication, publication, "first_publication", numbers, base),
        "SET LOCAL session_replication_role = origin",
        _copy(PublicRecord, record, "first_record", numbers, base, others=("second", "third", "fourth")),
        "COMMIT",
    ]


def _copy(
    model: type, changed: dict[str, str], source: str, numbers: str, base: int, others: tuple[str, ...] = ()
) -> str:
    columns = [field.column for field in model._meta.concrete_fields if not field.generated]
    told = ", ".join(changed.get(column, f'one."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    joins = "".join(
        f" JOIN {source} AS {name} ON {name}.place = mod(n * {2 * step + 3}, {base})"
        for step, name in enumerate(others)
    )
    return (
        f"INSERT INTO {model._meta.db_table} ({names}) SELECT {told}"
        f" FROM {numbers} JOIN {source} AS one ON one.place = mod(n, {base}){joins}"
    )
