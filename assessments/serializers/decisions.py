"""What was decided of an assessment, and what was accepted before, for whoever reads its page."""

from django.utils.translation import gettext as _

from assessments.models import Assessment, RiskAcceptance, Submission
from assessments.questionnaires import Questionnaire
from core import clock
from core.text import day_in_words, reader_language


def decision_told(assessment: Assessment) -> list[dict[str, str]]:
    """Labels and values of the last submission; none before one is decided or accepted. One query."""
    case = assessment.case
    if case is None:
        return []
    accepted = RiskAcceptance.objects.filter(submission__case=case).select_related("accepted_by").first()
    rows = []
    if case.decided_at:
        day = day_in_words(clock.civil_date(case.decided_at))
        rows.append((case.get_state_display(), _("%(day)s, by %(who)s") % {"day": day, "who": case.decided_by}))
        rows.append((_("Comment of the decision"), case.comment))
    if accepted:
        day = day_in_words(clock.civil_date(accepted.accepted_at))
        told = {"function": accepted.function, "who": accepted.accepted_by, "day": day}
        rows.append((_("Critical risk accepted in writing by"), _("%(function)s (%(who)s), on %(day)s") % told))
        rows.append((_("Why it is accepted"), accepted.text))
    return [{"label": str(label), "value": value} for label, value in rows if value]


def critical_risks(submission: Submission, questionnaire: Questionnaire) -> list[str]:
    """Names of the risks that remain critical in what was submitted."""
    language, levels = reader_language(), submission.document["risks"]
    return [risk.label[language] for risk in questionnaire.risks if levels.get(risk.code) == "critical"]
