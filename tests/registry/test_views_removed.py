"""Removed by somebody else while one is changing it: what was typed comes back, to who might change it."""

import uuid

import pytest

from organizations.workflow import Role
from registry.services.parts import add_part, remove_part
from registry.services.solutions import remove_claim
from tests.factories.organizations import person
from tests.factories.registry import SystemFactory
from tests.factories.solutions import CLAIM, claim_of, solution_of

pytestmark = pytest.mark.django_db
TYPED = "Trois volumes reliés en cuir"


@pytest.fixture
def removed_row(system, editor) -> str:
    row = add_part(
        system=system, part="datasets", answers={"name_fr": "Demandes reçues", "roles": ["input"]}, by=editor
    )
    remove_part(row=row, part="datasets", by=editor)
    return f"/fr/espace/systemes/{system.uuid}/lignes/datasets/{row.uuid}/"


@pytest.fixture
def removed_draft(body, editor) -> str:
    draft = SystemFactory(organization=body)
    draft.delete()
    return f"/fr/espace/systemes/{draft.uuid}/questions/purpose/"


def test_a_row_removed_meanwhile_gives_back_what_was_typed(system, removed_row, editor, as_user):
    answer = as_user(editor).post(removed_row, {"name_fr": TYPED, "version": 1})
    page = answer.content.decode()
    assert answer.status_code == 409 and TYPED in page and "readonly" in page
    assert f"/fr/espace/systemes/{system.uuid}/lignes/datasets/ajouter/" in page


def test_only_what_was_there_once_and_only_a_sending(system, removed_row, editor, as_user):
    client = as_user(editor)
    assert client.get(removed_row).status_code == 404
    never = f"/fr/espace/systemes/{system.uuid}/lignes/datasets/{uuid.uuid4()}/"
    assert client.post(never, {"name_fr": TYPED}).status_code == 404
    assert client.post(removed_row.replace("datasets", "zzz"), {"name_fr": TYPED}).status_code == 404


def test_who_may_not_see_the_record_learns_nothing(removed_row, removed_draft, body, outsider, as_user):
    for address in (removed_row, removed_draft):
        assert as_user(outsider).post(address, {"name_fr": TYPED}).status_code == 404
    assert as_user(person(body, Role.READER)).post(removed_draft, {"name_fr": TYPED}).status_code == 404


def test_a_claim_removed_meanwhile_gives_back_what_was_typed(body, editor, outsider, as_user):
    solution = solution_of(body, editor)
    claim = claim_of(solution, editor)
    remove_claim(claim=claim, by=editor)
    address = f"/fr/espace/solutions/{solution.uuid}/affirmations/{claim.uuid}/"
    answer = as_user(editor).post(address, {**CLAIM, "source": TYPED, "version": 1})
    assert answer.status_code == 409 and TYPED in answer.content.decode()
    assert as_user(outsider).post(address, {**CLAIM, "source": TYPED}).status_code == 403
    assert as_user(editor).post(address.replace(str(claim.uuid), str(uuid.uuid4())), CLAIM).status_code == 404


def test_a_draft_taken_back_with_its_import_gives_back_what_was_typed(removed_draft, editor, as_user):
    client = as_user(editor)
    for address in (removed_draft, removed_draft.replace("questions/purpose/", "modifier/")):
        answer = client.post(address, {"need_fr": TYPED, "version": 1})
        assert answer.status_code == 409 and TYPED in answer.content.decode()
    saved = client.post(removed_draft, {"need_fr": TYPED, "version": 1, "autosave": "1"})
    assert saved.status_code == 409 and saved.json()["message"]
