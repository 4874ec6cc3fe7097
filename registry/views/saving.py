"""Answers saved while one types: one saving, told in one sentence, whichever page the questions stand on."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from django.forms import Field, Form
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.plain_language import findings
from core.services import EditConflict, NotAllowed, save_undisputed, signatures
from core.services.refusals import Refusal
from registry.forms.declaration import AnswersForm, OtherAnswer
from registry.models import AISystem
from registry.services.systems import save_answers
from registry.views.scope import person


def save_form(request: HttpRequest, form: AnswersForm) -> AISystem:
    """What is valid and nobody else wrote is saved; what is not is told by the form, or beside what is in dispute."""
    form.is_valid()
    version = form.cleaned_data.get("version") or 0
    by, unsettled = person(request), request.POST.getlist("unsettled")

    def save(answers: Mapping[str, Any]) -> AISystem:
        return save_answers(system=form.system, answers=answers, version=version, by=by, unsettled=unsettled)

    try:
        kept = save_undisputed(save, form.answers, locked=AISystem.objects.filter(pk=form.system.pk))
    except EditConflict as conflict:
        conflict.unsaved = form.unsaved
        raise
    form.show_stored(kept)
    if form.others:
        wrote = signatures(kept, form.others).values()
        form.others_are_own = all(each.ref == by.actor_ref for each in wrote)
    return kept


class Saved(Protocol):
    """What answers were saved in, numbered by its changes."""

    version: int


Kept = TypeVar("Kept", bound=Saved)


def autosaved(
    request: HttpRequest, form: Form, save: Callable[[], Kept], told: Callable[[Kept], dict[str, Any]]
) -> JsonResponse:
    """The same saving for the script, which is `told` how far the page is. In a conflict the rest is saved: sending the
    form shows both texts.
    """
    try:
        kept = save()
    except EditConflict as conflict:
        return _in_dispute(form, conflict, is_own=conflict.is_all_by(person(request)))
    except NotAllowed as refusal:
        return JsonResponse({"message": refusal.sentence}, status=403)
    except Refusal as refusal:
        return JsonResponse({"message": refusal.sentence}, status=422)
    others = getattr(form, "others", {})
    answer = {"version": kept.version, "plain_language": plainly(form), **told(kept)}
    sentence = _with_others(saved_sentence(), others, is_own=getattr(form, "others_are_own", False))
    answer["message"] = f"{sentence}. {answer['asked']['sentence']}" if "asked" in answer else sentence
    answer["others"] = {name: other.values for name, other in others.items()}
    if form.errors:
        problems = {code: [str(message) for message in found] for code, found in form.errors.items()}
        first = next(iter(problems.values()))[0]
        message = _("%(saved)s, except: %(problem)s") % {"saved": sentence, "problem": first}
        return JsonResponse({**answer, "message": message, "errors": problems}, status=422)
    return JsonResponse(answer)


def _in_dispute(form: Form, conflict: EditConflict, *, is_own: bool) -> JsonResponse:
    """The page goes on from the version it has now; the answers in dispute stay so until both texts were compared."""
    message = _("Somebody else changed the same answers: compare both texts.")
    if is_own:
        message = _("You have also changed these answers, in another tab or on another device: compare both texts.")
    if not conflict.is_rest_saved:
        return JsonResponse({"message": message}, status=409)
    message = " ".join([message, _("Your other answers are saved.")])
    unsettled = [one.field for one in conflict.differences]
    told: dict[str, Any] = {"message": message, "version": conflict.current_version, "unsettled": unsettled}
    told["errors"] = {code: [str(message) for message in found] for code, found in form.errors.items()}
    return JsonResponse(told, status=409)


def _with_others(sentence: str, others: Mapping[str, OtherAnswer], *, is_own: bool) -> str:
    """What changed under the eyes of whoever types is said."""
    if not others:
        return sentence
    labels = ", ".join(other.label for other in others.values())
    said = {"saved": sentence, "labels": labels}
    if is_own:
        return _("%(saved)s. You changed elsewhere: %(labels)s. The page now shows what you wrote there.") % said
    return _("%(saved)s. Somebody else changed: %(labels)s. The page now shows what they wrote.") % said


def progress_told(done: int, total: int) -> dict[str, Any]:
    """For the bar above the questions."""
    text = _("%(done)s of %(total)s") % {"done": done, "total": total}
    return {"progress": {"done": done, "total": total, "text": " ".join([text, _("answers")])}}


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
