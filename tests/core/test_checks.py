"""What Vigie refuses to start with on a server, one refusal at a time, then all of it in a process of its own."""

import os
from collections.abc import Iterator

import psycopg
import pytest
from django.core.checks import run_checks
from django.db import connection

from core.checks import (
    database_folds_accents,
    installed_mode_is_closed,
    program_may_not_alter_history,
    program_reads_as_the_public,
)
from tests.core.installed import database, run

WSGI = ("-c", "import config.wsgi")


def codes(found) -> list[str]:
    return [message.id for message in found]


@pytest.fixture
def installed(settings):
    """What the settings are on a well-kept server."""
    settings.EMBEDDED = settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["vigie.example"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    return settings


# --- Settings -------------------------------------------------------------------------------------------------------
def test_a_well_kept_server_starts(installed):
    assert codes(installed_mode_is_closed(None)) == []


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("DEBUG", True, "vigie.E001"),
        ("SECRET_KEY", "x" * 64, "vigie.E002"),
        ("SECRET_KEY", "court-mais-varie-0123456789", "vigie.E002"),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", "vigie.E003"),
        ("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend", "vigie.E003"),
        ("EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend", "vigie.E003"),
        ("EMAIL_BACKEND", "django.core.mail.backends.dummy.EmailBackend", "vigie.E003"),
        ("ALLOWED_HOSTS", [], "vigie.E004"),
    ],
)
def test_a_convenience_is_refused_on_a_server_and_allowed_in_the_embedded_mode(installed, name, value, code):
    setattr(installed, name, value)
    assert codes(installed_mode_is_closed(None)) == [code]
    installed.EMBEDDED = True
    assert installed_mode_is_closed(None) == []


def test_each_refusal_says_what_to_do(installed):
    installed.DEBUG, installed.SECRET_KEY, installed.ALLOWED_HOSTS = True, "x", []
    assert all(message.msg and message.hint for message in installed_mode_is_closed(None))


# --- Database -------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_database_of_the_tests_is_a_good_one():
    assert codes(run_checks(tags=["database"], databases=["default"], include_deployment_checks=True)) == []


def test_no_question_is_asked_where_no_database_is_named():
    for check in (database_folds_accents, program_reads_as_the_public, program_may_not_alter_history):
        assert check(None, databases=None) == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["vigie_nobody", "pg_monitor"])
def test_a_program_that_cannot_become_the_public_role_does_not_start(settings, role):
    """The role is missing, or the program is no member of it."""
    settings.PUBLIC_DATABASE_ROLE = role
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE vigie_lonely")
        cursor.execute("SET LOCAL SESSION AUTHORIZATION vigie_lonely")
        (message,) = program_reads_as_the_public(None, databases=["default"])
        cursor.execute("RESET SESSION AUTHORIZATION")
    assert message.id == "vigie.E007" and role in message.hint


@pytest.mark.django_db
def test_an_owner_who_runs_the_program_is_warned(installed):
    """The tests sign in as the owner; the program's own role may not alter the ledger."""
    assert codes(program_may_not_alter_history(None, databases=["default"])) == ["vigie.W001"]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE vigie_app")
        assert codes(program_may_not_alter_history(None, databases=["default"])) == []
        cursor.execute("RESET ROLE")


@pytest.fixture(scope="module")
def capitals_stay_capitals() -> Iterator[str]:
    """A database made with the locale C, as a hasty `createdb` on an old server makes it."""
    name = f"vigie_c_{os.getpid()}"
    with psycopg.connect(database("postgres"), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'")
        yield name
        server.execute(f"DROP DATABASE {name}")


@pytest.mark.slow
@pytest.mark.django_db
def test_a_database_that_does_not_fold_accents_is_refused(capitals_stay_capitals):
    address = database(capitals_stay_capitals)
    for command in (("manage.py", "check", "--database", "default"), ("manage.py", "migrate"), WSGI):
        answer = run(*command, DATABASE_URL=address)
        assert answer.returncode == 1 and "lower('É')" in answer.stderr, command


# --- The whole, in a process of its own -----------------------------------------------------------------------------
@pytest.mark.slow
@pytest.mark.django_db
def test_check_deploy_is_clean_on_a_well_kept_server():
    answer = run("manage.py", "check", "--deploy", "--database", "default", "--fail-level", "DEBUG")
    assert (answer.returncode, answer.stderr) == (0, ""), answer.stderr
    assert "no issues" in answer.stdout


@pytest.mark.slow
@pytest.mark.django_db
def test_a_well_kept_server_opens_its_site_with_the_pool():
    answer = run("-c", "import config.wsgi as site; print(type(site.application).__name__)", VIGIE_WEB="1")
    assert (answer.returncode, answer.stdout.strip()) == (0, "WSGIHandler"), answer.stderr


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"DEBUG": "1"}, "DEBUG"),
        ({"SECRET_KEY": "court"}, "SECRET_KEY"),
        ({"SECRET_KEY": ""}, "Il manque SECRET_KEY"),
        ({"EMAIL_URL": "console://"}, "EMAIL_URL"),
        ({"EMAIL_URL": ""}, "EMAIL_URL"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing"}, "la base de données (DATABASE_URL) ne répond pas"),
    ],
)
def test_the_site_does_not_open_and_one_sentence_says_why(changed, said):
    answer = run(*WSGI, **changed)
    (sentence,) = answer.stderr.splitlines()
    assert answer.returncode == 1 and sentence.startswith("Vigie ne démarre pas")
    assert said in sentence and "Traceback" not in answer.stderr
