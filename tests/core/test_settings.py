"""The environment is read once, typed; what cannot be read stops the program with one sentence. Logs name nobody."""

import io
import json
import logging
import re

import pytest
import structlog
from django.conf import settings as django_settings

from config import environment as env
from config.logs import logging_settings
from tests.core.installed import run

READ = ("-c", "import config.settings")


@pytest.fixture
def given(monkeypatch):
    """`given("NAME", "value")`: one variable of the environment."""
    return monkeypatch.setenv


# --- Reading --------------------------------------------------------------------------------------------------------
def test_what_is_not_given_has_its_default(monkeypatch):
    monkeypatch.delenv("X", raising=False)
    assert (env.text("X", "a"), env.flag("X"), env.number("X", 4), env.words("X")) == ("a", False, 4, [])
    assert (env.choice("X", "INFO", ("INFO",)), env.options("X")) == ("INFO", {})
    assert env.address("X", ("smtp",), optional=True) == ""


def test_what_is_given_is_read(given):
    given("X", " oui ")
    assert (env.text("X"), env.flag("X")) == ("oui", True)
    given("X", "12")
    assert env.number("X", 4) == 12
    given("X", " a, b ,,")
    assert env.words("X") == ["a", "b"]
    given("X", "debug")
    assert env.choice("X", "INFO", ("INFO", "DEBUG")) == "DEBUG"
    given("X", '{"bucket_name": "vigie"}')
    assert env.options("X") == {"bucket_name": "vigie"}
    given("X", "postgres://a@%2Ftmp%2Fx/vigie")
    assert env.address("X", ("postgres",)) == "postgres://a@%2Ftmp%2Fx/vigie"


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("peut-être", env.flag),
        ("2", env.flag),
        ("vingt", lambda name: env.number(name, 4)),
        ("-1", lambda name: env.number(name, 4)),
        ("²", lambda name: env.number(name, 4)),
        ("bavard", lambda name: env.choice(name, "INFO", ("INFO",))),
        ("{", env.options),
        ("[1]", env.options),
        ("", lambda name: env.required(name)),
        ("   ", lambda name: env.required(name)),
        ("", lambda name: env.address(name, ("postgres",))),
        ("mysql://a:secret@h/b", lambda name: env.address(name, ("postgres",))),
        ("postgres://a:secret@h:port/b", lambda name: env.address(name, ("postgres",))),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence_without_a_password(given, value, read):
    given("X", value)
    with pytest.raises(env.BadEnvironment, match=r"\bX\b") as refusal:
        read("X")
    assert "\n" not in str(refusal.value) and "secret" not in str(refusal.value)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"SECRET_KEY": ""}, "Il manque SECRET_KEY"),
        ({"DATABASE_URL": ""}, "Il manque DATABASE_URL"),
        ({"BROKER_URL": ""}, "Il manque BROKER_URL"),
        ({"DATABASE_URL": "mysql://h/b"}, "DATABASE_URL doit commencer par postgres://"),
        ({"EMAIL_URL": "smpt://mail.example"}, "EMAIL_URL doit commencer par smtp://"),
        ({"WEB_THREADS": "quatre"}, "WEB_THREADS doit être un nombre entier"),
        ({"LOG_LEVEL": "bavard"}, "LOG_LEVEL doit être l'un de DEBUG, INFO"),
        ({"OIDC_URL": "https://sso.example"}, "Il manque OIDC_CLIENT_ID (avec OIDC_URL)"),
    ],
)
def test_the_program_stops_with_one_sentence(changed, sentence):
    answer = run(*READ, **changed)
    assert answer.returncode == 1 and answer.stderr.splitlines()[-1].partition(": ")[2].startswith(sentence)


@pytest.mark.slow
@pytest.mark.django_db
def test_a_command_shows_the_sentence_and_no_trace():
    answer = run("manage.py", "check", SECRET_KEY="")
    (sentence,) = answer.stderr.splitlines()
    assert answer.returncode == 1 and sentence.startswith("Il manque SECRET_KEY")


@pytest.mark.slow
@pytest.mark.django_db
def test_settings_follow_what_is_given():
    code = """
from config import settings as s
import json
print(json.dumps([s.DATABASES["default"]["OPTIONS"], s.EMAIL_TIMEOUT, s.EMAIL_HOST, s.STORAGES["default"],
    s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, s.CSRF_TRUSTED_ORIGINS]))
"""
    answer = run(
        "-c",
        code,
        DATABASE_URL="postgres://a:b@db.example/vigie?sslmode=verify-full",
        VIGIE_WEB="1",
        WEB_THREADS="8",
        FILE_STORAGE="storages.backends.s3.S3Storage",
        FILE_STORAGE_OPTIONS='{"bucket_name": "vigie"}',
    )
    database, timeout, host, storage, cookie, is_secure, hsts, origins = json.loads(answer.stdout)
    assert database == {"sslmode": "verify-full", "pool": {"min_size": 1, "max_size": 8}}
    assert (timeout, host) == (30, "mail.example")
    assert storage == {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {"bucket_name": "vigie"}}
    assert (cookie, is_secure, hsts) == ("__Host-vigie", True, 31_536_000)
    assert origins == ["https://vigie.example"]


# --- What pages may load --------------------------------------------------------------------------------------------
def test_nothing_unsafe_is_in_the_policy_of_pages(client):
    policy = client.get("/sante/vivant").headers["Content-Security-Policy"]
    assert not re.search(r"unsafe-|\*|http:", policy)
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    assert directives["default-src"] == "'none'" and directives["script-src"] == directives["style-src"] == "'self'"
    assert directives["base-uri"] == directives["frame-ancestors"] == "'none'"
    assert directives["form-action"] == "'self'"


def test_every_application_and_middleware_of_ours_is_a_room():
    rooms = {name.partition(".")[0] for name in django_settings.INSTALLED_APPS}
    ours = {"config", "core", "organizations", "review", "registry", "assessments", "datasharing", "obligations"}
    assert ours | {"reports", "transparency"} <= rooms


# --- Logs -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def lines():
    """What is logged, as lines of JSON."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    formatter = logging_settings("INFO")["formatters"]["json"]
    handler.setFormatter(formatter.pop("()")(**formatter))
    logger = logging.getLogger("vigie.test")
    logger.addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logger.removeHandler(handler)


def test_a_line_is_json_with_the_id_of_its_request(lines):
    with structlog.contextvars.bound_contextvars(request_id="abcdef12"):
        logging.getLogger("vigie.test").warning("sent to %s", "a worker")
    (line,) = lines()
    assert (line["event"], line["request_id"], line["level"]) == ("sent to a worker", "abcdef12", "warning")
    assert line["timestamp"].endswith("Z")


def test_a_line_names_no_person(lines):
    """PostgreSQL shows the refused row under its error, a mail server the address it refused."""
    row = "new row violates a constraint\nDETAIL: Failing row contains (12, Prénom Nom)."
    person = "prenom.nom@organisme.example"
    log = logging.getLogger("vigie.test")
    try:
        try:
            raise ValueError(row)
        except ValueError as error:
            raise RuntimeError(f"refused: {person} (550)") from error
    except RuntimeError:
        log.exception("job failed for <%s>", person)
    (line,) = lines()
    shown = json.dumps(line, ensure_ascii=False)
    assert "Prénom Nom" not in shown and "organisme.example" not in shown
    assert "RuntimeError: refused" in line["exception"] and "ValueError: new row violates" in line["exception"]
    assert "test_settings.py" in line["exception"]


def test_attempts_are_counted_together_when_a_cache_is_shared(given):
    shared = run("-c", "from config.settings import CACHES; print(CACHES['default'])", CACHE_URL="redis://cache/1")
    assert "RedisCache" in shared.stdout and "redis://cache/1" in shared.stdout
