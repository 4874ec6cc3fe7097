"""Bodies: the list, a new one, the sheet."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.services import NotAllowed, save_undisputed
from organizations import permissions
from organizations.filters import BodyFilter, branches
from organizations.forms.bodies import NewBodyForm, SheetForm
from organizations.models import Membership, Organization, PublicBodyName, User
from organizations.permissions import Permission
from organizations.services import sheets
from organizations.services.members import functions_to_fill, held, nobody_answers
from organizations.views.answers import body_in_scope, is_accepted, page, person_of, see_other, sent
from organizations.workflow import Regime, Role

PER_PAGE = 25


@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    """The bodies this person may see, as a list or as the tree they make."""
    person = person_of(request)
    scope = permissions.organizations_in_scope(person)
    administration = Membership.objects.filter(organization=OuterRef("pk"), role=Role.ORGANIZATION_ADMIN)
    administration = administration.in_force(clock.civil_date(clock.now()))
    listed = BodyFilter(request.GET, scope.select_related("parent").annotate(is_administered=Exists(administration)))
    is_tree = request.GET.get("view") == "tree"
    found = Paginator(listed.ordered(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": listed,
        "page": found,
        "is_tree": is_tree,
        "branches": branches(listed.ordered()) if is_tree else [],
        "may_create": may_create(person),
    }
    return render(request, "organizations/bodies.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_body(request: HttpRequest) -> HttpResponse:
    """A body enters the tree; whoever will administer it is invited at once."""
    person = person_of(request)
    if not may_create(person):
        raise NotAllowed(_("Only the operation of the platform, a central agency or an administration creates bodies."))
    form = NewBodyForm(sent(request), bodies=_parents(person), must_have_parent=not _everywhere(person))
    created: list[Organization] = []
    if form.is_valid() and is_accepted(form, lambda: created.append(_create(form, person))):
        messages.success(request, _("%(name)s is entered.") % {"name": created[0].name_fr})
        return see_other("organizations:body", created[0].uuid)
    return page(request, "organizations/new_body.html", form)


@require_safe
def body(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The sheet."""
    organization = body_in_scope(request, uuid)
    vacant, invited = functions_to_fill(organization)
    context = {
        "organization": organization,
        "regimes": [Regime(code).label for code in organization.regimes],
        "below": organization.children.order_by("sort_key", "pk"),
        "old_names": PublicBodyName.objects.filter(body__organization=organization).order_by("-until", "pk"),
        "vacant": vacant,
        "invited": invited,
        "nobody_answers": nobody_answers([membership.role for membership in held(organization)]),
        "may_edit": permissions.can_edit_organization(request.user, organization),
        "may_read_drafts": permissions.is_permitted(request.user, Permission.READ_DRAFTS, organization),
        "may_change_place": permissions.can_change_place(request.user, organization),
    }
    return render(request, "organizations/body.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Everything of the sheet but its name and its place."""
    organization, person = body_in_scope(request, uuid), person_of(request)
    if not permissions.can_edit_organization(person, organization):
        raise NotAllowed(_("Only the administration of this body may change its sheet."))
    sheets.check_open(organization)
    form = SheetForm(sent(request), organization=organization)
    if form.is_valid() and is_accepted(
        form,
        lambda: save_undisputed(
            lambda values: sheets.edit_sheet(
                organization=organization, values=values, version=form.cleaned_data["version"], by=person
            ),
            form.sheet_values(),
            locked=Organization.objects.filter(pk=organization.pk),
        ),
    ):
        messages.success(request, _("The sheet is saved, and its public part is up to date."))
        return see_other("organizations:body", uuid)
    return page(request, "organizations/edit_body.html", form, organization=organization)


def may_create(person: User) -> bool:
    return _everywhere(person) or permissions.is_permitted_anywhere(person, Permission.MANAGE_MEMBERS)


def _everywhere(person: User) -> bool:
    return permissions.can_create_organization(person, None)


def _parents(person: User) -> QuerySet[Organization]:
    scope = Organization.objects.all()
    if not _everywhere(person):
        scope = permissions.organizations_where(person, Permission.MANAGE_MEMBERS)
    return scope.filter(closed_on__isnull=True).order_by("sort_key", "pk")


def _create(form: NewBodyForm, person: User) -> Organization:
    data = form.cleaned_data
    return sheets.create_organization(
        sigle=data["sigle"],
        name_fr=data["name_fr"],
        name_en=data["name_en"],
        parent=data["parent"],
        values=form.sheet_values(),
        administrator=data["administrator"],
        by=person,
        request_key=data["request_key"],
    )
