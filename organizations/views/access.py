"""«Demander l'accès à mon organisme», and the answer of its administration."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.services import NotAllowed
from organizations.filters import search
from organizations.forms.people import AnswerForm, RequestAccessForm
from organizations.models import AccessRequest, Organization
from organizations.permissions import organizations_in_scope
from organizations.services import access
from organizations.services.members import givable_roles
from organizations.views.answers import is_accepted, page, person_of, see_other, sent


@require_safe
def request_access(request: HttpRequest) -> HttpResponse:
    """Look for one's body among all that are open: names and sigles are public."""
    typed = request.GET.get("q", "")
    open_bodies = Organization.objects.open_on(clock.civil_date(clock.now()))
    found = search(open_bodies, typed).order_by("sort_key", "pk")
    context = {"query": typed, "page": Paginator(found, 20).get_page(request.GET.get("page"))}
    return render(request, "organizations/request_access.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def request_access_to(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say what one does there, and ask."""
    open_bodies = Organization.objects.open_on(clock.civil_date(clock.now()))
    organization, person = get_object_or_404(open_bodies, uuid=uuid), person_of(request)
    form = RequestAccessForm(sent(request))
    if form.is_valid() and is_accepted(
        form, lambda: access.request_access(organization=organization, by=person, **form.cleaned_data)
    ):
        messages.success(request, _("Your request is sent. You will receive the answer by e-mail."))
        return see_other("organizations:todo")
    return page(request, "organizations/request_access_to.html", form, organization=organization)


@require_http_methods(["GET", "HEAD", "POST"])
def access_request(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let the person in with functions, or refuse."""
    person = person_of(request)
    rows = AccessRequest.objects.filter(organization__in=organizations_in_scope(person))
    asked = get_object_or_404(rows.select_related("organization", "user", "answered_by"), uuid=uuid)
    if not access.can_answer(person, asked.organization):
        raise NotAllowed(_("Only the administration of this body may answer this request."))
    form = AnswerForm(sent(request), roles=givable_roles(person, asked.organization))
    if request.POST.get("answer") == "refuse":
        access.refuse_access(request=asked, by=person)
        messages.success(request, _("The request is refused; the person is told by e-mail."))
        return see_other("organizations:members", asked.organization.uuid)
    if form.is_valid() and is_accepted(
        form, lambda: access.grant_access(request=asked, roles=form.cleaned_data["roles"], by=person)
    ):
        messages.success(request, _("The person may come in; they are told by e-mail."))
        return see_other("organizations:members", asked.organization.uuid)
    return page(request, "organizations/access_request.html", form, asked=asked)
