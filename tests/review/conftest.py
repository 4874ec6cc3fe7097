"""A case, a thread of comments, and the people around them."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from organizations.models import Organization, User
from review.models import Case, CommentThread
from review.services import open_thread, submit_case

DIGEST = "ab" * 32


@pytest.fixture
def submit(body: Organization, editor: User) -> Callable[..., Case]:
    """Submits a case of `body` by `editor`; a test says what is otherwise."""

    def make(**given: Any) -> Case:
        return submit_case(
            **{
                "organization": body,
                "subject": "publication",
                "label": "Tri des permis",
                "address": "/fr/espace/systemes/x/",
                "digest": DIGEST,
                "needs_other_person": True,
                "authors": [editor],
                "by": editor,
                **given,
            }
        )

    return make


@pytest.fixture
def case(submit: Callable[..., Case]) -> Case:
    return submit()


@pytest.fixture
def begin(body: Organization, editor: User) -> Callable[..., CommentThread]:
    """Begins a thread of `body`, by `editor`; a test says what is otherwise."""

    def make(**given: Any) -> CommentThread:
        return open_thread(
            **{
                "organization": body,
                "subject_uuid": uuid.uuid4(),
                "place": "b3_purposes",
                "label": "ÉFVP – Tri des demandes – À quelles fins?",
                "address": "/fr/espace/evaluations/x/",
                "text": "Qui a choisi ces fins?",
                "by": editor,
                **given,
            }
        )

    return make


@pytest.fixture
def thread(begin: Callable[..., CommentThread]) -> CommentThread:
    return begin()
