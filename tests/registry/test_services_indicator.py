"""The strategy's indicator of each year that is over: counted as the public read the register on 31 December."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from core import clock
from core.audit import NamedJob
from core.models import AuditEvent
from registry.models import Benefit, IndicatorOfYear
from registry.services.indicator import keep_indicator_of_past_years
from registry.services.publication import withdraw_publication
from registry.tasks.indicator import keep_indicator
from tests.factories.publications import public_organization, published, published_again, publisher_of

pytestmark = pytest.mark.django_db
JOB = NamedJob("keep_indicator")
# 31 December of that year, half an hour before midnight in Québec.
EVE = datetime(2025, 1, 1, 4, 30, tzinfo=UTC)
NEW_YEAR = EVE + timedelta(hours=1)


@pytest.fixture
def at(monkeypatch):
    """That moment is now, for who asks the clock."""

    @contextmanager
    def travel(moment):
        with monkeypatch.context() as patch:
            patch.setattr(clock, "now", lambda: moment)
            yield

    return travel


@pytest.fixture
def body():
    """With somebody who published there for years."""
    body = public_organization()
    publisher_of(body).memberships.update(starts_on=date(2015, 1, 1))
    return body


def figures():
    return list(IndicatorOfYear.objects.values_list("year", "numerator", "denominator", "unknown"))


def with_benefit(system, *, year):
    """A target, and what was measured that year."""
    by, moment = publisher_of(system.organization), clock.now()
    stamps = {"created_at": moment, "created_by": by, "updated_at": moment, "updated_by": by}
    benefit = Benefit.objects.create(system=system, name_fr="Délai", unit_fr="jours", target=10, **stamps)
    benefit.measures.create(system=system, year=year, value=8, **stamps)


def test_what_was_public_at_midnight_in_quebec_is_what_counts(body, at):
    with at(EVE):
        followed = published(body, phase="in_service")
        with_benefit(followed, year=2024)
        published_again(followed, need_fr="Autrement dit.")
        published(body, phase="pilot")
        published(body, phase="in_service", data_description_fr="")
        published(body, phase="idea")
        gone = published(body, phase="in_service")
        withdraw_publication(system=gone, reason="Une erreur.", by=publisher_of(body))
    with at(NEW_YEAR):
        published(body, phase="in_service")
        withdraw_publication(system=followed, reason="Une erreur.", by=publisher_of(body))
        keep_indicator_of_past_years(by=JOB)
    assert figures() == [(2024, 1, 3, 1)]


def test_a_year_is_counted_once_and_told_once(body, at):
    with at(EVE):
        system = published(body, phase="pilot")
        assert keep_indicator_of_past_years(by=JOB) == [], "the year is not over"
    with at(NEW_YEAR):
        keep_indicator()
        published_again(system, phase="idea")
        keep_indicator()
    assert figures() == [(2024, 0, 1, 0)]
    (event,) = AuditEvent.objects.filter(verb="keep_indicator_of_year")
    assert event.facts["year"] == 2024 and event.facts["denominator"] == 1


def test_years_that_nobody_counted_are_counted_later_each_as_it_was(body, at):
    with at(datetime(2019, 6, 1, tzinfo=UTC)):
        system = published(body, phase="in_service")
    with at(datetime(2022, 6, 1, tzinfo=UTC)):
        published_again(system, phase="suspended")
    with at(datetime(2024, 6, 1, tzinfo=UTC)):
        keep_indicator()
    assert figures() == [(2023, 0, 0, 0), (2022, 0, 0, 0), (2021, 0, 1, 0)], "no strategy before 2021"


def test_an_empty_register_keeps_nothing():
    keep_indicator()
    assert not IndicatorOfYear.objects.exists()


def test_a_kept_figure_never_changes_and_its_parts_are_within_the_whole():
    row = IndicatorOfYear.objects.create(year=2024, numerator=1, denominator=3, unknown=2, counted_at=clock.now())
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        IndicatorOfYear.objects.filter(pk=row.pk).update(numerator=3)
    with pytest.raises(IntegrityError, match="indicatorofyear_parts_within_whole"), transaction.atomic():
        IndicatorOfYear.objects.create(year=2023, numerator=2, denominator=3, unknown=2, counted_at=clock.now())
