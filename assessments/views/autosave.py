"""The same saving for the script: one sentence, how far the page is, questions that came or went."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, JsonResponse

from assessments.forms.answers import AnswersForm
from assessments.services.saving import SavedAnswers
from core.pages import dispute_told, errors_told, except_told, saved_sentence, with_others
from core.services import EditConflict, InvalidInput, NotAllowed, Refusal

Told = dict[str, Any]


def save_valid(form: AnswersForm, save: Callable[[dict[str, Any]], SavedAnswers]) -> SavedAnswers:
    """Saves what the form accepts, then what the service does: one wrong answer keeps no other from being saved."""
    form.is_valid()
    while True:
        try:
            return save(form.answers)
        except InvalidInput as refusal:
            for each in refusal.every:
                form.refuse(each)


def as_refused(form: AnswersForm, sent: AnswersForm) -> AnswersForm:
    """The page again, with what was refused of `sent`."""
    form.is_valid()
    for refusal in sent.refused:
        form.refuse(refusal)
    return form


def autosaved(
    request: HttpRequest, form: AnswersForm, save: Callable[[], SavedAnswers], tell: Callable[[SavedAnswers], Told]
) -> JsonResponse:
    """`tell`: what the page that was saved shows besides."""
    try:
        saved = save()
    except EditConflict as conflict:
        is_own = conflict.is_all_by(request.user)
        return JsonResponse(dispute_told(conflict, is_own=is_own, errors=errors_told(form.errors)), status=409)
    except NotAllowed as refusal:
        return JsonResponse({"message": refusal.sentence}, status=403)
    except Refusal as refusal:
        return JsonResponse({"message": refusal.sentence}, status=422)
    others = form.others(saved.reading, [one.field for one in saved.differences])
    sentence = with_others(saved_sentence(), [form.label(name) for name in others], is_own=False)
    answer: dict[str, Any] = {"version": saved.version, "others": others, **tell(saved)}
    besides = (answer.get("asked", {}).get("sentence"), answer.pop("elsewhere", ""))
    answer["message"] = ". ".join(filter(None, (sentence, " ".join(filter(None, besides)))))
    if form.errors:
        problems = errors_told(form.errors)
        return JsonResponse({**answer, "message": except_told(sentence, problems), "errors": problems}, status=422)
    return JsonResponse(answer)
