"""What the commands that import a file share: reading it, one sentence when it cannot come in, and their answer."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from core.services import InvalidInput, NotAllowed, NotPossibleNow
from registry.services.imports import RegisterResult, UnreadableFile, sentence_for, told_problem
from registry.standards.tabular import LIMITS

REASON = ("row", "field", "reason")


class ImportCommand(BaseCommand):
    """A file comes in: exit code 0 and the counts, or 1 and one sentence."""

    # A warning of the settings on standard error would hide the one sentence that matters.
    requires_system_checks: list[str] = []

    def add_file(self, parser: ArgumentParser) -> None:
        # Without a file the answer is a sentence of ours, not the usage of a parser.
        parser.add_argument("file", type=Path, nargs="?", help="fichier CSV ou XLSX")
        parser.add_argument("--dry-run", action="store_true", help="essaie tout et n'écrit rien")
        parser.add_argument("--json", action="store_true", help="n'affiche que le résultat, en JSON")

    def bring_in(
        self, file: Path | None, service: Callable[[bytes], RegisterResult], *, dry_run: bool, json: bool
    ) -> None:
        """Call the service with the content, and tell what came of it."""
        if file is None:
            self.give_up(_("Name the file to import, after its register or its body."))
            return
        try:
            result = service(_read(file))
        except UnreadableFile as refusal:
            self.give_up(sentence_for(refusal.code, refusal.params))
        except (InvalidInput, NotAllowed, NotPossibleNow) as refusal:
            self.give_up(refusal.sentence)
        except OSError:
            self.give_up(
                _("The file “%(file)s” cannot be opened. Check its name and your right to read it.") % {"file": file}
            )
        else:
            self.stdout.write(_as_json(result) if json else _as_text(result, dry_run=dry_run))

    def give_up(self, sentence: str) -> Any:
        self.stderr.write(sentence)
        sys.exit(1)


def _read(file: Path) -> bytes:
    """No more than what is refused for its size anyway."""
    with file.open("rb") as stream:
        return stream.read(LIMITS.file_bytes + 1)


def _as_json(result: RegisterResult) -> str:
    """For machines: reasons are stable codes."""
    reasons = [{key: reason[key] for key in REASON} for reason in result.reasons]
    return json.dumps({**result.counts, "reasons": reasons, "recodings": result.recodings}, ensure_ascii=False)


def _as_text(result: RegisterResult, *, dry_run: bool) -> str:
    """For people: counts, then a sentence for each row that stayed out."""
    lines = [
        _("Created: %(created)d. Updated: %(updated)d. Unchanged: %(unchanged)d. Rejected: %(rejected)d.")
        % result.counts
    ]
    for reason in result.reasons:
        label, sentence = told_problem(reason, has_draft=False)
        place = {**reason, "field": label, "sentence": sentence}
        told = _("Row %(row)d, %(field)s: %(sentence)s") if label else _("Row %(row)d: %(sentence)s")
        lines.append(told % place)
    count = sum(int(recoding["count"]) for recoding in result.recodings)
    lines.append(_("Values recoded: %(count)d.") % {"count": count})
    if dry_run:
        lines.append(_("This was a trial: nothing was written."))
    return "\n".join(lines)
