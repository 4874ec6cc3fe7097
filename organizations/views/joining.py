"""Coming in by a link: an invitation, or the first steps of a site. No account is needed to open these pages."""

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.text import reader_language
from organizations.forms.joining import FounderForm, NewAccountForm
from organizations.models import Invitation, User
from organizations.services import invitations
from organizations.services.first_steps import Founder, begin_platform, is_operated
from organizations.services.links import FirstLink, read_first_link
from organizations.views.answers import is_accepted, page, see_other, sent
from organizations.workflow import Role


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@sensitive_post_parameters("password")
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """What is offered, by whom, until when; then the account to open or to sign in to."""
    found = invitations.find_invitation(secret)
    if found is None:
        return render(request, "organizations/invitation_over.html", status=404)
    if not invitations.is_open(found):
        return render(request, "organizations/invitation_over.html", {"invitation": found}, status=410)
    if isinstance(request.user, User):
        return _accept(request, found, request.user)
    return _join(request, found)


def _accept(request: HttpRequest, found: Invitation, person: User) -> HttpResponse:
    if request.method == "POST":
        invitations.accept_invitation(invitation=found, by=person)
        messages.success(request, _("Welcome to %(name)s.") % {"name": found.organization.name})
        return see_other("organizations:todo")
    is_mine = found.email.lower() == person.email.lower()
    return render(request, "organizations/invitation.html", _offer(found) | {"is_mine": is_mine})


def _join(request: HttpRequest, found: Invitation) -> HttpResponse:
    has_account = User.objects.filter(email__iexact=found.email).exists()
    form = NewAccountForm(None if has_account else sent(request), email=found.email)
    joined: list[User] = []
    if form.is_valid() and is_accepted(form, lambda: joined.append(_open_account(found, form))):
        messages.success(request, _("Welcome to %(name)s.") % {"name": found.organization.name})
        return _sign_in(request, joined[0])
    return page(request, "organizations/invitation.html", form, **_offer(found), has_account=has_account)


def _open_account(found: Invitation, form: NewAccountForm) -> User:
    data = form.cleaned_data
    return invitations.join_by_invitation(
        invitation=found, name=data["name"], password=data["password"], language=reader_language()
    )


def _sign_in(request: HttpRequest, person: User) -> HttpResponse:
    answer: HttpResponse = perform_login(request, person, redirect_url=reverse("organizations:todo"))
    return answer


def _offer(found: Invitation) -> dict[str, object]:
    return {
        "invitation": found,
        "organization": found.organization,
        "roles": [Role(role).label for role in found.roles],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@sensitive_post_parameters("password")
def first_steps(request: HttpRequest, token: str) -> HttpResponse:
    """The first account and the first body, on one page."""
    link = read_first_link(token)
    if link is None or is_operated():
        return render(request, "organizations/first_steps_over.html", {"has_begun": is_operated()}, status=410)
    form = FounderForm(sent(request), email=link.email)
    begun: list[User] = []
    if form.is_valid() and is_accepted(form, lambda: begun.append(_begin(link, form))):
        messages.success(request, _("Vigie is yours. Here is what to do first."))
        return _sign_in(request, begun[0])
    return page(request, "organizations/first_steps.html", form)


def _begin(link: FirstLink, form: FounderForm) -> User:
    data = form.cleaned_data
    founder = Founder(data["email"], data["name"], data["password"], reader_language())
    return begin_platform(
        link=link, founder=founder, sigle=data["sigle"], name_fr=data["name_fr"], values=form.sheet_values()
    )
