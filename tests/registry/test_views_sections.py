"""Pages of sections, of rows and of visibility: what is wanted, who reads it, two people at once."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organizations.workflow import Role
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem, FieldVisibility
from registry.services.parts import add_part, save_part
from registry.services.systems import save_answers
from registry.services.visibility import set_visibility
from tests.factories.organizations import person

pytestmark = pytest.mark.django_db


def section(system, code="purpose") -> str:
    return f"/fr/espace/systemes/{system.uuid}/questions/{code}/"


def field_url(system, code) -> str:
    return f"/fr/espace/systemes/{system.uuid}/visibilite/{code}/"


def as_shown(client, system, code="purpose", **typed) -> dict[str, object]:
    """What a browser sends of the page as it is shown, with what was typed over it."""
    form = client.get(section(system, code)).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in {**values, **typed}.items() if value not in (None, [])}


# --- What a section shows -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("code", [each.code for each in CATALOGUE.sections])
def test_each_section_leads_to_all_the_others_and_marks_itself(editor, whole_system, as_user, code):
    page = as_user(editor).get(section(whole_system, code)).content.decode()
    assert all(f'href="{section(whole_system, each.code)}"' in page for each in CATALOGUE.sections)
    assert f'href="{section(whole_system, code)}" aria-current="page"' in page


def test_a_question_says_from_when_it_is_wanted_and_who_reads_it(editor, system, as_user):
    page = as_user(editor).get("/en" + section(system, "risks")[3:]).content.decode()
    assert "Wanted from the phase" in page and "Visibility: Public." in page and "Level of attention" in page
    assert field_url(system, "risks_fr").replace("/fr/", "/en/") in page


def test_a_contributor_is_not_offered_to_change_who_reads(body, system, as_user):
    client = as_user(person(body, Role.CONTRIBUTOR))
    assert "/visibilite/" not in client.get(section(system, "risks")).content.decode()
    assert client.get(field_url(system, "risks_fr")).status_code == 403
    assert client.post(field_url(system, "risks_fr"), {"visibility": "internal", "reason": "x"}).status_code == 403


def test_the_level_of_attention_says_why(editor, system, as_user):
    AISystem.objects.filter(pk=system.pk).update(affects_rights="yes", autonomy="alone")
    response = as_user(editor).get(section(system, "decision"))
    assert response.context["attention"].level == 3 and [label for label, _ in response.context["because"]]


def test_an_error_stands_in_the_summary_and_what_is_right_is_saved(editor, system, as_user):
    sent = {"version": system.version, "service_url": "pas une adresse", "service_fr": "Permis"}
    response = as_user(editor).post(section(system), sent)
    page = response.content.decode()
    assert response.status_code == 422 and "govuk-error-summary" in page and 'href="#id_service_url"' in page
    assert AISystem.objects.get(pk=system.pk).service_fr == "Permis"


def test_the_page_costs_the_same_however_much_is_answered(editor, system, as_user, whole_system):
    client = as_user(editor)
    client.get(section(system, "data"))
    with CaptureQueriesContext(connection) as queries:
        client.get(section(system, "data"))
    assert len(queries) <= 12


# --- Two people -----------------------------------------------------------------------------------------------------
def test_two_people_on_a_section_see_both_texts_and_choose(editor, body, system, as_user):
    second = person(body, Role.CONTRIBUTOR)
    client = as_user(editor)
    sent = as_shown(client, system, alternative_fr="Le second texte.", service_fr="Permis")
    save_answers(system=system, answers={"alternative_fr": "Le premier texte."}, version=system.version, by=second)
    response = client.post(section(system), sent)
    page = response.content.decode()
    assert response.status_code == 409 and "Le premier texte." in page and ">\nLe second texte.</textarea>" in page
    assert AISystem.objects.get(pk=system.pk).alternative_fr == "Le premier texte."
    assert client.post(section(system), {**sent, "autosave": "1"}).status_code == 409
    # The page of the conflict carries all that was typed.
    assert 'name="service_fr" value="Permis"' in page and "vg-conflict" in page
    kept = {**sent, "version": AISystem.objects.get(pk=system.pk).version, "alternative_fr": "Les deux textes."}
    assert client.post(section(system), kept).status_code == 303
    found = AISystem.objects.get(pk=system.pk)
    assert (found.alternative_fr, found.service_fr) == ("Les deux textes.", "Permis")


def test_other_answers_of_the_same_section_both_stand(editor, body, system, as_user):
    second = person(body, Role.CONTRIBUTOR)
    client = as_user(editor)
    sent = as_shown(client, system, service_fr="Permis")
    save_answers(system=system, answers={"alternative_fr": "Le premier."}, version=system.version, by=second)
    assert client.post(section(system), sent).status_code == 303
    found = AISystem.objects.get(pk=system.pk)
    assert (found.alternative_fr, found.service_fr) == ("Le premier.", "Permis")


def test_two_people_on_a_row_see_both_texts_and_choose(editor, body, system, as_user):
    second = person(body, Role.CONTRIBUTOR)
    answers = {"name_fr": "Modèle", "place_fr": "Québec", "country": "quebec"}
    row = add_part(system=system, part="hosting", answers=answers, by=editor)
    save_part(row=row, part="hosting", answers={"place_fr": "Lévis"}, version=row.version, by=second)
    url = f"/fr/espace/systemes/{system.uuid}/lignes/hosting/{row.uuid}/"
    client = as_user(editor)
    response = client.post(url, {**answers, "version": row.version, "place_fr": "Gatineau"})
    page = response.content.decode()
    assert response.status_code == 409 and "Lévis" in page and ">\nGatineau</textarea>" in page
    row.refresh_from_db()
    assert row.place_fr == "Lévis"
    chosen = {**answers, "version": row.version, "place_fr": "Lévis et Gatineau"}
    assert client.post(url, chosen).status_code == 303
    row.refresh_from_db()
    assert row.place_fr == "Lévis et Gatineau"


@pytest.mark.parametrize("typed", ["1 250,5", "1\u00a0250,5", "1\u202f250,5", "1,250.5", "1250.5"])
def test_a_benefit_is_measured_in_the_numbers_that_people_write(editor, system, as_user, typed):
    url = f"/fr/espace/systemes/{system.uuid}/lignes/benefits/ajouter/"
    client = as_user(editor)
    assert client.post(url, {"name_fr": "Délai", "unit_fr": "jours", "baseline": typed}).status_code == 303
    [row] = system.benefit_rows.all()
    assert row.baseline == Decimal("1250.5")
    shown = client.get(f"/fr/espace/systemes/{system.uuid}/lignes/benefits/{row.uuid}/").context["form"]["baseline"]
    assert 'value="1250,5"' in str(shown)


def test_a_number_with_two_meanings_is_refused_with_one_sentence(editor, system, as_user):
    url = f"/en/espace/systemes/{system.uuid}/lignes/benefits/ajouter/"
    response = as_user(editor).post(url, {"name_fr": "Délai", "unit_fr": "jours", "baseline": "1,250"})
    assert (response.status_code, len(response.context["form"].errors["baseline"])) == (422, 1)
    assert "can be read in two ways" in response.content.decode()


# --- Visibility -----------------------------------------------------------------------------------------------------
def test_all_the_fields_stand_with_what_is_proposed_and_decided(editor, system, as_user):
    set_visibility(system=system, field="risks_fr", visibility="internal", reason="Une enquête.", by=editor)
    response = as_user(editor).get(f"/fr/espace/systemes/{system.uuid}/visibilite/")
    page = response.content.decode()
    rows = {row.code: row for _title, found in response.context["sections"] for row in found}
    assert set(rows) == {field.code for field in CATALOGUE.fields}
    assert "Une enquête." in page and editor.name in page and rows["risks_fr"].decided
    assert field_url(system, "name_fr") not in page and field_url(system, "risks_fr") in page


def test_the_body_decides_with_a_reason_then_comes_back_to_what_is_proposed(editor, system, as_user):
    client, url = as_user(editor), field_url(system, "risks_fr")
    refused = client.post(url, {"visibility": "internal", "reason": " "})
    assert refused.status_code == 422 and "govuk-error-summary" in refused.content.decode()
    answer = client.post(url, {"visibility": "internal", "reason": "Une enquête."})
    assert answer["Location"] == section(system, "risks") + "#id_risks_fr"
    decided = FieldVisibility.objects.get()
    assert (decided.visibility, decided.set_by) == ("internal", editor)
    assert client.post(url, {"visibility": "public", "reason": ""}).status_code == 303
    assert not FieldVisibility.objects.exists()


@pytest.mark.parametrize(("code", "visibility"), [("name_fr", "internal"), ("security_fr", "public")])
def test_what_may_not_change_is_refused_and_not_offered(editor, system, as_user, code, visibility):
    response = as_user(editor).post(field_url(system, code), {"visibility": visibility, "reason": "Pour voir."})
    assert response.status_code == 422 and not FieldVisibility.objects.exists()


@pytest.mark.parametrize("code", ["nonsense", "risks_en", "sort_key"])
def test_there_is_a_page_for_fields_only(editor, system, as_user, code):
    assert as_user(editor).get(field_url(system, code)).status_code == 404


def test_people_elsewhere_find_nothing(outsider, system, as_user):
    assert as_user(outsider).get(field_url(system, "risks_fr")).status_code == 404
