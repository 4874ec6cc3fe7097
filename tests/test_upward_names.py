"""A lower room knows nothing of a higher one, not even by a name: reverse relations, labels of models, tables, paths.

import-linter sees imports. These are the ways around it, each seen to fail (`test_gates.py`). A link by the name of its
address (`registry:system`) is none: pages call each other by URL, and the address of a page is public.
"""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps

from tests.sources import ROOMS, ROOT, SOURCES, name, parsed, room, strings

MODELS = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in ROOMS]
# Calls whose words and names of arguments are columns and relations.
ASKS = {
    "filter", "exclude", "get", "get_or_create", "update_or_create", "aget", "values", "values_list", "annotate",
    "alias", "aggregate", "order_by", "distinct", "only", "defer", "select_related", "prefetch_related", "Prefetch",
    "prefetch_related_objects", "Q", "F", "OuterRef", "Count", "Sum", "Min", "Max", "Avg", "ArrayAgg", "JSONBAgg",
    "getattr", "hasattr", "attrgetter", "methodcaller", "earliest", "latest", "get_field", "FilteredRelation",
    "get_object_or_404", "get_list_or_404", "in_bulk", "dates", "datetimes",
}  # fmt: skip
# (module, name): why it is no knowledge of a higher room.
OTHER_MEANING = {
    ("core/pdf/bundled.py", "reports"): "the folder of the style sheet of every PDF",
    ("core/services/database_rights.py", "get_models"): "rights are given on every table, whosever it is",
}
# What finds every model or every relation, and would find those of higher rooms.
FINDS_ALL = {"related_objects", "get_accessor_name", "fields_map", "get_models", "all_models", "related_model"}


def higher(than: str) -> list[str]:
    return ROOMS[ROOMS.index(than) + 1 :]


def reverse_names(of: str) -> set[str]:
    """What keys of higher rooms add to the models of this room and of those below: accessors and names in queries."""
    found = set()
    for model in MODELS:
        if model._meta.app_label in higher(of):
            continue
        for relation in model._meta.related_objects:
            if relation.related_model._meta.app_label in higher(of):
                found |= {relation.get_accessor_name(), relation.name}
    return found - {None}


def segments(text: str) -> list[str]:
    return text.lstrip("-").split("__")


def relations(tree: ast.AST, forbidden: set[str]) -> Iterator[tuple[int, str]]:
    """Each place where a reverse relation of a higher room is followed."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in forbidden:
            yield node.lineno, node.attr
        elif isinstance(node, ast.Call):
            asked = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            words = [word.arg for word in node.keywords if word.arg]
            given = [*node.args, *(word.value for word in node.keywords)]
            words += [one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            for word in words:
                if (asked in ASKS or "__" in word) and forbidden & set(segments(word)):
                    yield node.lineno, word
    for text in strings(tree):
        if re.fullmatch(r"-?\w*__\w*", text.value) and forbidden & set(segments(text.value)):
            yield text.lineno, text.value


def labels(tree: ast.AST, rooms: list[str], tables: set[str]) -> Iterator[tuple[int, str]]:
    """Each string that names a higher room, something in it, or one of its tables."""
    for text in strings(tree):
        is_path = re.fullmatch(rf"({'|'.join(rooms)})((\.\w+)*\.?|(\.\w+)+:\w+)", text.value)
        if is_path or tables & set(re.findall(r"\w+", text.value)):
            yield text.lineno, text.value


def told(path: Path, found: Iterator[tuple[int, str]]) -> list[str]:
    places = sorted({place for place in found if (name(path), place[1]) not in OTHER_MEANING})
    return [f"{name(path)}:{line} {word}" for line, word in places]


BELOW = [path for path in SOURCES if room(path) != ROOMS[-1]]


def test_the_names_that_are_looked_for_exist():
    assert {"systems", "import_runs", "aisystem"} & reverse_names("organizations") >= {"systems", "import_runs"}
    assert "systems" not in reverse_names("registry") and "reports" in reverse_names("registry")


@pytest.mark.parametrize("of", ROOMS[:-1])
def test_no_reverse_relation_is_followed_upwards(of):
    forbidden = reverse_names(of)
    assert not [line for path in BELOW if room(path) == of for line in told(path, relations(parsed(path), forbidden))]


@pytest.mark.parametrize("of", ROOMS[:-1])
def test_no_string_names_a_higher_room(of):
    tables = {model._meta.db_table for model in MODELS if model._meta.app_label in higher(of)}
    found = [
        line for path in BELOW if room(path) == of for line in told(path, labels(parsed(path), higher(of), tables))
    ]
    assert not found


def test_no_room_goes_through_every_model_or_relation():
    def found(tree: ast.AST) -> Iterator[tuple[int, str]]:
        nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in FINDS_ALL)
        return ((node.lineno, node.attr) for node in nodes)

    assert not [line for path in BELOW for line in told(path, found(parsed(path)))]


@pytest.mark.parametrize("of", ROOMS[:-1])
def test_no_template_follows_a_relation_upwards(of):
    forbidden = reverse_names(of)
    found = []
    for path in sorted((ROOT / "templates" / of).rglob("*.*")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            inside = " ".join(re.findall(r"\{[{%].*?[%}]\}", line))
            found += [f"{name(path)}:{number} {word}" for word in re.findall(r"\.(\w+)", inside) if word in forbidden]
    assert not found


@pytest.mark.parametrize("of", ROOMS)
def test_migrations_wait_for_no_higher_room(of):
    waits = []
    for path in sorted((ROOT / of / "migrations").glob("0*.py")):
        migration = import_module(f"{of}.migrations.{path.stem}").Migration
        asked = [*migration.dependencies, *migration.run_before]
        waits += [f"{name(path)}: {one}" for one in asked if one[0] in higher(of)]
    assert not waits
