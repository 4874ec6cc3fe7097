"""Texts typed by people or read from files: what is kept, what is dropped, in which language they are shown."""

import unicodedata
from types import SimpleNamespace

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.text import Localized, clean_line, clean_text, localized, pick, reader_language, safe_cell

NBSP, ZERO_WIDTH, TURNED, SOFT_HYPHEN, E_ACUTE = "\u00a0", "\u200b", "\u202e", "\u00ad", "e\u0301"


def hides(char: str) -> bool:
    """A control or a mark; not a joiner, nor a pictograph that Python does not know yet."""
    return unicodedata.category(char)[0] == "C" and not (char in "\u200c\u200d" or "\U0001f000" <= char < "\U0001fffe")


@given(st.text())
def test_a_line_is_one_visible_line(value):
    line = clean_line(value)
    assert len(line.splitlines()) <= 1 and "\t" not in line and "  " not in line
    assert line == line.strip()
    assert not [char for char in line if hides(char)]


@given(st.text())
def test_a_text_holds_no_other_control_than_line_ends_and_tabs(value):
    text = clean_text(value)
    assert not [char for char in text if hides(char) and char not in "\n\t"]
    assert "\r" not in text and text == text.strip()


@pytest.mark.parametrize("clean", [clean_line, clean_text])
@given(value=st.text())
def test_cleaning_twice_is_cleaning_once_and_composes_accents(clean, value):
    once = clean(value)
    assert clean(once) == once and unicodedata.is_normalized("NFC", once)


@given(st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N", "P", "S"])))
def test_visible_characters_are_all_kept(value):
    assert clean_line(value) == unicodedata.normalize("NFC", value)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Tri \t des\r\n permis ", "Tri des permis"),
        (f"Coût{NBSP}: 5{NBSP}$", f"Coût{NBSP}: 5{NBSP}$"),
        (f"Syst{E_ACUTE}me", "Systéme"),
        (f"infor{SOFT_HYPHEN}mation{ZERO_WIDTH}", "information"),
        (f"fichier{TURNED}fdp.exe", "fichierfdp.exe"),
        ("a\x00b\ud800c", "abc"),
        ("une\u2028deux", "une deux"),
        ("\ufeffName", "Name"),
    ],
)
def test_a_line(typed, kept):
    assert clean_line(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("un\r\ndeux\rtrois\x0bquatre", "un\ndeux\ntrois\nquatre"),
        ("  retrait  gardé\n\n    ici ", "retrait  gardé\n\n    ici"),
        (f"{TURNED}caché\x07", "caché"),
    ],
)
def test_a_text_of_several_lines(typed, kept):
    assert clean_text(typed) == kept


@given(st.text())
def test_a_cell_never_starts_a_formula(value):
    shown = safe_cell(value)
    assert not shown.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    assert shown in {value, f"'{value}"}


@pytest.mark.parametrize("value", [12, -3.5, None, True])
def test_a_cell_that_is_no_text_stays_as_it_is(value):
    assert safe_cell(value) is value


# --- Languages ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("active", "language"), [("fr", "fr"), ("en", "en"), ("en-ca", "en"), (None, "fr")])
def test_the_reader_reads_french_or_english(active, language):
    with translation.override(active):
        assert reader_language() == language


@pytest.mark.parametrize(
    ("texts", "language", "shown"),
    [
        ({"fr": "Nom", "en": "Name"}, "en", Localized("Name", "en")),
        ({"fr": "Nom", "en": ""}, "en", Localized("Nom", "fr")),
        ({"nl": "Naam"}, "fr", Localized("Naam", "nl")),
        ({}, "fr", Localized("", "fr")),
    ],
)
def test_a_text_is_shown_in_the_language_one_reads_or_in_its_own(texts, language, shown):
    assert pick(texts, language) == shown


def test_columns_by_hand_are_read_through_one_door():
    thing = SimpleNamespace(name_fr="Ministère", name_en="")
    found = localized(thing, "name", "en")
    assert (str(found), found.language, bool(found)) == ("Ministère", "fr", True)
    assert not localized(SimpleNamespace(), "name", "en")


FAMILY, PERSIAN = "\U0001f469\u200d\U0001f469\u200d\U0001f467", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"


@pytest.mark.parametrize("kept", [FAMILY, PERSIAN, "\U0001fae9", "\u2764\ufe0f\u200d\U0001f525"])
def test_signs_and_letters_that_are_joined_stay_joined(kept: str) -> None:
    assert clean_text(f"Avant {kept} apr\u00e8s") == f"Avant {kept} apr\u00e8s" and clean_line(kept) == kept


@pytest.mark.parametrize("hidden", ["pay\u200dpal", "a\u200c b", "\u200dfin", "fin\u200d", "\ue000", "\U000e0041"])
def test_a_latin_word_holds_no_joiner(hidden: str) -> None:
    assert not set(clean_text(hidden)) & {"\u200c", "\u200d", "\ue000", "\U000e0041"}
