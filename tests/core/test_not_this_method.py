"""An address that answers a button alone, typed in the bar of the browser: a page with a sentence and a way back."""

import re
from inspect import getclosurevars
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from organizations.models import User
from tests.access.routes import Route, all_routes

pytestmark = pytest.mark.django_db
WORDS = {"part": "hosting", "kind": "csv", "secret": "s" * 43}
BACK = re.compile(r'<main.*<a class="govuk-link" href="([^"]+)">', re.DOTALL)


def takes_no_get(route: Route) -> bool:
    view: Any = route.view
    while route.is_ours and view is not None:
        if allowed := getclosurevars(view).nonlocals.get("request_method_list"):
            return "GET" not in allowed
        view = getattr(view, "__wrapped__", None)
    return False


ROUTES = [route for route in all_routes() if hasattr(route.view, "__code__") and takes_no_get(route)]


def address_of(route: Route) -> str:
    kinds = re.findall(r"<(?:(\w+):)?(\w+)>", route.address)
    values = {"uuid": uuid4(), "int": 1}
    return reverse(route.page, kwargs={name: WORDS.get(name) or values[kind] for kind, name in kinds})


def test_there_are_some() -> None:
    assert len(ROUTES) > 20


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.page)
def test_each_says_so_and_leads_to_the_page_of_its_button(route: Route, as_user: Any, editor: User) -> None:
    client = as_user(editor)
    address = address_of(route)
    answer = client.get(address)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    found = BACK.search(answer.content.decode())
    assert found and address.startswith(found[1]) and found[1] != address
    assert client.get(found[1]).status_code != 405


def test_what_is_only_read_says_so_too(client: Client, as_user: Any, editor: User) -> None:
    answer = as_user(editor).post(reverse("registry:systems"), {"name": "Un texte"})
    assert answer.status_code == 405 and "GET" in answer["Allow"] and b"<h1" in answer.content


def test_programs_keep_their_own_answer(client: Client) -> None:
    answer = client.delete("/api/v1/systems")
    assert answer.status_code in {404, 405} and b"<h1" not in answer.content
