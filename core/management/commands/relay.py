"""`manage.py relay`: hands the jobs of the outbox to Celery, for ever."""

import signal
import time
from typing import Any

import structlog
from celery import current_app
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from core import outbox

log = structlog.get_logger(__name__)

IDLE_SECONDS = 0.25
BROKEN_SECONDS = 2.0


def _publish(key: int) -> None:
    """By name: a command and a task are interfaces, strangers to each other."""
    current_app.send_task("core.tasks.run_intent", args=[key])


class Command(BaseCommand):
    help = "Hand the jobs of the outbox to the workers until told to stop."
    stopping = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="empty the outbox, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self.stopping:
            sent = self._relay()
            if options["once"] and not sent:
                return
            if not sent:
                time.sleep(IDLE_SECONDS)

    def _relay(self) -> int:
        """One batch; a broker or a database that is down for a while is waited for, not died of."""
        try:
            return outbox.relay_once(_publish)
        except Exception as error:  # every broker has its own errors; the rows are safe in the outbox
            log.warning("relay waits", reason=type(error).__name__)
        close_old_connections()
        time.sleep(BROKEN_SECONDS)
        return 0

    def _stop(self, *_: object) -> None:
        self.stopping = True
