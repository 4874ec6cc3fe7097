"""`manage.py import_register ca FILE [--dry-run] [--json]`: a register from elsewhere comes in."""

from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from core.audit import NamedJob
from registry.management.importing import ImportCommand
from registry.services.imports import RegisterResult, import_register


class Command(ImportCommand):
    help = "Importe un registre d'ailleurs (ca : gouvernement du Canada) à partir de son fichier CSV ou XLSX."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("register", help="code du registre : ca")
        self.add_file(parser)

    def handle(self, *args: Any, register: str, file: Path, dry_run: bool, json: bool, **options: Any) -> None:
        service = partial(import_register, register=register, file_name=file.name, by=NamedJob("import_register"))

        def bring_in(content: bytes) -> RegisterResult:
            return service(content=content, dry_run=dry_run)

        self.bring_in(file, bring_in, dry_run=dry_run, json=json)
