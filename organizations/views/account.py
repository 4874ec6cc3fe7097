"""«Mon compte»: one's name, language and functions; the rest of sign-in is allauth's."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from organizations.forms.account import ProfileForm
from organizations.models import Membership
from organizations.services.accounts import edit_profile
from organizations.views.answers import is_accepted, page, person_of, see_other, sent


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    form = ProfileForm(sent(request), initial={"name": person.name, "language": person.language})
    if form.is_valid() and is_accepted(form, lambda: edit_profile(user=person, by=person, **form.cleaned_data)):
        messages.success(request, _("Your account is saved."))
        return see_other("account_profile")
    functions = Membership.objects.filter(user=person).in_force(clock.civil_date(clock.now()))
    functions = functions.select_related("organization").order_by("organization__sort_key", "organization_id", "pk")
    return page(request, "organizations/profile.html", form, functions=functions)
