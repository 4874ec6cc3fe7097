"""Answers saved while one types: one saving, told in one sentence, whichever page the questions stand on."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from django.forms import Field, Form
from django.http import HttpRequest, JsonResponse

from core.pages import dispute_told, errors_told, except_told, saved_sentence, with_others
from core.plain_language import findings
from core.services import EditConflict, NotAllowed, save_undisputed, signatures
from core.services.refusals import Refusal
from registry.forms.declaration import AnswersForm
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
        told_of = dispute_told(conflict, is_own=conflict.is_all_by(person(request)), errors=errors_told(form.errors))
        return JsonResponse(told_of, status=409)
    except NotAllowed as refusal:
        return JsonResponse({"message": refusal.sentence}, status=403)
    except Refusal as refusal:
        return JsonResponse({"message": refusal.sentence}, status=422)
    others = getattr(form, "others", {})
    answer = {"version": kept.version, "plain_language": plainly(form), **told(kept)}
    labels = [other.label for other in others.values()]
    sentence = with_others(saved_sentence(), labels, is_own=getattr(form, "others_are_own", False))
    answer["message"] = f"{sentence}. {answer['asked']['sentence']}" if "asked" in answer else sentence
    answer["others"] = {name: other.values for name, other in others.items()}
    if form.errors:
        problems = errors_told(form.errors)
        return JsonResponse({**answer, "message": except_told(sentence, problems), "errors": problems}, status=422)
    return JsonResponse(answer)


def plainly(form: Form) -> dict[str, list[str]]:
    """Long text → what could be said more simply in it, for the block under it."""
    return {
        name: [each.sentence for each in findings(str(form.cleaned_data.get(name) or ""), attrs.get("lang", "fr"))]
        for name, attrs in ((name, field.widget.attrs) for name, field in form.fields.items() if is_long_text(field))
        if name in form.data
    }


def is_long_text(field: Field) -> bool:
    return bool(getattr(field, "has_lines", False))
