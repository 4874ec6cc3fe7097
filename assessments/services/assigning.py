"""Entrusting a section to somebody of the body, with a day."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Assessment, Assignment
from assessments.services.saving import check_may_lead, check_open
from core import clock
from core.audit import record
from core.services import InvalidInput
from organizations.models import User
from organizations.permissions import Permission, people_who_may


@transaction.atomic
def entrust_section(
    *, assessment: Assessment, section: str, person: User | None, due_on: date | None, by: User
) -> Assignment | None:
    """Another person takes the place of the one before; nobody: the section is everybody's again."""
    check_may_lead(assessment, by)
    locked = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    check_open(locked)
    if section not in {each.code for each in assessment.questionnaire.sections}:
        raise InvalidInput(_("Choose a section of the questionnaire."), field="section")
    if person and not people_who_may(Permission.ASSESS, assessment.organization).filter(pk=person.pk).exists():
        raise InvalidInput(_("Choose somebody who may fill in the assessments of the body."), field="person")
    if due_on and due_on < clock.civil_date(clock.now()):
        raise InvalidInput(_("This day is past: choose one to come."), field="due_on")
    facts = {"section": section, "person": str(person.uuid) if person else ""}
    record(by=by, verb="entrust_section", thing=assessment, organization=assessment.organization, facts=facts)
    if person is None:
        Assignment.objects.filter(assessment=assessment, section=section).delete()
        return None
    given = {"person": person, "due_on": due_on, "assigned_at": clock.now(), "assigned_by": by}
    row, _is_new = Assignment.objects.update_or_create(assessment=assessment, section=section, defaults=given)
    return row


@transaction.atomic
def entrust_named_person(
    *, assessment: Assessment, section: str, person: UUID | None, due_on: date | None, by: User
) -> Assessment:
    """As `entrust_section`, to the person of this identifier; of one from elsewhere nothing is said."""
    able = people_who_may(Permission.ASSESS, assessment.organization)
    found = able.filter(uuid=person).first() if person else None
    if person and found is None:
        raise InvalidInput(_("Choose somebody who may fill in the assessments of the body."), field="person")
    if due_on and found is None:
        raise InvalidInput(_("A day goes with a person: say to whom the section is entrusted."), field="due_on")
    entrust_section(assessment=assessment, section=section, person=found, due_on=due_on, by=by)
    return assessment
