"""«Passer le relais»: what a person holds in a body, and to whom it goes."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.services import NotAllowed
from organizations import permissions
from organizations.forms.handover import HandOverForm
from organizations.models import User
from organizations.services.handover import hand_over, holdings
from organizations.services.members import held
from organizations.views.answers import body_in_scope, is_accepted, page, person_of, see_other, sent


@require_http_methods(["GET", "HEAD", "POST"])
def handover(request: HttpRequest, uuid: UUID, person_uuid: UUID) -> HttpResponse:
    """Somebody whose functions have ended already may still hold records: they are found by their account."""
    organization, by = body_in_scope(request, uuid), person_of(request)
    if not permissions.can_manage_members(by, organization):
        raise NotAllowed(_("Only the administration of this body hands over what a person holds."))
    person = get_object_or_404(User.objects.filter(memberships__organization=organization).distinct(), uuid=person_uuid)
    found = holdings(person, organization)
    people = User.objects.filter(memberships__in=held(organization), is_active=True).exclude(pk=person.pk)
    people = people.distinct().order_by("name", "pk")
    form = HandOverForm(sent(request), people=people, holdings=found)
    if form.is_valid() and is_accepted(
        form, lambda: hand_over(organization=organization, person=person, by=by, **form.cleaned_data)
    ):
        told = {"person": person, "to": form.cleaned_data["to"]}
        messages.success(request, _("What %(person)s held is now with %(to)s.") % told)
        return see_other("organizations:members", uuid)
    context = {"organization": organization, "person": person, "holdings": found, "has_people": people.exists()}
    return page(request, "organizations/handover.html", form, **context)
