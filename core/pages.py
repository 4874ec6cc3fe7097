"""What pages of several rooms answer alike: where a form leads, what an autosave tells."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponseRedirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.services import EditConflict


class SeeOther(HttpResponseRedirect):
    """After a form was accepted: read the answer there, by GET."""

    status_code = 303


def saved_sentence() -> str:
    return _("Saved at %(time)s") % {"time": date_format(timezone.localtime(), "TIME_FORMAT")}


def progress_told(done: int, total: int) -> dict[str, Any]:
    """For the bar above the questions."""
    text = _("%(done)s of %(total)s") % {"done": done, "total": total}
    return {"progress": {"done": done, "total": total, "text": " ".join([text, ngettext("answer", "answers", total)])}}


def added_sentence(number: int) -> str:
    told = ngettext(
        "This answer adds %(number)d question to this page.",
        "This answer adds %(number)d questions to this page.",
        number,
    )
    return told % {"number": number}


def elsewhere_sentence(number: int) -> str:
    told = ngettext(
        "This answer adds %(number)d question to another section.",
        "This answer adds %(number)d questions to other sections.",
        number,
    )
    return told % {"number": number}


def removed_sentence(number: int) -> str:
    told = ngettext(
        "%(number)d question of this page is no longer asked.",
        "%(number)d questions of this page are no longer asked.",
        number,
    )
    return told % {"number": number}


def dispute_told(conflict: EditConflict, *, is_own: bool, errors: dict[str, list[str]]) -> dict[str, Any]:
    """The page goes on from the version it has now; the answers in dispute stay so until both texts were compared."""
    message = _("Somebody else changed the same answers: compare both texts.")
    if is_own:
        message = _("You have also changed these answers, in another tab or on another device: compare both texts.")
    if not conflict.is_rest_saved:
        return {"message": message}
    message = " ".join([message, _("Your other answers are saved.")])
    unsettled = [one.field for one in conflict.differences]
    return {"message": message, "version": conflict.current_version, "unsettled": unsettled, "errors": errors}


def with_others(sentence: str, labels: Iterable[str], *, is_own: bool) -> str:
    """What changed under the eyes of whoever types is said."""
    told = ", ".join(labels)
    if not told:
        return sentence
    said = {"saved": sentence, "labels": told}
    if is_own:
        return _("%(saved)s. You changed elsewhere: %(labels)s. The page now shows what you wrote there.") % said
    return _("%(saved)s. Somebody else changed: %(labels)s. The page now shows what they wrote.") % said


def errors_told(errors: Any) -> dict[str, list[str]]:
    """Of a form: field → its sentences."""
    return {name: [str(message) for message in found] for name, found in errors.items()}


def except_told(sentence: str, problems: dict[str, list[str]]) -> str:
    first = next(iter(problems.values()))[0]
    return _("%(saved)s, except: %(problem)s") % {"saved": sentence, "problem": first}
