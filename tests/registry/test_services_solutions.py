"""Solutions that bodies share: who enters, corrects, names and takes them over; what history and the ledger keep."""

import pytest
from django.db import IntegrityError, transaction

from core import clock
from core.models import AuditEvent
from core.services import EditConflict, InvalidInput, NotAllowed, NotPossibleNow
from organizations.models import Organization
from organizations.services.succession import merge_organization
from organizations.workflow import Role, SecondLook
from registry.field_catalogue import CATALOGUE
from registry.models import AISystem, Solution, SolutionClaim
from registry.public.facts import detail_facts
from registry.services.duplicates import duplicate_system
from registry.services.leads import change_lead
from registry.services.publication import answer_publication_request, publish_system
from registry.services.put_away import put_away_system
from registry.services.similar import likely_solutions
from registry.services.solutions import (
    MOST_CLAIMS,
    add_claim,
    detach_solution,
    enter_solution,
    remove_claim,
    save_claim,
    save_solution,
    take_over_solution,
    use_solution,
)
from tests.factories.organizations import OrganizationFactory, give, person
from tests.factories.registry import SystemFactory
from tests.factories.solutions import CLAIM, NAMES, claim_of, solution_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def solution(body, editor) -> Solution:
    return solution_of(body, editor)


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("id").values_list("verb", flat=True))


def test_the_catalogue_names_columns():
    for code, model in (("solution_facts", Solution), ("supplier_claims", SolutionClaim)):
        columns = {field.name for field in model._meta.get_fields()}
        assert {field.code for field in CATALOGUE.shared_part(code).fields} <= columns
    lengths = {field.code: field.max_length for field in CATALOGUE.shared_part("solution_facts").fields}
    assert {code: Solution._meta.get_field(code).max_length for code, most in lengths.items() if most} == {
        code: most for code, most in lengths.items() if most
    }


# --- Entering and correcting ----------------------------------------------------------------------------------------
def test_it_is_entered_corrected_and_the_ledger_knows(solution, editor):
    saved = save_solution(solution=solution, answers={"supplier": "Maison neuve"}, version=1, by=editor)
    assert (saved.version, saved.supplier, saved.updated_by) == (2, "Maison neuve", editor)
    assert save_solution(solution=saved, answers={"supplier": "Maison neuve"}, version=2, by=editor).version == 2
    assert verbs() == ["enter_solution", "save_solution"]
    facts = AuditEvent.objects.get(verb="save_solution").facts
    assert facts == {"changed": ["supplier"]}, "codes, never a text"
    assert Solution.pgh_event_models["insert"].objects.filter(pgh_obj_id=solution.pk).count() == 2


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"name_fr": ""}, "name_fr"),
        ({"name_fr": "x" * 201}, "name_fr"),
        ({"supplier_country": "mars"}, "supplier_country"),
        ({"website_url": "javascript:alert(1)"}, "website_url"),
        ({"description_fr": "x" * 2001}, "description_fr"),
    ],
)
def test_what_it_refuses(body, editor, answers, field):
    with pytest.raises(InvalidInput) as refusal:
        enter_solution(organization=body, answers={**NAMES, **answers}, by=editor)
    assert refusal.value.field == field and not Solution.objects.exists()


def test_the_same_names_twice_in_one_body_are_refused_and_in_two_bodies_are_not(solution, other_body, body, editor):
    with pytest.raises(InvalidInput):
        enter_solution(organization=body, answers={**NAMES, "name_fr": NAMES["name_fr"].upper()}, by=editor)
    assert solution_of(other_body).pk
    assert enter_solution(organization=body, answers={**NAMES, "trade_name": "Plume 2"}, by=editor).pk


@pytest.mark.parametrize("role", [Role.READER, Role.PRIVACY_OFFICER, Role.ORGANIZATION_ADMIN, Role.AUDITOR])
def test_only_those_who_write_records_enter_and_correct(solution, body, role):
    reader = person(body, role)
    acts = (
        lambda: enter_solution(organization=body, answers=NAMES, by=reader),
        lambda: save_solution(solution=solution, answers={"name_fr": "Autre"}, version=1, by=reader),
        lambda: add_claim(solution=solution, answers=CLAIM, by=reader),
    )
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def test_another_body_names_it_and_does_not_correct_it(solution, other_body):
    claim = claim_of(solution)
    neighbour = person(other_body, Role.AI_LEAD)
    for act in (
        lambda: save_solution(solution=solution, answers={"name_fr": "Autre"}, version=1, by=neighbour),
        lambda: add_claim(solution=solution, answers=CLAIM, by=neighbour),
        lambda: save_claim(claim=claim, answers={"source": "Autre"}, version=1, by=neighbour),
        lambda: remove_claim(claim=claim, by=neighbour),
    ):
        with pytest.raises(NotAllowed):
            act()
    named = use_solution(system=SystemFactory(organization=other_body), solution=solution, seen=None, by=neighbour)
    assert named.solution == solution and named.updated_by == neighbour
    assert Solution.objects.visible_to(neighbour).get() == solution


def test_a_closed_body_enters_nothing(body, editor):
    Organization.objects.filter(pk=body.pk).update(closed_on=clock.civil_date(clock.now()))
    with pytest.raises(NotPossibleNow):
        enter_solution(organization=body, answers=NAMES, by=editor)


def test_two_people_on_one_description_both_texts_are_shown(solution, editor):
    save_solution(solution=solution, answers={"description_fr": "Le mien"}, version=1, by=editor)
    with pytest.raises(EditConflict) as conflict:
        save_solution(solution=solution, answers={"description_fr": "Le tien"}, version=1, by=editor)
    [told] = conflict.value.differences
    assert (told.stored, told.typed) == ("Le mien", "Le tien")


def test_a_claim_noted_meanwhile_is_no_conflict_with_the_description(solution, editor):
    claim_of(solution, editor)
    assert save_solution(solution=solution, answers={"name_fr": "Autre nom"}, version=1, by=editor).version == 2


# --- Claims ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("missing", ["claim_fr", "source", "stated_on"])
def test_a_claim_says_something_has_a_source_and_a_day(solution, editor, missing):
    empty = None if missing == "stated_on" else ""
    with pytest.raises(InvalidInput) as refusal:
        add_claim(solution=solution, answers={**CLAIM, missing: empty}, by=editor)
    assert refusal.value.field == missing
    values = {**CLAIM, missing: empty}
    with pytest.raises(IntegrityError), transaction.atomic():
        SolutionClaim.objects.create(solution=solution, noted_at=clock.now(), noted_by=editor, **values)


def test_a_claim_is_noted_corrected_removed_and_the_solution_knows_who(solution, body):
    writer = person(body, Role.CONTRIBUTOR)
    claim = claim_of(solution, writer)
    claim = save_claim(claim=claim, answers={**CLAIM, "source": "Page 5"}, version=1, by=writer)
    assert (claim.version, claim.source) == (2, "Page 5")
    with pytest.raises(EditConflict):
        save_claim(claim=claim, answers={**CLAIM, "source": "Page 6"}, version=1, by=writer)
    remove_claim(claim=claim, by=writer)
    remove_claim(claim=claim, by=writer)
    solution.refresh_from_db()
    assert (solution.version, solution.updated_by) == (1, writer)
    assert verbs()[1:] == ["add_claim", "save_claim", "remove_claim"]
    with pytest.raises(NotPossibleNow):
        save_claim(claim=claim, answers={"source": "Page 7"}, version=2, by=writer)


def test_claims_are_bounded(solution, editor):
    moment = clock.now()
    rows = [SolutionClaim(solution=solution, noted_at=moment, noted_by=editor, **CLAIM) for _ in range(MOST_CLAIMS)]
    SolutionClaim.objects.bulk_create(rows)
    with pytest.raises(NotPossibleNow):
        add_claim(solution=solution, answers=CLAIM, by=editor)


# --- Naming and taking off ------------------------------------------------------------------------------------------
def test_a_system_names_another_and_none(solution, system, body, editor):
    other = solution_of(body, editor, name_fr="Autre produit")
    system = use_solution(system=system, solution=solution, seen=None, by=editor)
    assert (system.solution, system.version) == (solution, 2)
    assert use_solution(system=system, solution=solution, seen=solution, by=editor).version == 2
    system = use_solution(system=system, solution=other, seen=solution, by=editor)
    system = detach_solution(system=system, seen=other, by=editor)
    assert system.solution is None and detach_solution(system=system, seen=other, by=editor).version == 4
    assert verbs()[2:] == ["use_solution", "use_solution", "detach_solution"]
    assert AuditEvent.objects.filter(verb="detach_solution").get().facts == {"solution": str(other.uuid)}


def test_a_choice_made_meanwhile_stands(solution, system, body, editor):
    other = solution_of(body, editor, name_fr="Autre produit")
    use_solution(system=system, solution=other, seen=None, by=editor)
    for act in (
        lambda: use_solution(system=system, solution=solution, seen=None, by=editor),
        lambda: detach_solution(system=system, seen=solution, by=editor),
    ):
        with pytest.raises(NotPossibleNow):
            act()
    assert AISystem.objects.get(pk=system.pk).solution == other


def test_who_may_not_change_the_system_does_not_name_its_solution(solution, system, body, other_body):
    for reader in (person(body, Role.READER), person(other_body, Role.AI_LEAD)):
        with pytest.raises(NotAllowed):
            use_solution(system=system, solution=solution, seen=None, by=reader)
        with pytest.raises(NotAllowed):
            detach_solution(system=system, seen=solution, by=reader)


def test_a_record_put_away_names_nothing_more(solution, system, editor):
    put_away_system(system=system, reason="Doublon", by=editor)
    with pytest.raises(NotPossibleNow):
        use_solution(system=system, solution=solution, seen=None, by=editor)


def test_the_demonstration_is_another_world(solution, system, editor, body):
    fictional = OrganizationFactory(is_demonstration=True)
    give(editor, fictional, Role.AI_LEAD)
    theirs = solution_of(fictional, editor, name_fr="Produit fictif")
    with pytest.raises(NotPossibleNow):
        use_solution(system=system, solution=theirs, seen=None, by=editor)
    assert {each.name_fr for each in Solution.objects.visible_to(editor)} == {solution.name_fr, "Produit fictif"}
    assert Solution.objects.visible_to(person(fictional, Role.READER)).get() == theirs
    assert not Solution.objects.visible_to(person())
    system = use_solution(system=system, solution=solution, seen=None, by=editor)
    assert duplicate_system(system=system, organization=fictional, by=editor).solution is None
    assert duplicate_system(system=system, by=editor).solution == solution


def test_entered_from_a_system_it_is_named_at_once_or_not_at_all(system, body, editor):
    made = enter_solution(organization=body, answers=NAMES, system=system, by=editor)
    assert AISystem.objects.get(pk=system.pk).solution == made
    put_away_system(system=system, reason="Doublon", by=editor)
    with pytest.raises(NotPossibleNow):
        enter_solution(organization=body, answers={**NAMES, "name_fr": "B"}, system=system, by=editor)
    assert Solution.objects.count() == 1


def test_the_likely_ones_by_product_supplier_and_name(solution, body, editor):
    near = solution_of(body, editor, name_fr="Tri des demandes de permis", trade_name="", supplier="")
    solution_of(body, editor, name_fr="Lecture de radiographies", trade_name="Thorax", supplier="Images réunies")
    system = SystemFactory(organization=body, name_fr="Tri des demandes", supplier="MAISON DES LETTRES, sous licence")
    assert likely_solutions(system, editor) == [solution, near]
    system.supplier, system.name_fr, system.model_name = "", "Autre chose", "plume d'or 3"
    assert likely_solutions(system, editor) == [solution]
    system.solution = solution
    assert likely_solutions(system, editor) == []
    assert likely_solutions(SystemFactory(organization=body, name_fr="%_'\\"), editor) == []


# --- A body that is no more -----------------------------------------------------------------------------------------
def test_the_body_that_carries_on_takes_it_over(solution, body, other_body, operator):
    with pytest.raises(NotPossibleNow):
        take_over_solution(solution=solution, by=person(other_body, Role.AI_LEAD))
    today = clock.civil_date(clock.now())
    merge_organization(organization=body, into=other_body, effective_on=today, by=operator)
    with pytest.raises(NotAllowed):
        take_over_solution(solution=solution, by=person(other_body, Role.READER))
    heir = person(other_body, Role.CONTRIBUTOR)
    assert take_over_solution(solution=solution, by=heir).organization == other_body
    assert save_solution(solution=solution, answers={"name_fr": "Repris"}, version=1, by=heir).name_fr == "Repris"


# --- What goes public -----------------------------------------------------------------------------------------------
def test_who_described_the_solution_does_not_give_the_second_look(body, editor, system):
    Organization.objects.filter(pk=body.pk).update(second_look=SecondLook.REQUIRED)
    writer, reviewer = person(body, Role.AI_LEAD), person(body, Role.AI_LEAD)
    solution = solution_of(body, writer)
    system = use_solution(system=system, solution=solution, seen=None, by=editor)
    request = publish_system(system=system, by=editor)
    with pytest.raises(NotAllowed):
        answer_publication_request(request=request, move="approve", by=writer)
    assert answer_publication_request(request=request, move="approve", by=reviewer)


def test_a_system_keeps_its_facts_when_it_names_nothing(system, editor):
    before = detail_facts(system).as_json()
    change_lead(system=system, to=editor, by=editor)
    assert "solution" not in before and "solution_facts" not in before
