"""Beginning an assessment: on its own, or from another whose answers are taken over."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from assessments import permissions
from assessments.models import Answer, Assessment, ScreeningConclusion
from assessments.questionnaires import Question, Questionnaire
from assessments.scoring.leaves import flat_of, leaves_of, whole_of
from assessments.scoring.links import taken_over
from assessments.scoring.values import WrongValue, clean_leaf
from assessments.services.facts import reading_of
from assessments.services.saving import count
from assessments.services.versions import latest_version
from assessments.workflow import AnswerOrigin
from core import clock
from core.audit import record
from core.services import InvalidInput, NotAllowed, NotPossibleNow, created_once
from organizations.models import User
from registry.models import AISystem
from registry.services.parts import check_not_put_away


@transaction.atomic
def begin_assessment(
    *, system: AISystem, instrument: str, by: User, source: Assessment | None = None, request_key: UUID | None = None
) -> Assessment:
    """Open a draft of this instrument, by its latest version. `source`: the assessment, of this system or of another
    that the person reads, whose answers are taken over. Raises `NotPossibleNow` while one is open.
    """
    check_may_begin(system, by)
    check_not_put_away(system)
    _check_source(source, instrument, by)

    def create() -> Assessment:
        _check_none_open(system, instrument)
        assessment = _new(system, instrument, source, by)
        try:
            with transaction.atomic():
                assessment.save(force_insert=True)
        except IntegrityError as error:  # somebody began it at the same moment
            raise _already_open(system, instrument) from error
        taken = _copy_answers(source, assessment, by) if source else {}
        count(assessment, reading_of(assessment, taken))
        assessment.save(update_fields=["done", "required", "level"])
        facts = {"instrument": instrument, "version": assessment.version_asked.version, "copied": len(taken)}
        record(by=by, verb="begin_assessment", thing=assessment, organization=system.organization, facts=facts)
        return assessment

    return created_once(key=request_key, by=by, model=Assessment, create=create)


def check_may_begin(system: AISystem, by: User) -> None:
    """Raises `NotAllowed`; the page that holds the form asks before showing it."""
    if not permissions.can_begin(by, system):
        raise NotAllowed(_("Your functions in this body do not let you begin an assessment."))


def _new(system: AISystem, instrument: str, source: Assessment | None, by: User) -> Assessment:
    moment = clock.now()
    return Assessment(
        organization=system.organization,
        system=system,
        version_asked=latest_version(instrument),
        instrument=instrument,
        lead=by,
        previous=source,
        screened=screened_answers(system),
        depth=source.depth if source else "",
        depth_reason=source.depth_reason if source else "",
        created_at=moment,
        created_by=by,
        updated_at=moment,
        updated_by=by,
    )


def screened_answers(system: AISystem) -> dict[str, Any]:
    """What the last concluded screening of this system answered; nothing when there is none."""
    last = ScreeningConclusion.objects.filter(system=system).order_by("-pk").values_list("answers", flat=True).first()
    return dict(last or {})


def _check_source(source: Assessment | None, instrument: str, by: User) -> None:
    if source is None:
        return
    if source.instrument != instrument:
        raise InvalidInput(
            _("Choose an assessment of the same kind: their questions are not the same."), field="source"
        )
    if not Assessment.objects.visible_to(by).filter(pk=source.pk).exists():
        raise NotAllowed(_("Your functions do not let you read the assessment that you want to copy."))


def _check_none_open(system: AISystem, instrument: str) -> None:
    refusal = _already_open(system, instrument)
    if refusal.existing:
        raise refusal


def _already_open(system: AISystem, instrument: str) -> NotPossibleNow:
    """With the one that is open: whoever may begin one reads it."""
    uuid = Assessment.objects.open().filter(system=system, instrument=instrument).values_list("uuid", flat=True).first()
    told = _("An assessment of this kind is open for this system already: go on with it.")
    return NotPossibleNow(told, existing=str(uuid or ""))


def _copy_answers(source: Assessment, target: Assessment, by: User) -> dict[str, Any]:
    """Leaf by leaf, what the newer version still asks and still takes; files stay where they are."""
    old, new = source.questionnaire, target.questionnaire
    given = {code: value for code, value in source.values().items() if code in old.by_id and code in new.by_id}
    found = {code: _still_taken(old.by_id[code], new, new.by_id[code], value) for code, value in given.items()}
    taken = {code: value for code, value in found.items() if value is not None}
    moment = clock.now()
    note = f"{source.system.reference or source.system.name_fr} – {source.version_asked}"[:200]
    Answer.objects.bulk_create(
        Answer(
            assessment=target,
            question=code,
            value=value,
            version=target.version,
            origin=AnswerOrigin.COPIED,
            origin_note=note,
            updated_at=moment,
            updated_by=by,
        )
        for code, value in taken.items()
    )
    return taken


def _still_taken(old: Question, questionnaire: Questionnaire, new: Question, value: Any) -> Any:
    """What is left of an answer once each of its leaves went through the rules of the newer question."""
    if old.kind != new.kind:
        return None
    flat = taken_over(old, new, flat_of(old, value)) if old.kind == "link" else flat_of(old, value)
    kept: dict[str, Any] = {}
    for leaf in leaves_of(questionnaire, new, flat):
        if leaf.path in flat and not leaf.is_file:
            with suppress(WrongValue):
                kept[leaf.path] = clean_leaf(leaf, flat[leaf.path])
    return whole_of(new, kept)
