"""The bench measures what it says: its content is real, its table readable, its files accepted whole."""

import pytest

from bench import content, jobs, register, results
from bench.results import Result
from core import outbox
from core.models import AuditEvent, Intent
from organizations.models import Organization
from registry.models import AISystem, PublicRecord
from registry.public.sheet import find_sheet
from registry.public.site import SystemSearch, find_systems
from registry.services.imports import SOURCES
from registry.standards.foreign import Accepted
from registry.standards.tabular import read_table


@pytest.mark.slow
@pytest.mark.django_db
def test_its_register_is_found_by_staff_and_by_the_public():
    person = content.fill_bodies()
    content.fill_systems(1, 30, person)
    assert Organization.objects.count() == content.BODIES + 1
    assert AISystem.objects.visible_to(person).count() == PublicRecord.objects.count() == 30
    assert find_systems(SystemSearch(text="permis")).paginator.count > 0
    reference = AISystem.objects.order_by("pk")[0].reference
    sheet = find_sheet(reference)
    assert sheet is not None and sheet.kind == "sheet" and len(sheet.sections) > 4


@pytest.mark.django_db
def test_its_job_writes_one_row():
    jobs.ask_many(1)
    intent = Intent.objects.get()
    assert outbox.run(intent.pk)
    assert AuditEvent.objects.filter(verb="bench").count() == 1


@pytest.mark.slow
@pytest.mark.parametrize("code", register.FILES)
def test_its_foreign_registers_are_accepted_whole(code):
    source = SOURCES[code]
    table = read_table(register.FILES[code](), known_headers=source.layout.known_headers, takes_json=True)
    rows = list(source.parse(table))
    assert len(rows) == register.ROWS and all(isinstance(row, Accepted) for row in rows)


def test_its_table_shows_goal_figure_verdict_and_reference():
    found = [Result("Une mesure", "3 ms", "≤ 5 ms", True, "repère"), Result("Une autre", "9 ms", "≤ 5 ms", False)]
    for table in (results.as_text(found), results.as_markdown(found)):
        lines = table.splitlines()
        assert len(lines) == 4
        assert all(word in lines[2] for word in ("Une mesure", "≤ 5 ms", "3 ms", "oui", "repère"))
        assert "NON" in lines[3]


@pytest.mark.parametrize(
    ("value", "places", "shown"), [(1234.5, 1, "1\u00a0234,5"), (0.234, 2, "0,23"), (10_000, 0, "10\u00a0000")]
)
def test_numbers_are_written_as_in_quebec(value, places, shown):
    assert results.number(value, places) == shown
