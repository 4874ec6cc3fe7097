"""Where a program begins: each collection of the API, its description, its page and the licence of what it gives."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from transparency.serializers.linked_data import LICENCE


class EntrySerializer(serializers.Serializer[Any]):
    """Addresses without the site, as everywhere in the API; the licence stands elsewhere."""

    publications = serializers.CharField(help_text=_("Published systems: open to all, without a token."))
    bodies = serializers.CharField(help_text=_("Public bodies: open to all, without a token."))
    systems = serializers.CharField(help_text=_("Systems as their body keeps them: by token, or signed in."))
    assessments = serializers.CharField(help_text=_("Screenings and assessments of systems: by token, or signed in."))
    openapi = serializers.CharField(help_text=_("The description of the whole API, in OpenAPI 3.1."))
    documentation = serializers.CharField(help_text=_("The same description for people, in the reader's language."))
    licence = serializers.URLField(help_text=_("Licence of all that is public."))


def entry() -> dict[str, str]:
    return {
        "publications": reverse("public_api:publications"),
        "bodies": reverse("public_api:bodies"),
        "systems": reverse("registry_api:systems"),
        "assessments": reverse("assessments_api:assessments"),
        "openapi": reverse("public_api:openapi"),
        "documentation": reverse("transparency:api"),
        "licence": LICENCE,
    }
