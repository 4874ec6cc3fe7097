"""Open data: what there is, the dictionary, the log of corrections, and the files."""

from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from registry.public.coverage import coverage
from registry.public.open_data import coverage_table, flat
from registry.public.open_data import dictionary as dictionaries
from registry.public.open_data.correction_log import corrections as corrections_page
from registry.public.open_data.documents import MOST_SYSTEMS, documents_of
from registry.public.open_data.files import find_public_file, public_files
from registry.public.sheet import find_sheet
from registry.public.site import is_demonstration_site
from transparency.exports import files
from transparency.forms import SystemFilters
from transparency.serializers.linked_data import register_as_dataset, trail
from transparency.views.page import SECONDS_KEPT, public_page, show
from transparency.views.systems import gone, known


@public_page
def open_data(request: HttpRequest) -> HttpResponse:
    """Every file, its licence, whom to ask."""
    made = public_files()
    context = {
        "media_contact": settings.MEDIA_CONTACT,
        "licence": files.LICENCE,
        "files": made,
        "linked_data": [register_as_dataset(made), trail((_("Open data"), reverse("transparency:data")))],
    }
    return show(request, "transparency/data.html", context)


@public_page
def dictionary(request: HttpRequest) -> HttpResponse:
    context = {"groups": dictionaries.dictionary(), "tables": dictionaries.told_tables()}
    return show(request, "transparency/dictionary.html", context)


@public_page
def dictionary_file(request: HttpRequest, kind: str) -> HttpResponse:
    if kind == "json":
        content = files.as_json(dictionaries.as_json())
    else:
        content = files.as_csv([dictionaries.heads(), *dictionaries.lines()])
    return files.attachment(content, kind=kind, name="dictionnaire", seconds=SECONDS_KEPT)


@public_page
def corrections(request: HttpRequest) -> HttpResponse:
    page = corrections_page(request.GET.get("page", "1"))
    return show(request, "transparency/corrections.html", {"page": page})


@public_page
def version_file(request: HttpRequest, reference: str, number: int, kind: str) -> HttpResponse:
    """One version of one system as a table: a line a value. A withdrawn one is gone, as its page is."""
    sheet = known(find_sheet(reference, number))
    if not sheet.is_readable:
        return gone(sheet)
    rows = [flat.one_system(), *flat.table(sheet.document)]
    name = f"{reference.replace('É', 'E')}-v{number}"
    return files.attachment(files.table_as(kind, rows, name), kind=kind, name=name, seconds=SECONDS_KEPT)


@public_page
def search_file(request: HttpRequest, kind: str) -> HttpResponse:
    """What a search finds, by name: 10,000 systems at most, and the file says so."""
    found = documents_of(SystemFilters(request.GET, bodies=[]).search)
    if kind == "json":
        told: dict[str, Any] = {
            "licence": files.LICENCE,
            "is_demonstration": is_demonstration_site(),
            "is_cut": found.is_cut,
            "systems": list(found.documents()),
        }
        content = files.as_json(told)
    elif kind == "xlsx":
        content = files.documents_as_xlsx(found.documents(), notice=files.cut_notice(found.is_cut, MOST_SYSTEMS))
    else:
        content = files.as_csv([flat.columns(), *(flat.line(document) for document in found.documents())])
    # Above the columns of a table, a sentence would be taken for them: its name says that a list is cut.
    name = f"systemes-{MOST_SYSTEMS}-premiers" if found.is_cut else "systemes"
    return files.attachment(content, kind=kind, name=name, seconds=SECONDS_KEPT)


@public_page
def coverage_file(request: HttpRequest, kind: str) -> HttpResponse:
    """Where each body stands before the register."""
    found = coverage()
    if kind == "json":
        told = {
            "licence": files.LICENCE,
            "is_demonstration": is_demonstration_site(),
            "bodies": coverage_table.as_dicts(found),
        }
        content = files.as_json(told)
    else:
        rows = [list(coverage_table.COLUMNS), *coverage_table.lines(found)]
        content = files.table_as(kind, rows, _("Coverage"))
    return files.attachment(content, kind=kind, name="couverture", seconds=SECONDS_KEPT)


@public_page
def whole_register(request: HttpRequest, name: str) -> HttpResponseBase:
    """One file of the whole register, as the job made it: in pieces from the disk, nothing is built here."""
    found = find_public_file(name)
    if found is None:
        raise Http404
    if found.served_at:
        return HttpResponseRedirect(found.served_at)
    response = FileResponse(found.open(), content_type=found.media_type, filename=found.shown_name, as_attachment=True)
    response["ETag"] = f'"{found.sha256}"'
    response["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, public=True, max_age=SECONDS_KEPT)
    return response
