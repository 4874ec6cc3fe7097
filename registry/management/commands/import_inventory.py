"""`manage.py import_inventory SIGLE FILE --by EMAIL [--map "Title=field"] [--dry-run] [--json]`: drafts from a file."""

import json as codec
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from organizations.models import Organization, User
from registry.management.importing import ImportCommand
from registry.services.imports import RegisterResult, import_inventory


class Command(ImportCommand):
    help = "Importe l'inventaire d'un organisme (CSV ou XLSX) : chaque ligne devient un brouillon, rien n'est déclaré."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sigle", help="sigle de l'organisme")
        self.add_file(parser)
        parser.add_argument("--by", required=True, help="courriel de la personne qui répond de ces brouillons")
        parser.add_argument("--map", action="append", default=[], help="titre=champ, par exemple «Projet=name_fr»")
        parser.add_argument("--columns", default="{}", help="les mêmes, en JSON : {titre: champ}")
        parser.add_argument("--sheet", default="", help="feuille du classeur, si ce n'est pas la première")

    def handle(self, *args: Any, sigle: str, file: Path | None, dry_run: bool, json: bool, **options: Any) -> None:
        body = Organization.objects.filter(sigle__iexact=sigle).first()
        if body is None:
            self.give_up(_("No body has the short name “%(sigle)s”.") % {"sigle": sigle})
        by = User.objects.filter(email__iexact=options["by"], is_active=True).first()
        if by is None:
            self.give_up(_("Nobody signs in here with the address “%(email)s”.") % {"email": options["by"]})
        said = self._said(options["columns"], options["map"])

        def bring_in(content: bytes) -> RegisterResult:
            where = {"organization": body, "by": by, "file_name": file.name if file else "", "sheet": options["sheet"]}
            return import_inventory(content=content, said=said, dry_run=dry_run, **where)

        self.bring_in(file, bring_in, dry_run=dry_run, json=json)

    def _said(self, columns: str, pairs: list[str]) -> dict[str, str]:
        """Title → field, as both options say it."""
        try:
            said = codec.loads(columns)
        except ValueError:
            said = None
        if not isinstance(said, dict) or not all(isinstance(field, str) for field in said.values()):
            self.give_up(_('--columns takes titles and fields as JSON, for example {"Project": "name_fr"}.'))
        for pair in pairs:
            title, equals, field = pair.rpartition("=")
            if not equals or not title:
                self.give_up(_("--map takes a title and a field, for example Project=name_fr."))
            said[title] = field
        return {str(title): field for title, field in said.items()}
