"""Who may do what to an assessment. Scope (404) is `Assessment.objects.visible_to`; these say 403."""

from assessments.models import Assessment
from organizations.models import Organization
from organizations.permissions import Permission, Person, is_permitted
from registry.models import AISystem
from registry.permissions import can_edit


def can_begin(user: Person, system: AISystem) -> bool:
    """Those who change the record of the system, and the privacy officer, who may have to begin for them."""
    return is_permitted(user, Permission.LEAD_ASSESSMENT, system.organization)


def can_tell_record(user: Person, system: AISystem) -> bool:
    """Writes in the record what an assessment concluded: whoever leads assessments and may change that record."""
    return can_begin(user, system) and can_edit(user, system)


def can_write(user: Person, assessment: Assessment) -> bool:
    return is_permitted(user, Permission.ASSESS, assessment.organization)


def can_lead(user: Person, assessment: Assessment) -> bool:
    """Chooses its depth, entrusts it, invites, submits or leaves it: whoever could have begun it."""
    return is_permitted(user, Permission.LEAD_ASSESSMENT, assessment.organization)


def can_comment(user: Person, assessment: Assessment) -> bool:
    """Whoever reads it may say what they think of it."""
    return is_permitted(user, Permission.READ_DRAFTS, assessment.organization)


def can_sign_screening(user: Person, organization: Organization) -> bool:
    """«Non requise» is signed by the privacy officer (RPRP)."""
    return is_permitted(user, Permission.ADVISE_ON_PRIVACY, organization)


def can_decide(user: Person, organization: Organization) -> bool:
    """The deciding authority that the body named, or its privacy officer; a later circuit says who at which level."""
    return is_permitted(user, Permission.DECIDE_ASSESSMENT, organization)


def can_accept_risk(user: Person, organization: Organization) -> bool:
    return is_permitted(user, Permission.ACCEPT_RISK, organization)
