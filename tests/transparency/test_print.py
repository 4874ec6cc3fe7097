"""On paper: what is read and nothing of what is pressed, folded texts open, no dark ground, the address of the page."""

import io

import pikepdf
import pytest
from playwright.sync_api import Page

from registry.models import AISystem
from registry.services.publication import publish_system
from tests.factories.publications import public_organization, published_again, publisher_of
from tests.factories.registry import SystemFactory
from tests.factories.whole import fill
from tests.sources import ROOT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]

SHEET = "systemes/QC-MPUB-0042/"
PAGES = [
    "", "recherche/?q=permis", SHEET, f"{SHEET}fiche-complete/", f"{SHEET}differences/", "organismes/mpub/", "donnees/",
    "glossaire/", "a-propos/",
]  # fmt: skip
# Of the footer, only the address of the page is printed.
PRESSED = (
    ".vg-footer__inner, .vg-navigation, .govuk-breadcrumbs, .vg-masthead__tools, .vg-search, .vg-filters, main button, "
    ".vg-readings"
)
SHOWN = """(names) => [...document.querySelectorAll(names)]
  .filter((one) => one.checkVisibility()).map((one) => one.className)"""
# Grounds that ink would have to fill: anything darker than a light grey.
DARK = """() => [...document.querySelectorAll('body, body *')].filter((one) => {
  const [r, g, b, a] = getComputedStyle(one).backgroundColor.match(/[\\d.]+/g).map(Number);
  return one.checkVisibility() && (a === undefined || a > 0.5) && r + g + b < 3 * 200 && one.offsetHeight > 24;
}).map((one) => one.className)"""
FOLDED = """() => [...document.querySelectorAll('details')].filter((one) => one.checkVisibility() &&
  [...one.children].some((child) => child.tagName !== 'SUMMARY' && child.getBoundingClientRect().height < 1)).length"""


@pytest.fixture
def everything(transactional_db: None) -> AISystem:
    body = public_organization(sigle="MPUB", name_fr="Ministère des Exemples publics")
    by = publisher_of(body)
    system: AISystem = SystemFactory(organization=body, created_by=by, reference="QC-MPUB-0042")
    publish_system(system=fill(system, by), by=by)
    published_again(system, need_fr="Mieux dit.")
    return system


def test_every_page_prints_well(everything, new_context):
    """From a screen in the dark theme, as at night."""
    reader: Page = new_context(color_scheme="dark").new_page()
    found = []
    for path in PAGES:
        reader.goto(f"/fr/{path}")
        reader.emulate_media(media="print", color_scheme="dark")
        checks = {
            "is pressed": reader.evaluate(SHOWN, PRESSED),
            "is dark": reader.evaluate(DARK),
            "stays folded": reader.evaluate(FOLDED),
            "has no address": not reader.locator(".vg-printed").is_visible(),
        }
        found += [f"{path}: {what} ({seen})" for what, seen in checks.items() if seen]
        assert reader.pdf(format="A4").startswith(b"%PDF") and reader.pdf(format="Letter").startswith(b"%PDF")
        reader.emulate_media(media="screen", color_scheme="dark")
        assert not reader.locator(".vg-printed").is_visible()
    assert not found, "\n".join(found)


def test_only_addresses_of_other_sites_are_written(everything, new_context):
    reader: Page = new_context().new_page()
    reader.goto(f"/fr/{SHEET}")
    reader.emulate_media(media="print")
    after = "(link) => getComputedStyle(link, '::after').content"
    ours = reader.locator("main a.govuk-link[href^='/']").first
    assert ours.evaluate(after) == "none"
    written = reader.locator("main a.vg-break[href^='http']").first
    assert written.evaluate(after) == "none", "an address that is its own text is not written twice"


def test_a_whole_sheet_fills_its_pages(everything, new_context):
    """Seventeen pages, several half empty, are twice too many: no answer is chained to the next, none is narrow."""
    reader: Page = new_context().new_page()
    reader.goto(f"/fr/{SHEET}")
    with pikepdf.open(io.BytesIO(reader.pdf(format="Letter"))) as paper:
        assert len(paper.pages) <= 10
    reader.emulate_media(media="print")
    after = (
        "(names) => [...new Set([...document.querySelectorAll(names)].map((one) => getComputedStyle(one).breakAfter))]"
    )
    for beside in (".vg-answer__value > h3", ".vg-row-details dt", ".vg-contact__list dt"):
        assert reader.evaluate(after, beside) == ["auto"], beside
    texts = "[...document.querySelectorAll('main .govuk-body')]"
    widths = f"() => [...new Set({texts}.map((one) => getComputedStyle(one).maxWidth))]"
    assert reader.evaluate(widths) == ["none"]


def test_titles_stay_with_what_they_open():
    rules = (ROOT / "frontend" / "sass" / "_print.scss").read_text(encoding="utf-8")
    assert "break-after: avoid" in rules and "break-inside: avoid" in rules and "@page" in rules
