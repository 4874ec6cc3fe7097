"""Versions of questionnaires: copied from their files, never altered; which one a new assessment takes."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import QuestionnaireVersion
from assessments.models.questionnaire import questionnaire_of
from assessments.questionnaires import (
    NotAQuestionnaire,
    Questionnaire,
    check_content,
    digest_of,
    released_digests,
    released_files,
    shipped_names,
)
from assessments.services.facts import RECORD
from assessments.workflow import EFVP
from core import clock
from core.audit import Actor, record
from core.models.actor import NamedJob
from core.services import InvalidInput

JOB = NamedJob("sync_questionnaires")


@transaction.atomic
def sync_questionnaires(*, by: Actor) -> list[QuestionnaireVersion]:
    """Copy each shipped version that has no row yet; give back the new ones. Raises `NotAQuestionnaire` when a file is
    not what was copied from it: a released version never changes. No file is read when all of them are there already.
    """
    rows = QuestionnaireVersion.objects.order_by("pk").values_list("instrument", "version", "digest")
    known = {f"{instrument}/{version}": digest for instrument, version, digest in rows}
    pinned = released_digests()
    if all(name in pinned and known.get(name) == pinned[name] for name in shipped_names()):
        return []
    return [row for content in released_files().values() if (row := add_version(content=content, by=by))]


@transaction.atomic
def add_version(*, content: Mapping[str, Any], by: Actor) -> QuestionnaireVersion | None:
    """One checked content; None when its row is there already."""
    questionnaire = check_content(content, record=RECORD)
    digest = digest_of(content)
    row, is_new = QuestionnaireVersion.objects.get_or_create(
        instrument=questionnaire.id,
        version=questionnaire.version,
        defaults={
            "content": content,
            "digest": digest,
            "issued_on": date.fromisoformat(questionnaire.issued),
            "added_at": clock.now(),
            "added_by_ref": by.actor_ref,
        },
    )
    if row.digest != digest:
        raise NotAQuestionnaire(
            questionnaire.name, "this version was released with another content: write a new version"
        )
    if not is_new:
        return None
    record(by=by, verb="release_questionnaire", thing=row, facts={"name": questionnaire.name, "digest": digest})
    return row


def latest_version(instrument: str) -> QuestionnaireVersion:
    """What a new assessment is filled in by. Copied now if nobody ran `sync_questionnaires` yet."""
    found = _latest(instrument)
    if found is None:
        sync_questionnaires(by=JOB)
        found = _latest(instrument)
    if found is None:
        told = _("No questionnaire has this code. Those there are: %(codes)s.")
        rows = QuestionnaireVersion.objects.order_by("instrument").values_list("instrument", flat=True)
        raise InvalidInput(told % {"codes": ", ".join(rows.distinct())}, field="instrument")
    return found


def _latest(instrument: str) -> QuestionnaireVersion | None:
    rows = QuestionnaireVersion.objects.filter(instrument=instrument).defer("content").order_by("pk")
    return max(rows, key=_in_order, default=None)


def _in_order(row: QuestionnaireVersion) -> list[int]:
    return [int(part) for part in row.version.split(".")]


def known_questionnaires() -> list[Questionnaire]:
    """The latest version of each instrument, the privacy assessment first. One query once they were read."""
    rows = list(QuestionnaireVersion.objects.defer("content").order_by("instrument", "pk"))
    if not rows and sync_questionnaires(by=JOB):
        return known_questionnaires()
    latest: dict[str, QuestionnaireVersion] = {}
    for row in rows:
        if row.instrument not in latest or _in_order(row) > _in_order(latest[row.instrument]):
            latest[row.instrument] = row
    found = [questionnaire_of(row.pk, row.digest) for row in latest.values()]
    return sorted(found, key=lambda each: (each.id != EFVP, each.id))
