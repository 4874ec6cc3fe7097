"""What each page of assessments, and each save, asks of the database: the same with few rows and with many."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Answer, Assessment
from assessments.services.beginning import begin_assessment
from assessments.services.saving import save_answers
from assessments.workflow import EFVP, AssessmentState
from core import clock
from organizations.models import Organization, User
from registry.models import AISystem
from review.services import open_thread
from tests.access.assessments import whole
from tests.assessments.exported import answer
from tests.factories.registry import SystemFactory

pytestmark = pytest.mark.django_db
# Session, person, functions, how many, the keys, the rows, the deposits; two of every page.
OF_THE_LIST = 9


@pytest.fixture
def efvp(system: AISystem, editor: User) -> Assessment:
    """Answered, with a comment."""
    found = answer(begin_assessment(system=system, instrument=EFVP, by=editor), whole(applies="unsure"), editor)
    open_thread(
        organization=found.organization,
        subject_uuid=found.uuid,
        place="project_name",
        label="Nom",
        address=at("threads", found.uuid, "project_name"),
        text="Est-ce le nom?",
        by=editor,
    )
    return found


@pytest.fixture
def client(editor: User, as_user: Callable[[User], Client]) -> Client:
    return as_user(editor)


def asked(ask: Callable[[], Any], status: int = 200) -> list[str]:
    """Every statement, savepoints too."""
    with CaptureQueriesContext(
        connection,
    ) as told:
        answer = ask()
    assert answer.status_code == status, answer.content[:500]
    return [one["sql"] for one in told.captured_queries]


def at(name: str, *args: object) -> str:
    return reverse(f"assessments:{name}", args=args)


def others(assessment: Assessment, number: int) -> None:
    """As many more of its system, replaced since, each with five of its answers."""
    moment, by = clock.now(), assessment.created_by
    when = {"created_at": moment, "created_by": by, "updated_at": moment, "updated_by": by}
    same = {name: getattr(assessment, name) for name in ("organization", "system", "version_asked", "instrument")}
    rows = Assessment.objects.bulk_create(
        Assessment(**same, **when, state=AssessmentState.SUPERSEDED) for _each in range(number)
    )
    answers = list(assessment.values().items())[:5]
    Answer.objects.bulk_create(
        Answer(assessment=row, question=code, value=value, version=1, updated_at=moment, updated_by=by)
        for row in rows
        for code, value in answers
    )


# --- Reading --------------------------------------------------------------------------------------------------------
def test_the_list_costs_the_same_with_five_rows_and_with_fifty(client: Client, body: Organization, editor: User):
    for number in range(50):
        if number in {5, 49}:
            few = asked(lambda: client.get(at("assessments")))
            assert len(few) == OF_THE_LIST, few
        system = SystemFactory(organization=body, created_by=editor, reference=f"QC-MTEST-{number:04d}")
        begin_assessment(system=system, instrument=EFVP, by=editor)
    page = client.get(at("assessments"))
    assert len(page.context["rows"]) == 50


@pytest.mark.parametrize(
    ("page", "more", "number"),
    [
        ("assessment", (), 9),
        ("section", ("project",), 10),
        ("section", ("risks",), 10),
        ("question", ("project_name",), 10),
        ("everything", (), 10),
        ("submit", (), 7),
        ("depth", (), 7),
        ("history", (), 9),
        ("print", (), 12),
    ],
    ids=lambda each: "-".join(each) if isinstance(each, tuple) else None,
)
def test_a_page_of_an_assessment(efvp: Assessment, client: Client, page: str, more: tuple[str, ...], number: int):
    """A whole section: fifteen at most are promised."""
    client.get(at(page, efvp.uuid, *more))
    told = asked(lambda: client.get(at(page, efvp.uuid, *more)))
    assert len(told) == number <= 15, told
    others(efvp, 20)
    assert len(asked(lambda: client.get(at(page, efvp.uuid, *more)))) == number


def test_the_page_of_a_system_costs_the_same_with_one_assessment_and_with_many(efvp: Assessment, client: Client):
    client.get(at("of_system", efvp.system.uuid))
    few = asked(lambda: client.get(at("of_system", efvp.system.uuid)))
    assert len(few) == 10, few
    others(efvp, 20)
    assert len(asked(lambda: client.get(at("of_system", efvp.system.uuid)))) == 10


# --- Saving ---------------------------------------------------------------------------------------------------------
def save(client: Client, assessment: Assessment, section: str, **sent: str) -> list[str]:
    """As the script of the page does; the session, the person and their functions are read too."""
    return asked(lambda: client.post(at("section", assessment.uuid, section), {"autosave": "1", **sent}))


def version_of(assessment: Assessment) -> str:
    return str(Assessment.objects.values_list("version", flat=True).get(pk=assessment.pk))


@pytest.mark.slow
def test_one_answer_saved_costs_the_same_among_ten_assessments_and_among_a_thousand(efvp: Assessment, client: Client):
    """Ten at most are promised, savepoints among them."""
    for number in (10, 990):
        others(efvp, number)
        told = save(client, efvp, "project", version=version_of(efvp), project_name=f"Tri {number}")
        assert len(told) == 10, told
    assert efvp.values()["project_name"] == "Tri 990"


def test_an_answer_beside_which_somebody_else_wrote(efvp: Assessment, client: Client, colleague: User):
    """What the page had shown is read from the history, in the same query as the answers."""
    seen = version_of(efvp)
    save_answers(assessment=efvp, leaves={"project_lead.name": "x"}, version=int(seen), by=colleague)
    told = save(client, efvp, "governance", version=seen, project_name="Tri")
    assert len(told) == 10, told
    told = save(client, efvp, "governance", version=seen, **{"project_lead.function": "Direction"})
    assert len(told) == 10, told
    assert efvp.values()["project_lead"] == {"function": "Direction", "name": "x"}


def test_what_is_not_new_writes_nothing(efvp: Assessment, client: Client):
    version = version_of(efvp)
    told = save(client, efvp, "project", version=version, quantity="under_100")
    assert len(told) == 8 and not any(sql.startswith(("INSERT", "UPDATE")) for sql in told), told
    assert version_of(efvp) == version
