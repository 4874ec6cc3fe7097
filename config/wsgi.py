"""WSGI entry point, served by granian. A site that must not run does not start, and one sentence says why."""

import os
import sys

from django.core import checks
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connections

from config.environment import BadEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def open_site() -> WSGIHandler:
    """The application, once the checks of security and of the database found nothing that forbids it."""
    try:
        site = get_wsgi_application()
        tags = [checks.Tags.security, checks.Tags.database]
        found = checks.run_checks(tags=tags, include_deployment_checks=True, databases=["default"])
        reasons = [f"{error.msg} {error.hint or ''}".strip() for error in found if _forbids(error)]
    except BadEnvironment as error:
        reasons = [str(error)]
    except DatabaseError as error:
        reasons = ["la base de données (DATABASE_URL) ne répond pas.", str(error).partition("\n")[0]]
    if reasons:
        sys.exit(f"Vigie ne démarre pas : {' '.join(reasons)}")
    connections.close_all()  # the thread of the checks answers no request
    return site


def _forbids(found: checks.CheckMessage) -> bool:
    return found.is_serious() and not found.is_silenced()


application = open_site()
