"""The first page of a document: what it is about, where it stands, how deep it went, who may be reached."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from assessments.exports.told.material import Material
from assessments.exports.told.risks import level_of
from assessments.exports.told.shapes import Pair, cleaned, typed, worded
from assessments.models import RiskAcceptance, Submission
from assessments.scoring.outcomes import results
from assessments.scoring.points import score
from assessments.scoring.risks import residual_level
from assessments.services.words import DEPTH_WORDS
from assessments.workflow import AssessmentState
from core import clock
from core.text import Localized, day_in_words, pick, reader_language
from organizations.models import Membership
from organizations.workflow import Role


def day_of(moment: datetime | None) -> str:
    return day_in_words(clock.civil_date(moment)) if moment else ""


def name_of_system(material: Material) -> Localized:
    """As the record called it when it was frozen, else as it does now."""
    facts = material.reading.facts
    names = {code: str(facts.get(f"system.name_{code}") or "") for code in ("fr", "en")}
    system = material.assessment.system
    return pick(names) or pick({"fr": system.name_fr, "en": system.name_en})


def reference_of(material: Material) -> str:
    if material.submission:
        return material.submission.document["system"]["reference"] or ""
    return material.assessment.system.reference or ""


def head_of(material: Material, *, is_extract: bool) -> tuple[Pair, ...]:
    questionnaire = material.reading.questionnaire
    body = material.assessment.organization
    rows = [
        (_("System"), name_of_system(material)),
        (_("Number"), worded(reference_of(material) or _("Draft without a number"))),
        (_("Public body"), body.name),
        (_("Questionnaire"), worded(f"{questionnaire.title[reader_language()]} ({questionnaire.name})")),
        (_("State"), worded(material.assessment.get_state_display())),
        *_depth(material),
        (_("Residual risk"), worded(level_of(material.reading, residual_level(material.reading)))),
        (_("Score"), worded(_score(material))),
        *_moments(material, is_extract=is_extract),
    ]
    return tuple(Pair(worded(label), cleaned(said)) for label, said in rows if said)


def _depth(material: Material) -> Iterator[tuple[str, Localized]]:
    reading, language = material.reading, reader_language()
    if reading.questionnaire.depth is None:
        return
    depth = reading.depth
    because = " ".join(text[language] for text in depth.because)
    recommended = ". ".join(filter(None, (str(DEPTH_WORDS[depth.recommended]), because)))
    if not depth.chosen:
        yield _("Depth"), worded(recommended)
        return
    yield _("Depth"), worded(DEPTH_WORDS[depth.asked])
    yield _("Depth recommended"), worded(recommended)
    frozen = material.submission.document["depth"] if material.submission else {}
    reason = frozen.get("reason", "") if material.submission else material.assessment.depth_reason
    if reason:
        yield _("Why this depth was chosen"), typed(reason)


def _score(material: Material) -> str:
    found = score(material.reading)
    if found is None:
        return ""
    told = {"points": number_format(found.points), "most": number_format(found.most)}
    points = _("%(points)s points out of %(most)s") % told
    return f"{found.level.label[reader_language()]} – {points}"


def _moments(material: Material, *, is_extract: bool) -> Iterator[tuple[str, Localized]]:
    """Days; for those who read working papers, with who acted."""
    assessment = material.assessment

    def told(moment: datetime | None, who: object) -> Localized:
        if is_extract or not moment:
            return worded(day_of(moment))
        return worded(_("%(day)s, by %(who)s") % {"day": day_of(moment), "who": who} if who else day_of(moment))

    yield _("Begun"), told(assessment.created_at, assessment.created_by)
    if material.is_draft:
        yield _("Last change"), told(assessment.updated_at, assessment.updated_by)
    if material.submission:
        sent, case = material.submission, material.submission.case
        if not is_extract:
            yield _("Version submitted"), worded(str(sent.number))
        yield _("Submitted"), told(sent.submitted_at, sent.submitted_by)
        if case.decided_at:
            yield case.get_state_display(), told(case.decided_at, case.decided_by)
            if not is_extract:
                yield _("Comment of the decision"), typed(case.comment)
        if not is_extract:
            yield from _accepted(sent)
    if material.conclusion:
        yield _("Concluded"), told(material.conclusion.concluded_at, material.conclusion.concluded_by)
        yield _("Signed by the privacy officer"), told(material.conclusion.signed_at, material.conclusion.signed_by)
    if assessment.state == AssessmentState.WITHDRAWN and not is_extract:
        yield _("Reason it was left"), typed(assessment.withdrawn_reason)


def _accepted(submission: Submission) -> Iterator[tuple[str, Localized]]:
    """What the highest authority wrote of a risk that remains critical."""
    found = RiskAcceptance.objects.filter(submission=submission).select_related("accepted_by").first()
    if found:
        told = {"function": found.function, "who": found.accepted_by, "day": day_of(found.accepted_at)}
        yield _("Critical risk accepted in writing by"), typed(_("%(function)s (%(who)s), on %(day)s") % told)
        yield _("Why it is accepted"), typed(found.text)


def outcomes_of(material: Material) -> tuple[Pair, ...]:
    """What a concluded screening says of each other assessment, and what somebody added to it."""
    concluded, reading, language = material.conclusion, material.reading, reader_language()
    if concluded is None:
        return ()
    found = results(reading.questionnaire, concluded.answers, concluded.facts)
    names = {each.outcome.instrument: each.outcome.label[language] for each in found}
    told = [Pair(worded(each.outcome.label[language]), worded(each.rule.sentence[language])) for each in found]
    added = [(names.get(one["instrument"], one["instrument"]), one["reason"]) for one in concluded.added]
    return (*told, *(Pair(worded(_("Added: %(label)s") % {"label": label}), typed(why)) for label, why in added))


def reached_of(material: Material, *, is_extract: bool) -> tuple[Pair, ...]:
    """Of an extract: the body, by its public ways. Else also those who know the file."""
    body, assessment = material.assessment.organization, material.assessment
    rows: list[tuple[str, str]] = []
    if not is_extract:
        if assessment.lead:
            rows.append((_("Who leads this assessment"), _named(assessment.lead.name, assessment.lead.email)))
        held = Membership.objects.filter(organization=body, role=Role.PRIVACY_OFFICER)
        for each in held.in_force(clock.civil_date(clock.now())).select_related("user").order_by("user__name", "pk"):
            rows.append((_("Privacy officer (RPRP)"), _named(each.user.name, each.user.email)))
    rows += [(_("Public e-mail"), body.contact_email), (_("Public telephone"), body.contact_phone)]
    return tuple(Pair(worded(label), worded(said)) for label, said in rows if said)


def _named(name: str, email: str) -> str:
    return ", ".join(filter(None, (name, email)))
