from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0003_visitors_words_erased"),
    ]

    operations = [
        migrations.AddField(
            model_name="importrow",
            name="plan_outcome",
            field=models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
        migrations.AddField(
            model_name="importrow",
            name="plan_problems",
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
        migrations.AddIndex(
            model_name="importrow",
            index=models.Index(fields=["run", "plan_outcome", "number"], name="importrow_planned"),
        ),
        migrations.AddConstraint(
            model_name="importrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("plan_outcome__in", ["", "waiting", "created", "updated", "unchanged", "rejected"])
                ),
                name="importrow_plan_known",
            ),
        ),
    ]
