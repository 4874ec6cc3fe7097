"""A change of phase has a plausible day. Not asked of the rows that are there: nobody may correct them any more."""

from datetime import date

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0019_twins_of_rows"),
    ]

    operations = [
        AddConstraintNotValid(
            model_name="phasechange",
            constraint=models.CheckConstraint(
                condition=models.Q(happened_on__gte=date(1990, 1, 1)), name="phasechange_day_plausible"
            ),
        ),
    ]
