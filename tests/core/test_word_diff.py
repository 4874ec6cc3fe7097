"""Differences in words: readable, and never a letter lost."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.templatetags.components import word_diff as tag
from core.word_diff import Piece, after_of, before_of, word_diff

TEXTS = st.one_of(
    st.text(max_size=300), st.lists(st.sampled_from("le la d' aide 12 , . \n un".split(" "))).map(" ".join)
)


@given(TEXTS, TEXTS)
@settings(deadline=None)
def test_the_pieces_give_both_texts_back(before, after):
    pieces = word_diff(before, after)
    assert (before_of(pieces), after_of(pieces)) == (before, after)
    assert all(piece.text for piece in pieces)
    assert all(one.kind != other.kind for one, other in pairwise(pieces))


def test_one_word_changed_is_one_word_shown():
    assert word_diff("Classe l'aide selon la date.", "Classe l'aide selon l'urgence.") == (
        Piece("same", "Classe l'aide selon "),
        Piece("removed", "la date"),
        Piece("added", "l'urgence"),
        Piece("same", "."),
    )


def test_a_text_added_at_the_end_leaves_the_rest_alone():
    pieces = word_diff("Un.", "Un. " + "Et bien davantage. " * 20)
    assert [piece.kind for piece in pieces] == ["removed", "added"] or pieces[0].text.startswith("Un")
    assert word_diff("", "Deux") == (Piece("added", "Deux"),)
    assert word_diff("Deux", "") == (Piece("removed", "Deux"),)
    assert word_diff("Deux", "Deux") == (Piece("same", "Deux"),)
    assert word_diff("", "") == ()


def test_texts_with_little_in_common_are_shown_one_after_the_other():
    before, after = "Le système trie les demandes reçues.", "Une personne lit chaque dossier, la nuit."
    assert word_diff(before, after) == (Piece("removed", before), Piece("added", after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 2500, "b a " * 1250),
        ("a b " * 1250, "a c " * 1250),
        ("".join(f"a {i} " for i in range(190)), "".join(f"a x{i} " for i in range(190))),
        ("." * 5000, ".\n" * 2500),
        (";a" * 100_000, "a;" * 100_000),
    ],
)
def test_a_hostile_text_does_not_cost_minutes(before, after):
    start = time.perf_counter()
    pieces = word_diff(before, after)
    assert time.perf_counter() - start < 5
    assert (before_of(pieces), after_of(pieces)) == (before, after)


def test_the_tag_says_the_language_of_the_text():
    assert tag("un", "deux", "fr")["lang"] == "fr"
