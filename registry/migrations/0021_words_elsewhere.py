# Dutch texts under the grammar of their language, and the words of the registers from elsewhere.

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

DUTCH = """
CREATE TEXT SEARCH CONFIGURATION vigie_nl (COPY = dutch);
ALTER TEXT SEARCH CONFIGURATION vigie_nl ALTER MAPPING FOR hword, hword_part, word WITH unaccent, dutch_stem;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0020_phase_days"),
    ]

    operations = [
        migrations.RunSQL(DUTCH, "DROP TEXT SEARCH CONFIGURATION vigie_nl"),
        migrations.AddField(
            model_name="foreignsystem",
            name="search_nl",
            field=django.contrib.postgres.search.SearchVectorField(null=True),
        ),
        migrations.AddIndex(
            model_name="foreignsystem",
            index=django.contrib.postgres.indexes.GinIndex(fields=["search_nl"], name="foreignsystem_search_nl"),
        ),
        migrations.CreateModel(
            name="ForeignWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=30)),
                ("records", models.PositiveIntegerField(default=1)),
                ("keys", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["word"], name="foreignword_word"),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["keys"], name="foreignword_near"
                    ),
                ],
            },
        ),
    ]
