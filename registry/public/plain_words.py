"""A system in one paragraph, made from its codes: what somebody reads who reads nothing else."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.text import Localized, pick, reader_language
from registry.public.codes import coded
from registry.workflow import Affected, Autonomy, Phase, YesNoUnsure

PHASES = {
    Phase.IDEA: gettext_lazy("It is under study: it is not in use."),
    Phase.DEVELOPMENT: gettext_lazy("It is being developed: it is not in use yet."),
    Phase.EXPERIMENT: gettext_lazy("It is being tried out, with no effect on anyone."),
    Phase.PILOT: gettext_lazy("It is in use on a small scale, as a pilot."),
    Phase.IN_SERVICE: gettext_lazy("It is in use now."),
    Phase.REGULARIZING: gettext_lazy("It is in use now, and was before it was registered."),
    Phase.SUSPENDED: gettext_lazy("It is stopped for the time being."),
    Phase.RETIRED: gettext_lazy("It is no longer in use."),
}
DECISIONS = {
    Autonomy.ASSISTS: gettext_lazy("It takes no part in any decision."),
    Autonomy.RECOMMENDS: gettext_lazy("It recommends; a person decides."),
    Autonomy.SUPERVISED: gettext_lazy("It decides, and a person can correct the decision before it takes effect."),
    Autonomy.ALONE: gettext_lazy("It decides alone: no person looks at the decision before it applies."),
}
PERSONAL = {
    YesNoUnsure.YES: gettext_lazy("It uses personal information."),
    YesNoUnsure.NO: gettext_lazy("It uses no personal information."),
    YesNoUnsure.UNSURE: gettext_lazy("The body is checking whether it uses personal information."),
}


def in_plain_words(system: Mapping[str, Any]) -> tuple[Localized, ...]:
    """Sentences in reading order; the first is the body's own, in the language the body wrote it."""
    language = reader_language()
    sentences = [
        *(str(told[code]) for told, code in _told(system) if code in told),
        _people(system.get("affected", [])),
    ]
    own = [Localized(sentence, language) for sentence in sentences if sentence]
    summary = pick(system.get("summary", {}))
    return (summary, *own) if summary else tuple(own)


def _told(system: Mapping[str, Any]) -> list[tuple[Mapping[Any, Any], str]]:
    return [
        (PHASES, system.get("phase", "")),
        (DECISIONS, system.get("autonomy", "")),
        (PERSONAL, system.get("personal_information", "")),
    ]


def _people(codes: list[str]) -> str:
    if Affected.NOBODY in codes:
        return _("It is about things, not about people.")
    people = ", ".join(_in_a_sentence(coded("affected", code).label) for code in codes)
    return _("It is used on: %(people)s.") % {"people": people} if people else ""


def _in_a_sentence(label: str) -> str:
    return label[:1].lower() + label[1:]
