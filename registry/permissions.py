"""Who may do what to a system. Scope (404) is `AISystem.objects.visible_to`; these say 403."""

from organizations.models import Organization
from organizations.permissions import Permission, Person, is_permitted, is_permitted_anywhere
from registry.models import AISystem, Solution


def can_declare(user: Person, organization: Organization) -> bool:
    return is_permitted(user, Permission.DECLARE, organization)


def can_edit(user: Person, system: AISystem) -> bool:
    return is_permitted(user, Permission.EDIT_SYSTEMS, system.organization)


def can_enter_solution(user: Person, organization: Organization) -> bool:
    """As for a record: those who change the systems of a body describe what they use."""
    return is_permitted(user, Permission.EDIT_SYSTEMS, organization)


def can_edit_solution(user: Person, solution: Solution) -> bool:
    """People of the body that keeps it up; the others read it and name it in their own systems."""
    return is_permitted(user, Permission.EDIT_SYSTEMS, solution.organization)


def can_read_solutions(user: Person) -> bool:
    """As `Solution.objects.visible_to` scopes them."""
    return is_permitted_anywhere(user, Permission.READ_DECLARED)


def can_read_history_of(user: Person, solution: Solution) -> bool:
    """Who wrote what is told in the body that keeps it up, as for the file of a system."""
    wanted = (Permission.READ_DRAFTS, Permission.READ_AUDIT)
    return any(is_permitted(user, permission, solution.organization) for permission in wanted)


def can_publish(user: Person, system: AISystem) -> bool:
    return is_permitted(user, Permission.PUBLISH, system.organization)


def can_publish_for(user: Person, organization: Organization) -> bool:
    return is_permitted(user, Permission.PUBLISH, organization)


def can_attest_no_ai(user: Person, organization: Organization) -> bool:
    return is_permitted(user, Permission.ATTEST_NO_AI, organization)


def can_approve_publication(user: Person, organization: Organization) -> bool:
    return is_permitted(user, Permission.APPROVE_PUBLICATION, organization)


def can_grant_exception(user: Person, system: AISystem) -> bool:
    return is_permitted(user, Permission.GRANT_EXCEPTION, system.organization)


def can_answer_citizens(user: Person, organization: Organization) -> bool:
    return is_permitted(user, Permission.ANSWER_CITIZENS, organization)


def can_import_inventory(user: Person, organization: Organization) -> bool:
    return is_permitted(user, Permission.IMPORT_INVENTORY, organization)


def can_import_register(user: Person) -> bool:
    return is_permitted_anywhere(user, Permission.IMPORT_REGISTER)


def can_read_file(user: Person, system: AISystem) -> bool:
    """History, second look: a function in the body is needed, an exception opens the sheet alone."""
    wanted = (Permission.READ_DRAFTS, Permission.READ_AUDIT)
    return any(is_permitted(user, permission, system.organization) for permission in wanted)
