"""«Relire en langage clair»: what could be said more simply, under a long text."""

from typing import Any

from django import template
from django.forms.boundfield import BoundField

from core.plain_language import findings

register = template.Library()


@register.inclusion_tag("components/plain_language.html")
def plain_language(bound: BoundField) -> dict[str, Any]:
    """A folded block, there for each text of several lines: hidden while there is nothing to say."""
    is_long = getattr(bound.field, "has_lines", False)
    language = bound.field.widget.attrs.get("lang", "fr")
    told = [each.sentence for each in findings(str(bound.value() or ""), language)] if is_long else []
    return {"name": bound.html_name, "is_long": is_long, "sentences": told}
