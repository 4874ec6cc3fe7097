"""Twelve moments of a life lead into the register, each fed by what sheets answer."""

import re

import pytest

from registry.field_catalogue import CATALOGUE
from registry.public.entries import life_event_entries
from registry.public.search.facets import register_counts
from registry.services.publication import publish_system, withdraw_publication

pytestmark = pytest.mark.django_db


def test_the_twelve_and_none_for_nothing():
    codes = [entry.code for entry in life_event_entries(register_counts())]
    assert len(codes) == 12 and "none" not in codes
    assert set(codes) < {choice.code for choice in CATALOGUE.field("life_events").choices}


def test_a_sheet_feeds_its_moments_and_the_home_page_leads_there(system, editor, visitor):
    system.life_events = ["housing", "taxes"]
    system.save()
    publish_system(system=system, by=editor)
    counts = {entry.code: entry.count for entry in life_event_entries(register_counts())}
    assert counts["housing"] == counts["taxes"] == 1 and sum(counts.values()) == 2
    page = visitor.get("/fr/").content.decode()
    links = re.findall(r'href="/fr/recherche/\?life_events=(\w+)"', page)
    assert sorted(links) == ["housing", "taxes"]
    assert system.name_fr in visitor.get("/fr/recherche/?life_events=housing").content.decode()
    assert system.name_fr not in visitor.get("/fr/recherche/?life_events=school").content.decode()


def test_a_withdrawn_sheet_leaves_its_moments(system, editor, reviewer):
    system.life_events = ["housing"]
    system.save()
    publish_system(system=system, by=editor)
    withdraw_publication(system=system, reason="Une erreur.", by=reviewer)
    assert sum(entry.count for entry in life_event_entries(register_counts())) == 0
