"""The list of systems, and the same list as a file."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from core.files import made_attachment
from organizations.models import Organization
from organizations.permissions import Permission, is_permitted_anywhere, organizations_where
from registry.exports.systems import MEDIA_TYPES, MOST_ROWS, SystemsFile, file_name
from registry.filters import SortForm, SystemFilter, in_order
from registry.forms.views import ViewForm
from registry.models import AISystem
from registry.models.system import AISystemQuerySet
from registry.rules.attention import WEIGHED
from registry.rules.list_address import normalized
from registry.serializers.listing import list_rows
from registry.services.exports import note_export
from registry.views.scope import person

PER_PAGE = 25
COLUMNS = ("uuid", "put_away_at", "name_fr", "name_en", "reference", "status", "phase", "updated_at", *WEIGHED)
LEAD_COLUMNS = ("lead__name", "lead__email")
BODY_COLUMNS = ("organization__sigle", "organization__name_fr", "organization__name_en")


def _filtered(request: HttpRequest) -> tuple[SystemFilter, AISystemQuerySet]:
    """What this person may see, narrowed and ordered as the address says."""
    seen = AISystem.objects.visible_to(person(request))
    found = SystemFilter(request.GET, queryset=seen, request=request)
    return found, in_order(found.qs, request.GET.get("sort", ""))


@require_safe
def systems(request: HttpRequest) -> HttpResponse:
    """The list: searched, filtered, sorted, page by page."""
    found, ordered = _filtered(request)
    rows = (
        ordered.select_related("organization", "lead")
        .only(*COLUMNS, *BODY_COLUMNS, *LEAD_COLUMNS)
        .annotate(public_number=F("public_record__publication__number"), public_kind=F("public_record__kind"))
    )
    paginator = Paginator(rows, PER_PAGE)
    paginator.count = ordered.count()  # without the joins that only the rows need
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "filter": found,
        "sort_form": SortForm(order=request.GET.get("sort", ""), has_several_bodies=len(found.bodies) > 1),
        "page": page,
        "rows": list(list_rows(page)),
        "most_rows": MOST_ROWS,
        "has_several_bodies": len(found.bodies) > 1,
        "is_narrowed": any(request.GET.get(name) for name in found.filters),
        "administered": None if page.object_list else _administered(request),
    }
    return render(request, "registry/systems.html", context | _kept_lists(request, found) | _may(request))


def _administered(request: HttpRequest) -> Organization | None:
    """The body whose functions this person may give, to whoever will declare its systems."""
    return organizations_where(person(request), Permission.MANAGE_MEMBERS).order_by("pk").first()


def _kept_lists(request: HttpRequest, found: SystemFilter) -> dict[str, Any]:
    """The lists that this person keeps, and the form that keeps the one that is shown."""
    address = normalized(request.GET.urlencode())
    return {
        "views": [(view, view.query == address) for view in person(request).saved_views.all()],
        "view_form": ViewForm(query=address) if address and not found.form.errors else None,
    }


def _may(request: HttpRequest) -> dict[str, bool]:
    """What else this person may do from here."""
    return {
        "may_declare": is_permitted_anywhere(request.user, Permission.DECLARE),
        "may_read_solutions": is_permitted_anywhere(request.user, Permission.READ_DECLARED),
        "may_answer": is_permitted_anywhere(request.user, Permission.ANSWER_CITIZENS),
        "may_import": is_permitted_anywhere(request.user, Permission.IMPORT_INVENTORY),
    }


@require_POST
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The filtered list as a file. A POST: it writes to the ledger."""
    found, ordered = _filtered(request)
    file = SystemsFile(ordered)
    content = file.content(kind)
    used = [name for name in found.filters if request.GET.get(name)]
    note_export(rows=file.rows, kind=kind, filters=used, by=person(request))
    return made_attachment(content, media_type=MEDIA_TYPES[kind], name=file_name(kind, is_cut=file.is_cut))
