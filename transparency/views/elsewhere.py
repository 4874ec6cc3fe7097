"""Registres d'ailleurs: apart from ours, each page says whose it is."""

from django.http import Http404, HttpRequest, HttpResponse

from registry.public.elsewhere.lists import count_by_register, find_elsewhere, order_of
from registry.public.elsewhere.record import foreign_page
from transparency.forms import searched_text
from transparency.views.page import public_page, show


@public_page
def registers(request: HttpRequest) -> HttpResponse:
    """Search among records of other governments, all registers or one."""
    text = searched_text(request.GET)
    known = count_by_register(text)
    asked = request.GET.get("registre", "")
    register = asked if asked in {code for code, _name, _count in known} else ""
    order = order_of(text, request.GET.get("sort", ""))
    context = {
        "text": text,
        "register": register,
        "registers": known,
        "order": order,
        "asked_order": order if request.GET.get("sort") == order else "",
        "page": find_elsewhere(text, register=register, order=order, page=request.GET.get("page", "1")),
    }
    return show(request, "transparency/elsewhere.html", context)


@public_page
def foreign_system(request: HttpRequest, register: str, source_id: str) -> HttpResponse:
    found = foreign_page(register, source_id)
    if found is None:
        raise Http404
    return show(request, "transparency/foreign_system.html", {"record": found})
