"""Every test of this folder plays in a browser; people who sit down in front of a page."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from assessments.models import Assessment
from assessments.services.beginning import begin_assessment
from assessments.workflow import EFVP
from organizations.models import User
from registry.models import AISystem
from tests.e2e.test_save_status import sign_in


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/e2e" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def open_page(new_context: Callable[..., BrowserContext], as_user: Any, script: bool) -> Callable[..., Page]:
    """A page of somebody who is signed in, or of nobody (`None`), with or without scripts as the test is played."""

    def sit_down(of: User | None, address: str, **options: Any) -> Page:
        context = new_context(java_script_enabled=script, **options)
        if of:
            sign_in(context, as_user, of)
        page = context.new_page()
        page.goto(address)
        return page

    return sit_down


@pytest.fixture
def efvp(system: AISystem, editor: User) -> Assessment:
    """A privacy assessment just begun, of a system that uses personal information."""
    system.personal_information = "yes"
    system.save()
    return begin_assessment(system=system, instrument=EFVP, by=editor)
