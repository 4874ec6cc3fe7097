"""Pages that are texts: about, accessibility, notices."""

from django.http import HttpRequest, HttpResponse

from transparency.views.page import public_page, show


@public_page
def about(request: HttpRequest) -> HttpResponse:
    return show(request, "transparency/about.html", {})


@public_page
def accessibility(request: HttpRequest) -> HttpResponse:
    return show(request, "transparency/accessibility.html", {})


@public_page
def notices(request: HttpRequest) -> HttpResponse:
    return show(request, "transparency/notices.html", {})
