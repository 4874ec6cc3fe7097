"""Risks as a table at three moments, then what was written of each."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from assessments.exports.told.shapes import Block, Matrices, Pair, Pairs, Table, table_of, typed, worded
from assessments.questionnaires import Matrix, Question
from assessments.scoring.asking import Reading
from assessments.scoring.leaves import MOMENTS
from assessments.scoring.risks import RatedRisk, RiskProblem, kept_measures, rated_risks
from assessments.services.matrix import drawn_matrices, matrix_legend
from assessments.services.words import CODES, NAMES, RULE_WORDS
from core.text import Localized, reader_language


def risk_blocks(reading: Reading, question: Question) -> tuple[Block, ...]:
    """Every risk that is asked about, also those that do not exist here: nobody wonders whether one was forgotten."""
    rated = {each.risk.code: each for each in rated_risks(reading)}
    names = _names_of_measures(reading)
    texts = (_written(each, names) for each in rated.values())
    return (_levels(reading, question, rated), *_matrices(reading, rated), *(block for block in texts if block))


def _levels(reading: Reading, question: Question, rated: Mapping[str, RatedRisk]) -> Table:
    language, value = reader_language(), reading.answers.get(question.id) or {}
    matrix = reading.questionnaire.matrix
    assert matrix is not None  # noqa: S101 – a questionnaire with a list of risks has its matrix (rules.py)
    moments = dict(matrix.moments)
    heads = [_("Risk"), str(NAMES["applies"]), *(moments[moment][language] for moment in MOMENTS)]
    rows = []
    for risk in reading.risks:
        applies = (value.get(risk.code) or {}).get("applies", "")
        said = worded(CODES["yes_no_unsure"].get(applies, ""))
        found = rated.get(risk.code)
        levels = (level_words(matrix, found, moment) if found else worded("") for moment in MOMENTS)
        rows.append((worded(risk.label[language]), said, *levels))
    return table_of(worded(question.label[language]), map(worded, heads), rows, has_heads=True)


def _matrices(reading: Reading, rated: Mapping[str, RatedRisk]) -> tuple[Matrices, ...]:
    """None before a first risk is rated."""
    if not (drawn := drawn_matrices(reading)):
        return ()
    named = tuple(worded(each.risk.label[reader_language()]) for each in rated.values())
    title = worded(_("The same risks on the matrix"))
    return (Matrices(title, tuple(drawn), tuple(matrix_legend(reading)), named),)


def level_words(matrix: Matrix, rated: RatedRisk, moment: str) -> Localized:
    """«Élevé (gravité 3, vraisemblance 4)»."""
    level, pair = rated.levels[moment], rated.degrees[moment]
    if level is None or pair is None:
        return worded(_("Not rated"))
    told = {"level": level.label[reader_language()], "severity": pair[0], "likelihood": pair[1]}
    return worded(_("%(level)s (severity %(severity)d, likelihood %(likelihood)d)") % told)


def _written(rated: RatedRisk, names: Mapping[str, str]) -> Pairs | None:
    named = "; ".join(names.get(code) or code for code in rated.measures)
    pairs = [(NAMES["reason"], typed(rated.reason)), (NAMES["measures"], worded(named))]
    told = tuple(Pair(worded(label), text) for label, text in pairs if text)
    return Pairs(told, worded(rated.risk.label[reader_language()])) if told else None


def _names_of_measures(reading: Reading) -> dict[str, str]:
    """As the body called its own, and those of the catalogue."""
    language = reader_language()
    return kept_measures(reading) | {each.code: each.label[language] for each in reading.questionnaire.measures}


def words_of_problem(problem: RiskProblem) -> str:
    """What one risk still wants."""
    told = {"risk": problem.risk.label[reader_language()], "wanted": str(RULE_WORDS[problem.rule])}
    return _("Risk “%(risk)s”: %(wanted)s.") % told


def level_of(reading: Reading, code: str) -> str:
    """The words of a level of risk; «» for none."""
    matrix = reading.questionnaire.matrix
    levels = matrix.levels if matrix else ()
    return next((level.label[reader_language()] for level in levels if level.code == code), "")
