"""The declaration form is the catalogue: each question, its limits, its choices."""

import pytest
from django.http import QueryDict

from registry.field_catalogue import CATALOGUE
from registry.forms.declaration import PROJECT, SERVICE, AnswersForm, declaration_fields, section_fields
from registry.serializers.declaration import form_sections
from tests.factories.registry import SystemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(body, editor):
    return SystemFactory(organization=body, created_by=editor, draft=True)


def form_of(system, data=None, situation=""):
    return AnswersForm(data, system=system, asked=declaration_fields(system.organization), situation=situation)


def sent(draft, situation="", **answers):
    data = QueryDict(mutable=True)
    for name, value in {"version": draft.version, "name_fr": draft.name_fr, **answers}.items():
        data.setlist(name, value if isinstance(value, list) else [str(value)])
    form = form_of(draft, data, situation)
    form.is_valid()
    return form


def test_what_is_asked_first_is_asked_once_on_the_declaration(draft):
    shown = [bound.name for section in form_sections(form_of(draft)) for bound in
             [*section.asked, *section.more]]  # fmt: skip
    assert sorted(shown) == sorted(field.code for field in CATALOGUE.fields if field.asked_first)
    assert len(shown) <= 20
    assert len(CATALOGUE.mandatory("declaration")) == 12


def test_english_is_asked_only_where_the_body_publishes_in_english(draft):
    assert not any(code.endswith("_en") for code in form_of(draft).fields)
    draft.organization.publishes_in_english = True
    assert "summary_en" in form_of(draft).fields
    assert all(field.twin in form_of(draft).fields for field in CATALOGUE.fields if field.twin and field.asked_first)


def test_every_field_of_the_catalogue_is_asked_in_its_section(draft):
    draft.autonomy, draft.affects_rights = "alone", "yes"  # then the departure from principle 4 is asked too
    asked = [field.code for section in CATALOGUE.sections for field in section_fields(draft, section.code)]
    assert asked == [field.code for section in CATALOGUE.sections for field in CATALOGUE.in_section(section.code)]
    assert sorted(asked) == sorted(field.code for field in CATALOGUE.fields)


def test_a_project_and_a_system_in_service_have_their_own_phases(draft):
    project = [code for code, _label in form_of(draft, situation=PROJECT).fields["phase"].choices]
    service = [code for code, _label in form_of(draft, situation=SERVICE).fields["phase"].choices]
    assert project == ["idea", "development", "experiment", "pilot"]
    assert service == ["regularizing", "suspended", "retired"]


def test_the_phase_of_a_declared_system_is_not_a_question_of_the_forms(system):
    assert "phase" not in form_of(system).fields
    life = AnswersForm(None, system=system, asked=section_fields(system, "life"))
    assert "phase" not in life.fields and "started_on" in life.fields


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("name_fr", "   "),
        ("name_fr", "x" * 201),
        ("summary_fr", "x" * 401),
        ("need_fr", "x" * 3001),
        ("contact_email", "pas une adresse"),
        ("phase", "in_service"),
        ("phase", "inconnue"),
        ("autonomy", "recommends' OR 1=1"),
        ("affected", ["public", "martians"]),
        ("affected", ["public", "nobody"]),
        ("started_on", "hier"),
        ("started_on", "2999-01-01"),
        ("started_on", "0000-00-00"),
    ],
)
def test_a_wrong_answer_is_told_and_the_others_saved(draft, code, value):
    form = sent(draft, **{"unit_fr": "Direction", code: value})
    assert list(form.errors) == [code] and len(form.errors[code]) == 1
    assert form.answers["unit_fr"] == "Direction" and code not in form.answers


def test_a_text_is_counted_as_it_will_be_stored(draft):
    assert not sent(draft, need_fr="a\r\n" * 1000 + "b" * 1000).errors


def test_the_conflict_page_sends_codes_in_one_value(draft):
    assert sent(draft, affected=["public,staff"]).answers["affected"] == ["public", "staff"]
    assert sent(draft, affected=[""]).answers["affected"] == []
    assert sent(draft, affected=["nobody,staff"]).errors


def test_what_was_not_asked_is_not_emptied(draft):
    answers = sent(draft).answers
    assert set(answers) == {"name_fr", "affected"}, "no box checked sends nothing: that one question is always asked"


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999"])
def test_a_form_without_its_version_has_read_nothing(draft, version):
    assert sent(draft, version=version).cleaned_data.get("version") in (0, None)


def test_every_wrong_answer_has_a_sentence_that_names_its_question(draft):
    form = sent(draft, summary_fr="x" * 401, category="?", affected=["?"])
    assert len({message for messages in form.errors.values() for message in messages}) == 3
