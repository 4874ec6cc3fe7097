"""The words of the register, each with its definition."""

from django.http import HttpRequest, HttpResponse

from registry.public import glossary as terms
from transparency.forms import searched_text
from transparency.views.page import public_page, show


@public_page
def glossary(request: HttpRequest) -> HttpResponse:
    """All of them by letter, or those that have the words asked for."""
    words = searched_text(request.GET)
    letters = terms.glossary(words)
    count = sum(len(each.definitions) for each in letters)
    return show(request, "transparency/glossary.html", {"words": words, "letters": letters, "count": count})
