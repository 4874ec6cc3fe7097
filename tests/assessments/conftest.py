"""Questionnaires of the tests as rows, assessments begun by them, and the people of a body who fill them in."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import NoReverseMatch, reverse

from assessments.models import Assessment, GuestAccess, QuestionnaireVersion
from assessments.questionnaires import Questionnaire, load, read_questionnaire
from assessments.services import submitting
from assessments.services.beginning import begin_assessment
from assessments.services.guests import invite_guest
from assessments.services.saving import SavedAnswers, save_answers
from assessments.services.versions import add_version
from core import clock
from core.audit import NamedJob
from organizations.models import Organization, User
from organizations.workflow import Role
from registry.models import AISystem
from tests.factories.organizations import person

DATA = Path(__file__).parent / "data"


@pytest.fixture(autouse=True)
def an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine is tried without its pages: an assessment has an address all the same."""

    def address(name: str, args: list[Any]) -> str:
        try:
            return reverse(name, args=args)
        except NoReverseMatch:
            return f"/evaluations/{args[0]}/"

    monkeypatch.setattr(submitting, "reverse", address)


@pytest.fixture(scope="session")
def contents() -> dict[str, dict[str, Any]]:
    """Id → content of each questionnaire of the tests. Not to be changed: copy it."""
    return {path.stem: load(path) for path in sorted(DATA.glob("*.yaml")) if path.stem != "projects"}


@pytest.fixture
def every_kind(contents: dict[str, dict[str, Any]]) -> Questionnaire:
    return read_questionnaire(contents["every_kind"])


@pytest.fixture
def five_questions(contents: dict[str, dict[str, Any]]) -> Questionnaire:
    return read_questionnaire(contents["five_questions"])


@pytest.fixture
def questionnaires(db: None, contents: dict[str, dict[str, Any]]) -> dict[str, QuestionnaireVersion]:
    """As rows, the way a release makes them."""
    rows = {name: add_version(content=content, by=NamedJob("tests")) for name, content in contents.items()}
    return {name: row for name, row in rows.items() if row is not None}


@pytest.fixture
def assessment(questionnaires: Any, system: AISystem, editor: User) -> Assessment:
    """A draft of the questionnaire of every kind, just begun by `editor`."""
    return begin_assessment(system=system, instrument="every_kind", by=editor)


@pytest.fixture
def colleague(body: Organization) -> User:
    return person(body, Role.CONTRIBUTOR, email="colleague@organisme.example", name="Collègue")


@pytest.fixture
def authority(body: Organization) -> User:
    """Decides and accepts what remains critical; writes nothing."""
    return person(body, Role.DECIDING_AUTHORITY, email="authority@organisme.example", name="Autorité")


@pytest.fixture
def reader(body: Organization) -> User:
    """Reads what the body has declared, and none of its working papers."""
    return person(body, Role.READER, email="reader@organisme.example", name="Lecture seule")


Save = Callable[..., SavedAnswers]


@pytest.fixture
def save(editor: User) -> Iterator[Save]:
    """`save(assessment, {"name": "x"}, version=…, by=…)`: by the editor, from the present version."""

    def saving(assessment: Assessment, leaves: dict[str, Any], **given: Any) -> SavedAnswers:
        version = given.pop("version", None)
        if version is None:
            version = Assessment.objects.values_list("version", flat=True).get(pk=assessment.pk)
        return save_answers(assessment=assessment, leaves=leaves, version=version, by=given.pop("by", editor), **given)

    yield saving


@pytest.fixture
def invite(assessment: Assessment, editor: User) -> Callable[..., GuestAccess]:
    """Invites somebody of a supplier to answer `notice` and `story`; a test says what is otherwise."""

    def make(**given: Any) -> GuestAccess:
        usual = {
            "assessment": assessment,
            "name": "Personne invitée",
            "email": "soutien@fournisseur.example",
            "on_behalf_of": "Fournisseur",
            "questions": ["notice", "story"],
            "language": "fr",
            "ends_on": clock.civil_date(clock.now()) + timedelta(days=5),
            "by": editor,
        }
        return invite_guest(**{**usual, **given})[0]

    return make


WHOLE = {
    "name": "Tri des demandes",
    "sensitive": "no",
    "people": "few",
    "ratings_of_risks.access.applies": "no",
}
"""What a short assessment of every kind cannot do without."""
