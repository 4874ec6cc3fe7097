"""What programs write, with the conditions that programs know: nothing is merged behind their back."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Assessment, DepositedAssessment, ScreeningConclusion
from assessments.questionnaires import Questionnaire
from assessments.scoring.leaves import flat_of, name_of
from assessments.scoring.merging import merge
from assessments.services.deposits import withdraw_deposit
from assessments.services.depth import choose_depth
from assessments.services.differences import difference
from assessments.services.holding import held
from assessments.services.saving import save_answers
from assessments.services.screening import sign_screening
from core.services import Difference, EditConflict, NotPossibleNow, check_unchanged
from organizations.models import User

Made = TypeVar("Made")


@transaction.atomic
def save_whole_answers(
    *, assessment: Assessment, answers: Mapping[str, Mapping[str, Any]], version: int, by: User
) -> Assessment:
    """Each of these answers becomes what was sent, whole: a leaf that was not sent is emptied, files stay. Sent twice,
    the second finds its work done.

    Raises `EditConflict` with both values of each leaf that differs as soon as somebody else wrote since: a program has
    read nothing but what it was given, and a person must look.
    """
    locked = held(assessment)
    stored = locked.values()
    flats = {code: flat_of(locked.questionnaire.question(code), stored.get(code)) for code in answers}
    whole = {code: _emptied(flats[code]) | dict(sent) for code, sent in answers.items()}
    if version != locked.version:
        if different := _different(locked.questionnaire, flats, whole):
            raise EditConflict(locked.version, different)
        return locked
    leaves = {name_of(code, path): each for code, sent in whole.items() for path, each in sent.items()}
    return save_answers(assessment=locked, leaves=leaves, version=version, by=by).assessment


def _emptied(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Files come and go by their own door."""
    return dict.fromkeys((path for path in flat if path != "files"), "")


def _different(
    questionnaire: Questionnaire, stored: Mapping[str, Mapping[str, Any]], sent: Mapping[str, Mapping[str, Any]]
) -> list[Difference]:
    found = []
    for code, flat in sent.items():
        question, now = questionnaire.question(code), stored[code]
        for path in merge(now, now, flat, unsettled=set(flat)).disputed:
            found.append(difference(questionnaire, question, path, now, flat[path]))
    return found


@transaction.atomic
def choose_depth_version(*, assessment: Assessment, depth: str, reason: str, version: int, by: User) -> Assessment:
    """As `choose_depth`, when nobody wrote to the assessment since it was read; what is chosen so already stays."""
    locked = held(assessment)
    if (locked.depth, locked.depth_reason) == (depth, reason if depth else "") and version < locked.version:
        return locked
    check_unchanged(locked, version)
    return choose_depth(assessment=locked, depth=depth, reason=reason, by=by)


@transaction.atomic
def at_version(*, assessment: Assessment, version: int, act: Callable[..., Made], by: User, **given: Any) -> Made:
    """`act`, a service of an assessment, about what the caller read: when nobody wrote to it since."""
    locked = held(assessment)
    check_unchanged(locked, version)
    return act(assessment=locked, by=by, **given)


@transaction.atomic
def beside_version(*, assessment: Assessment, version: int, act: Callable[..., Made], by: User, **given: Any) -> Made:
    """`act`, a service of what stands beside an assessment (a file, an invited person), in the same manner."""
    check_unchanged(held(assessment), version)
    return act(by=by, **given)


@transaction.atomic
def withdraw_deposit_version(
    *, deposit: DepositedAssessment, reason: str, version: int, by: User
) -> DepositedAssessment:
    """As `withdraw_deposit`, when nobody wrote since it was read."""
    locked = DepositedAssessment.objects.select_for_update(of=("self",)).get(pk=deposit.pk)
    check_unchanged(locked, version)
    return withdraw_deposit(deposit=deposit, reason=reason, by=by)


@transaction.atomic
def sign_concluded(*, assessment: Assessment, note: str, by: User) -> ScreeningConclusion:
    """As `sign_screening`, for a screening that was concluded."""
    kept = ScreeningConclusion.objects.select_related("system__organization").filter(assessment=assessment).first()
    if kept is None:
        raise NotPossibleNow(_("This screening does not wait for a signature."))
    return sign_screening(conclusion=kept, note=note, by=by)
