"""A case and the people around it."""

from collections.abc import Callable
from typing import Any

import pytest

from organizations.models import Organization, User
from review.models import Case
from review.services import submit_case

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
