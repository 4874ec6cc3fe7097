"""The strategy's page: counted from publications, by its own definition, and what is not known is never a zero."""

import csv
import io
import re
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from registry.field_catalogue import STRATEGIES
from registry.models import IndicatorOfYear, PublicRecord
from registry.public.strategy import Share, strategy_figures
from registry.rules.indicator import COUNTED_PHASES, followed_benefits, objectives_told
from registry.services.publication import withdraw_publication
from registry.services.withholding import withhold_system
from tests.factories.publications import copies, published, publisher_of
from tests.transparency.conftest import page_of, words_of

YEAR = clock.civil_date(clock.now()).year
BENEFIT, OTHER = "b1", "b2"


def document(*, phase="in_service", kind="sheet", details=True, benefits=(), measures=(), **system):
    parts = {"benefits": list(benefits), "measures": list(measures)}
    told = {"kind": kind, "system": {"phase": phase, **system}}
    return told | ({"details": {"parts": parts}} if details else {})


AIMED = {"id": BENEFIT, "target": "10"}


def measure(year=2026, benefit=BENEFIT, value="8"):
    return {"id": "m", "benefit": benefit, "year": year, "value": value}


@pytest.mark.parametrize(
    ("told", "codes"),
    [
        (document(benefits=[AIMED], measures=[measure(), measure(2025)]), ["told", "2025", "2026"]),
        (document(benefits=[AIMED], measures=[measure(value="0")]), ["told", "2026"]),
        (document(benefits=[{"id": BENEFIT}], measures=[measure()]), ["told", "none"]),
        (document(benefits=[AIMED], measures=[measure(benefit=OTHER)]), ["told", "none"]),
        (document(benefits=[AIMED], measures=[measure(value="")]), ["told", "none"]),
        (document(benefits=[AIMED]), ["told", "none"]),
        (document(), ["told", "none"]),
        (document(kind="line"), ["unknown"]),
        (document(details=False), ["unknown"]),
        (document(phase="idea", benefits=[AIMED], measures=[measure()]), []),
        (document(phase="", kind="withheld"), []),
    ],
)
def test_a_document_is_read_as_the_definition_says(told, codes):
    assert followed_benefits(told) == codes


def test_the_phases_that_count_are_those_of_the_definition():
    assert COUNTED_PHASES == {"pilot", "in_service", "regularizing"}


def test_a_sheet_that_names_no_objective_does_not_say_no():
    assert objectives_told(document(strategy_objectives=["2021-o1", "2021-o3"])) == ["told", "2021-o1", "2021-o3"]
    assert objectives_told(document()) == ["none"] and objectives_told(document(kind="line")) == []


@pytest.mark.parametrize(
    ("share", "percent"),
    [(Share(1, 3, 0), 33), (Share(2, 3, 0), 67), (Share(1, 2, 1), 100), (Share(0, 2, 0), 0), (Share(0, 2, 2), None),
     (Share(0, 0, 0), None), (Share(1, 200, 0), 1)],
)  # fmt: skip
def test_a_share_is_of_what_is_known_to_the_nearest_point(share, percent):
    assert share.percent == percent


@pytest.fixture
def register(everything, public_body):
    """One that is followed (its whole record), one that is not, a line in service, an idea, a withheld one."""
    record = PublicRecord.objects.get(reference=everything.reference)
    published(public_body, phase="pilot")
    published(public_body, phase="in_service", data_description_fr="")
    published(public_body, phase="idea", strategy_objectives=["2021-o1"])
    hidden = published(public_body, phase="in_service")
    withhold_system(system=hidden, ground="investigation", by=publisher_of(public_body))
    return record


def test_the_figures_are_those_of_the_publications(register):
    figures = strategy_figures(date(YEAR, 6, 1))
    counted = register.phase in COUNTED_PHASES
    assert counted and figures.indicator.year == YEAR and not figures.indicator.is_final
    followed = str(YEAR) in register.followed
    assert figures.indicator.share == Share(numerator=int(followed), denominator=3, unknown=1)
    assert figures.named.denominator == 5
    assert figures.named.numerator == 1 + bool(register.objectives != ["none"])
    systems = {each.code: each.systems for axis in figures.axes for each in axis.objectives}
    assert set(systems) == {each.code for each in figures.strategy.objectives}
    assert systems["2021-o1"] == 1 + ("2021-o1" in register.objectives)


def test_each_number_leads_to_its_list(register, visitor):
    page = page_of(visitor, "/en/strategie/")
    links = re.findall(r'href="(/en/recherche/\?[^"]+)"[^>]*>(\d+)', page)
    assert links
    for address, count in links:
        shown = words_of(page_of(visitor, address))
        assert f"{count} system" in shown, address
    assert "objective=none" in page and "followed=unknown" in page


def test_what_is_not_known_is_told_apart(register, visitor):
    words = words_of(page_of(visitor, "/en/strategie/"))
    assert "For 1 other system it is not known" in words and "not counted as a “no”" in words
    named = strategy_figures(clock.civil_date(clock.now())).named
    assert f"{named.numerator} of 5 systems name an objective" in words
    assert "Validated by" in words and "Numerator" in words and "according to a summary of the official text" in words


def test_the_table_says_the_same_as_the_page(register, visitor):
    answer = visitor.get("/fr/strategie.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    figures = strategy_figures(clock.civil_date(clock.now()))
    assert "attachment" in answer.headers["Content-Disposition"] and len(rows) == 10
    assert [rows[0][name] for name in ("systems", "of_systems", "not_known")] == [
        str(each) for each in (figures.indicator.share.numerator, 3, 1)
    ]
    told = {row["code"]: row["systems"] for row in rows[1:]}
    assert told == {each.code: str(each.systems) for axis in figures.axes for each in axis.objectives}


def test_an_empty_register_teaches(db, visitor):
    words = words_of(page_of(visitor, "/en/strategie/"))
    assert "Not applicable" in words and "0%" not in words and "Each objective will show here" in words


def test_after_its_last_day_a_strategy_says_that_it_is_over(register):
    strategy = STRATEGIES[-1]
    figures = strategy_figures(date(strategy.in_force_until.year + 2, 1, 1))
    assert not figures.is_in_force and figures.indicator.year == strategy.in_force_until.year


def kept(year, *numbers):
    names = ("numerator", "denominator", "unknown")
    return IndicatorOfYear.objects.create(year=year, counted_at=clock.now(), **dict(zip(names, numbers, strict=True)))


def test_the_years_before_stay_on_the_page_and_in_the_file(register, visitor):
    last = STRATEGIES[-1].in_force_from.year
    kept(YEAR - 1, 2, 9, 1)
    kept(YEAR - 2, 0, 4, 4)
    kept(last - 1, 7, 7, 0)
    words = words_of(page_of(visitor, "/en/strategie/"))
    assert f"{YEAR - 1} 25% 2 of 8 1" in words and f"{YEAR - 2} – 0 of 0 4" in words
    assert f"{last - 1} " not in words, "a year of another strategy"
    answer = visitor.get("/fr/strategie.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    told = [(row["year"], row["systems"], row["of_systems"], row["percent"], row["as_of"]) for row in rows[1:3]]
    assert told == [
        (str(YEAR - 1), "2", "9", "25", f"{YEAR - 1}-12-31"),
        (str(YEAR - 2), "0", "4", "", f"{YEAR - 2}-12-31"),
    ]


def test_the_last_year_of_a_strategy_is_what_was_kept_of_it(register):
    until = STRATEGIES[-1].in_force_until
    kept(until.year, 3, 5, 1)
    figures = strategy_figures(date(until.year + 1, 6, 1))
    assert figures.indicator.is_final and figures.indicator.share == Share(3, 5, 1) and figures.past == ()


def test_a_withdrawn_sheet_counts_no_more(everything, public_body):
    before = strategy_figures(date(YEAR, 6, 1))
    withdraw_publication(system=everything, reason="Une erreur.", by=publisher_of(public_body))
    after = strategy_figures(date(YEAR, 6, 1))
    assert before.indicator.share.denominator == 1 and after.indicator.share.denominator == 0


def test_records_made_again_say_the_same(register):
    before = strategy_figures(date(YEAR, 6, 1))
    PublicRecord.objects.update(objectives=[], followed=[])
    stale = strategy_figures(date(YEAR, 6, 1))
    assert stale.indicator.share == Share(0, 3, 3) and stale.named == Share(0, 5, 5), "not known, and no zero"
    call_command("rebuild_search")
    assert strategy_figures(date(YEAR, 6, 1)) == before


@pytest.mark.parametrize("path", ["strategie/", "strategie.csv"])
def test_as_many_questions_whatever_the_number_of_systems(everything, visitor, path):
    asked = []
    for number in range(2):
        copies(everything, 20)
        with CaptureQueriesContext(connection) as told:
            assert visitor.get(f"/fr/{path}").status_code == 200
        asked.append(len(told))
        assert number < 2
    assert asked[0] == asked[1] <= 8


@pytest.mark.parametrize("value", ["zzz", "%00", "2021-o1' OR 1=1", "9" * 500, "<script>"])
@pytest.mark.parametrize("name", ["objective", "followed"])
def test_hostile_filters_find_nothing(register, visitor, name, value):
    answer = visitor.get("/fr/recherche/", {name: value})
    assert answer.status_code == 200 and b"<script>" not in answer.content
    assert visitor.get("/fr/strategie/", {name: value}).status_code == 200
