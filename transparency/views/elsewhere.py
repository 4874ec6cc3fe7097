"""Registres d'ailleurs: apart from ours, each page says whose it is."""

from django.http import Http404, HttpRequest, HttpResponse

from registry.public.elsewhere import count_by_register, find_elsewhere, foreign_page
from transparency.forms import searched_text
from transparency.views.page import public_page, show


@public_page
def registers(request: HttpRequest) -> HttpResponse:
    """Search among records of other governments, all registers or one."""
    text, known = searched_text(request.GET), count_by_register()
    asked = request.GET.get("registre", "")
    register = asked if asked in {code for code, _name, _count in known} else ""
    context = {
        "text": text,
        "register": register,
        "registers": known,
        "page": find_elsewhere(text, register=register, page=request.GET.get("page", "1")),
    }
    return show(request, "transparency/elsewhere.html", context)


@public_page
def foreign_system(request: HttpRequest, register: str, source_id: str) -> HttpResponse:
    found = foreign_page(register, source_id)
    if found is None:
        raise Http404
    return show(request, "transparency/foreign_system.html", {"record": found})
