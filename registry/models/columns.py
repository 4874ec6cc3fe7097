"""Columns of answers: each is empty until somebody answers, and given by the database to code of the version before."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


def line(longest: int = 200) -> "models.CharField[str, str]":
    """A text of one line."""
    return models.CharField(max_length=longest, blank=True, default="", db_default="")


def paragraph(longest: int) -> "models.TextField[str, str]":
    return models.TextField(max_length=longest, blank=True, default="", db_default="")


def one_code() -> "models.CharField[str, str]":
    """A code of the field catalogue."""
    return models.CharField(max_length=20, blank=True, default="", db_default="")


def many_codes() -> "ArrayField[list[str], list[str]]":
    """Codes of the field catalogue; order means nothing."""
    return ArrayField(models.CharField(max_length=20), default=list, blank=True, db_default=[])


def link() -> "models.URLField[str, str]":
    return models.URLField(max_length=300, blank=True, default="", db_default="")
