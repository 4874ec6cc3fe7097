"""Pytest plugin: a throw-away PostgreSQL for the run, and the environment the settings read.

Loaded by `-p tests.cluster` before Django's settings. The workers of xdist inherit the environment and share the
server. `TEST_DATABASE_URL` names another server (Debian's PostgreSQL 15 in `make long`).
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from config.embedded import Embedded

ROOT = Path(__file__).resolve().parent.parent
_OURS: list[Embedded] = []


def _prepare() -> None:
    if os.environ.get("VIGIE_TESTING"):
        return
    os.environ["VIGIE_TESTING"] = tempfile.mkdtemp(prefix="vigie-test-")
    os.environ.update(
        SECRET_KEY="only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789",
        VIGIE_EMBEDDED="1",
        VIGIE_VAR=os.environ["VIGIE_TESTING"],
        BROKER_URL="memory://",
        PORT="8000",
        STATICFILES_BACKEND="django.contrib.staticfiles.storage.StaticFilesStorage",
    )
    Path(os.environ["VIGIE_VAR"], "static").mkdir(exist_ok=True)  # WhiteNoise warns when it is missing
    for name in ("EMAIL_URL", "DEBUG", "PUBLIC_URL", "OIDC_URL"):
        os.environ.pop(name, None)
    if given := os.environ.get("TEST_DATABASE_URL"):
        os.environ["DATABASE_URL"] = given
        return
    cluster = Embedded(ROOT, durable=False, broker=False)
    os.environ["DATABASE_URL"] = cluster.start()["OWNER_DATABASE_URL"]
    _OURS.append(cluster)


_prepare()


def pytest_unconfigure(config: pytest.Config) -> None:
    """The controller stops what it started; a worker started nothing."""
    while _OURS:
        _OURS.pop().stop()
        shutil.rmtree(os.environ["VIGIE_TESTING"], ignore_errors=True)
