"""Declaring through the pages: with and without JavaScript, twice, by two people, by the wrong person."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.services import NotAllowed
from organizations.models import Organization
from organizations.workflow import Role
from registry.models import AISystem
from registry.services.systems import save_answers
from registry.workflow import Phase
from tests.factories.organizations import OrganizationFactory, give, person
from tests.factories.registry import SystemFactory
from tests.registry.test_services_systems import ANSWERS

pytestmark = pytest.mark.django_db

BEGIN = "/fr/espace/systemes/declarer/"


@pytest.fixture
def draft(body, editor):
    return SystemFactory(organization=body, created_by=editor, draft=True)


def edit_url(system) -> str:
    return f"/fr/espace/systemes/{system.uuid}/modifier/"


def typed(system, **answers):
    return {"version": system.version, "name_fr": system.name_fr, **answers}


def first_page(**answers):
    return {"request_key": uuid.uuid4(), "situation": "project", "name_fr": "Tri des permis", **answers}


# --- A name opens a draft ---------------------------------------------------------------------------------------------
def test_a_name_opens_a_draft_and_leads_to_the_questions(editor, as_user):
    response = as_user(editor).post(BEGIN, first_page())
    system = AISystem.objects.get()
    assert (response.status_code, response.url) == (303, edit_url(system) + "?situation=project")
    assert (system.phase, system.created_by) == ("", editor)


def test_a_system_already_in_service_begins_as_one(editor, as_user):
    as_user(editor).post(BEGIN, first_page(situation="service"))
    assert AISystem.objects.get().phase == Phase.REGULARIZING


def test_the_first_page_sent_twice_opens_one_draft(editor, as_user):
    client, page = as_user(editor), first_page()
    assert client.post(BEGIN, page).url == client.post(BEGIN, page).url
    assert AISystem.objects.count() == 1


def test_a_first_page_without_answers_says_what_misses(editor, as_user):
    response = as_user(editor).post(BEGIN, {"request_key": uuid.uuid4()})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"situation", "name_fr"}
    assert "govuk-error-summary" in response.content.decode()


def test_one_who_declares_for_several_bodies_chooses(editor, other_body, as_user):
    give(editor, other_body, Role.CONTRIBUTOR)
    client = as_user(editor)
    assert set(client.post(BEGIN, first_page()).context["form"].errors) == {"organization"}
    client.post(BEGIN, first_page(organization=other_body.uuid))
    assert AISystem.objects.get().organization == other_body


def test_nobody_declares_for_a_body_of_others(editor, as_user):
    give(editor, OrganizationFactory(), Role.CONTRIBUTOR)
    stranger = OrganizationFactory()
    response = as_user(editor).post(BEGIN, first_page(organization=stranger.uuid))
    assert response.status_code == 422 and not AISystem.objects.exists()


@pytest.mark.parametrize("role", [Role.READER, Role.PRIVACY_OFFICER, Role.AUDITOR])
def test_who_may_not_declare_is_told_so(body, role, as_user):
    client = as_user(person(body, role))
    assert client.get(BEGIN).status_code == 403
    assert client.post(BEGIN, first_page()).status_code == 403


def test_other_methods_are_refused(editor, draft, as_user):
    client = as_user(editor)
    for url in (BEGIN, edit_url(draft), f"/fr/espace/systemes/{draft.uuid}/declarer/"):
        assert client.put(url).status_code == 405


def test_a_visitor_is_asked_to_sign_in(client, draft):
    assert client.get(edit_url(draft)).status_code == 302


# --- The questions ----------------------------------------------------------------------------------------------------
def test_the_page_asks_in_the_readers_language(editor, draft, as_user):
    client = as_user(editor)
    assert "À quel besoin ce système répond-il?" in client.get(edit_url(draft)).content.decode()
    english = client.get(edit_url(draft).replace("/fr/", "/en/")).content.decode()
    assert "What need does this system answer?" in english


def test_saving_by_the_button(editor, draft, as_user):
    response = as_user(editor).post(edit_url(draft) + "?situation=service", typed(draft, **ANSWERS))
    draft.refresh_from_db()
    assert (response.status_code, draft.summary_fr, draft.version) == (303, "Classe les demandes.", 2)


def test_a_wrong_answer_stays_in_the_page_and_the_others_are_saved(editor, draft, as_user):
    response = as_user(editor).post(edit_url(draft), typed(draft, unit_fr="Direction", contact_email="pas une adresse"))
    draft.refresh_from_db()
    assert (response.status_code, draft.unit_fr, draft.contact_email) == (422, "Direction", "")
    page = response.content.decode()
    assert 'value="pas une adresse"' in page and 'href="#id_contact_email"' in page
    assert f'name="version" value="{draft.version}"' in page


def test_an_answer_of_a_declared_system_is_corrected_never_emptied(editor, system, as_user):
    before = system.need_fr
    client = as_user(editor)
    response = client.post(edit_url(system), typed(system, need_fr="", benefit_fr="Deux jours de moins."))
    system.refresh_from_db()
    assert (response.status_code, system.need_fr, system.benefit_fr) == (422, before, "Deux jours de moins.")
    assert 'href="#id_need_fr"' in response.content.decode()


def test_hostile_text_is_shown_as_text(editor, draft, as_user):
    client = as_user(editor)
    client.post(edit_url(draft), typed(draft, name_fr='"><script>alert(1)</script>'))
    assert "<script>alert" not in client.get(edit_url(draft)).content.decode()


def test_autosave_answers_in_one_sentence_with_its_progress(editor, draft, as_user):
    response = as_user(editor).post(edit_url(draft), typed(draft, autosave=1, summary_fr="Classe les demandes."))
    answer = response.json()
    assert (response.status_code, answer["version"], answer["progress"]["done"]) == (200, 2, 2)
    assert answer["message"].startswith("Enregistré à ")


def test_autosave_of_a_wrong_answer_saves_the_others(editor, draft, as_user):
    answers = typed(draft, autosave=1, unit_fr="Direction", summary_fr="x" * 401)
    response = as_user(editor).post(edit_url(draft), answers)
    draft.refresh_from_db()
    assert (response.status_code, response.json()["version"], draft.unit_fr) == (422, 2, "Direction")
    assert list(response.json()["errors"]) == ["summary_fr"] and "400" in response.json()["message"]


def test_autosave_of_the_same_adds_no_version(editor, draft, as_user):
    client = as_user(editor)
    for _again in range(2):
        answer = client.post(edit_url(draft), typed(draft, autosave=1, unit_fr="Direction")).json()
    assert answer["version"] == 2


def test_the_other_phases_are_one_button_away_and_nothing_typed_is_lost(editor, draft, as_user):
    response = as_user(editor).post(edit_url(draft), typed(draft, unit_fr="Direction", action="service"))
    draft.refresh_from_db()
    assert "situation=service" in response.url and draft.unit_fr == "Direction"


# --- Two people on one answer -----------------------------------------------------------------------------------------
def test_a_conflict_shows_both_texts_and_settles_nothing_alone(editor, draft, as_user):
    save_answers(system=draft, answers={"summary_fr": "Le texte enregistré"}, version=1, by=editor)
    answers = typed(draft, summary_fr="Mon texte", unit_fr="Ma direction", action="declare")
    response = as_user(editor).post(edit_url(draft), answers)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Le texte enregistré" in page and "Mon texte" in page and 'value="Ma direction"' in page
    assert 'name="action"' not in page, "the button pressed waits until the conflict is settled"
    draft.refresh_from_db()
    assert (draft.summary_fr, draft.unit_fr) == ("Le texte enregistré", "Ma direction")


def test_answers_that_are_chosen_are_chosen_again(editor, draft, as_user):
    other = {"phase": "idea", "affected": ["public", "staff"], "started_on": None}
    save_answers(system=draft, answers=other, version=1, by=editor)
    client = as_user(editor)
    mine = typed(draft, phase="pilot", affected=["patients"], summary_fr="À moi")
    page = client.post(edit_url(draft), mine).content.decode()
    assert page.count('type="radio"') == 4 and 'value="public,staff"' in page
    settled = {
        "version": 2,
        "name_fr": draft.name_fr,
        "phase": "idea",
        "affected": "public,staff",
        "summary_fr": "À moi",
    }
    assert client.post(edit_url(draft), settled).status_code == 303
    draft.refresh_from_db()
    assert (draft.phase, draft.affected, draft.summary_fr) == ("idea", ["public", "staff"], "À moi")


def test_an_answer_emptied_by_one_and_changed_by_the_other_is_a_choice(editor, draft, as_user):
    draft.phase = "idea"
    draft.save()
    save_answers(system=draft, answers={"phase": "pilot"}, version=1, by=editor)
    page = as_user(editor).post(edit_url(draft), {**typed(draft), "version": 1, "phase": ""}).content.decode()
    assert "<textarea" not in page and page.count('type="radio"') == 2


def test_autosave_in_conflict_writes_the_rest_and_says_so(editor, draft, as_user):
    save_answers(system=draft, answers={"summary_fr": "Le texte enregistré"}, version=1, by=editor)
    url = edit_url(draft).replace("/fr/", "/en/")
    response = as_user(editor).post(url, typed(draft, autosave=1, summary_fr="Mon texte", unit_fr="U"))
    draft.refresh_from_db()
    told = response.json()
    assert (response.status_code, draft.summary_fr, draft.unit_fr) == (409, "Le texte enregistré", "U")
    assert "Your other answers are saved." in told["message"]
    assert (told["version"], told["unsettled"]) == (draft.version, ["summary_fr"])


def test_different_answers_of_two_people_both_stand(editor, draft, as_user):
    save_answers(system=draft, answers={"summary_fr": "De l'une"}, version=1, by=editor)
    response = as_user(editor).post(edit_url(draft), typed(draft, summary_fr="", unit_fr="De l'autre"))
    draft.refresh_from_db()
    assert (response.status_code, draft.summary_fr, draft.unit_fr) == (303, "De l'une", "De l'autre")


# --- Declaring --------------------------------------------------------------------------------------------------------
def test_declaring_saves_then_gives_the_number(editor, draft, as_user):
    client = as_user(editor)
    response = client.post(
        edit_url(draft) + "?situation=service", typed(draft, **ANSWERS, action="declare"), follow=True
    )
    draft.refresh_from_db()
    assert (draft.status, draft.reference) == ("declared", "QC-MTEST-0001")
    assert response.redirect_chain[0] == (f"/fr/espace/systemes/{draft.uuid}/declarer/", 303)
    assert "QC-MTEST-0001" in response.content.decode()


def test_declaring_names_what_misses_with_links_and_keeps_what_is_there(editor, draft, as_user):
    answers = {**ANSWERS, "need_fr": "", "affected": []}
    response = as_user(editor).post(edit_url(draft) + "?situation=service", typed(draft, **answers, action="declare"))
    draft.refresh_from_db()
    page = response.content.decode()
    assert (response.status_code, draft.status, draft.unit_fr) == (422, "draft", "Direction des permis")
    assert set(response.context["form"].errors) == {"need_fr", "affected"}
    assert 'href="#id_need_fr"' in page and 'href="#id_affected_0"' in page


def test_declaring_twice_is_harmless(editor, draft, as_user):
    client = as_user(editor)
    for _again in range(2):
        response = client.post(
            edit_url(draft) + "?situation=service",
            {**typed(draft, **ANSWERS, action="declare"), "version": AISystem.objects.get().version},
        )
        assert response.status_code == 303
    assert Organization.objects.get(pk=draft.organization_id).next_number == 2


def test_a_whole_draft_is_declared_from_its_sheet(editor, body, as_user):
    system = SystemFactory(organization=body, created_by=editor, draft=True)
    url, client = f"/fr/espace/systemes/{system.uuid}/declarer/", as_user(editor)
    assert client.post(url).url == edit_url(system), "answers are missing: back to the questions"
    save_answers(system=system, answers=ANSWERS, version=1, by=editor)
    assert client.post(url).url == url and client.post(url).url == url
    assert "QC-MTEST-0001" in client.get(url).content.decode()


# --- Who --------------------------------------------------------------------------------------------------------------
def test_another_body_sees_nothing(outsider, draft, system, as_user):
    client = as_user(outsider)
    for thing in (draft, system):
        assert client.get(edit_url(thing)).status_code == 404
        assert client.post(edit_url(thing), typed(thing)).status_code == 404


def test_reading_is_not_changing(reviewer, draft, as_user):
    client = as_user(reviewer)
    assert client.get(edit_url(draft)).status_code == 403
    assert client.post(edit_url(draft), typed(draft, unit_fr="X")).status_code == 403
    assert client.post(f"/fr/espace/systemes/{draft.uuid}/declarer/").status_code == 403


def test_a_reader_does_not_see_drafts(body, draft, as_user):
    assert as_user(person(body, Role.READER)).get(edit_url(draft)).status_code == 404


def test_autosave_says_that_a_right_was_taken_away(editor, draft, as_user, monkeypatch):
    def refuse(**_ignored):
        raise NotAllowed("Vos fonctions ont changé.")

    monkeypatch.setattr("registry.views.saving.save_answers", refuse)
    response = as_user(editor).post(edit_url(draft), typed(draft, autosave=1, unit_fr="X"))
    assert (response.status_code, response.json()) == (403, {"message": "Vos fonctions ont changé."})


def test_similar_names_are_shown_of_ones_own_body_and_of_the_public_site(editor, draft, system, outsider, as_user):
    draft.name_fr = system.name_fr = "Tri des demandes de permis"
    draft.save()
    system.save()
    hidden = SystemFactory(organization=outsider.memberships.first().organization, name_fr="Tri des demandes de permis")
    page = as_user(editor).get(edit_url(draft)).content.decode()
    assert system.reference in page and hidden.reference not in page


def test_the_questions_cost_the_same_queries_in_a_large_register(editor, draft, as_user):
    client = as_user(editor)
    client.get(edit_url(draft))
    with CaptureQueriesContext(connection) as few:
        client.get(edit_url(draft))
    SystemFactory.create_batch(20, organization=draft.organization, created_by=editor)
    with CaptureQueriesContext(connection) as many:
        client.get(edit_url(draft))
    assert len(few) == len(many) == 8


# --- Plain language --------------------------------------------------------------------------------------------------
LONG = "Le système lit " + "les demandes et les dossiers " * 6 + "chaque matin."


def test_advice_stands_under_a_long_text_and_is_hidden_without_any(editor, system, as_user):
    url = f"/fr/espace/systemes/{system.uuid}/modifier/"
    page = as_user(editor).get(url).content.decode()
    assert 'data-plain="need_fr" hidden' in page and "data-plain-list" in page and 'data-plain="name_fr"' not in page
    type(system).objects.filter(pk=system.pk).update(need_fr=LONG)
    assert 'data-plain="need_fr">' in as_user(editor).get(url).content.decode()


def test_an_autosave_answers_with_the_advice(editor, system, as_user):
    url = f"/fr/espace/systemes/{system.uuid}/modifier/"
    sent = {"version": system.version, "autosave": "1", "need_fr": LONG, "benefit_fr": "Deux jours."}
    answer = as_user(editor).post(url, sent).json()
    assert answer["plain_language"]["benefit_fr"] == [] and len(answer["plain_language"]["need_fr"]) == 1
    assert "name_fr" not in answer["plain_language"]
