"""Answers saved while one types: one saving, told in one sentence, whichever page the questions stand on."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from django.forms import Field, Form
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.plain_language import findings
from core.services import EditConflict, NotAllowed
from core.services.refusals import Refusal
from registry.forms.declaration import AnswersForm
from registry.models import AISystem
from registry.services.systems import save_answers
from registry.views.scope import person


def save_form(request: HttpRequest, form: AnswersForm) -> AISystem:
    """What is valid is saved; what is not is told by the form."""
    form.is_valid()
    version = form.cleaned_data.get("version") or 0
    return save_answers(system=form.system, answers=form.answers, version=version, by=person(request))


class Saved(Protocol):
    """What answers were saved in, numbered by its changes."""

    version: int


Kept = TypeVar("Kept", bound=Saved)


def autosaved(form: Form, save: Callable[[], Kept], progress: Callable[[Kept], dict[str, Any]]) -> JsonResponse:
    """The same saving for the script. In a conflict nothing is written: sending the form shows both texts."""
    try:
        kept = save()
    except EditConflict:
        return JsonResponse({"message": _("Somebody else changed the same answers: compare both texts.")}, status=409)
    except NotAllowed as refusal:
        return JsonResponse({"message": refusal.sentence}, status=403)
    except Refusal as refusal:
        return JsonResponse({"message": refusal.sentence}, status=422)
    answer = {"version": kept.version, "message": saved_sentence(), "progress": progress(kept)}
    answer["plain_language"] = plainly(form)
    if form.errors:
        problems = {code: [str(message) for message in found] for code, found in form.errors.items()}
        first = next(iter(problems.values()))[0]
        told = _("%(saved)s, except: %(problem)s") % {"saved": saved_sentence(), "problem": first}
        return JsonResponse({**answer, "message": told, "errors": problems}, status=422)
    return JsonResponse(answer)


def progress_told(done: int, total: int) -> dict[str, Any]:
    """For the bar above the questions."""
    text = _("%(done)s of %(total)s") % {"done": done, "total": total}
    return {"done": done, "text": " ".join([text, _("answers")])}


def plainly(form: Form) -> dict[str, list[str]]:
    """Long text → what could be said more simply in it, for the block under it."""
    return {
        name: [each.sentence for each in findings(str(form.cleaned_data.get(name) or ""), attrs.get("lang", "fr"))]
        for name, attrs in ((name, field.widget.attrs) for name, field in form.fields.items() if is_long_text(field))
        if name in form.data
    }


def is_long_text(field: Field) -> bool:
    return bool(getattr(field, "has_lines", False))


def saved_sentence() -> str:
    return _("Saved at %(time)s") % {"time": date_format(timezone.localtime(), "TIME_FORMAT")}
