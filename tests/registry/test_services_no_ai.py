"""«Aucune IA»: attested, renewed, withdrawn; refused by facts, and ended by them."""

import threading
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from core import clock
from core.audit import NamedJob
from core.models import AuditEvent
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from organizations.services.succession import merge_organization
from organizations.workflow import Role
from registry.models import NoAIAttestation, PublicCoverage
from registry.services.common_tools import save_common_tools
from registry.services.coverage import show_every_coverage
from registry.services.entering import enter_systems
from registry.services.lifecycle import change_phase
from registry.services.no_ai import attest_no_ai, withdraw_no_ai
from registry.services.put_away import bring_back_system, put_away_system
from registry.services.systems import declare_system
from registry.tasks.bodies import follow_body, show_coverage
from registry.workflow import Phase
from tests.factories.organizations import OrganizationFactory, give, person
from tests.factories.publications import published, published_again
from tests.factories.registry import SystemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def body(db):
    return OrganizationFactory(sigle="RIEN")


@pytest.fixture
def lead(body):
    return person(body, Role.AI_LEAD)


@pytest.fixture
def today():
    return clock.civil_date(clock.now())


def attest(body, by, **words):
    return attest_no_ai(organization=body, by=by, **({"attested_on": clock.civil_date(clock.now())} | words))


def in_force(body) -> bool:
    return NoAIAttestation.objects.filter(organization=body, ended_at__isnull=True).exists()


def ends(body) -> list[str]:
    return list(NoAIAttestation.objects.filter(organization=body).order_by("pk").values_list("end", flat=True))


def shown(body) -> PublicCoverage | None:
    return PublicCoverage.objects.filter(organization=body).first()


@pytest.mark.parametrize("role", [Role.DECIDING_AUTHORITY, Role.AI_LEAD, Role.ORGANIZATION_ADMIN])
def test_who_speaks_for_the_body_attests_and_the_public_reads_the_function(body, role, today):
    made = attest(body, person(body, role), note="Séance du conseil.")
    assert (made.function, made.attested_on, made.note_fr) == (role, today, "Séance du conseil.")
    public = shown(body)
    assert (public.attested_on, public.function, public.note_fr) == (today, role, "Séance du conseil.")
    assert not public.has_declared
    event = AuditEvent.objects.get(verb="attest_no_ai")
    assert event.facts == {"on": today.isoformat(), "function": str(role), "renews": False}


def test_of_several_functions_the_closest_to_the_highest_authority_is_told(body, lead):
    give(lead, body, Role.DECIDING_AUTHORITY, Role.ORGANIZATION_ADMIN)
    assert attest(body, lead).function == Role.DECIDING_AUTHORITY


@pytest.mark.parametrize("role", [Role.SYSTEM_OWNER, Role.PRIVACY_OFFICER, Role.READER, Role.CENTRAL_AGENCY])
def test_nobody_else_attests_or_withdraws(body, role):
    stranger = person(body, role)
    with pytest.raises(NotAllowed):
        attest(body, stranger)
    with pytest.raises(NotAllowed):
        withdraw_no_ai(organization=body, by=stranger)


def test_nor_somebody_of_another_body(body):
    with pytest.raises(NotAllowed):
        attest(body, person(OrganizationFactory(), Role.AI_LEAD))


def test_days_that_will_not_do(body, lead, today):
    for day, word in ((today + timedelta(days=1), "future"), (today - timedelta(days=367), "twelve months")):
        with pytest.raises(InvalidInput, match=word):
            attest(body, lead, attested_on=day)
    attest(body, lead)
    with pytest.raises(InvalidInput, match="later day"):
        attest(body, lead, attested_on=today - timedelta(days=1))
    with pytest.raises(InvalidInput, match="500"):
        attest(body, lead, note="x" * 501)
    assert ends(body) == [""]


def test_a_renewal_keeps_the_one_before(body, lead, today):
    attest(body, lead, attested_on=today - timedelta(days=300))
    attest(body, lead)
    assert ends(body) == ["renewed", ""]
    assert shown(body).attested_on == today
    assert AuditEvent.objects.get(verb="end_no_ai").facts["why"] == "renewed"
    assert AuditEvent.objects.filter(verb="attest_no_ai").latest("at").facts["renews"] is True


def test_the_same_form_sent_twice_attests_once(body, lead):
    key = uuid4()
    assert attest(body, lead, request_key=key) == attest(body, lead, request_key=key)
    assert ends(body) == [""]


def test_withdrawn_it_is_shown_no_more_and_kept(body, lead):
    attest(body, lead)
    withdraw_no_ai(organization=body, by=lead)
    assert ends(body) == ["withdrawn"] and shown(body) is None
    with pytest.raises(NotPossibleNow, match="nothing to withdraw"):
        withdraw_no_ai(organization=body, by=lead)


def test_one_at_most_is_in_force_whatever_writes_it(body, lead):
    made = attest(body, lead)
    with pytest.raises(IntegrityError, match="noaiattestation_one_in_force"), transaction.atomic():
        made.pk, made.uuid = None, uuid4()
        made.save(force_insert=True)
    with pytest.raises(IntegrityError, match="noaiattestation_ended_at_by"), transaction.atomic():
        NoAIAttestation.objects.update(ended_at=clock.now())


def test_a_closed_body_attests_nothing(body, lead):
    body.closed_on = date(2026, 1, 1)
    body.save()
    with pytest.raises(NotPossibleNow, match="closed"):
        attest(body, lead)


# --- What says otherwise ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trait", [{}, {"draft": True}])
def test_refused_while_a_record_is_neither_retired_nor_put_away(body, lead, trait):
    system = SystemFactory(organization=body, name_fr="Tri des plaintes", **trait)
    with pytest.raises(NotPossibleNow, match=r"Tri des plaintes.*retire it or put it away first"):
        attest(body, lead)
    put_away_system(system=system, reason="Jamais utilisé.", by=lead)
    attest(body, lead)


def test_the_refusal_names_three_of_many(body, lead):
    SystemFactory.create_batch(4, organization=body)
    with pytest.raises(NotPossibleNow, match=r"4 systems.*, …\)"):
        attest(body, lead)


def test_retired_systems_refuse_nothing(body, lead):
    SystemFactory(organization=body, phase=Phase.RETIRED)
    attest(body, lead)
    assert shown(body).has_declared


def test_refused_while_the_staff_uses_common_tools(body, lead):
    save_common_tools(organization=body, answers={"translation": {"is_used": "yes"}}, version=0, by=lead)
    with pytest.raises(NotPossibleNow, match="common tools"):
        attest(body, lead)


def test_refused_while_the_public_reads_that_one_is_in_use(body, lead):
    system = published(body)
    system = change_phase(system=system, to=Phase.RETIRED, reason="Remplacé.", by=lead)
    with pytest.raises(NotPossibleNow, match=system.reference):
        attest(body, lead)
    published_again(system, note="Le système est retiré.")
    attest(body, lead)


# --- What ends it ----------------------------------------------------------------------------------------------------


def assert_ended(body, by):
    assert not in_force(body) and ends(body) == ["declared"]
    assert shown(body) is None or shown(body).attested_on is None
    event = AuditEvent.objects.get(verb="end_no_ai")
    assert (event.facts["why"], event.actor_ref) == ("declared", by.actor_ref)


def test_a_draft_leaves_it_and_declaring_ends_it(body, lead):
    attest(body, lead)
    draft = SystemFactory(organization=body, status="draft", reference=None, declared_at=None, declared_by=None)
    assert in_force(body)
    declare_system(system=draft, by=lead)
    assert_ended(body, lead)
    assert shown(body).has_declared


def test_many_declared_together_end_it(body, lead):
    attest(body, lead)
    drafts = [
        SystemFactory(organization=body, status="draft", reference=None, declared_at=None, declared_by=None)
        for _ in range(2)
    ]
    enter_systems(organization=body, systems=drafts, publishes=False, by=lead)
    assert_ended(body, lead)


def test_bringing_one_back_ends_it(body, lead):
    system = put_away_system(system=SystemFactory(organization=body), reason="Jamais utilisé.", by=lead)
    attest(body, lead)
    bring_back_system(system=system, by=lead)
    assert_ended(body, lead)


def test_taking_up_a_retired_one_ends_it(body, lead):
    system = SystemFactory(organization=body, phase=Phase.RETIRED)
    attest(body, lead)
    change_phase(system=system, to=Phase.DEVELOPMENT, reason="On y revient.", by=lead)
    assert_ended(body, lead)


def test_a_common_tool_answered_yes_ends_it(body, lead):
    attest(body, lead)
    save_common_tools(organization=body, answers={"translation": {"is_used": "no"}}, version=0, by=lead)
    assert in_force(body)
    save_common_tools(organization=body, answers={"translation": {"is_used": "yes"}}, version=1, by=lead)
    assert_ended(body, lead)


def test_putting_the_only_one_away_leaves_the_body_silent(body, lead):
    system = SystemFactory(organization=body, status="draft", reference=None, declared_at=None, declared_by=None)
    system = declare_system(system=system, by=lead)
    assert shown(body).has_declared
    put_away_system(system=system, reason="Déclaré deux fois.", by=lead)
    assert shown(body) is None


@pytest.mark.parametrize("phase", [Phase.IN_SERVICE, Phase.RETIRED])
def test_a_body_that_takes_in_another_answers_for_its_systems(body, lead, phase):
    other = OrganizationFactory(sigle="ABSORBE")
    system = SystemFactory(organization=other, phase=phase)
    attest(body, lead)
    central = person(body, Role.CENTRAL_AGENCY)
    merge_organization(organization=other, into=body, effective_on=date(2026, 1, 1), by=central)
    follow_body(organization=body.pk)
    assert in_force(body) is (phase == Phase.RETIRED)
    assert shown(body).has_declared
    if phase == Phase.RETIRED:
        give(lead, other, Role.AI_LEAD)
        change_phase(system=system, to=Phase.DEVELOPMENT, reason="On y revient.", by=lead)
        assert ends(body) == ["declared"]


def test_the_attestation_of_a_body_that_was_taken_in_ends(body, lead):
    into = OrganizationFactory(sigle="SUITE")
    attest(body, lead)
    merge_organization(
        organization=body, into=into, effective_on=date(2026, 1, 1), by=person(into, Role.CENTRAL_AGENCY)
    )
    follow_body(organization=into.pk)
    ended = NoAIAttestation.objects.get(organization=body)
    assert (ended.end, ended.ended_by, ended.ended_by_ref) == ("merged", None, "follow_body")
    assert shown(body) is None and shown(into) is None


def test_a_clock_writes_what_is_missing_and_nothing_else(body):
    SystemFactory(organization=body)
    OrganizationFactory(sigle="MUET")
    show_coverage()
    assert [row.organization for row in PublicCoverage.objects.all()] == [body]
    before = list(PublicCoverage.objects.values())
    assert show_every_coverage(by=NamedJob("essai")) == 1
    assert list(PublicCoverage.objects.values()) == before


# --- Two people at once ----------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["attest", "declare"])
def test_attesting_and_declaring_at_once_never_both_stand(first):
    """Both begin; whichever takes the body first, no attestation in force stands beside a declared system."""
    body = OrganizationFactory(sigle="DEUX")
    lead = person(body, Role.AI_LEAD)
    system = SystemFactory(organization=body, phase=Phase.RETIRED)
    system = put_away_system(system=system, reason="Retiré.", by=lead)
    type(system).objects.filter(pk=system.pk).update(phase=Phase.PILOT)
    told = []
    waiting = threading.Event()

    def act(name: str) -> None:
        try:
            with transaction.atomic():
                if name == "attest":
                    attest(body, lead)
                else:
                    bring_back_system(system=system, by=lead)
                told.append(name)
                if name == first:
                    waiting.set()
                    threading.Event().wait(0.4)  # the other one meets the lock
        except NotPossibleNow:
            told.append(f"{name} refused")
        finally:
            connection.close()

    second = "declare" if first == "attest" else "attest"
    threads = [threading.Thread(target=act, args=[first]), threading.Thread(target=act, args=[second])]
    threads[0].start()
    assert waiting.wait(10)
    threads[1].start()
    for thread in threads:
        thread.join(20)
    assert not in_force(body)
    assert sorted(told) == (["attest", "declare"] if first == "attest" else ["attest refused", "declare"])
    assert ends(body) == (["declared"] if first == "attest" else [])
