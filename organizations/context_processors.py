"""What every staff page shows around its content. Lazy: a public page never looks at the person."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from organizations.services.workplace import workplace_of


def workplace(request: HttpRequest) -> dict[str, Any]:
    """`workplace`: the bodies of this person, the entries of the menu, whether the demonstration is here."""
    return {"workplace": SimpleLazyObject(lambda: workplace_of(request.user, here=request.path))}
