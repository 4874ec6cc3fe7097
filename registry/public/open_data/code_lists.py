"""Lists of codes that columns of open data hold and that are no answers of the catalogue, with their words."""

from collections.abc import Callable, Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import override

from organizations.workflow import Kind
from registry.field_catalogue import CATALOGUE, STRATEGIES, Text
from registry.models.coverage import ATTESTING_ROLES
from registry.public.coverage import LABELS
from registry.standards import portrait

# Code and its words in both languages.
Codes = tuple[tuple[str, Text], ...]


def _in_both(choices: Iterable[tuple[str, str | Promise]]) -> Codes:
    """Words of the program, which has them in messages."""
    told, found = list(choices), {}
    for language in ("fr", "en"):
        with override(language):
            found[language] = {code: str(words) for code, words in told}
    return tuple((code, {language: words[code] for language, words in found.items()}) for code, _words in told)


def _sections() -> Codes:
    return tuple((section.code, section.question) for section in CATALOGUE.sections)


def _parts() -> Codes:
    return tuple((part.code, part.label) for part in (*CATALOGUE.parts, *CATALOGUE.shared))


def _strategy_codes() -> Codes:
    indicators = tuple((each.indicator.code, each.indicator.label) for each in STRATEGIES)
    return indicators + tuple((each.code, each.label) for strategy in STRATEGIES for each in strategy.objectives)


def _axes() -> Codes:
    return tuple((axis.code, axis.label) for strategy in STRATEGIES for axis in strategy.axes)


def _portrait_categories() -> Codes:
    choices = CATALOGUE.field("category").choices
    return tuple((choice.standards["qc_portrait"], choice.public_label) for choice in choices)


def _portrait_statuses() -> Codes:
    """Each is its own words: a code of the Portrait is a sentence."""
    named = dict.fromkeys(choice.standards.get("qc_portrait", "") for choice in CATALOGUE.field("phase").choices)
    return tuple((said, {"fr": said, "en": said}) for said in (*filter(None, named), portrait.UNKNOWN))


CODE_LISTS: Mapping[str, Callable[[], Codes]] = {
    "sections": _sections,
    "parts": _parts,
    "body_kinds": lambda: _in_both((kind.value, kind.label) for kind in Kind),
    "functions": lambda: _in_both((role.value, role.label) for role in ATTESTING_ROLES),
    "coverage_states": lambda: _in_both((state.value, label) for state, label in LABELS.items()),
    "strategy_codes": _strategy_codes,
    "axes": _axes,
    "portrait_categories": _portrait_categories,
    "portrait_statuses": _portrait_statuses,
}
