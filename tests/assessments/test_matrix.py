"""The matrix as it is drawn: each rated risk once at each moment, in the cell of its degrees."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from assessments.exports.told import told_of
from assessments.scoring.leaves import MOMENTS
from assessments.services.facts import reading_of
from assessments.services.matrix import drawn_matrices, matrix_legend
from assessments.templatetags.assessments import level_colour
from organizations.models import User
from tests.assessments.exported import EVERYTHING, begun, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn(system, editor):
    return drawn_matrices(reading_of(begun(system, editor, EVERYTHING)))


def places(matrix) -> dict[int, tuple[int, int]]:
    """Number of the risk → (severity, likelihood) of the cell that holds it."""
    return {
        number: (row.number, likelihood)
        for row in matrix.rows
        for likelihood, cell in enumerate(row.cells, start=1)
        for number in cell.risks
    }


def test_each_moment_has_its_drawing_with_the_gravest_above(drawn):
    assert [each.code for each in drawn] == list(MOMENTS)
    for each in drawn:
        assert [row.number for row in each.rows] == [4, 3, 2, 1] and [number for number, _label in each.heads] == [
            1,
            2,
            3,
            4,
        ]


def test_a_risk_stands_in_the_cell_of_its_degrees(drawn):
    """Numbers are those of the table: the risks that apply or may, in their order."""
    before, now, residual = drawn
    assert (places(before), places(now), places(residual)) == (
        {1: (4, 3), 2: (1, 2)},
        {1: (3, 2)},
        {1: (2, 2), 2: (1, 1)},
    )
    assert [each.unrated for each in drawn] == [0, 1, 0]


def test_the_colour_and_the_words_of_a_cell_are_those_of_its_level(drawn):
    corner, low = drawn[0].rows[0].cells[3], drawn[0].rows[3].cells[0]
    assert (corner.level, level_colour(corner.code), corner.short) == ("Critique", "red", "C")
    assert (low.level, level_colour(low.code), low.short) == ("Faible", "green", "F")


def test_levels_that_begin_alike_are_told_apart_by_their_letters(system, editor):
    matrix = reading_of(begun(system, editor)).questionnaire.matrix
    low, moderate, *rest = matrix.levels
    levels = (low, replace(moderate, label={"fr": "Faiblement élevé", "en": "Moderate"}), *rest)
    reading: Any = SimpleNamespace(questionnaire=SimpleNamespace(matrix=replace(matrix, levels=levels)))
    assert [one.short for one in matrix_legend(reading)] == ["Faible", "Faiblem", "É", "C"]


@pytest.mark.parametrize("template", ["assessments/partials/_print_block.html", "reports/partials/_told_block.html"])
def test_paper_has_the_axes_the_legend_and_who_the_numbers_are(system, editor, template):
    told = told_of(begun(system, editor, EVERYTHING))
    [block] = [each for one in told.questions if one.code == "risks" for each in one.blocks if each.kind == "matrices"]
    page = render_to_string(template, {"block": block, "told": told, "under": "h5"})
    assert page.count(">Vraisemblance<") == page.count(">Gravité<") == 3
    assert all(level in page for level in ("Faible", "Modéré", "Élevé", "Critique"))
    assert [words.text for words in block.risks] == ["Communication non autorisée", "Perte de renseignements"]
    assert all(f"<li>{words.text}</li>" in page for words in block.risks)


def test_nothing_is_drawn_before_a_first_risk_is_rated(system, editor):
    assert drawn_matrices(reading_of(begun(system, editor))) == []


def test_the_page_numbers_the_risks_of_its_table(system, editor: User, as_user: Callable[[User], Client]):
    assessment = read(begun(system, editor, EVERYTHING))
    page = as_user(editor).get(reverse("assessments:assessment", args=[assessment.uuid])).content.decode()
    assert page.count('class="vg-matrix"') == 3 and "1. Communication non autorisée" in page
    assert page.count(">Vraisemblance<") == 3 and page.count("<span>Gravité</span>") == 3
    assert page.count("vg-legend__level") == 4
