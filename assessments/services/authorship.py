"""Which leaves of an answer an invited person gave: a supplier's words are never taken for those of the body."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from assessments.models import Answer, GuestAccess
from assessments.questionnaires import Question, Questionnaire
from assessments.scoring.leaves import Leaf, leaves_of
from assessments.services.words import line_of, name_of_leaf
from core.text import clean_line

MOST_PLACES = 8
"""Of a sentence; a table of two hundred rows has its history."""


def guest_leaves(row: Answer | None, changed: Iterable[str], guest: GuestAccess | None) -> dict[str, str]:
    """As they are once `changed` was written by this invited person, or by somebody of the body."""
    before = row.guest_leaves if row else {}
    paths = set(changed)
    kept = {path: whom for path, whom in before.items() if path not in paths}
    return kept | dict.fromkeys(sorted(paths), guest.on_behalf_of) if guest else kept


def said_of_guests(
    questionnaire: Questionnaire, question: Question, flat: Mapping[str, Any], given: Mapping[str, str]
) -> list[str]:
    """One sentence for each supplier that gave something of the answer: «Réponse de X», or of which parts. `given`:
    `Answer.guest_leaves`.
    """
    if not given:
        return []
    leaves = [leaf for leaf in leaves_of(questionnaire, question, flat) if not leaf.is_file]
    filled = [leaf for leaf in leaves if flat.get(leaf.path) not in (None, "", [])]
    whoms = list(dict.fromkeys(given[leaf.path] for leaf in filled if leaf.path in given))
    if len(whoms) == 1 and all(leaf.path in given for leaf in filled):
        return [_("Answer of %(supplier)s") % {"supplier": clean_line(whoms[0])}]
    return [_of_parts(whom, _places(filled, given, whom)) for whom in whoms]


def _of_parts(whom: str, places: list[str]) -> str:
    named = "; ".join(places[:MOST_PLACES]) + ("…" if len(places) > MOST_PLACES else "")
    return _("Answer of %(supplier)s: %(places)s") % {"supplier": clean_line(whom), "places": named}


def _places(filled: Iterable[Leaf], given: Mapping[str, str], whom: str) -> list[str]:
    """Each line that is whole theirs, else what of it is."""
    lines: dict[str, list[Leaf]] = {}
    for leaf in filled:
        lines.setdefault(leaf.path.partition(".")[0], []).append(leaf)
    found: list[str] = []
    for leaves in lines.values():
        theirs = [leaf for leaf in leaves if given.get(leaf.path) == whom]
        if len(theirs) == len(leaves) and (line := line_of(leaves[0])):
            found.append(line)
        else:
            found += [" – ".join(filter(None, (line_of(leaf), name_of_leaf(leaf)))) for leaf in theirs]
    return found
