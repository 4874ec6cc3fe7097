"""Pages of solutions for staff: found, entered, chosen for a system, corrected, with two people and without script."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from organizations.services.succession import merge_organization
from organizations.workflow import Role
from registry.models import AISystem, Solution, SolutionClaim
from registry.services.solutions import remove_claim, save_claim, save_solution, use_solution
from tests.factories.organizations import OrganizationFactory, give, person
from tests.factories.registry import SystemFactory
from tests.factories.solutions import CLAIM, NAMES, claim_of, solution_of

pytestmark = pytest.mark.django_db
ROOM = "/fr/espace/solutions/"


@pytest.fixture
def solution(body, editor) -> Solution:
    return solution_of(body, editor)


def of(solution, path="") -> str:
    return f"{ROOM}{solution.uuid}/{path}"


def choice(system, path="") -> str:
    return f"/fr/espace/systemes/{system.uuid}/solution/{path}"


# --- The list -------------------------------------------------------------------------------------------------------
def test_the_list_is_found_by_any_of_its_names_whatever_accents(solution, other_body, outsider, as_user):
    solution_of(other_body, name_fr="Lecture de plans", name_en="", trade_name="", supplier="Éditions réunies")
    client = as_user(outsider)
    for query, expected in (
        ("", 2), ("redaction", 1), ("PLUME", 1), ("editions", 1), ("lettres assistant", 1), ("writing", 1), ("zzz", 0),
        ("%", 0), ("\x00", 2), ("' OR 1=1 --", 0), ("a" * 10_000, 0), ("🙂", 0),
    ):  # fmt: skip
        answer = client.get(ROOM, {"q": query})
        assert answer.status_code == 200 and answer.context["page"].paginator.count == expected, query


def test_the_list_says_how_many_declared_systems_use_each(solution, body, other_body, editor, as_user):
    for fields in ({"organization": body}, {"organization": other_body}, {"organization": body, "draft": True}):
        AISystem.objects.filter(pk=SystemFactory(**fields).pk).update(solution=solution)
    AISystem.objects.filter(pk=SystemFactory(organization=body).pk).update(
        solution=solution, put_away_at=clock.now(), put_away_by=editor, put_away_reason="Doublon"
    )
    solution_of(body, editor, name_fr="Autre")
    page = as_user(editor).get(ROOM, {"sort": "users"}).context["page"]
    assert [(each.name_fr, each.users) for each in page] == [("Assistant de rédaction", 2), ("Autre", 0)]


def test_empty_lists_teach(editor, operator, body, as_user):
    assert "Enter a first solution" in as_user(editor).get("/en/espace/solutions/").content.decode()
    reader = as_user(person(body, Role.READER)).get("/en/espace/solutions/").content.decode()
    assert "No solution is entered yet" in reader and "Enter a" not in reader
    solution_of(body, editor)
    assert as_user(operator).get(ROOM).status_code == 403, "the operator reads no file of a body"
    assert "See every solution" in as_user(editor).get("/en/espace/solutions/?q=zzz").content.decode()


@pytest.mark.parametrize("count", [2, 200])
def test_lists_and_pages_ask_as_many_questions_for_2_as_for_200(solution, system, editor, body, as_user, count):
    systems = [SystemFactory(organization=body, created_by=editor) for _ in range(2)]
    AISystem.objects.filter(pk__in=[each.pk for each in systems]).update(solution=solution)
    stamps = {"organization": body, "created_at": clock.now(), "created_by": editor}
    stamps |= {"updated_at": clock.now(), "updated_by": editor}
    Solution.objects.bulk_create([Solution(name_fr=f"Produit {number}", **stamps) for number in range(count)])
    rows = [SolutionClaim(solution=solution, noted_at=clock.now(), noted_by=editor, **CLAIM) for _ in range(count // 5)]
    SolutionClaim.objects.bulk_create(rows)
    client, counts = as_user(editor), []
    for path in (ROOM, of(solution), choice(system)):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        counts.append(len(queries))
    assert counts == [8, 13, 9]


# --- Entering, correcting -------------------------------------------------------------------------------------------
def test_entering_one_and_its_claims_with_plain_forms(body, editor, as_user):
    client = as_user(editor)
    form = client.get(f"{ROOM}inscrire/").context["form"]
    sent = {**NAMES, "request_key": form["request_key"].value(), "organization": body.uuid}
    answers = [client.post(f"{ROOM}inscrire/", sent) for _twice in range(2)]
    made = Solution.objects.get()
    assert {answer.url for answer in answers} == {of(made)} and made.organization == body
    key = client.get(of(made, "affirmations/ajouter/")).context["form"]["request_key"].value()
    for _twice in range(2):
        answer = client.post(of(made, "affirmations/ajouter/"), {**CLAIM, "request_key": key})
    assert answer.status_code == 303 and made.claims.get().stated_on == date(2026, 3, 15)
    page = client.get("/en" + of(made)[3:]).content.decode()
    assert "According to the supplier" in page and "No public body vouches for them." in page
    assert "Claim of the supplier noted" in page and "Solution entered" in page


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"name_fr": ""}, "name_fr"),
        ({"website_url": "ftp//x"}, "website_url"),
        ({"supplier_country": "x"}, "supplier_country"),
    ],
)
def test_bad_input_says_what_to_do_and_writes_nothing(body, editor, as_user, sent, field):
    answer = as_user(editor).post(f"{ROOM}inscrire/", {**NAMES, "organization": body.uuid, **sent})
    assert answer.status_code == 422 and answer.context["form"].errors[field] and not Solution.objects.exists()


def test_whoever_writes_for_several_bodies_says_for_which(body, other_body, as_user):
    both = person(body, Role.CONTRIBUTOR)
    give(both, other_body, Role.CONTRIBUTOR)
    answer = as_user(both).post("/en/espace/solutions/inscrire/", NAMES)
    assert answer.status_code == 422 and "Choose the body that will keep this solution up." in answer.content.decode()
    as_user(both).post(f"{ROOM}inscrire/", {**NAMES, "organization": other_body.uuid})
    assert Solution.objects.get().organization == other_body


def test_the_same_names_twice_are_told_beside_the_name(solution, body, editor, as_user):
    answer = as_user(editor).post(f"{ROOM}inscrire/", {**NAMES, "organization": body.uuid})
    assert answer.status_code == 422 and "name_fr" in answer.context["form"].errors


def test_two_people_correct_the_same_text(solution, editor, as_user):
    client = as_user(editor)
    sent = {**NAMES, "version": 1}
    assert client.post(of(solution, "modifier/"), {**sent, "description_fr": "Le mien"}).status_code == 303
    answer = client.post(of(solution, "modifier/"), {**sent, "description_fr": "Le tien"})
    page = answer.content.decode()
    assert answer.status_code == 409 and "Le mien" in page and "Le tien" in page
    assert (
        client.post(of(solution, "modifier/"), {**sent, "version": 2, "description_fr": "Les deux"}).status_code == 303
    )
    solution.refresh_from_db()
    assert (solution.description_fr, solution.supplier) == ("Les deux", NAMES["supplier"])


def test_a_claim_is_corrected_and_removed(solution, editor, as_user):
    claim, client = claim_of(solution, editor), as_user(editor)
    path = of(solution, f"affirmations/{claim.uuid}/")
    assert client.get(path).status_code == 200
    assert client.post(path, {**CLAIM, "version": 1, "stated_on": "demain"}).status_code == 422
    assert client.post(path, {**CLAIM, "version": 1, "source": "Page 5"}).status_code == 303
    assert client.post(path, {**CLAIM, "version": 1, "source": "Page 6"}).status_code == 409
    assert client.post(f"{path}enlever/").status_code == 303 and not solution.claims.exists()
    assert client.get(path).status_code == 404
    other = claim_of(solution_of(editor.memberships.get().organization, editor, name_fr="Autre"), editor)
    assert client.get(of(solution, f"affirmations/{other.uuid}/")).status_code == 404


def test_another_body_reads_all_but_names_of_people_and_corrects_nothing(solution, editor, outsider, as_user):
    claim = claim_of(solution, editor)
    save_claim(claim=claim, answers={"source": "Page 5"}, version=1, by=editor)
    remove_claim(claim=claim, by=editor)
    save_solution(solution=solution, answers={"supplier": "Maison neuve"}, version=1, by=editor)
    theirs = as_user(editor).get(of(solution)).content.decode()
    page = as_user(outsider).get(of(solution)).content.decode()
    assert "Maison neuve" in page and editor.name not in page.partition("vg-aside")[0] and "modifier/" not in page
    assert theirs.count(editor.name) >= 5, "entered, changed, and three moments of its claim"
    for path in ("modifier/", "affirmations/ajouter/"):
        assert as_user(outsider).get(of(solution, path)).status_code == 403
        assert as_user(outsider).post(of(solution, path), {**NAMES, **CLAIM}).status_code == 403


def test_systems_that_one_may_not_see_are_counted_and_not_named(solution, body, editor, outsider, as_user):
    for fields in ({"name_fr": "Déclaré chez nous"}, {"name_fr": "Brouillon chez nous", "draft": True}):
        AISystem.objects.filter(pk=SystemFactory(organization=body, **fields).pk).update(solution=solution)
    page = as_user(outsider).get("/en" + of(solution)[3:]).content.decode()
    assert "1 declared system of the administration" in page and "chez nous" not in page
    page = as_user(editor).get(of(solution)).content.decode()
    assert "Déclaré chez nous" in page and "Brouillon chez nous" in page


def test_the_successor_of_a_closed_body_takes_it_over(solution, body, other_body, operator, as_user):
    heir = as_user(person(other_body, Role.CONTRIBUTOR))
    assert "reprendre/" not in heir.get(of(solution)).content.decode()
    merge_organization(organization=body, into=other_body, effective_on=clock.civil_date(clock.now()), by=operator)
    assert "reprendre/" in heir.get(of(solution)).content.decode()
    assert "reprendre/" not in as_user(person(other_body, Role.READER)).get(of(solution)).content.decode()
    assert heir.post(of(solution, "reprendre/")).status_code == 303
    assert heir.get(of(solution, "modifier/")).status_code == 200


# --- From a system --------------------------------------------------------------------------------------------------
def test_a_system_names_what_another_body_entered_changes_and_takes_it_off(system, other_body, editor, as_user):
    theirs, client = solution_of(other_body), as_user(editor)
    page = client.get(choice(system), {"q": "plume"})
    assert page.context["page"].paginator.count == 1 and str(theirs.uuid) in page.content.decode()
    answer = client.post(choice(system), {"solution": theirs.uuid, "replaces": ""})
    assert answer.status_code == 303 and answer.url.endswith("/questions/model/#solution")
    system.refresh_from_db()
    assert system.solution == theirs
    for path in ("", "questions/model/"):
        assert theirs.name_fr in client.get(f"/fr/espace/systemes/{system.uuid}/{path}").content.decode()
    history = client.get(f"/en/espace/systemes/{system.uuid}/historique/").content.decode()
    assert "Solution named" in history and theirs.name_en in history
    assert client.post(choice(system), {"solution": theirs.uuid, "replaces": ""}).status_code == 303, "the same again"
    assert client.post(choice(system, "detacher/"), {"replaces": theirs.uuid}).status_code == 303
    system.refresh_from_db()
    assert system.solution is None


@pytest.mark.parametrize(
    ("sent", "status"),
    [({}, 422), ({"solution": "x"}, 422), ({"solution": "00000000-0000-4000-8000-000000000000"}, 404)],
)
def test_a_choice_that_is_none_is_refused(system, editor, as_user, sent, status):
    assert as_user(editor).post(choice(system), sent).status_code == status


def test_a_stale_page_does_not_undo_the_choice_of_another_person(solution, system, body, editor, as_user):
    other = solution_of(body, editor, name_fr="Autre produit")
    use_solution(system=system, solution=other, seen=None, by=editor)
    assert as_user(editor).post(choice(system), {"solution": solution.uuid, "replaces": ""}).status_code == 409
    assert as_user(editor).post(choice(system, "detacher/"), {"replaces": solution.uuid}).status_code == 409


def test_the_likely_ones_are_proposed_first(solution, body, editor, as_user):
    system = SystemFactory(organization=body, supplier="Maison des lettres, Plume d'or")
    assert as_user(editor).get(choice(system)).context["likely"] == [solution]
    assert as_user(editor).get(choice(system), {"q": "zzz"}).context["likely"] == []


def test_a_new_one_is_entered_from_the_system_and_named_at_once(system, editor, as_user):
    client = as_user(editor)
    key = client.get(choice(system, "inscrire/")).context["form"]["request_key"].value()
    for _twice in range(2):
        answer = client.post(choice(system, "inscrire/"), {**NAMES, "request_key": key})
    system.refresh_from_db()
    assert answer.status_code == 303 and system.solution == Solution.objects.get()


def test_who_may_not_change_the_system_chooses_nothing(solution, system, body, outsider, as_user):
    reader = as_user(person(body, Role.READER))
    assert reader.get(choice(system)).status_code == reader.post(choice(system, "detacher/")).status_code == 403
    assert "/solution/" not in reader.get(f"/fr/espace/systemes/{system.uuid}/").content.decode()
    assert as_user(outsider).post(choice(system), {"solution": solution.uuid}).status_code == 404


def test_solutions_of_the_demonstration_are_not_offered(system, body, editor, as_user):
    fictional = OrganizationFactory(is_demonstration=True)
    give(editor, fictional, Role.AI_LEAD)
    theirs = solution_of(fictional, editor)
    assert as_user(editor).get(choice(system)).context["page"].paginator.count == 0
    assert as_user(editor).post(choice(system), {"solution": theirs.uuid}).status_code == 404


def test_who_publishes_reads_what_will_be_told_of_the_solution(solution, system, editor, as_user):
    claim_of(solution, editor)
    use_solution(system=system, solution=solution, seen=None, by=editor)
    page = as_user(editor).get(f"/en/espace/systemes/{system.uuid}/publier/").content.decode()
    told = page.partition('id="doc-solution"')[2]
    assert "Assistant de rédaction" in told and CLAIM["claim_fr"] in told and NAMES["supplier"] not in told
    assert "According to the supplier" in told
