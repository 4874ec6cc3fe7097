"""Every code has its sentence, so that no sheet opens with a hole."""

import pytest
from django.utils import translation

from core.text import Localized
from registry.public.plain_words import DECISIONS, PERSONAL, PHASES, in_plain_words
from registry.workflow import Affected, Autonomy, Phase, YesNoUnsure


def test_every_code_has_a_sentence():
    assert set(PHASES) == set(Phase)
    assert set(DECISIONS) == set(Autonomy)
    assert set(PERSONAL) == set(YesNoUnsure)


def told(**system) -> str:
    with translation.override("en"):
        return " ".join(str(sentence) for sentence in in_plain_words(system))


@pytest.mark.parametrize("affected", [["nobody"], ["nobody", "staff"]])
def test_a_system_about_things_says_so(affected):
    assert told(affected=affected) == "It is about things, not about people."


def test_groups_are_named_inside_the_sentence():
    assert told(affected=["staff", "patients"]) == "It is used on: staff, patients."
    assert all(told(affected=[code]) for code in Affected)


def test_what_is_not_known_is_left_out():
    assert told() == ""
    assert told(phase="unknown_phase", autonomy="alone").startswith("It decides alone")


def test_the_body_s_own_sentence_comes_first_in_its_language():
    with translation.override("en"):
        first, *rest = in_plain_words({"summary": {"fr": "Trie des lettres."}, "phase": "pilot"})
    assert first == Localized("Trie des lettres.", "fr")
    assert {sentence.language for sentence in rest} == {"en"}
