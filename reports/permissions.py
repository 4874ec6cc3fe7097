"""Who may have documents made."""

from organizations.models import Organization
from organizations.permissions import Permission, Person, is_permitted


def can_make_report(user: Person, organization: Organization) -> bool:
    return is_permitted(user, Permission.MAKE_REPORT, organization)
