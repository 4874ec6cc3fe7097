"""Lists kept under a name: one's own, said one way, seen by nobody else."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from core.models import AuditEvent
from core.services import InvalidInput, NotAllowed, NotPossibleNow
from registry.filters import ORDERS, SystemFilter
from registry.models import SavedView
from registry.rules.list_address import LONGEST_VALUE, PARAMETERS, normalized
from registry.services import saved_views as services
from registry.services.saved_views import delete_view, rename_view, save_view
from tests.factories.registry import SystemFactory

URL = "/fr/espace/systemes/"
KEPT = URL + "listes/"


@pytest.fixture
def view(editor):
    return save_view(name="Mes pilotes", query="?sort=-updated&phase=pilot&page=3&evil=1", by=editor)


# --- One way to say a list ------------------------------------------------------------------------------------------
def test_the_address_knows_what_the_list_knows():
    assert set(PARAMETERS) == {*SystemFilter.base_filters, "sort"} and "name" in ORDERS


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("", ""),
        ("page=2&x=1&__class__=y", ""),
        ("?phase=pilot&phase=pilot&q=", "phase=pilot"),
        ("sort=-name&phase=pilot&phase=idea", "phase=idea&phase=pilot&sort=-name"),
        ("q=%C3%A9cluse+canal", "q=%C3%A9cluse+canal"),
        ("q=%00", ""),
        ("&".join(["a=1"] * 300), ""),
    ],
)
def test_the_same_list_is_said_one_way(given_, kept):
    assert normalized(given_) == kept


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_whatever_the_address_it_is_said_once(text):
    once = normalized(text)
    assert normalized(once) == once and len(once) <= 60 * 9 * (LONGEST_VALUE + 20)


# --- Services -------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_list_keeps_what_it_knows_and_is_told(view, editor):
    assert view.query == "phase=pilot&sort=-updated"
    assert AuditEvent.objects.get(verb="save_view").object_ref == str(view.uuid)


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "query"), [(" ", "phase=pilot"), ("x" * 81, "phase=pilot"), ("Tout", "page=2")])
def test_a_list_without_name_or_filter_is_refused(editor, name, query):
    with pytest.raises(InvalidInput):
        save_view(name=name, query=query, by=editor)
    assert not SavedView.objects.exists()


@pytest.mark.django_db
def test_a_list_with_too_many_filters_is_refused(editor):
    words = "&".join(f"phase={'x' * 190}{n}" for n in range(40))
    with pytest.raises(InvalidInput):
        save_view(name="Trop", query=words, by=editor)


@pytest.mark.django_db
def test_a_name_serves_once_for_one_person(view, editor, outsider):
    with pytest.raises(InvalidInput, match=r".") as refused:
        save_view(name=" Mes  pilotes ", query="phase=idea", by=editor)
    assert refused.value.field == "name"
    assert save_view(name="Mes pilotes", query="phase=idea", by=outsider)
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.create(user=editor, name="Mes pilotes", query="q=a", created_at=timezone.now())


@pytest.mark.django_db
def test_thirty_lists_and_no_more(editor, monkeypatch):
    monkeypatch.setattr(services, "MOST_VIEWS", 1)
    save_view(name="Un", query="phase=idea", by=editor)
    with pytest.raises(NotPossibleNow):
        save_view(name="Deux", query="phase=pilot", by=editor)


@pytest.mark.django_db
def test_a_list_is_renamed_and_deleted_by_its_person_alone(view, editor, outsider):
    with pytest.raises(NotAllowed):
        rename_view(view=view, name="À moi", by=outsider)
    with pytest.raises(NotAllowed):
        delete_view(view=view, by=outsider)
    assert rename_view(view=view, name="Pilotes", by=editor).name == "Pilotes"
    rename_view(view=view, name="Pilotes", by=editor)
    delete_view(view=view, by=editor)
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True)) == [
        "save_view", "rename_view", "delete_view"
    ]  # fmt: skip
    with pytest.raises(NotPossibleNow):
        delete_view(view=view, by=editor)


@pytest.mark.django_db
@pytest.mark.parametrize("empty", ["name", "query"])
def test_the_database_refuses_an_empty_list(editor, empty):
    values = {"name": "a", "query": "q=a"} | {empty: ""}
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.create(user=editor, created_at=timezone.now(), **values)


# --- Pages ----------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_narrowed_list_is_kept_then_opened_by_its_address(editor, body, as_user):
    SystemFactory(organization=body, created_by=editor, name_fr="Écluses", phase="pilot")
    client = as_user(editor)
    assert KEPT not in client.get(URL).content.decode()
    page = client.get(URL, {"phase": "pilot", "page": "1"}).content.decode()
    assert 'value="phase=pilot"' in page
    kept = client.post(KEPT, {"name": "Pilotes", "query": "phase=pilot"}, follow=True)
    assert kept.redirect_chain == [(URL + "?phase=pilot", 303)]
    assert 'aria-current="page">Pilotes' in kept.content.decode()
    view = SavedView.objects.get()
    assert client.get(f"{KEPT}{view.uuid}/")["Location"] == URL + "?phase=pilot"


@pytest.mark.django_db
def test_what_is_refused_is_said_on_the_page_and_not_lost(editor, view, as_user):
    client = as_user(editor)
    response = client.post(KEPT, {"name": "Mes pilotes", "query": "q=tri"})
    page = response.content.decode()
    assert response.status_code == 422 and 'value="q=tri"' in page and "govuk-error-summary" in page
    assert client.post(f"{KEPT}{view.uuid}/", {"name": ""}).status_code == 422
    assert client.post(KEPT, {"name": "Rien", "query": ""}).status_code == 422


@pytest.mark.django_db
def test_the_lists_of_others_are_not_there(outsider, view, as_user):
    client = as_user(outsider)
    assert client.get(f"{KEPT}{view.uuid}/").status_code == 404
    assert client.post(f"{KEPT}{view.uuid}/supprimer/").status_code == 404
    page = client.get(KEPT).content.decode()
    assert "Mes pilotes" not in page and "vg-empty-state" in page


@pytest.mark.django_db
def test_renaming_and_deleting_on_the_page(editor, view, as_user):
    client = as_user(editor)
    assert client.post(f"{KEPT}{view.uuid}/", {"name": "<b>"}).status_code == 303
    assert "&lt;b&gt;" in client.get(KEPT).content.decode()
    assert client.post(f"{KEPT}{view.uuid}/supprimer/").status_code == 303
    assert not SavedView.objects.exists()
