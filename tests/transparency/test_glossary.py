"""The glossary: every word of the public site has one definition, one address, and the sheet leads there."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from registry.field_catalogue import CATALOGUE
from registry.field_catalogue.glossary import TERMS
from registry.models.search import FACETS
from registry.public import glossary
from registry.public.codes import ANSWERS, DEFINED, anchor_of
from registry.public.search.query import KINDS
from tests.sources import ROOT
from tests.transparency.conftest import page_of, words_of

ADDRESSED = re.compile(r"\b(you|your|vous|votre|vos)\b", re.IGNORECASE)
# Facets whose values are no codes of ours.
NAMES = {"body": "names of bodies, each with its page", "followed": "years"}
FIELD_OF = {"personal": "personal_information", "objective": "strategy_objectives"}
LINKED = re.compile(r"""/glossaire/#([\w-]+)""")
LITERAL = re.compile(r"""_term\.html" with [^%]*?anchor="([\w-]+)\"""")


@pytest.fixture(autouse=True)
def french():
    with translation.override("fr"):
        yield


def test_every_anchor_is_there_once_and_is_fit_for_an_address():
    anchors = glossary.anchors()
    assert len(anchors) == len(set(anchors)) > 150
    assert all(re.fullmatch(r"[a-z0-9_-]+", anchor) for anchor in anchors)
    assert not [anchor for anchor in anchors if anchor.startswith("lettre-")]


def test_every_value_of_the_public_facets_is_defined_or_says_why_not():
    anchors, unexplained = set(glossary.anchors()), []
    for facet in FACETS:
        if facet in NAMES:
            continue
        if facet == "kind":
            unexplained += [kind for kind in KINDS if glossary.kind_anchor(kind) not in anchors]
            continue
        field = CATALOGUE.field(FIELD_OF.get(facet, facet))
        assert glossary.term_anchor(field.code) in anchors, f"{facet}: its name is a word of the field"
        for choice in field.choices:
            is_told = choice.code in ANSWERS or field.code in glossary.NOT_WORDS
            if anchor_of(field, choice) not in anchors and not is_told:
                unexplained.append(f"{facet}={choice.code}")
    assert not unexplained


def test_every_coded_field_is_defined_or_says_why_not():
    codes = {field.code for field in glossary.coded_fields()}
    assert set(DEFINED) | set(glossary.NOT_WORDS) == codes
    assert not set(DEFINED) & set(glossary.NOT_WORDS)
    known = {choice.code for field in glossary.coded_fields() for choice in field.choices}
    assert known >= ANSWERS


def test_terms_name_fields_that_exist_and_each_field_leads_to_one():
    rows = {field.code for part in CATALOGUE.parts for field in part.fields}
    known = {field.code for field in CATALOGUE.fields} | rows | {part.code for part in CATALOGUE.parts}
    named = [field for term in TERMS for field in term.fields]
    assert set(named) <= known and len(named) == len(set(named))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_definition_speaks_to_whoever_fills_in_a_form(language):
    with translation.override(language):
        rows = [each for letter in glossary.glossary() for each in letter.definitions]
    assert not [each.anchor for each in rows if ADDRESSED.search(each.text.replace("rendez-vous", ""))]
    assert all(each.name and each.text for each in rows)


def test_the_order_is_that_of_a_french_dictionary():
    words = ["zone", "Écart", "écart au principe", "œuvre", "Éa", "odeur", "eau", "outil", "À l'étude", "allo"]
    ordered = sorted(words, key=lambda word: (glossary.letters_of(word), word.casefold()))
    assert ordered == [
        "À l'étude",
        "allo",
        "Éa",
        "eau",
        "Écart",
        "écart au principe",
        "odeur",
        "œuvre",
        "outil",
        "zone",
    ]
    letters = [each.letter for each in glossary.glossary()]
    assert letters == sorted(letters) and all(re.fullmatch(r"[A-Z]", letter) for letter in letters)


@pytest.mark.parametrize("path", ["", "fiche-complete/"])
def test_links_of_both_readings_resolve(everything, visitor, path):
    page = page_of(visitor, f"/fr/systemes/{everything.reference}/{path}")
    linked = set(LINKED.findall(page))
    assert {"phase", "recours", "renseignement-personnel", f"technique-{everything.technique[0]}"} <= linked
    is_whole = path == "fiche-complete/"
    for code in (f"phase-{everything.phase}", f"autonomy-{everything.autonomy}"):
        assert (code in linked) == is_whole, "what the page explains itself needs no link: fewer stops of the keyboard"
    assert linked <= set(re.findall(r'id="([\w-]+)"', page_of(visitor, "/fr/glossaire/")))


def test_anchors_written_in_templates_exist():
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "templates" / "transparency").rglob("*.html")]
    written = {anchor for text in texts for anchor in LITERAL.findall(text)}
    assert written and written <= set(glossary.anchors())


@pytest.mark.parametrize(
    ("asked", "found"), [("efvp", "efvp"), ("PHASE", "phase"), ("mesure dattenuation", "mesure-attenuation")]
)
def test_a_word_is_found_without_accents_or_capitals(db, visitor, asked, found):
    page = page_of(visitor, f"/fr/glossaire/?q={asked}")
    assert f'id="{found}"' in page and 'id="technique-rules"' not in page


def test_nothing_found_teaches(db, visitor):
    page = words_of(page_of(visitor, "/en/glossaire/?q=zzzz"))
    assert "No definition has these words" in page and "See the whole glossary" in page


@pytest.mark.parametrize(
    "hostile", ["%00", "%27%22%3E%3Cscript%3E", "a" * 10_000, "%F0%9F%A6%8A", "%ff", "\\", "%25", "*"]
)
def test_hostile_words_find_nothing_or_something_and_never_fail(db, visitor, hostile):
    answer = visitor.get(f"/fr/glossaire/?q={hostile}&page=x&q[]=1")
    assert answer.status_code == 200 and b"<script>" not in answer.content


def test_the_page_asks_the_database_nothing_of_its_own(db, visitor):
    page_of(visitor, "/fr/glossaire/")
    with CaptureQueriesContext(connection) as told:
        page_of(visitor, "/fr/glossaire/?q=phase")
    asked = [
        query["sql"] for query in told if query["sql"].startswith("SELECT") and "publicedition" not in query["sql"]
    ]
    assert len(asked) <= 1, "whether this is a demonstration"


def test_a_law_is_named_with_how_sure_we_are(db, visitor):
    page = words_of(page_of(visitor, "/en/glossaire/?q=exclusively on automated"))
    assert "section 65.2" in page and "according to the official text" in page
