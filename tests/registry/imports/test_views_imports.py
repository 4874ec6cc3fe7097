"""The list of imports, and a register from elsewhere handed in on a page."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from organizations.models import User
from registry.models import AISystem, ForeignSystem, ImportRun
from registry.services.imports import register
from registry.workflow import RunState
from tests.registry.imports.builders import SCRIPT, canada, csv_of, dirty_edition

pytestmark = pytest.mark.django_db
HandIn = Callable[..., ImportRun]
SignIn = Callable[[User], Client]
LIST = "registry:imports"


def hand_in_register(client: Client, content: bytes) -> Any:
    file = SimpleUploadedFile("registre.csv", content)
    fields = {"register": "ca", "file": file, "request_key": str(uuid4())}
    return client.post(reverse("registry:import_register"), fields)


@pytest.mark.slow
def test_a_register_comes_in_by_a_job_and_its_page_tells(
    as_user: SignIn, operator: User, run_jobs: Callable[[], int]
) -> None:
    client = as_user(operator)
    sent = hand_in_register(client, dirty_edition(20))
    assert sent.status_code == 303
    assert "vg-job" in client.get(sent["Location"]).content.decode()
    assert run_jobs() == 1
    page = client.get(sent["Location"])
    assert [row.number for row in page.context["rows"]] == [5, 6, 7, 22]
    assert page.context["recodings"]["rows"]
    assert SCRIPT not in page.content.decode()
    assert ForeignSystem.objects.count() == 17 and not AISystem.objects.exists()
    lines = client.post(reverse("registry:import_rejects", args=[ImportRun.objects.get().uuid])).content.splitlines()
    assert len(lines) == 5 and b"ai_register_id" in lines[0]


def test_a_long_register_comes_in_by_parts(
    as_user: SignIn, operator: User, run_jobs: Callable[[], int], monkeypatch: Any
) -> None:
    monkeypatch.setattr(register, "PART", 6)
    hand_in_register(as_user(operator), dirty_edition(20))
    assert run_jobs() == 4
    run = ImportRun.objects.get()
    assert (run.state, run.created_count, run.rejected_count) == (RunState.DONE, 17, 4)
    assert run.started_by == operator


def test_a_file_that_is_not_the_register_fails_with_its_reason(
    as_user: SignIn, operator: User, run_jobs: Callable[[], int]
) -> None:
    client = as_user(operator)
    sent = hand_in_register(client, b"Nom;Phase\nTri;Pilote\n")
    run_jobs()
    page = client.get(sent["Location"])
    assert ImportRun.objects.get().failure == "not_this_register"
    assert "Nom, Phase" in page.content.decode()


def test_an_unknown_register_or_no_file_is_said(as_user: SignIn, operator: User) -> None:
    client = as_user(operator)
    response = client.post(reverse("registry:import_register"), {"register": "zz", "request_key": str(uuid4())})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"register", "file"}


def test_a_register_is_for_those_who_operate(as_user: SignIn, operator: User, editor: User) -> None:
    assert as_user(operator).get(reverse("registry:import_register")).status_code == 200
    client = as_user(editor)
    assert client.get(reverse("registry:import_register")).status_code == 403
    assert hand_in_register(client, csv_of([canada()])).status_code == 403
    hand_in_register(as_user(operator), csv_of([canada()]))
    run = ImportRun.objects.get()
    assert client.get(reverse("registry:import_run", args=[run.uuid])).status_code == 403


def test_the_pages_of_an_inventory_know_no_register(as_user: SignIn, operator: User) -> None:
    client = as_user(operator)
    hand_in_register(client, csv_of([canada()]))
    run = ImportRun.objects.get()
    assert client.get(reverse("registry:import_columns", args=[run.uuid])).status_code == 404


def test_the_list_shows_each_what_they_may_see(
    hand_in: HandIn, as_user: SignIn, three_rows: bytes, editor: User, operator: User, outsider: User, reviewer: User
) -> None:
    run = hand_in(three_rows, start=True)
    hand_in_register(as_user(operator), csv_of([canada()]))
    seen = {
        user.email: [each["run"].kind for each in as_user(user).get(reverse(LIST)).context["rows"]]
        for user in (editor, operator, outsider)
    }
    assert list(seen.values()) == [["inventory"], ["register"], []]
    assert as_user(reviewer).get(reverse(LIST)).status_code == 403
    assert run.file_name in as_user(editor).get(reverse(LIST)).content.decode()


def test_the_list_filters_sorts_and_forgives_nonsense(hand_in: HandIn, as_user: SignIn, editor: User) -> None:
    first = hand_in(b"Nom\nTri\n")
    second = hand_in(b"Nom\nSuivi\n", start=True)
    client = as_user(editor)

    def shown(query: str) -> list[Any]:
        return [each["run"].pk for each in client.get(reverse(LIST) + query).context["rows"]]

    assert shown("") == [second.pk, first.pk]
    assert shown("?sort=started") == [first.pk, second.pk]
    assert shown("?state=done") == [second.pk]
    assert shown("?kind=register") == []
    assert shown("?state=nonsense&sort=nonsense&page=99") == [second.pk, first.pk]


def test_an_empty_list_teaches(as_user: SignIn, editor: User, operator: User) -> None:
    assert reverse("registry:import_inventory") in as_user(editor).get(reverse(LIST)).content.decode()
    assert reverse("registry:import_register") in as_user(operator).get(reverse(LIST)).content.decode()


def test_the_list_costs_as_much_for_one_import_as_for_many(
    hand_in: HandIn, as_user: SignIn, editor: User, django_assert_max_num_queries: Any
) -> None:
    client = as_user(editor)
    hand_in(b"Nom\nTri\n")
    with django_assert_max_num_queries(50) as one:
        client.get(reverse(LIST))
    for _ in range(5):
        hand_in(b"Nom\nTri\n")
    with django_assert_max_num_queries(len(one)):
        client.get(reverse(LIST))


@pytest.mark.parametrize("name", [LIST, "registry:import_inventory", "registry:import_register"])
def test_visitors_are_asked_to_sign_in(client: Client, name: str) -> None:
    response = client.get(reverse(name))
    assert response.status_code == 302 and "next=" in response["Location"]


def test_a_demonstration_says_so_in_its_files(hand_in: HandIn, as_user: SignIn, editor: User, body: Any) -> None:
    body.is_demonstration = True
    body.save()
    run = hand_in(b"Nom;Statut\n;Pilote\nTri;Pilote\n", start=True)
    content = as_user(editor).post(reverse("registry:import_rejects", args=[run.uuid])).content.decode()
    heads, row = content.splitlines()
    assert heads.endswith("Nom;Statut;Démonstration") and row.endswith(";Oui")


def test_a_register_that_the_scanner_refuses_is_said_beside_its_field(
    as_user: SignIn, operator: User, settings: Any
) -> None:
    settings.FILE_SCANNER = "tests.registry.imports.test_inventory.refuse_all"
    response = hand_in_register(as_user(operator), csv_of([canada()]))
    assert response.status_code == 422 and response.context["form"].errors["file"]
    assert not ImportRun.objects.exists()
