"""Two people on one page: what nobody else wrote is saved, what both wrote is chosen, nothing is lost."""

import pytest
from django.test import RequestFactory

from core.services import EditConflict, settled
from organizations.workflow import Role
from registry.models import AISystem
from registry.services.parts import add_part, save_part
from registry.services.solutions import enter_solution
from registry.services.systems import save_answers
from tests.factories.organizations import person
from tests.registry.test_views_sections import as_shown, section

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(body):
    return person(body, Role.CONTRIBUTOR)


def stored(system) -> AISystem:
    return AISystem.objects.get(pk=system.pk)


def in_english(address: str) -> str:
    return "/en" + address.removeprefix("/fr")


def chosen(response, **choices) -> dict[str, object]:
    """What the page of a conflict sends: its hidden fields, and a choice for each answer in dispute."""
    conflict = response.context["conflict"]
    sent = response.wsgi_request.POST.dict() | {"version": conflict.current_version}
    sent |= {"settle": [one.field for one in conflict.differences]}
    for one in conflict.differences:
        choice, third = choices[one.field] if isinstance(choices[one.field], tuple) else (choices[one.field], one.typed)
        sent |= {f"mine-{one.field}": one.typed, f"theirs-{one.field}": one.stored, f"third-{one.field}": third}
        sent[f"settle-{one.field}"] = choice
    return sent


@pytest.fixture
def met(editor, second, system, as_user):
    """One changes an answer; the other sends the same one, and another answer that nobody else touched."""
    client = as_user(editor)
    sent = as_shown(client, system, alternative_fr="Le second texte.", service_fr="Permis")
    save_answers(system=system, answers={"alternative_fr": "Le premier texte."}, version=system.version, by=second)
    return client, client.post(in_english(section(system)), sent)


def test_what_does_not_conflict_is_saved_at_once_and_only_the_rest_is_shown(met, second, system):
    _client, response = met
    found, page = stored(system), response.content.decode()
    assert (found.alternative_fr, found.service_fr) == ("Le premier texte.", "Permis")
    assert [one.field for one in response.context["conflict"].differences] == ["alternative_fr"]
    assert "Your other answers are saved." in page and page.count('class="vg-conflict"') == 1


def test_who_wrote_the_other_text_and_when_is_said(met, second, system):
    [told] = met[1].context["conflict"].differences
    assert (told.by, told.at) == (second.name, AISystem.pgh_event_models["insert"].objects.get(version=2).updated_at)
    assert f"Saved by {second.name} on" in met[1].content.decode()


def test_who_wrote_is_who_wrote_that_answer_and_not_the_last_to_write(editor, second, system, body, as_user):
    third, client = person(body, Role.CONTRIBUTOR), as_user(editor)
    sent = as_shown(client, system, alternative_fr="Le second texte.")
    saved = save_answers(system=system, answers={"alternative_fr": "Le premier."}, version=system.version, by=second)
    save_answers(system=system, answers={"unit_fr": "Ailleurs"}, version=saved.version, by=third)
    [told] = client.post(section(system), sent).context["conflict"].differences
    assert told.by == second.name


def test_who_wrote_is_not_the_reader_whose_other_answers_were_saved_since(editor, second, system, as_user):
    client = as_user(editor)
    sent = as_shown(client, system, alternative_fr="Le second texte.", service_fr="Permis", autosave="1")
    save_answers(system=system, answers={"alternative_fr": "Le premier texte."}, version=system.version, by=second)
    told = client.post(section(system), sent).json()
    del sent["autosave"]  # «Compare both texts»: the page goes on from the version that its own save made
    response = client.post(
        in_english(section(system)), sent | {"version": told["version"], "unsettled": told["unsettled"]}
    )
    [one] = response.context["conflict"].differences
    assert (one.by, one.by_ref) == (second.name, second.actor_ref) and not response.context["is_own"]
    assert f"Saved by {second.name} on" in response.content.decode()


@pytest.mark.parametrize(
    ("choice", "kept"),
    [
        ("mine", "Le second texte."),
        ("theirs", "Le premier texte."),
        (("third", "Les deux."), "Les deux."),
        (("", "Joint sans choisir."), "Joint sans choisir."),
    ],
)
def test_each_answer_is_chosen_one_text_the_other_or_a_third(met, system, choice, kept):
    client, response = met
    assert client.post(section(system), chosen(response, alternative_fr=choice)).status_code == 303
    assert (stored(system).alternative_fr, stored(system).service_fr) == (kept, "Permis")


def test_a_text_changed_again_before_the_choice_is_shown_again(met, second, system):
    client, response = met
    save_answers(system=system, answers={"alternative_fr": "Encore autre."}, version=stored(system).version, by=second)
    again = client.post(section(system), chosen(response, alternative_fr="mine"))
    assert again.status_code == 409 and again.context["conflict"].differences[0].stored == "Encore autre."


def test_what_is_not_valid_stands_beside_what_is_in_dispute(editor, second, system, as_user):
    client = as_user(editor)
    sent = as_shown(client, system, alternative_fr="Le second texte.", service_url="pas une adresse")
    save_answers(system=system, answers={"alternative_fr": "Le premier texte."}, version=system.version, by=second)
    page = client.post(section(system), sent).content.decode()
    assert ">\npas une adresse</textarea>" in page and 'type="hidden" name="service_url"' not in page


# --- While one types --------------------------------------------------------------------------------------------------
def test_an_autosave_in_conflict_goes_on_from_the_new_version_without_writing_over(editor, second, system, as_user):
    client = as_user(editor)
    sent = as_shown(client, system, alternative_fr="Le second texte.", service_fr="Permis", autosave="1")
    save_answers(system=system, answers={"alternative_fr": "Le premier texte."}, version=system.version, by=second)
    told = client.post(section(system), sent)
    assert (told.status_code, told.json()["unsettled"]) == (409, ["alternative_fr"])
    assert stored(system).service_fr == "Permis"
    # Typed after the conflict was met, in an answer that nobody else touched: no dispute with oneself.
    sent |= {"version": told.json()["version"], "unsettled": ["alternative_fr"], "service_fr": "Permis de bâtir"}
    del sent["autosave"]
    response = client.post(section(system), sent)
    assert [one.field for one in response.context["conflict"].differences] == ["alternative_fr"]
    assert (stored(system).alternative_fr, stored(system).service_fr) == ("Le premier texte.", "Permis de bâtir")


def test_an_autosave_brings_what_somebody_else_wrote_and_never_undoes_it(editor, second, system, as_user):
    client = as_user(editor)
    sent = as_shown(client, system, service_fr="Permis", autosave="1")
    save_answers(system=system, answers={"alternative_fr": "Le premier texte."}, version=system.version, by=second)
    told = client.post(section(system), sent).json()
    assert told["others"] == {"alternative_fr": ["Le premier texte."]}
    # The script wrote it in the page; the next save sends it back as it is.
    sent |= {"version": told["version"], "service_fr": "Permis de bâtir", "alternative_fr": "Le premier texte."}
    assert client.post(section(system), sent).status_code == 200
    assert (stored(system).alternative_fr, stored(system).service_fr) == ("Le premier texte.", "Permis de bâtir")


def test_a_page_given_back_to_be_corrected_shows_what_somebody_else_wrote(editor, second, system, as_user):
    client = as_user(editor)
    sent = as_shown(client, system, service_fr="Permis", service_url="pas une adresse")
    save_answers(system=system, answers={"alternative_fr": "Le premier texte."}, version=system.version, by=second)
    response = client.post(section(system), sent)
    form = response.context["form"]
    assert (response.status_code, form["alternative_fr"].value()) == (422, "Le premier texte.")
    assert form["service_url"].value() == "pas une adresse"


# --- Rows, solutions, sheets ------------------------------------------------------------------------------------------
def test_two_people_on_different_answers_of_a_row_both_stand(editor, second, system):
    answers = {"name_fr": "Modèle", "place_fr": "Québec", "country": "quebec"}
    row = add_part(system=system, part="hosting", answers=answers, by=editor)
    save_part(row=row, part="hosting", answers={"place_fr": "Lévis"}, version=1, by=second)
    sent = {"name_fr": "Base", "place_fr": "Québec", "country": "quebec"}
    saved = save_part(row=row, part="hosting", answers=sent, version=1, by=editor)
    assert (saved.name_fr, saved.place_fr) == ("Base", "Lévis")


def test_a_row_in_dispute_keeps_the_rest_and_says_who(editor, second, system, as_user):
    answers = {"name_fr": "Modèle", "place_fr": "Québec", "country": "quebec"}
    row = add_part(system=system, part="hosting", answers=answers, by=editor)
    save_part(row=row, part="hosting", answers={"place_fr": "Lévis"}, version=1, by=second)
    url = f"/fr/espace/systemes/{system.uuid}/lignes/hosting/{row.uuid}/"
    client = as_user(editor)
    response = client.post(url, {**answers, "name_fr": "Base", "place_fr": "Gatineau", "version": 1})
    row.refresh_from_db()
    [told] = response.context["conflict"].differences
    assert (row.name_fr, row.place_fr, told.field, told.by) == ("Base", "Lévis", "place_fr", second.name)
    client.post(url, chosen(response, place_fr="theirs"))
    row.refresh_from_db()
    assert (row.name_fr, row.place_fr) == ("Base", "Lévis")


def test_a_row_refused_for_its_input_still_knows_what_was_read(editor, second, system, as_user):
    answers = {"name_fr": "Modèle", "place_fr": "Québec", "country": "quebec"}
    row = add_part(system=system, part="hosting", answers=answers, by=editor)
    save_part(row=row, part="hosting", answers={"place_fr": "Lévis"}, version=1, by=second)
    url = f"/fr/espace/systemes/{system.uuid}/lignes/hosting/{row.uuid}/"
    response = as_user(editor).post(url, {**answers, "country": "mars", "version": 1})
    assert (response.status_code, int(response.context["version"])) == (422, 1)


def test_a_solution_in_dispute_keeps_the_rest(editor, second, body, as_user):
    solution = enter_solution(organization=body, answers={"name_fr": "Agent"}, by=editor)
    address = f"/fr/espace/solutions/{solution.uuid}/modifier/"
    as_user(second).post(address, {"name_fr": "Agent bavard", "version": 1})
    response = as_user(editor).post(address, {"name_fr": "Robot", "supplier": "Fournisseur", "version": 1})
    solution.refresh_from_db()
    assert (response.status_code, solution.name_fr, solution.supplier) == (409, "Agent bavard", "Fournisseur")
    assert response.context["conflict"].differences[0].by == second.name


def test_a_choice_sent_to_a_page_that_knows_none_is_an_answer_like_another():
    post = (
        RequestFactory()
        .post("/", {"settle": ["a"], "settle-a": "theirs", "theirs-a": "x", "mine-a": "y", "b": "z"})
        .POST
    )
    assert settled(post).dict() == {"a": "x", "b": "z"}


def test_a_dispute_names_nobody_when_the_version_is_unknown(editor, system):
    with pytest.raises(EditConflict) as conflict:
        save_answers(system=system, answers={"alternative_fr": "A"}, version=99, by=editor)
    assert conflict.value.differences[0].by == str(system.updated_by)


# --- Two tabs of one person -------------------------------------------------------------------------------------------
def test_two_tabs_of_one_person_name_nobody_else(editor, second, system, as_user):
    client = as_user(editor)
    english = section(system).replace("/fr/", "/en/")
    sent = as_shown(client, system, alternative_fr="Le second texte.")
    save_answers(system=system, answers={"alternative_fr": "Le premier."}, version=system.version, by=editor)
    told = client.post(english, {**sent, "autosave": "1"})
    assert told.status_code == 409 and "You have also changed these answers, in another tab" in told.json()["message"]
    page = client.post(english, sent)
    text = page.content.decode().partition("<main")[2]
    assert page.status_code == 409 and "You have also changed these answers" in text
    assert "Two people" not in text and f"by {editor.name}" not in text and f"of {editor.name}" not in text
    newest = AISystem.objects.get(pk=system.pk)
    save_answers(system=newest, answers={"alternative_fr": "D'ailleurs."}, version=newest.version, by=second)
    text = client.post(english, sent).content.decode()
    assert "Two people changed the same answer" in text and f"Saved by {second.name}" in text


def test_what_one_wrote_in_another_tab_is_not_said_to_be_of_somebody_else(editor, second, system, as_user):
    client = as_user(editor)
    sent = as_shown(client, system, service_fr="Permis")
    english = section(system).replace("/fr/", "/en/")
    save_answers(system=system, answers={"alternative_fr": "Le premier."}, version=system.version, by=editor)
    answer = client.post(english, {**sent, "autosave": "1"}).json()
    assert "alternative_fr" in answer["others"] and "You changed elsewhere" in answer["message"]
    kept = AISystem.objects.get(pk=system.pk)
    save_answers(system=kept, answers={"alternative_fr": "Autre."}, version=kept.version, by=second)
    answer = client.post(english, {**sent, "version": kept.version, "alternative_fr": "Le premier.", "autosave": "1"})
    assert "Somebody else changed" in answer.json()["message"]


def test_a_conflict_met_while_one_types_tells_what_is_not_saved(editor, second, system, as_user):
    client = as_user(editor)
    sent = as_shown(client, system, alternative_fr="Le second.", service_url="pas une adresse", autosave="1")
    save_answers(system=system, answers={"alternative_fr": "Le premier."}, version=system.version, by=second)
    told = client.post(section(system), sent).json()
    assert list(told["errors"]) == ["service_url"] and told["unsettled"] == ["alternative_fr"]


def test_the_page_of_a_conflict_says_where_one_is(met):
    _client, response = met
    trail = response.content.decode().partition("govuk-breadcrumbs")[2].partition("</nav>")[0]
    path = response.wsgi_request.path
    assert f'href="{path[:3]}/espace/systemes/"' in trail and f'href="{path}"' in trail
