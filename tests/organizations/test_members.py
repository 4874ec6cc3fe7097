"""Functions given and ended, never leaving a body without administration."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from core import clock
from core.models import AuditEvent
from core.models.actor import NamedJob
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from organizations import permissions
from organizations.models import Membership
from organizations.services.members import (
    REQUIRED_FUNCTIONS,
    end_role,
    givable_roles,
    give_role,
    held,
    vacant_functions,
)
from organizations.workflow import Role
from tests.factories.organizations import OrganizationFactory, give, person

TODAY = clock.civil_date(clock.now())


def only(user, role):
    return Membership.objects.get(user=user, role=role, ended_at__isnull=True)


def test_the_administration_gives_a_function_with_its_trace(administrator, editor, body):
    membership = give_role(organization=body, user=editor, role=Role.AI_LEAD, by=administrator)
    assert (membership.given_by, membership.starts_on, membership.ends_on) == (administrator, TODAY, None)
    event = AuditEvent.objects.get(verb="give_role")
    assert event.facts == {"role": "ai_lead", "person": str(editor.uuid)}
    assert event.organization_uuid == body.uuid


def test_one_person_may_hold_every_function(administrator, body):
    for role in (Role.SYSTEM_OWNER, Role.PRIVACY_OFFICER, Role.AI_LEAD, Role.DECIDING_AUTHORITY):
        give_role(organization=body, user=administrator, role=role, by=administrator)
    assert vacant_functions(body) == []


def test_a_new_permission_holds_in_the_same_request(administrator, editor, body):
    assert not permissions.can_manage_members(editor, body)
    give_role(organization=body, user=editor, role=Role.ORGANIZATION_ADMIN, by=administrator)
    assert permissions.can_manage_members(editor, body)


def test_a_function_held_already_is_not_given_twice(administrator, editor, body):
    with pytest.raises(NotPossibleNow):
        give_role(organization=body, user=editor, role=Role.SYSTEM_OWNER, by=administrator)


def test_somebody_from_elsewhere_is_invited_not_given(administrator, outsider, newcomer, body):
    for user in (outsider, newcomer):
        with pytest.raises(InvalidInput):
            give_role(organization=body, user=user, role=Role.READER, by=administrator)


def test_a_function_does_not_end_before_it_begins(administrator, editor, body):
    with pytest.raises(InvalidInput):
        give_role(organization=body, user=editor, role=Role.READER, ends_on=TODAY - timedelta(days=1), by=administrator)


@pytest.mark.parametrize("who", ["editor", "reviewer", "outsider", "overseer"])
def test_nobody_else_gives_a_function(request, who, reviewer, body):
    with pytest.raises(NotAllowed):
        give_role(organization=body, user=reviewer, role=Role.READER, by=request.getfixturevalue(who))


@pytest.mark.parametrize("role", [Role.PLATFORM_ADMIN, Role.CENTRAL_AGENCY])
def test_only_the_operator_gives_functions_over_the_platform(administrator, operator, editor, body, role):
    with pytest.raises(NotAllowed):
        give_role(organization=body, user=editor, role=role, by=administrator)
    give_role(organization=body, user=editor, role=role, by=operator)
    assert held(body, role, user=editor).exists()


def test_the_program_gives_functions_under_its_name(newcomer, body):
    membership = give_role(organization=body, user=newcomer, role=Role.READER, by=NamedJob("demonstration"))
    assert (membership.given_by, membership.given_by_ref) == (None, "demonstration")


def test_ending_a_function_keeps_the_row(administrator, editor, body):
    ended = end_role(membership=only(editor, Role.SYSTEM_OWNER), by=administrator)
    assert ended.ended_by == administrator
    assert AuditEvent.objects.get(verb="end_role").facts["role"] == "system_owner"
    assert not permissions.is_permitted(editor, permissions.Permission.DECLARE, body)
    with pytest.raises(NotPossibleNow):
        end_role(membership=ended, by=administrator)


def test_a_function_ended_may_be_given_again(administrator, editor, reviewer, body):
    give(editor, body, Role.READER)
    end_role(membership=only(editor, Role.SYSTEM_OWNER), by=administrator)
    give_role(organization=body, user=editor, role=Role.SYSTEM_OWNER, by=administrator)
    assert Membership.objects.filter(user=editor, role=Role.SYSTEM_OWNER).count() == 2


def test_the_last_administration_stays(administrator, editor, body):
    with pytest.raises(NotPossibleNow):
        end_role(membership=only(administrator, Role.ORGANIZATION_ADMIN), by=administrator)
    give_role(organization=body, user=editor, role=Role.ORGANIZATION_ADMIN, by=administrator)
    end_role(membership=only(administrator, Role.ORGANIZATION_ADMIN), by=editor)


def test_an_administration_that_will_end_does_not_count_as_another(administrator, editor, body):
    give_role(
        organization=body,
        user=editor,
        role=Role.ORGANIZATION_ADMIN,
        ends_on=TODAY + timedelta(days=3),
        by=administrator,
    )
    with pytest.raises(NotPossibleNow):
        end_role(membership=only(administrator, Role.ORGANIZATION_ADMIN), by=administrator)


def test_an_administration_elsewhere_does_not_count_either(administrator, outsider):
    with pytest.raises(NotPossibleNow):
        end_role(membership=only(administrator, Role.ORGANIZATION_ADMIN), by=administrator)


def test_the_last_operator_stays(operator):
    with pytest.raises(NotPossibleNow):
        end_role(membership=only(operator, Role.PLATFORM_ADMIN), by=operator)
    other = person(OrganizationFactory(sigle="AUTREEXP"), Role.PLATFORM_ADMIN)
    end_role(membership=only(operator, Role.PLATFORM_ADMIN), by=other)


@pytest.mark.parametrize("who", ["reviewer", "outsider"])
def test_nobody_else_ends_a_function(request, who, editor):
    with pytest.raises(NotAllowed):
        end_role(membership=only(editor, Role.SYSTEM_OWNER), by=request.getfixturevalue(who))


def test_vacant_functions_are_those_nobody_holds_today(administrator, editor, body):
    give(editor, body, Role.AI_LEAD)
    Membership.objects.filter(role=Role.AI_LEAD).update(ends_on=TODAY - timedelta(days=1))
    assert vacant_functions(body) == [Role.PRIVACY_OFFICER, Role.AI_LEAD, Role.DECIDING_AUTHORITY]
    assert vacant_functions(OrganizationFactory(sigle="VIDE")) == list(REQUIRED_FUNCTIONS)


def test_whoever_creates_bodies_names_their_first_administration_only(overseer, administrator, body):
    empty = OrganizationFactory(sigle="VIDE")
    assert givable_roles(overseer, empty) == [Role.ORGANIZATION_ADMIN]
    assert givable_roles(overseer, body) == []
    assert Role.PLATFORM_ADMIN not in givable_roles(administrator, body)


def test_a_function_that_ended_by_its_date_may_be_given_again(administrator, editor, body):
    over = only(give(editor, body, Role.AUDITOR), Role.AUDITOR)
    Membership.objects.filter(pk=over.pk).update(starts_on=TODAY - timedelta(9), ends_on=TODAY - timedelta(1))
    again = give_role(organization=body, user=editor, role=Role.AUDITOR, by=administrator)
    assert held(body, Role.AUDITOR, user=editor).get() == again
    assert Membership.objects.filter(pk=over.pk, ended_at__isnull=True).exists(), "what was stays written"


@pytest.mark.parametrize("starts_in", [0, 3])
def test_the_database_refuses_the_same_function_twice_at_once(editor, body, starts_in):
    once = only(give(editor, body, Role.AUDITOR), Role.AUDITOR)
    Membership.objects.filter(pk=once.pk).update(ends_on=TODAY + timedelta(3))
    once.pk, once.starts_on = None, TODAY + timedelta(starts_in)
    with pytest.raises(IntegrityError, match="membership_once"), transaction.atomic():
        once.save(force_insert=True)
