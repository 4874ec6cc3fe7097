"""The assessments of a system, as a page of its file (FILE_PAGES)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from organizations.models import User
from organizations.permissions import Permission, is_permitted
from registry.models import AISystem
from registry.services.file_pages import FilePage


def assessments_of(system: AISystem, user: User) -> list[FilePage]:
    """Named in FILE_PAGES: for those who read the working papers of the body."""
    if not is_permitted(user, Permission.READ_DRAFTS, system.organization):
        return []
    return [FilePage("assessments", _("Assessments"), reverse("assessments:of_system", args=[system.uuid]))]
