"""Feeds tell every version, so that whoever looks once a week misses none; what was taken back never comes again."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organizations.services.succession import rename_organization
from organizations.workflow import Role
from registry.public.news import LATEST, latest_news
from registry.services.publication import withdraw_publication
from registry.services.withholding import withhold_system
from tests.factories.organizations import person
from tests.factories.publications import public_organization, published, published_again, publisher_of
from tests.transparency.test_feeds import feed, titles

FEEDS = ("flux.atom", "organismes/mpub/flux.atom", "recherche/flux.atom?body=mpub")
NAME = "Tri des demandes de permis"
SECRET = "Une phrase qui nomme quelqu'un."


def told(visitor, path):
    return titles(feed(visitor, f"/en/{path}"))


def raw(visitor, path):
    return visitor.get(f"/en/{path}").content.decode()


@pytest.fixture
def twice(sheet):
    """Public as versions 1 and 2, which say what must be taken back."""
    published_again(sheet, summary_fr=SECRET, note=SECRET)
    return sheet


@pytest.mark.parametrize("path", FEEDS)
def test_every_version_is_told_the_latest_first(public_body, sheet, visitor, path):
    published_again(sheet, need_fr="Mieux dit.")
    other = published(public_body, name_fr="Repérage de nids-de-poule")
    published_again(sheet, need_fr="Encore mieux dit.")
    assert told(visitor, path) == [
        f"{NAME} – version 3 (major change)",
        f"{other.name_fr} – version 1 (first public version)",
        f"{NAME} – version 2 (major change)",
        f"{NAME} – version 1 (first public version)",
    ]


def test_each_entry_keeps_its_identifier_its_date_and_the_address_of_its_version(sheet, visitor):
    first = feed(visitor, "/fr/flux.atom").find("{http://www.w3.org/2005/Atom}entry")
    published_again(sheet, need_fr="Mieux dit.")
    second = feed(visitor, "/fr/flux.atom").findall("{http://www.w3.org/2005/Atom}entry")[1]
    assert [(one.tag, one.text, one.attrib) for one in first] == [(one.tag, one.text, one.attrib) for one in second]
    assert f"/systemes/{sheet.reference}/v/1/" in second.find("{http://www.w3.org/2005/Atom}link").get("href")


@pytest.mark.parametrize("path", [*FEEDS, "systemes/QC-MPUB-0001/flux.atom"])
def test_of_a_withheld_system_only_the_stub_is_told(twice, visitor, path):
    withhold_system(system=twice, ground="investigation", by=publisher_of(twice.organization))
    assert told(visitor, path) == ["System not disclosed – version 3 (not disclosed)"]
    assert SECRET not in raw(visitor, path) and NAME not in raw(visitor, path)


@pytest.mark.parametrize("path", [*FEEDS, "systemes/QC-MPUB-0001/flux.atom"])
def test_of_a_withdrawn_system_only_the_trace_is_told(twice, visitor, path):
    withdraw_publication(system=twice, reason="Une erreur.", by=publisher_of(twice.organization))
    # A search lists what is shown.
    assert told(visitor, path) == ([] if "recherche" in path else [f"{NAME} – version 3 (sheet withdrawn)"])
    assert SECRET not in raw(visitor, path)


@pytest.mark.parametrize("path", [*FEEDS, "systemes/QC-MPUB-0001/flux.atom"])
def test_what_was_taken_back_stays_away_once_the_system_is_public_again(twice, visitor, path):
    withdraw_publication(system=twice, reason="Une erreur.", by=publisher_of(twice.organization))
    published_again(twice, summary_fr="Classe les demandes.", note="La phrase est corrigée.")
    published_again(twice, need_fr="Mieux dit.")
    assert told(visitor, path) == [
        f"{NAME} – version 5 (major change)",
        f"{NAME} – version 4 (major change)",
        f"{NAME} – version 3 (sheet withdrawn)",
    ]
    assert SECRET not in raw(visitor, path)


def test_withheld_after_a_withdrawal_the_last_one_alone_is_told(twice, visitor):
    by = publisher_of(twice.organization)
    withdraw_publication(system=twice, reason=SECRET, by=by)
    withhold_system(system=twice, ground="investigation", by=by)
    for path in (*FEEDS, f"systemes/{twice.reference}/flux.atom"):
        assert told(visitor, path) == ["System not disclosed – version 4 (not disclosed)"]
        assert SECRET not in raw(visitor, path)


def test_the_feed_of_a_body_goes_on_under_its_new_sigle(public_body, sheet, visitor):
    by = person(public_body, Role.ORGANIZATION_ADMIN)
    still = published(public_body, name_fr="Jamais publié depuis")
    day = date(2026, 1, 1)
    rename_organization(organization=public_body, sigle="NEUF", name_fr="Nouveau nom", effective_on=day, by=by)
    sheet.refresh_from_db()
    published_again(sheet, need_fr="Mieux dit.")
    moved = visitor.get("/en/organismes/mpub/flux.atom")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/en/organismes/neuf/flux.atom")
    assert told(visitor, "organismes/neuf/flux.atom") == [
        f"{NAME} – version 2 (major change)",
        f"{still.name_fr} – version 1 (first public version)",
        f"{NAME} – version 1 (first public version)",
    ]


def test_the_feed_of_a_search_tells_every_version_of_what_answers_today_and_nothing_else(public_body, sheet, visitor):
    other = published(public_organization(sigle="AUTRE"), name_fr="Repérage", summary_fr="Photos de la chaussée.")
    published_again(other, need_fr="Mieux dit.")
    published_again(sheet, summary_fr="Classe les lettres.")
    assert told(visitor, "recherche/flux.atom?q=chauss%C3%A9e") == [
        "Repérage – version 2 (major change)",
        "Repérage – version 1 (first public version)",
    ]
    assert told(visitor, "recherche/flux.atom?q=lettres&body=mpub") == [
        f"{NAME} – version 2 (major change)",
        f"{NAME} – version 1 (first public version)",
    ]


def test_only_so_many_are_told_and_in_one_query(public_body, sheet):
    other = published(public_body)
    for number in range(LATEST):
        published_again(sheet, need_fr=f"Besoin {number}.")
    for asked in ({}, {"bodies": ["mpub"]}, {"references": [sheet.reference, other.reference]}):
        with CaptureQueriesContext(connection) as queries:
            news = latest_news(**asked)
        assert len(queries) == 1
        assert [one.number for one in news] == list(range(LATEST + 1, 1, -1))


def test_nothing_that_was_never_public_is_told(system, sheet):
    assert {one.reference for one in latest_news()} == {sheet.reference}
    assert latest_news(bodies=[]) == latest_news(references=[]) == []
