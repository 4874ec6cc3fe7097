"""What happens around every request: its id, privacy of its answer, refusals turned into pages."""

import json
from datetime import timedelta

import pytest
import structlog
from django.http import HttpResponse
from django.test import RequestFactory

from core import clock
from core.middleware import PrivateByDefaultMiddleware, RefusalMiddleware, RequestIdMiddleware
from core.models import Intent
from core.models.actor import current_request_id
from core.services import Difference, EditConflict, InvalidInput, NotAllowed, NotPossibleNow

pytestmark = pytest.mark.django_db


# --- The id of a request --------------------------------------------------------------------------------------------
def seen_and_given(**headers: str) -> tuple[str, str]:
    """The id that logs, events and jobs saw, and the one in the answer."""
    seen = []

    def view(request):
        seen.append(current_request_id())
        return HttpResponse()

    answer = RequestIdMiddleware(view)(RequestFactory().get("/", headers=headers))
    return seen[0], answer["X-Request-ID"]


def test_each_request_has_an_id_of_its_own():
    seen, given = seen_and_given()
    assert seen == given and len(given) == 32
    assert seen_and_given()[1] != given


def test_the_id_of_a_proxy_is_kept():
    assert seen_and_given(x_request_id="abcdef12-3456") == ("abcdef12-3456", "abcdef12-3456")


@pytest.mark.parametrize("given", ["short", "x" * 37, 'a" onload="alert', "abcdefgh\n", "éééééééé", "12345678 90"])
def test_an_id_of_another_form_is_replaced(given):
    assert len(seen_and_given(x_request_id=given)[1]) == 32


def test_the_id_leaves_with_its_request():
    seen_and_given()
    assert "request_id" not in structlog.contextvars.get_contextvars()


# --- Privacy --------------------------------------------------------------------------------------------------------
def around(response: HttpResponse) -> HttpResponse:
    return PrivateByDefaultMiddleware(lambda request: response)(RequestFactory().get("/"))


def test_no_cache_keeps_a_page_unless_its_view_says_so():
    assert around(HttpResponse())["Cache-Control"] == "private, no-store"
    assert around(HttpResponse(headers={"Cache-Control": "public"}))["Cache-Control"] == "public"


def test_features_nobody_needs_are_off_and_other_sites_may_not_embed():
    answer = around(HttpResponse())
    assert "camera=()" in answer["Permissions-Policy"] and "geolocation=()" in answer["Permissions-Policy"]
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/sante/vivant", "/fr/compte/connexion/", "/fr/rien/", "/fr/espace/"])
def test_every_answer_carries_them(client, path):
    answer = client.get(path)
    assert answer.headers["X-Request-ID"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"] or answer.status_code in {301, 302}


# --- Refusals -------------------------------------------------------------------------------------------------------
def page_for(error: Exception, user) -> HttpResponse:
    request = RequestFactory().post("/fr/espace/systemes/")
    request.user, request.session = user, {}
    return RefusalMiddleware(lambda request: None).process_exception(request, error)


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (NotAllowed("Vos fonctions ne le permettent pas."), 403),
        (NotPossibleNow("Quelqu'un a déjà répondu."), 409),
        (InvalidInput("Dites <b>pourquoi</b>.", field="reason"), 422),
    ],
)
def test_a_refusal_is_a_page_with_its_sentence(refusal, status, editor):
    answer = page_for(refusal, editor)
    text = answer.content.decode()
    assert answer.status_code == status and text.count("<h1") == 1
    assert refusal.sentence.replace("'", "&#x27;").replace("<b>", "&lt;b&gt;").replace("</b>", "&lt;/b&gt;") in text


def test_a_conflict_shows_both_texts_and_drops_none(editor):
    difference = Difference(
        "need_fr", "Besoin", "Texte de l'une", "Texte de l'autre", "Texte de l'une", "Texte de l'autre"
    )
    answer = page_for(EditConflict(7, [difference]), editor)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Texte de l&#x27;une" in text and "Texte de l&#x27;autre" in text
    assert 'name="version" value="7"' in text


def test_any_other_error_is_left_to_django(editor):
    assert page_for(ValueError("x"), editor) is None


# --- Health ---------------------------------------------------------------------------------------------------------
def test_a_watcher_learns_whether_it_lives_and_whether_it_is_ready(client):
    assert json.loads(client.get("/sante/vivant").content) == {"alive": True}
    assert json.loads(client.get("/sante/pret").content) == {"ready": True, "jobs": "on_time"}
    assert client.post("/sante/pret").status_code == 405


def test_readiness_costs_three_queries_at_most(client, django_assert_max_num_queries):
    client.get("/sante/pret")
    with django_assert_max_num_queries(3):
        client.get("/sante/pret")


@pytest.mark.parametrize(
    ("state", "minutes", "said"), [("waiting", 6, "late"), ("sent", 6, "late"), ("waiting", 4, "on_time")]
)
def test_jobs_that_nobody_delivers_are_told_and_close_no_page(client, state, minutes, said):
    """Without its broker the register goes on answering; a watcher sees that its jobs wait."""
    due_at = clock.now() - timedelta(minutes=minutes)
    Intent.objects.create(task="a.b", dedup_key="late", created_at=due_at, due_at=due_at, state=state)
    answer = client.get("/sante/pret")
    assert (answer.status_code, json.loads(answer.content)) == (200, {"ready": True, "jobs": said})


def test_a_schema_that_waits_for_its_migrations_is_not_ready(client, monkeypatch):
    monkeypatch.setattr("core.views._last_migrations", lambda: frozenset({("core", "9999_tomorrow")}))
    answer = client.get("/sante/pret")
    assert (answer.status_code, json.loads(answer.content)["reason"]) == (503, "migrations")


def test_a_database_that_does_not_answer_is_not_ready(client, monkeypatch):
    from django.db import OperationalError

    def down(recorder):
        raise OperationalError

    monkeypatch.setattr("core.views.MigrationRecorder.applied_migrations", down)
    answer = client.get("/sante/pret")
    assert (answer.status_code, json.loads(answer.content)["reason"]) == (503, "database")
