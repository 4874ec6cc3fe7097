"""A word finds its plural and its plural finds it, also where the grammars of the database take them for two words."""

import pytest
from django.utils import translation

from registry.public.search.plurals import both_numbers, other_numbers, read_plurals
from registry.public.site import SystemSearch, find_systems
from registry.standards.words import fold
from tests.factories.publications import published
from tests.transparency.test_views_search import found

PAIRS = [
    pair.split("/")
    for pair in (
        # -eu, -eau, -au
        "feu/feux jeu/jeux lieu/lieux enjeu/enjeux cheveu/cheveux neveu/neveux pneu/pneus bleu/bleus "
        "eau/eaux bureau/bureaux réseau/réseaux tableau/tableaux niveau/niveaux château/châteaux drapeau/drapeaux "
        "tuyau/tuyaux noyau/noyaux étau/étaux "
        # -ou, and a vowel before the «s»
        "bijou/bijoux genou/genoux caillou/cailloux chou/choux trou/trous clou/clous "
        "photo/photos menu/menus tissu/tissus numéro/numéros agenda/agendas taxi/taxis "
        # -al, -ail
        "animal/animaux canal/canaux cheval/chevaux hôpital/hôpitaux journal/journaux signal/signaux "
        "local/locaux légal/légaux fiscal/fiscaux mondial/mondiaux bal/bals festival/festivals "
        "travail/travaux bail/baux vitrail/vitraux détail/détails "
        # of their own
        "œil/yeux ciel/cieux monsieur/messieurs madame/mesdames permis/permis maladie/maladies "
        "child/children person/people woman/women foot/feet tooth/teeth mouse/mice life/lives leaf/leaves "
        "analysis/analyses crisis/crises diagnosis/diagnoses matrix/matrices criterion/criteria phenomenon/phenomena "
        "policy/policies agency/agencies body/bodies study/studies"
    ).split()
]
ENGLISH = [
    pair for pair in PAIRS if pair[0] in "permit child person policy analysis matrix woman life study foot".split()
]


@pytest.fixture
def two(public_body):
    """One system says every singular, another every plural."""
    ones, many = (" ".join(words) for words in zip(*PAIRS, strict=True))
    return [published(public_body, name_fr=f"Nom {place}", need_fr=words) for place, words in enumerate((ones, many))]


def test_the_table_is_long_enough():
    assert len(PAIRS) >= 60


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_word_finds_both_its_numbers(two, language):
    both = {system.reference for system in two}
    with translation.override(language):
        missed = [
            word
            for pair in (PAIRS if language == "fr" else ENGLISH)
            for word in pair
            if {card.reference for card in find_systems(SystemSearch(word))} != both
        ]
    assert missed == []


def test_words_in_quotes_stand_as_they_are(two, visitor):
    one, many = (system.reference for system in two)
    assert found(visitor, q='"feu"') == [one] and found(visitor, q='"feux"') == [many]
    assert found(visitor, q="l'animal") and set(found(visitor, q="l'animal")) == {one, many}
    assert set(found(visitor, q="feux -children")) == {one}, "what is taken out is taken out as typed"


def test_a_mistake_in_either_number_finds_both(public_body, visitor):
    one = published(public_body, name_fr="Réseau de neurones")
    many = published(public_body, name_fr="Entretien des réseaux")
    assert set(found(visitor, q="résaeu")) == set(found(visitor, q="reseuax")) == {one.reference, many.reference}


def test_the_list_of_irregular_words_is_sound():
    for pairs in read_plurals()["irregular"].values():
        for one, many in pairs:
            assert fold(many) in other_numbers(one) and fold(one) in other_numbers(many), (one, many)


@pytest.mark.parametrize("word", ["", "le", "x", "123", "a-b", "zzzz", "x" * 300, "école"])
def test_most_words_have_no_other_form_to_look_for(word):
    assert other_numbers(word) == ()


def test_an_expression_has_few_forms():
    assert both_numbers("feu de circulation")[:2] == ["feu de circulation", "feux de circulation"]
    assert len(both_numbers("feu jeu lieu bal mal canal eau")) <= 6
