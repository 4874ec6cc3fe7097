"""Numbers beside the filters: exact, each leaving its own choices out; stored for the whole register; bounded."""

import re
from html import unescape
from threading import Thread

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from registry.models import FacetCount, PublicRecord
from registry.models.search import FACETS
from registry.public import site
from registry.public.search import answers, facets
from registry.public.search import query as queries
from registry.public.search.facets import count_search, register_counts
from registry.public.search.query import SystemSearch, shown_records
from registry.services import search_index
from registry.services.publication import withdraw_publication
from registry.services.search_index import fold_facet_counts, tidy_search
from tests.factories.publications import copies, public_organization, published, published_again, publisher_of
from tests.transparency.test_views_search import SEARCH, found


def numbers(client: Client, **query) -> dict[str, dict[str, str]]:
    """Facet → label → number, as the page shows them."""
    page = unescape(client.get("/en/recherche/", query).content.decode())
    told = {}
    for facet in page.split('<details class="vg-facet"')[1:]:
        name = re.search(r'name="(\w+)" type="checkbox"', facet)[1]
        rows = re.findall(r'<label[^>]*>([^<]+?) (?:<span class="vg-soft">\(([^)]*)\)</span>)?</label>', facet)
        told[name] = dict(rows)
    return told


@pytest.fixture
def three(public_body):
    """Two pilots and one in service, two bodies."""
    other = public_organization(sigle="LOIN", name_fr="Bureau lointain")
    return [
        published(public_body, name_fr="Tri des permis", phase="pilot", autonomy="alone", personal_information="yes"),
        published(public_body, name_fr="Tri des écoles", phase="in_service", autonomy="assists"),
        published(other, name_fr="Tri des neiges", phase="pilot", autonomy="assists"),
    ]


def test_each_choice_tells_how_many_systems_it_shows(three, visitor):
    told = numbers(visitor)
    assert told["body"] == {"Ministère des Exemples publics": "2", "Bureau lointain": "1"}
    assert told["phase"] == {"In pilot": "2", "In service": "1"}
    assert told["kind"] == {"Full sheet": "3"}
    assert "Idea" not in told["phase"], "a choice that would show nothing is not offered"


def test_the_numbers_of_a_filter_leave_its_own_choices_out(three, visitor):
    told = numbers(visitor, phase="in_service")
    assert told["phase"] == {"In pilot": "2", "In service": "1"}
    assert told["body"] == {"Ministère des Exemples publics": "1"}
    told = numbers(visitor, phase="pilot", body="mpub")
    assert told["phase"] == {"In pilot": "1", "In service": "1"}
    assert told["body"] == {"Ministère des Exemples publics": "1", "Bureau lointain": "1"}
    told = numbers(visitor, phase="pilot", q="écoles")
    assert told["phase"] == {"In pilot": "0", "In service": "1"}, "a chosen value is there to be taken off"
    assert numbers(visitor, q="écoles")["phase"] == {"In service": "1"}


def test_what_a_choice_tells_is_what_it_shows(three, visitor):
    """Every number of every facet, with and without words and filters, against the list itself."""
    for base in ({}, {"q": "tri"}, {"phase": "pilot"}, {"q": "tri", "phase": "pilot", "body": "mpub"}):
        counts = count_search(SystemSearch(base.get("q", ""), {k: (v,) for k, v in base.items() if k != "q"}))
        assert counts.total.count == len(found(visitor, **base)) and not counts.partial
        for name, values in counts.of.items():
            for value, count in values.items():
                shown = found(visitor, **(base | {name: value})) if value else None
                assert shown is None or len(shown) == count, (base, name, value)


def test_filters_with_numbers_need_no_script_and_each_is_taken_off_in_one_click(three, visitor):
    page = visitor.get(SEARCH, {"phase": "pilot", "body": "mpub"}).content.decode()
    assert 'href="?phase=pilot"' in page and 'href="?body=mpub"' in page
    assert '<form id="filtres" method="get"' in page and page.count('<details class="vg-facet" open>') == 2


def test_a_body_is_found_and_counted_under_its_old_sigle_too(three, public_body, visitor):
    bodies = PublicRecord.objects.filter(body_slug="loin")
    assert bodies.update(body_slug="hrb") == 1
    keep_old_name_of(public_body, "hrb")
    assert numbers(visitor)["body"]["Ministère des Exemples publics"] == "3"
    assert len(found(visitor, body="mpub")) == 3 == len(found(visitor, body="hrb"))


def keep_old_name_of(body, slug: str) -> None:
    from organizations.models import PublicBody, PublicBodyName

    PublicBodyName.objects.create(
        body=PublicBody.objects.get(organization=body), slug=slug, name_fr="Ancien nom", until="2026-01-01"
    )


def test_ten_bodies_are_shown_and_the_others_fold(db, visitor):
    for number in range(14):
        body = public_organization(sigle=f"ORG{number:02d}", name_fr=f"Organisme {number:02d}")
        published(body)
    published(body)
    page = visitor.get("/en/recherche/").content.decode()
    before, _rest, folded = page.partition("Show the 4 other choices")
    assert before.count('name="body"') == 10 and folded.count('name="body"') == 4
    assert before.index("Organisme 13") < before.index("Organisme 00"), "the body with the most systems comes first"
    page = visitor.get("/en/recherche/", {"body": "org12"}).content.decode()
    before, _rest, folded = page.partition("Show the 3 other choices")
    assert before.count('name="body"') == 11, "a chosen body is not folded away"


# --- Stored numbers --------------------------------------------------------------------------------------------------


def truth() -> dict[str, dict[str, int]]:
    told: dict[str, dict[str, int]] = {"": {"": shown_records().count()}}
    for name, facet in FACETS.items():
        rows = list(shown_records().order_by("pk").values_list(facet.column, flat=True))
        values = [value for row in rows for value in row] if facet.is_list else rows
        told[name] = {value: values.count(value) for value in values}
    return {name: values for name, values in told.items() if any(values.values())}


def stored() -> dict[str, dict[str, int]]:
    return {name: dict(values) for name, values in register_counts().items()}


def test_stored_numbers_follow_every_change(three, public_body):
    assert stored() == truth()
    published_again(three[0], phase="in_service")
    assert stored() == truth() and stored()["phase"] == {"in_service": 2, "pilot": 1}
    withdraw_publication(system=three[1], reason="Erreur.", by=publisher_of(public_body))
    assert stored() == truth() and stored()[""] == {"": 2}
    copies(three[0], 30)
    assert stored() == truth() and stored()[""] == {"": 32}
    PublicRecord.objects.filter(body_slug="mpub").delete()
    assert stored() == truth()


def test_folding_and_rebuilding_change_no_number(three, monkeypatch):
    before = stored()
    monkeypatch.setattr(search_index, "FEW_ROWS", 3)
    fold_facet_counts()
    assert stored() == before and FacetCount.objects.count() == sum(len(values) for values in before.values())
    FacetCount.objects.filter(facet="phase").delete()
    FacetCount.objects.create(facet="kind", value="line", change=40)
    tidy_search()
    assert stored() == before == truth()
    FacetCount.objects.all().delete()
    call_command("rebuild_search")
    assert stored() == before


def test_a_change_that_is_given_up_is_not_counted(three):
    before = stored()
    with pytest.raises(RuntimeError), transaction.atomic():
        published_again(three[0], phase="in_service")
        raise RuntimeError
    assert stored() == before


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_numbers_are_right_when_many_publish_at_once():
    """Nobody waits for a counter: eight at once, with a fold in the middle."""
    body = public_organization(sigle="MPUB")
    systems = [published(body, phase="pilot") for _number in range(8)]

    def publish(system) -> None:
        with translation.override("fr"):
            published_again(system, phase="in_service")
        connection.close()

    def fold() -> None:
        tidy_search()
        connection.close()

    threads = [Thread(target=publish, args=[system]) for system in systems]
    threads.insert(4, Thread(target=fold))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stored() == truth() and stored()["phase"] == {"in_service": 8}


# --- Bounds ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_bounds(monkeypatch):
    """As if 10,000 were 6 and 2,000 were 4."""
    for module in (queries, facets, site, answers):
        monkeypatch.setattr(module, "LISTED", 6, raising=False)
        monkeypatch.setattr(module, "RANKED", 4, raising=False)
    monkeypatch.setattr(queries.count_at_most, "__defaults__", (6,))
    monkeypatch.setattr("transparency.views.search.LISTED", 6)
    for module in (site, answers):
        monkeypatch.setattr(module, "PAGE_SIZE", 2)
    monkeypatch.setattr(site.find_systems, "__kwdefaults__", {"page": 1, "size": 2, "total": None})


@pytest.fixture
def seven(public_body):
    """One old system that is the most relevant, six recent ones that have the word too."""
    first = published(public_body, name_fr="Permis, permis et permis", phase="pilot")
    return [first, *(published(public_body, name_fr=f"Écoles {n}", phase="in_service") for n in range(6))]


def test_beyond_the_bound_numbers_say_so(seven, visitor, small_bounds):
    page = unescape(visitor.get("/en/recherche/", {"q": "permis"}).content.decode())
    assert "More than 6 systems" in page
    assert "counted among 6 of them" in page and "6 or more" in page
    assert "In pilot" in page, "every value is offered: none is told to be empty"
    page = unescape(visitor.get("/en/recherche/", {"q": "permis", "phase": "in_service"}).content.decode())
    assert "6 systems" in page and "More than" not in page


def test_of_very_many_the_latest_are_ranked_and_the_page_says_so(seven, visitor, small_bounds):
    page = visitor.get("/en/recherche/", {"q": "permis"}).content.decode()
    assert "the 4 most recent ones" in page
    first, second = found(visitor, q="permis"), found(visitor, q="permis", page="2")
    assert first[0] == seven[0].reference, "its name has the word, though it is old"
    assert len({*first, *second}) == 4
    assert seven[1].reference not in found(visitor, q="classe") + found(visitor, q="classe", page="2"), "old, no name"
    assert seven[1].reference in found(visitor, q="classe 0")
    page = visitor.get("/en/recherche/", {"q": "permis", "sort": "name"}).content.decode()
    assert "Were compared" not in page and "The pages show the first 6 systems" in page


@pytest.mark.parametrize("page", ["4", "9", "123456789"])
def test_a_page_too_deep_is_refused_with_a_sentence(seven, visitor, small_bounds, page):
    answer = visitor.get("/en/recherche/", {"page": page})
    assert answer.status_code == 200
    told = answer.content.decode()
    assert "The pages show the first 6 systems" in told and "Back to the first page" in told
    assert "vg-card__link" not in told and "vg-empty-state" not in told
    assert len(found(visitor, page="3")) == 2


def test_every_question_is_bounded(seven, visitor):
    """What is read does not grow: each list has its LIMIT, each count too."""
    for query in ({"q": "permis"}, {"q": "permis", "phase": "pilot"}, {"phase": "pilot", "body": "mpub"}, {}):
        with CaptureQueriesContext(connection) as told:
            visitor.get("/en/recherche/", query)
        asked = [each["sql"] for each in told if "registry_publicrecord" in each["sql"]]
        assert len(asked) <= 2
        for sql in asked:
            records = sql.count('FROM "registry_publicrecord"') + sql.count("FROM registry_publicrecord")
            assert records and sql.count("LIMIT") >= records, sql
        assert all("LIMIT 10001" in sql for sql in asked if sql.startswith("WITH"))
        assert len(told) <= 12


def test_the_most_read_for_relevance_is_bounded(seven, visitor, monkeypatch):
    monkeypatch.setattr(site, "RANKED", 4)
    with CaptureQueriesContext(connection) as told:
        visitor.get("/en/recherche/", {"q": "permis"})
    (ranking,) = [each["sql"] for each in told if "ts_rank" in each["sql"].lower()]
    assert ranking.count("LIMIT 4)") == 2 and ranking.rstrip().endswith("LIMIT 4")
