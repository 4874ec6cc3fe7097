"""`manage.py messages`: keep the French catalogue in step with the sources, or only check that it is."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import messages


class Command(BaseCommand):
    help = "Update and compile the French catalogue; with --check, only say what is wrong."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = messages.check() if options["check"] else messages.update()
        problems = verdict.problems()
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} phrases à corriger dans {messages.CATALOGUE.name}.")
        self.stdout.write("Le catalogue français est complet.")
