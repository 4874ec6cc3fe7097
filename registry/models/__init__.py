"""Rows of the register."""

from registry.models.citizens import ErrorReport
from registry.models.common_tools import CommonToolsForm, CommonToolUse, PublicCommonTools
from registry.models.coverage import NoAIAttestation, PublicCoverage
from registry.models.foreign import ForeignSystem, ForeignWord
from registry.models.imports import ColumnMapping, ImportRow, ImportRun
from registry.models.indicator import IndicatorOfYear
from registry.models.lifecycle import PhaseChange
from registry.models.parts import (
    AdverseEvent,
    Benefit,
    BenefitMeasure,
    DataUse,
    FieldVisibility,
    HostingSite,
    Metric,
    PrincipleAnswer,
    Recourse,
    StaffConsultation,
    SystemPart,
)
from registry.models.public_files import PublicFile
from registry.models.publication import Publication, PublicationRequest, PublicRecord
from registry.models.saved_view import SavedView
from registry.models.scope import ScopeAnswer
from registry.models.search import FacetCount, SearchWord, WholeText
from registry.models.solution import Solution, SolutionClaim
from registry.models.system import AISystem, SystemGrant

__all__ = [
    "AISystem",
    "AdverseEvent",
    "Benefit",
    "BenefitMeasure",
    "ColumnMapping",
    "CommonToolUse",
    "CommonToolsForm",
    "DataUse",
    "ErrorReport",
    "FacetCount",
    "FieldVisibility",
    "ForeignSystem",
    "ForeignWord",
    "HostingSite",
    "ImportRow",
    "ImportRun",
    "IndicatorOfYear",
    "Metric",
    "NoAIAttestation",
    "PhaseChange",
    "PrincipleAnswer",
    "PublicCommonTools",
    "PublicCoverage",
    "PublicFile",
    "PublicRecord",
    "Publication",
    "PublicationRequest",
    "Recourse",
    "SavedView",
    "ScopeAnswer",
    "SearchWord",
    "Solution",
    "SolutionClaim",
    "StaffConsultation",
    "SystemGrant",
    "SystemPart",
    "WholeText",
]
