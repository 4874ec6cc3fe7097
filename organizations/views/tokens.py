"""«Mes jetons d'accès»: those of the person, a new one whose secret is shown once, an end at any moment."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from organizations.forms.tokens import TokenForm
from organizations.models import AccessToken
from organizations.services.tokens import create_token, revoke_token
from organizations.views.answers import is_accepted, page, person_of, see_other, sent


@require_safe
def tokens(request: HttpRequest) -> HttpResponse:
    """In force, then those that ended."""
    today = clock.civil_date(clock.now())
    mine = list(AccessToken.objects.filter(user=person_of(request)))
    context = {
        "in_force": [token for token in mine if token.is_good_on(today)],
        "ended": [token for token in mine if not token.is_good_on(today)],
    }
    return render(request, "organizations/tokens.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def new_token(request: HttpRequest) -> HttpResponse:
    """Asks who the person is once more, as for a passkey; the answer to the form shows the secret, once."""
    person, form = person_of(request), TokenForm(sent(request))
    made: list[tuple[AccessToken, str]] = []
    if form.is_valid() and is_accepted(form, lambda: made.append(create_token(user=person, by=person, **form.wanted))):
        token, secret = made[0]
        return render(request, "organizations/token_made.html", {"token": token, "secret": secret})
    return page(request, "organizations/new_token.html", form)


@require_POST
def revoke(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The token opens nothing any more."""
    person = person_of(request)
    token = get_object_or_404(AccessToken.objects.filter(user=person), uuid=uuid)
    revoke_token(token=token, by=person)
    messages.success(request, _("“%(name)s” is revoked: it opens nothing any more.") % {"name": token.name})
    return see_other("account_tokens")
