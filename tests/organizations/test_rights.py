"""What a person may ask is shown where it holds, with its article and how sure we are."""

import pytest
import yaml

from organizations.rules.rights import RIGHTS, RIGHTS_FILE, rights_for
from registry.field_catalogue import CATALOGUE


def codes(autonomy, personal_information, *regimes):
    return [right.code for right in rights_for(autonomy, personal_information, regimes)]


@pytest.mark.parametrize(
    ("autonomy", "personal", "regimes", "expected"),
    [
        ("alone", "yes", ["lggri"], ["automated_decision", "own_information"]),
        ("supervised", "unsure", ["municipal"], ["automated_decision", "own_information"]),
        ("alone", "no", ["lggri"], []),
        ("recommends", "yes", ["lggri"], ["human_decision", "own_information"]),
        ("recommends", "no", ["lggri"], ["human_decision"]),
        ("assists", "no", ["lggri"], []),
        ("alone", "yes", ["lggri", "health"], ["automated_decision"]),
        ("", "", [], []),
    ],
)
def test_each_right_is_shown_where_it_holds(autonomy, personal, regimes, expected):
    assert codes(autonomy, personal, *regimes) == expected


def test_a_right_given_by_a_law_names_its_article():
    for right in RIGHTS:
        assert bool(right.article) == (right.origin in {"statute", "regulation"})
        assert right.certainty in {"text_read", "secondary_source", "from_memory"}
        assert set(right.name) == set(right.text) == {"fr", "en"}


def test_the_codes_are_those_of_the_catalogue():
    for field in ("autonomy", "personal_information"):
        known = {choice.code for choice in CATALOGUE.field(field).choices}
        assert all(getattr(right, field) <= known for right in RIGHTS)


def test_no_key_of_the_data_file_is_left_unread():
    for row in yaml.safe_load(RIGHTS_FILE.read_text(encoding="utf-8"))["rights"]:
        assert set(row) == {
            "code", "autonomy", "personal_information", "not_regimes", "name", "text", "article", "origin", "certainty",
            "in_force_from",
        }  # fmt: skip
