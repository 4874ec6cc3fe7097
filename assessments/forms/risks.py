"""The fields of one risk, in the order in which people think of it: does it exist, how bad and how likely at each
moment, why, and what lowers it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessments.forms.measures import measures_question
from assessments.questionnaires import Question
from assessments.scoring.asking import Reading
from assessments.scoring.leaves import MOMENTS
from core.text import reader_language


@dataclass(frozen=True)
class RatedMoment:
    """Before the measures, now, or once they are in place."""

    title: str
    severity: Any
    likelihood: Any


@dataclass(frozen=True)
class RiskFields:
    """`is_none`: the stored answer says that this risk does not exist here; what follows is kept, and folded unless
    something of it is to be mended. `measures_question`: where measures are written, when none may be linked yet.
    """

    applies: Any
    moments: tuple[RatedMoment, ...]
    reason: Any
    measures: Any
    is_none: bool
    is_open: bool
    measures_question: Question | None
    is_on_this_page: bool

    @property
    def has_measures(self) -> bool:
        return any(True for _each in self.measures.field.widget.choices)


def risk_fields(
    reading: Reading, fields: list[Any], stored: Mapping[str, Any], shown: tuple[Question, ...]
) -> RiskFields:
    """`fields`: of one risk; `stored`: its leaves by their names; `shown`: the questions of the page."""
    named = {bound.name.rpartition(".")[2]: bound for bound in fields}
    matrix, language = reading.questionnaire.matrix, reader_language()
    titles = {code: label[language] for code, label in matrix.moments} if matrix else {}
    moments = (
        RatedMoment(titles.get(code, ""), named[f"{code}_severity"], named[f"{code}_likelihood"]) for code in MOMENTS
    )
    question = measures_question(reading)
    return RiskFields(
        applies=named["applies"],
        moments=tuple(moments),
        reason=named["reason"],
        measures=named["measures"],
        is_none=stored.get("applies") == "no",
        is_open=any(bound.errors for name, bound in named.items() if name != "applies"),
        measures_question=question,
        is_on_this_page=question in shown,
    )
