"""Column types and expressions that more than one room needs."""

from typing import Any

from django.db import models
from django.db.models import Func


class Unaccent(Func):
    """`f_unaccent(text)`: unaccent made IMMUTABLE by our migration, so that indexes and stored columns may use it."""

    function = "f_unaccent"
    output_field = models.TextField()


class SortKey(models.GeneratedField):
    """`lower(f_unaccent(column))`, stored: the order a French reader expects («École» beside «Ecole»).

    The wheels of PostgreSQL have no ICU and French order is wrong under their collations.
    """

    def __init__(self, source: str = "", **kwargs: Any) -> None:
        self.source = source
        kwargs["expression"] = Func(Unaccent(models.F(source)), function="lower", output_field=models.TextField())
        kwargs["output_field"] = models.TextField()
        kwargs["db_persist"] = True
        super().__init__(**kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        for given in ("expression", "output_field", "db_persist"):
            kwargs.pop(given, None)
        kwargs["source"] = self.source
        return name, path, args, kwargs
