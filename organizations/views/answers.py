"""How the pages of this room answer: found in scope or 404, a refused form with its sentences, then elsewhere."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from core.services import InvalidInput, NotPossibleNow
from organizations.models import Organization, User
from organizations.permissions import organizations_in_scope


class SeeOther(HttpResponseRedirect):
    """After a POST, the browser reads another page (303)."""

    status_code = 303


def see_other(name: str, *args: Any, anchor: str = "") -> SeeOther:
    return SeeOther(reverse(name, args=args) + (f"#{anchor}" if anchor else ""))


def person_of(request: HttpRequest) -> User:
    """The signed-in person: the middleware lets nobody else reach these views."""
    user = request.user
    if not isinstance(user, User):
        raise TypeError("This view is for signed-in people.")
    return user


def body_in_scope(request: HttpRequest, uuid: UUID) -> Organization:
    """The body, when this person may see its sheet; else 404, as if there were none."""
    bodies = organizations_in_scope(request.user).select_related("parent")
    return get_object_or_404(bodies, uuid=uuid)


def sent(request: HttpRequest) -> QueryDict | None:
    """What the form sent; nothing on a first look. An empty POST is a form too, and says what it lacks."""
    return request.POST if request.method == "POST" else None


def is_accepted(form: BaseForm, act: Callable[[], object]) -> bool:
    """Run the service; what it refuses for its input or its state becomes a sentence of the form."""
    try:
        act()
    except InvalidInput as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return False
    except NotPossibleNow as refusal:
        form.add_error(None, refusal.sentence)
        return False
    return True


def page(request: HttpRequest, template: str, form: BaseForm, **context: Any) -> HttpResponse:
    """A form, empty or refused (422)."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)
