"""`manage.py diagrams`: draw the states from the transition tables, or only check that the drawings are theirs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import diagrams


class Command(BaseCommand):
    help = "Draw docs/workflows/ from the transition tables; with --check, only say which drawing is out of date."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            diagrams.write()
        if stale := diagrams.out_of_date():
            raise CommandError(f"Dessins à refaire (manage.py diagrams) : {', '.join(stale)}.")
        self.stdout.write("Les dessins de docs/workflows/ sont ceux des tables.")
