"""`manage.py import_register ca|nl|us FILE [--dry-run] [--json]`: a register from elsewhere comes in."""

from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from core.audit import NamedJob
from registry.management.importing import ImportCommand
from registry.services.imports import SOURCES, RegisterResult, import_register, unknown_register


class Command(ImportCommand):
    help = (
        "Importe un registre d'ailleurs (ca : gouvernement du Canada; nl : Pays-Bas; us : gouvernement fédéral des "
        "États-Unis) à partir du fichier qu'il publie : CSV, XLSX ou JSON."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("register", nargs="?", default="", help="code du registre : ca, nl ou us")
        self.add_file(parser)

    def handle(self, *args: Any, register: str, file: Path | None, dry_run: bool, json: bool, **options: Any) -> None:
        if register not in SOURCES:
            self.give_up(unknown_register(register))
        name = file.name if file else ""
        service = partial(import_register, register=register, file_name=name, by=NamedJob("import_register"))

        def bring_in(content: bytes) -> RegisterResult:
            return service(content=content, dry_run=dry_run)

        self.bring_in(file, bring_in, dry_run=dry_run, json=json)
