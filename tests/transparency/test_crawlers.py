"""What search engines are told: where not to go, every address once with its twin, and which page is the one."""

import re

import pytest
from defusedxml import ElementTree
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organizations.services.public_copy import publish_body
from registry.models import PublicRecord
from registry.public import sitemap
from registry.services.publication import withdraw_publication
from registry.services.withholding import withhold_system
from tests.factories.publications import copies, public_organization, published, published_again, publisher_of
from tests.transparency.conftest import page_of
from transparency.urls import urlpatterns
from transparency.views.crawlers import TEXTS

MAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
# Pages of the site that are not in its map, with the reason.
NOT_LISTED = {
    **dict.fromkeys(["system", "body"], "each has its own line"),
    **dict.fromkeys(["version", "full", "full_version", "differences", "solution"], "reached from the sheet"),
    **dict.fromkeys(["report_error", "follow_report", "reported", "scope_answer"], "forms, or of one visitor"),
    **dict.fromkeys(["foreign_system"], "published elsewhere first"),
    **dict.fromkeys(["system_as_typed", "system_page_as_typed"], "lead to another"),
    **dict.fromkeys(["feed", "search_feed", "body_feed", "system_feed"], "feeds"),
    **dict.fromkeys(
        [
            *("version_json", "version_file", "search_file", "dictionary_file", "strategy_file"),
            *("coverage_file", "whole_register"),
        ],
        "files, not pages",
    ),
}


@pytest.fixture(autouse=True)
def empty_cache():
    caches["pages"].clear()


def xml(visitor, path):
    answer = visitor.get(path)
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/xml; charset=utf-8", path
    return ElementTree.fromstring(answer.content)


def locations(root):
    return [each.text for each in root.iter(f"{MAPS}loc")]


def page_with(system):
    return f"/sitemap-systemes-{sitemap.page_of_number(system.public_record.pk)}.xml"


def is_told_not_to_go(robots: str, address: str) -> bool:
    """As RFC 9309 reads the lines: a prefix, in which a star is anything."""
    rules = [line.removeprefix("Disallow: ") for line in robots.splitlines() if line.startswith("Disallow: ")]
    return any(re.match(re.escape(rule).replace(r"\*", ".*"), address) for rule in rules)


def test_robots_may_read_sheets_and_not_the_filters(db, visitor):
    answer = visitor.get("/robots.txt")
    robots = answer.content.decode()
    assert answer.headers["Content-Type"].startswith("text/plain") and "/sitemap.xml" in robots
    for open_address in ("/fr/", "/en/systemes/QC-A-0001/", "/fr/recherche/", "/fr/organismes/mpub/", "/static/a.css"):
        assert not is_told_not_to_go(robots, open_address), open_address
    for closed in (
        "/fr/espace/", "/en/espace/systemes/", "/fr/compte/connexion/", "/fr/recherche/?phase=pilot&q=x",
        "/en/recherche/?page=2", "/fr/recherche/flux.atom?q=a", "/fr/recherche/systemes.csv", "/fr/organismes/?q=a",
        "/en/systemes/QC-A-0001/differences/?de=1&a=2", "/fr/systemes/QC-A-0001/signaler/", "/fr/ailleurs/?page=3",
        "/fr/signalements/AAAA/", "/fr/suis-je-vise/reponse/x/", "/api/v1/publications/",
    ):  # fmt: skip
        assert is_told_not_to_go(robots, closed), closed


def test_fictional_bodies_are_for_nobody_to_find(sheet, visitor):
    body = sheet.organization
    body.is_demonstration = True
    body.save()
    publish_body(organization=body, by=publisher_of(body))
    assert visitor.get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"


def test_every_page_of_the_site_is_in_the_map_or_says_why_not():
    assert set(TEXTS) | set(NOT_LISTED) == {pattern.name for pattern in urlpatterns}
    assert not set(TEXTS) & set(NOT_LISTED)


def test_the_index_leads_to_pages_that_lead_to_every_sheet_in_both_languages(sheet, everything, visitor):
    index = xml(visitor, "/sitemap.xml")
    found = []
    for address in locations(index):
        found += locations(xml(visitor, re.sub(r"^https?://[^/]+", "", address)))
    assert len(found) == len(set(found))
    for reference in (sheet.reference, everything.reference):
        for language in ("fr", "en"):
            (address,) = [each for each in found if each.endswith(f"/{language}/systemes/{reference}/")]
            assert visitor.get(re.sub(r"^https?://[^/]+", "", address)).status_code == 200
    assert any(each.endswith("/fr/organismes/mpub/") for each in found)
    (dated,) = {each.text for each in index.iter(f"{MAPS}lastmod")}
    assert dated.startswith(PublicRecord.objects.latest("updated_at").updated_at.date().isoformat())


def test_each_address_has_its_date_and_its_twins(sheet, visitor):
    published_again(sheet, need_fr="Mieux dit.")
    root = xml(visitor, page_with(sheet))
    for url in root:
        twins = {link.get("hreflang"): link.get("href") for link in url.iter(LINK)}
        assert set(twins) == {"fr-CA", "en-CA", "x-default"} and twins["x-default"] == twins["fr-CA"]
        assert url.findtext(f"{MAPS}loc") in twins.values()
        assert url.findtext(f"{MAPS}lastmod") == sheet.publications.first().published_at.isoformat(timespec="seconds")


def test_withdrawn_and_withheld_stay_in_the_map_with_the_day_of_their_trace(sheet, everything, visitor):
    """An address that answers is in the map: read again, it makes search engines forget what they kept."""
    by = publisher_of(sheet.organization)
    withdraw_publication(system=sheet, reason="Une erreur.", by=by)
    withhold_system(system=everything, ground="investigation", by=by)
    dates = {url.findtext(f"{MAPS}loc"): url.findtext(f"{MAPS}lastmod") for url in xml(visitor, page_with(everything))}
    for system in (sheet, everything):
        (dated,) = [date for address, date in dates.items() if address.endswith(f"/fr/systemes/{system.reference}/")]
        assert dated == system.publications.latest("number").published_at.isoformat(timespec="seconds")
    assert 'name="robots" content="noindex"' in page_of(visitor, f"/fr/systemes/{sheet.reference}/")
    assert 'name="robots"' not in page_of(visitor, f"/fr/systemes/{everything.reference}/")


def test_pages_have_one_size_and_each_costs_what_the_first_costs(sheet, visitor, monkeypatch):
    monkeypatch.setattr(sitemap, "SYSTEMS_A_PAGE", 4)
    copies(sheet, 40)
    pages = [re.sub(r"^https?://[^/]+", "", each) for each in locations(xml(visitor, "/sitemap.xml"))[1:]]
    assert len(pages) >= 10
    asked, found = set(), []
    for path in pages:
        with CaptureQueriesContext(connection) as told:
            rows = locations(xml(visitor, path))
        assert len(rows) <= 2 * 4 < 10_000
        found += rows
        asked.add(len(told))
        assert not [query for query in told if "OFFSET" in query["sql"]]
    assert len(asked) == 1 and len(set(found)) == len(found) == 2 * 41


def test_a_full_page_is_small_enough_to_be_kept(sheet, visitor):
    from transparency.exports.sitemap import urlset_of
    from transparency.middleware.kept_pages import LONGEST_PAGE

    rows = [("systemes/D%C3%89MO-ABCDEFGHIJKL-000000001/", sheet.updated_at)] * sitemap.SYSTEMS_A_PAGE
    assert len(urlset_of(rows)) < LONGEST_PAGE


@pytest.mark.parametrize("number", ["0", "999999999", "9999999999999999999", "-1", "1.5", "abc", "٣", "1%00"])
def test_a_page_that_is_none_is_not_found(sheet, visitor, number):
    assert visitor.get(f"/sitemap-systemes-{number}.xml").status_code == 404


@pytest.mark.parametrize("path", ["/robots.txt", "/sitemap.xml", "/sitemap-pages.xml"])
def test_they_are_kept_until_something_is_published(sheet, visitor, path):
    first = visitor.get(path)
    assert visitor.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    with CaptureQueriesContext(connection) as told:
        visitor.get(path + "?x=1")
    assert len([query for query in told if "registry_publicrecord" in query["sql"]]) == 0
    published(public_organization(sigle="AUTRE"))
    assert visitor.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_map_tells_nothing_when_nothing_is_published(db, visitor):
    assert len(locations(xml(visitor, "/sitemap.xml"))) == 1
    assert len(locations(xml(visitor, "/sitemap-pages.xml"))) == 2 * len(TEXTS)


# --- In the pages -----------------------------------------------------------------------------------------------------


def head(visitor, path):
    page = page_of(visitor, path)
    canonical = re.findall(r'<link rel="canonical" href="([^"]+)"', page)
    twins = dict(re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)"', page))
    return (canonical or [""])[0], twins, 'content="noindex"' in page


@pytest.mark.parametrize(
    "path", ["", "recherche/", "organismes/mpub/", "donnees/", "systemes/QC-MPUB-0001/", "glossaire/"]
)
def test_a_page_names_its_address_and_its_twin(sheet, visitor, settings, path):
    canonical, twins, is_hidden = head(visitor, f"/en/{path}")
    assert canonical == twins["en-CA"] == f"{settings.PUBLIC_URL}/en/{path}" and not is_hidden
    assert twins["fr-CA"] == twins["x-default"] == f"{settings.PUBLIC_URL}/fr/{path}"


@pytest.mark.parametrize("path", ["recherche/?q=permis", "organismes/?page=2", "glossaire/?q=x"])
def test_the_answer_to_a_question_is_not_a_page_to_find(sheet, visitor, path):
    assert head(visitor, f"/fr/{path}") == ("", {}, True)


def test_an_earlier_version_is_left_out_and_that_in_force_leads_to_the_sheet(sheet, visitor, settings):
    published_again(sheet, need_fr="Mieux dit.")
    path = f"/fr/systemes/{sheet.reference}/"
    assert head(visitor, f"{path}v/1/")[2] and head(visitor, f"{path}v/1/fiche-complete/")[2]
    assert head(visitor, f"{path}v/2/")[0] == f"{settings.PUBLIC_URL}{path}"
    assert head(visitor, f"{path}v/2/fiche-complete/")[0] == f"{settings.PUBLIC_URL}{path}fiche-complete/"


def test_an_accent_in_a_number_is_written_as_addresses_want_it(public_body, visitor, settings):
    published(public_body, reference="DÉMO-MPUB-0009")
    canonical, _twins, _hidden = head(visitor, "/fr/systemes/DÉMO-MPUB-0009/")
    assert canonical == f"{settings.PUBLIC_URL}/fr/systemes/D%C3%89MO-MPUB-0009/"
