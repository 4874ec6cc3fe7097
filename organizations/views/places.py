"""A body's name, its place in the tree, its end: acts that others follow."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.services import NotAllowed
from organizations import permissions
from organizations.forms.bodies import CloseForm, MergeForm, NameForm, PlaceForm
from organizations.models import Organization, User
from organizations.services import sheets, succession
from organizations.views.answers import body_in_scope, is_accepted, page, person_of, see_other, sent

FORM = require_http_methods(["GET", "HEAD", "POST"])


@FORM
def rename(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Another name or sigle, or a spelling mended."""
    organization, person = body_in_scope(request, uuid), person_of(request)
    if not permissions.can_edit_organization(person, organization):
        raise NotAllowed(_("Only the administration of this body may change its name."))
    sheets.check_open(organization)
    form = NameForm(sent(request), organization=organization)
    if form.is_valid() and is_accepted(form, lambda: _rename(organization, form, person)):
        messages.success(request, _("The new name is saved."))
        return see_other("organizations:body", uuid)
    return page(request, "organizations/rename_body.html", form, organization=organization)


def _rename(organization: Organization, form: NameForm, person: User) -> Organization:
    data = form.cleaned_data
    names = {"name_fr": data["name_fr"], "name_en": data["name_en"]}
    if data["nature"] == NameForm.CORRECTION:
        return succession.correct_name(organization=organization, **names, by=person)
    return succession.rename_organization(
        organization=organization, sigle=data["sigle"], effective_on=data["effective_on"], **names, by=person
    )


@FORM
def move(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Under another body."""
    organization, person = _to_place(request, uuid), person_of(request)
    others = _open_bodies().exclude(pk__in=Organization.objects.filter(pk=organization.pk).descendant_keys())
    form = PlaceForm(sent(request), bodies=others, initial={"parent": organization.parent})
    if form.is_valid() and is_accepted(
        form,
        lambda: sheets.move_organization(organization=organization, parent=form.cleaned_data["parent"], by=person),
    ):
        messages.success(request, _("The body has moved."))
        return see_other("organizations:body", uuid)
    return page(request, "organizations/move_body.html", form, organization=organization)


@FORM
def merge(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Into another body, which carries on the work."""
    organization, person = _to_place(request, uuid), person_of(request)
    form = MergeForm(sent(request), bodies=_open_bodies().exclude(pk=organization.pk))
    if form.is_valid() and is_accepted(
        form, lambda: succession.merge_organization(organization=organization, by=person, **form.cleaned_data)
    ):
        messages.success(request, _("The bodies are merged."))
        return see_other("organizations:body", uuid)
    return page(request, "organizations/merge_body.html", form, organization=organization)


@FORM
def close(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The body exists no more."""
    organization, person = _to_place(request, uuid), person_of(request)
    form = CloseForm(sent(request))
    if form.is_valid() and is_accepted(
        form, lambda: succession.close_organization(organization=organization, by=person, **form.cleaned_data)
    ):
        messages.success(request, _("The body is closed."))
        return see_other("organizations:body", uuid)
    return page(request, "organizations/close_body.html", form, organization=organization)


def _to_place(request: HttpRequest, uuid: UUID) -> Organization:
    organization = body_in_scope(request, uuid)
    if not permissions.can_change_place(request.user, organization):
        raise NotAllowed(_("Only those who may create this body may move, merge or close it."))
    sheets.check_open(organization)
    return organization


def _open_bodies() -> QuerySet[Organization]:
    return Organization.objects.filter(closed_on__isnull=True).order_by("sort_key", "pk")
