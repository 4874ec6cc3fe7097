"""What the page of a system needs to ask for its sheet."""

from typing import Any

from django import template

from registry.models import AISystem
from reports import permissions
from reports.forms import SheetForm

register = template.Library()


@register.simple_tag(takes_context=True)
def sheet_form(context: template.Context, system: AISystem) -> SheetForm | None:
    """A new form for this person; none when their functions make no reports in this body."""
    user: Any = context["request"].user
    return SheetForm() if permissions.can_make_report(user, system.organization) else None
