"""Registres d'ailleurs: apart from ours, each page says whose it is."""

from django.http import Http404, HttpRequest, HttpResponse

from registry.public.elsewhere.lists import answer_elsewhere
from registry.public.elsewhere.record import foreign_page
from transparency.forms import searched_text
from transparency.views.page import public_page, show


@public_page
def registers(request: HttpRequest) -> HttpResponse:
    """Search among records of other governments, all registers or one."""
    text, sort = searched_text(request.GET), request.GET.get("sort", "")
    answer = answer_elsewhere(
        text,
        register=request.GET.get("registre", ""),
        order=sort,
        page=request.GET.get("page", "1"),
        is_exact=request.GET.get("exact") == "1",
    )
    context = {
        "text": text,
        "answer": answer,
        "register": answer.register,
        "registers": answer.registers,
        "order": answer.order,
        "asked_order": answer.order if sort == answer.order else "",
        "page": answer.page,
    }
    return show(request, "transparency/elsewhere.html", context)


@public_page
def foreign_system(request: HttpRequest, register: str, source_id: str) -> HttpResponse:
    found = foreign_page(register, source_id)
    if found is None:
        raise Http404
    return show(request, "transparency/foreign_system.html", {"record": found})
