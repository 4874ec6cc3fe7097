"""What the register says of the government's strategy."""

from django.http import HttpRequest, HttpResponse

from core import clock
from registry.public import strategy as strategies
from registry.public.open_data.columns import columns_of
from registry.public.open_data.flat import flag
from registry.public.site import is_demonstration_site
from transparency.exports import files
from transparency.views.page import SECONDS_KEPT, public_page, show


@public_page
def strategy(request: HttpRequest) -> HttpResponse:
    """The indicator with its definition, and the systems that name each objective."""
    figures = strategies.strategy_figures(clock.civil_date(clock.now()))
    return show(request, "transparency/strategy.html", {"figures": figures})


@public_page
def strategy_file(request: HttpRequest) -> HttpResponse:
    figures = strategies.strategy_figures(clock.civil_date(clock.now()))
    mark = flag(is_demonstration_site())
    content = files.as_csv([columns_of("strategy"), *([*line, mark] for line in strategies.lines(figures))])
    return files.attachment(content, kind="csv", name="strategie", seconds=SECONDS_KEPT)
