"""`manage.py import_register ca FILE [--dry-run] [--json]`: a register from elsewhere comes in."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from core.audit import NamedJob
from core.services import InvalidInput
from registry.services.imports import RegisterResult, UnreadableFile, import_register, sentence_for
from registry.standards.tabular import LIMITS

REASON = ("row", "field", "reason")


class Command(BaseCommand):
    # A warning of the settings on standard error would hide the one sentence that matters.
    requires_system_checks: list[str] = []
    help = "Importe un registre d'ailleurs (ca : gouvernement du Canada) à partir de son fichier CSV ou XLSX."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("register", help="code du registre : ca")
        parser.add_argument("file", type=Path, help="fichier CSV ou XLSX")
        parser.add_argument("--dry-run", action="store_true", help="essaie tout et n'écrit rien")
        parser.add_argument("--json", action="store_true", help="n'affiche que le résultat, en JSON")

    def handle(self, *args: Any, register: str, file: Path, dry_run: bool, json: bool, **options: Any) -> None:
        try:
            result = import_register(
                register=register,
                content=read(file),
                file_name=file.name,
                by=NamedJob("import_register"),
                dry_run=dry_run,
            )
        except UnreadableFile as refusal:
            self._give_up(sentence_for(refusal.code, refusal.params))
        except InvalidInput as refusal:
            self._give_up(refusal.sentence)
        except OSError:
            self._give_up(
                _("The file «%(file)s» cannot be opened. Check its name and your right to read it.") % {"file": file}
            )
        else:
            self.stdout.write(as_json(result) if json else as_text(result, dry_run=dry_run))

    def _give_up(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(1)


def read(file: Path) -> bytes:
    """No more than what is refused for its size anyway."""
    with file.open("rb") as stream:
        return stream.read(LIMITS.file_bytes + 1)


def as_json(result: RegisterResult) -> str:
    """For machines: reasons are stable codes."""
    reasons = [{key: reason[key] for key in REASON} for reason in result.reasons]
    return json.dumps({**result.counts, "reasons": reasons, "recodings": result.recodings}, ensure_ascii=False)


def as_text(result: RegisterResult, *, dry_run: bool) -> str:
    """For people: counts, then a sentence for each row that stayed out."""
    lines = [
        _("Created: %(created)d. Updated: %(updated)d. Unchanged: %(unchanged)d. Rejected: %(rejected)d.")
        % result.counts
    ]
    for reason in result.reasons:
        place = {**reason, "sentence": sentence_for(reason["reason"], reason["params"])}
        told = _("Row %(row)d, %(field)s: %(sentence)s") if reason["field"] else _("Row %(row)d: %(sentence)s")
        lines.append(told % place)
    count = sum(int(recoding["count"]) for recoding in result.recodings)
    lines.append(_("Values recoded: %(count)d.") % {"count": count})
    if dry_run:
        lines.append(_("This was a trial: nothing was written."))
    return "\n".join(lines)
