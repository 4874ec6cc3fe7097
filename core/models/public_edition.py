"""Which edition of the public register this is: it changes with everything that a public page may show."""

from django.db import models


class PublicEdition(models.Model):
    """One transaction that changed a table which public pages read; triggers write it (see the service of this name).

    A row for each transaction, and not one counter: nobody waits for anybody, and whoever sees a change sees its row,
    in whatever order transactions end. Retention: until the rows are folded into one, when there are many.
    """

    public_columns = ("*",)

    # Drawn at random, and anew at each statement: two sets of rows never add up to the same.
    mark = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.mark:x}"
