"""Rows of the assessments."""

from assessments.models.answer import Answer
from assessments.models.assessment import Assessment, Assignment
from assessments.models.deposit import DepositedAssessment
from assessments.models.evidence import Evidence
from assessments.models.guest import GuestAccess
from assessments.models.questionnaire import QuestionnaireVersion
from assessments.models.screening import ScreeningConclusion
from assessments.models.submission import RiskAcceptance, Submission

__all__ = [
    "Answer",
    "Assessment",
    "Assignment",
    "DepositedAssessment",
    "Evidence",
    "GuestAccess",
    "QuestionnaireVersion",
    "RiskAcceptance",
    "ScreeningConclusion",
    "Submission",
]
