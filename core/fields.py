"""Column types and expressions that more than one room needs."""

from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Func
from django.db.models.sql.compiler import SQLCompiler


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


class WeightedVector(Expression):
    """The search vector of four texts, by weight (A to D), with the grammar of a language, in one expression.

    Django's own, added up text by text, takes longer to write than PostgreSQL to read (measured: two thirds of an
    import).
    """

    output_field = SearchVectorField()
    # The grammar is no parameter: each costs time in every row.
    _SQL = {
        language: " || ".join(
            f"setweight(to_tsvector('vigie_{language}'::regconfig, %s), '{weight}')" for weight in "ABCD"
        )
        for language in ("fr", "en", "nl")
    }

    def __init__(self, language: str, texts: Mapping[str, str]) -> None:
        super().__init__()
        self.language = language
        self.texts = texts

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str, ...]]:
        return f"({self._SQL[self.language]})", tuple(self.texts.get(weight, "") for weight in "ABCD")


class WordsOfWeight(Func):
    """`ts_filter(vector, '{a}')`: of a search vector, the words of this weight alone."""

    function = "ts_filter"
    template = "%(function)s(%(expressions)s, '{%(weight)s}'::\"char\"[])"
    output_field = SearchVectorField()

    def __init__(self, column: str, weight: str) -> None:
        if weight not in "abcd":
            raise ValueError(weight)
        super().__init__(models.F(column), weight=weight)
