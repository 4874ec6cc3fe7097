"""Public bodies: found by name or old name, with what they published."""

import re
from datetime import date

import pytest

from organizations.models import PublicBody
from organizations.services.public_copy import keep_old_name
from tests.factories.publications import public_organization, published


def listed(client, **query) -> list[str]:
    answer = client.get("/fr/organismes/", query)
    assert answer.status_code == 200
    return re.findall(r'class="vg-card__link" href="/fr/organismes/([^/]+)/"', answer.content.decode())


@pytest.fixture
def bodies(db):
    """Two systems at Beta, one at Alpha, none at Zeta."""
    alpha = public_organization(sigle="ALPHA", name_fr="Agence des écoles")
    beta = public_organization(sigle="BETA", name_fr="Bureau du bois")
    zeta = public_organization(sigle="ZETA", name_fr="Zone franche")
    published(alpha)
    published(beta)
    published(beta)
    return alpha, beta, zeta


def test_every_body_by_name_or_by_number_of_systems(bodies, visitor):
    assert listed(visitor) == ["alpha", "beta", "zeta"]
    assert listed(visitor, sort="systems") == ["beta", "alpha", "zeta"]
    assert listed(visitor, avec="1") == ["alpha", "beta"]


@pytest.mark.parametrize(
    ("words", "slugs"), [("ECOLES", ["alpha"]), ("bêta", ["beta"]), ("bureau bois", ["beta"]), ("rien", [])]
)
def test_a_body_is_found_without_accents(bodies, visitor, words, slugs):
    assert listed(visitor, q=words) == slugs


def test_the_page_of_a_body_has_its_systems_and_contacts(bodies, visitor):
    page = visitor.get("/fr/organismes/beta/").content.decode()
    assert page.count("vg-card__link") == 2
    assert 'href="tel:4185550100"' in page and "1, rue des Exemples" in page
    page = visitor.get("/en/organismes/zeta/").content.decode()
    assert "Nothing published yet" in page


def test_capitals_lead_to_the_one_address(bodies, visitor):
    answer = visitor.get("/fr/organismes/BETA/")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/fr/organismes/beta/")


def test_an_old_sigle_leads_to_the_body_of_today_which_says_so(bodies, visitor):
    _alpha, beta, _zeta = bodies
    body = PublicBody.objects.get(organization=beta)
    keep_old_name(body=body, sigle="VIEUX", name_fr="Bureau des forêts", until=date(2025, 4, 1))
    answer = visitor.get("/fr/organismes/vieux/")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/fr/organismes/beta/?ancien=vieux")
    page = visitor.get("/en/organismes/beta/?ancien=vieux").content.decode()
    assert "Another name today" in page and "VIEUX" in page
    assert "Another name today" not in visitor.get("/en/organismes/beta/?ancien=autre").content.decode()
    assert listed(visitor, q="forets") == ["beta"]


def test_systems_published_under_an_old_sigle_stay_with_the_body_of_today(bodies, visitor):
    alpha, beta, _zeta = bodies
    PublicBody.objects.get(organization=alpha).delete()
    body = PublicBody.objects.get(organization=beta)
    keep_old_name(body=body, sigle="ALPHA", name_fr="Agence", until=date(2025, 4, 1))
    page = visitor.get("/fr/organismes/beta/").content.decode()
    assert page.count("vg-card__link") == 3
    system = alpha.systems.get()
    answer = visitor.get(f"/fr/systemes/{system.reference}/")
    assert answer.status_code == 200
    assert "Bureau du bois" in answer.content.decode(), "whom to reach is the body of today"


def test_an_empty_register_teaches(db, visitor):
    for path in ("/en/", "/en/organismes/", "/en/recherche/", "/en/ailleurs/"):
        assert "vg-empty-state" in visitor.get(path).content.decode(), path


FIGURE = re.compile(r'<a class="govuk-link" href="([^"]+)">([^<]+)</a>\s*([^<]*)</dt><dd class="vg-stat__value">(\d+)')


def test_what_is_not_known_is_never_shown_as_zero(public_body, visitor):
    published(public_body, personal_information="unsure")
    assert [label for _url, label, *_rest in FIGURE.findall(visitor.get("/en/").content.decode())] == [
        "declared system",
        "public body has published here",
    ]
    published(public_body, personal_information="yes", autonomy="alone")
    figures = [figure[1:] for figure in FIGURE.findall(visitor.get("/en/").content.decode())][2:]
    assert figures == [
        ("uses personal information", "of 1 system where it is known", "1"),
        ("decides by itself", "of 1 system where it is known", "1"),
    ]


def test_home_figures_lead_to_their_lists(bodies, visitor):
    page = visitor.get("/en/").content.decode()
    assert FIGURE.findall(page) == [
        ("/en/recherche/", "declared systems", "", "3"),
        ("/en/organismes/?etat=published", "public bodies have published here", "of 3", "2"),
        ("/en/recherche/?personal=yes", "use personal information", "of 3 systems where it is known", "0"),
        (
            "/en/recherche/?autonomy=supervised&amp;autonomy=alone",
            "decide by themselves",
            "of 3 systems where it is known",
            "0",
        ),
    ]
    for url, _label, _known, count in FIGURE.findall(page):
        text = visitor.get(url.replace("&amp;", "&")).content.decode()
        assert re.search(rf"vg-result-count[^>]*>{count} ", text), url
