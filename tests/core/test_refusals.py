"""How a service says no: too long a text, a stale version."""

from types import SimpleNamespace

import pytest

from core.services import Difference, EditConflict, InvalidInput, check_length, check_version
from registry.models import Publication

DIFFERENCE = Difference("need_fr", "Besoin", "ancien", "nouveau", "ancien", "nouveau")


def test_a_text_fits_its_column_or_the_sentence_says_how_long_it_may_be():
    check_length("x" * 500, Publication, "change_note_fr")
    with pytest.raises(InvalidInput, match="500") as refusal:
        check_length("x" * 501, Publication, "change_note_fr", field="reason")
    assert refusal.value.field == "reason"


def test_a_column_without_a_limit_takes_any_text():
    check_length("x" * 100_000, Publication, "document")


def test_two_people_on_the_same_field_conflict():
    with pytest.raises(EditConflict) as conflict:
        check_version(SimpleNamespace(version=3), 2, [DIFFERENCE])
    assert (conflict.value.current_version, conflict.value.differences) == (3, [DIFFERENCE])


@pytest.mark.parametrize(("expected", "differences"), [(3, [DIFFERENCE]), (2, [])])
def test_the_version_one_read_or_other_fields_do_not(expected, differences):
    check_version(SimpleNamespace(version=3), expected, differences)
