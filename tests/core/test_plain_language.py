"""Plain language: what is found in real sentences, what is left alone, and never slow."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.plain_language import LONGEST_SENTENCE, findings, reading_ease, sentences, syllables

PLAIN = (
    "Le système lit les demandes de permis. Il les classe selon leur urgence. Une personne de la ville relit la liste"
    " chaque matin. Elle peut changer l'ordre. Les demandes simples ont une réponse en dix jours. Avant, il fallait"
    " attendre un mois. Vous pouvez demander pourquoi votre dossier a été classé ainsi."
)
OFFICE = (
    "L'implémentation subséquente d'une infrastructure technologique interopérable favorisera l'optimisation"
    " organisationnelle des processus décisionnels gouvernementaux, conformément aux orientations ministérielles"
    " relatives à la transformation numérique des administrations publiques québécoises et à l'harmonisation"
    " méthodologique des évaluations multidimensionnelles effectuées annuellement par les gestionnaires responsables."
)
LONG = "Le système lit " + "les demandes et les dossiers " * 6 + "chaque matin."


def kinds(text: str, language: str = "fr") -> list[str]:
    return [each.kind for each in findings(text, language)]


def test_a_plain_text_has_nothing_to_say_again():
    assert kinds(PLAIN) == []


def test_a_long_sentence_is_told_with_its_length_and_its_place():
    text = f"Il aide. {LONG} Il est prêt."
    (one,) = findings(text)
    assert one.kind == "long_sentence" and text[one.start : one.end] == LONG
    assert str(len(LONG.split())) in one.sentence


def test_twenty_five_words_are_not_too_many():
    assert kinds(" ".join(["mot"] * LONGEST_SENTENCE) + ".") == []
    assert kinds(" ".join(["mot"] * (LONGEST_SENTENCE + 1)) + ".") == ["long_sentence"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Il lit. Il trie! Que fait-il? Rien…", 4),
        ("M. le maire signe l'art. 65.2 de la loi. Fin.", 2),
        ("Un point\ndeux points\n\ntrois", 3),
        ("Il coûte 3.5 millions, p. ex. en 2024.", 1),
        ("«Est-ce tout?» Oui.", 2),
        ("", 0),
        (" \n \n", 0),
    ],
)
def test_where_a_sentence_ends(text, count):
    assert len(list(sentences(text))) == count


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("La CAI a donné un avis.", ["acronym"]),
        ("La Commission d'accès à l'information (CAI) a donné un avis. La CAI veille.", []),
        ("La CAI (Commission d'accès à l'information) a donné un avis.", []),
        ("La CAI et la CAI.", ["acronym"]),
        ("L'IA lit un PDF en 2024.", []),
        ("Le tome XIV du rapport.", []),
        ("TOUT EST EN MAJUSCULES ICI", []),
        ("Le numéro QC-MTEST-0001 du dossier.", []),
    ],
)
def test_an_acronym_is_explained_once(text, found):
    assert kinds(text) == found


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("On va implémenter un outil.", "mettre en place"),
        ("Dans le cadre de ce projet, on trie.", "pendant, pour"),
        ("Les livrables sont prêts.", "ce qui est remis"),
    ],
)
def test_an_office_word_comes_with_another(text, instead):
    (one,) = findings(text)
    assert one.kind == "jargon" and instead in one.sentence


def test_a_word_that_only_begins_the_same_is_left_alone():
    assert kinds("On lit les problématiquement vôtres.") == []


@pytest.mark.parametrize("text", ["La demande est traitée par le système.", "Les avis ont été rédigés par l'équipe."])
def test_a_passive_with_its_author_is_told(text):
    assert kinds(text) == ["passive"]


@pytest.mark.parametrize("text", ["Le dossier est fermé.", "Il est prêt par beau temps."])
def test_a_state_is_no_passive(text):
    assert "passive" not in kinds(text)


@pytest.mark.parametrize(
    ("word", "count"),
    [("chat", 1), ("demande", 2), ("organisme", 3), ("évaluation", 4), ("théâtre", 2), ("question", 2), ("goût", 1),
     ("traitement", 3), ("être", 1), ("l'outil", 2), ("x", 1)],
)  # fmt: skip
def test_syllables_that_are_heard(word, count):
    assert syllables(word) == count


def test_office_language_is_harder_than_plain_language():
    easy, hard = reading_ease(PLAIN), reading_ease(OFFICE * 2)
    assert easy is not None and hard is not None and easy > 60 > 35 > hard
    assert reading_ease("Quelques mots.") is None
    assert "hard_to_read" in kinds(OFFICE * 2)


def test_english_is_read_too():
    assert kinds("In order to utilize it, the request is processed by the system.", "en") == [
        "jargon", "jargon", "passive"
    ]  # fmt: skip
    assert syllables("system", "en") == 2


def test_each_finding_is_one_sentence_in_the_readers_language():
    from django.utils import translation

    with translation.override("en"):
        (one,) = findings("On va implémenter un outil.")
        assert one.sentence == "“implémenter”: an office word. Try “mettre en place”."


HOSTILE = ["a" * 5000, "A" * 5000, "É. " * 1700, "est " * 1250, "est traité " * 450, "(" * 5000, "AB (" * 1250,
           "\n" * 5000, "dans le cadre " * 350, "aeiouy" * 830, "1.2." * 1250, "\x00\u202e" * 2500]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_take_no_time(text):
    start = time.process_time()
    for language in ("fr", "en"):
        findings(text, language)
    assert time.process_time() - start < 0.5


@settings(max_examples=150, deadline=2000)
@given(st.text(max_size=5000), st.sampled_from(["fr", "en"]))
def test_any_text(text, language):
    for each in findings(text, language):
        assert 0 <= each.start <= each.end <= len(text) and each.sentence
