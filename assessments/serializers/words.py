"""Codes that pages and documents show in words and colours: states, levels, results, origins, rules of risks."""

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from assessments.questionnaires import Source
from assessments.scoring.completeness import SectionState

LEVEL_WORDS = {"low": _("Low"), "moderate": _("Moderate"), "high": _("High"), "critical": _("Critical")}
LEVEL_COLOURS = {"low": "green", "moderate": "yellow", "high": "orange", "critical": "red"}
STATE_COLOURS = {
    "draft": "yellow",
    "submitted": "blue",
    "decided": "green",
    "superseded": "outline",
    "withdrawn": "grey",
}
RESULT_WORDS = {
    "required": _("Required"),
    "recommended": _("Recommended"),
    "to_check": _("To be checked"),
    "not_required": _("Not required"),
}
RESULT_COLOURS = {"required": "red", "recommended": "blue", "to_check": "yellow", "not_required": "grey"}
FAMILY_WORDS = {
    "organization": _("Organization of the work"),
    "technical": _("Technical measures"),
    "contract": _("Contracts and suppliers"),
    "people": _("People"),
    "data": _("Data"),
}
ORIGIN_WORDS = {
    "statute": _("statute"),
    "regulation": _("regulation"),
    "government_direction": _("government direction"),
    "own_rule": _("rule of the body"),
    "good_practice": _("good practice"),
}
CERTAINTY_WORDS = {
    "text_read": _("text read"),
    "secondary_source": _("secondary source"),
    "from_memory": _("not verified"),
}


def source_words_of(source: Source) -> str:
    return f"{ORIGIN_WORDS[source.origin]}, {CERTAINTY_WORDS[source.certainty]}"


def state_words(state: SectionState) -> str:
    """How far a section is."""
    if not state.required:
        return gettext("Optional")
    if state.is_complete:
        return gettext("Complete")
    if state.blocking and not state.missing:
        return gettext("Risks to complete")
    left = len(state.missing)
    return ngettext("%(number)d answer left", "%(number)d answers left", left) % {"number": left}


def state_colour(state: SectionState) -> str:
    if not state.required:
        return "grey"
    return "green" if state.is_complete else "yellow"
