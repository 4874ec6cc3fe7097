"""`manage.py check_questionnaire FILE [--answers FILE]`: is it right, what does it ask, what do answers score?"""

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from assessments.questionnaires import DEPTHS, NotAQuestionnaire, Questionnaire, digest_of, load, read_questionnaire
from assessments.scoring.asking import Reading
from assessments.scoring.completeness import completeness
from assessments.scoring.leaves import name_of, whole_of
from assessments.scoring.outcomes import results
from assessments.scoring.points import score
from assessments.scoring.risks import residual_level
from assessments.scoring.spreading import spread
from assessments.scoring.values import WrongValue, clean_flat
from assessments.services.facts import RECORD
from core.text import reader_language


class Command(BaseCommand):
    help = "Vérifie un questionnaire et montre ce qu'il demande; avec des réponses, ce qu'elles donnent."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="fichier YAML du questionnaire")
        parser.add_argument(
            "--answers", type=Path, help="fichier JSON : {id: réponse}, avec au besoin «facts» et «depth»"
        )

    def handle(self, *args: Any, file: Path, answers: Path | None, **options: Any) -> None:
        try:
            content = load(file, record=RECORD)
            questionnaire = read_questionnaire(content)
            lines = [*_outline(questionnaire), _("Digest: %(digest)s") % {"digest": digest_of(content)}]
            lines += _told(questionnaire, _read(answers)) if answers else []
        except NotAQuestionnaire as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            sentence = _("The file “%(file)s” cannot be opened. Check its name and your right to read it.")
            raise CommandError(sentence % {"file": error.filename}) from error
        for line in lines:
            self.stdout.write(line)


def _outline(questionnaire: Questionnaire) -> Iterator[str]:
    """Sections and questions. `*`: mandatory; then the least depth, and `?` where it depends on something."""
    language = reader_language()
    yield f"{questionnaire.name} – {questionnaire.title[language]}"
    for section in questionnaire.sections:
        yield f"\n{section.code} – {section.title[language]}" + (" ?" if section.visible_when else "")
        for question in section.questions:
            marks = f"{'*' if question.required else ' '} {question.depth:<6} {question.kind:<16}"
            yield f"  {marks} {question.id}{' ?' if question.visible_when else ''}: {question.label[language]}"
    yield ""
    for depth in DEPTHS if questionnaire.depth else DEPTHS[-1:]:
        asked = [each for each in questionnaire.questions if DEPTHS.index(each.depth) <= DEPTHS.index(depth)]
        told = {
            "depth": depth,
            "most": len(asked),
            "always": sum(_is_always_asked(questionnaire, one) for one in asked),
        }
        yield _("%(depth)s: %(always)d questions always asked, %(most)d at most") % told


def _is_always_asked(questionnaire: Questionnaire, question: Any) -> bool:
    return not question.visible_when and not questionnaire.section(question.section).visible_when


def _read(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise NotAQuestionnaire(path.name, str(error)[:300]) from error
    if not isinstance(found, dict):
        raise NotAQuestionnaire(path.name, "answers are a map: question → answer")
    return found


def _told(questionnaire: Questionnaire, sent: Mapping[str, Any]) -> Iterator[str]:
    """What these answers give. `facts` and `depth` may stand beside them."""
    facts = sent.get("facts") if isinstance(sent.get("facts"), dict) else {}
    depth = sent.get("depth") if sent.get("depth") in DEPTHS else ""
    answers = {
        code: _stored(questionnaire, code, value) for code, value in sent.items() if code not in {"facts", "depth"}
    }
    reading = Reading(questionnaire, answers, facts or {}, depth=depth or "")
    found, scored, language = completeness(reading), score(reading), reader_language()
    yield ""
    told = {"asked": len(reading.asked), "depth": reading.depth.asked, "done": found.done, "required": found.required}
    yield _("%(asked)d questions asked (%(depth)s); mandatory: %(done)d of %(required)d answered") % told
    for question in found.missing:
        yield f"  ! {question.id}: {question.label[language]}"
    for problem in found.problems:
        yield f"  ! {problem.risk.code}: {problem.rule}"
    if scored:
        level = scored.level.label[language]
        yield _("Score: %(points)s of %(most)s – %(level)s") % {
            "points": f"{scored.points:g}",
            "most": f"{scored.most:g}",
            "level": level,
        }
    if level_code := residual_level(reading):
        yield _("Highest risk that remains: %(level)s") % {"level": level_code}
    for result in results(questionnaire, reading.counted, reading.facts):
        yield f"{result.outcome.instrument}: {result.result} – {result.rule.sentence[language]}"


def _stored(questionnaire: Questionnaire, code: str, value: Any) -> Any:
    """As the service would store it. Raises `NotAQuestionnaire` with the place."""
    question = questionnaire.by_id.get(code)
    if question is None:
        raise NotAQuestionnaire(code, "the questionnaire has no such question")
    try:
        return whole_of(question, clean_flat(questionnaire, question, spread(question, value, seed="0000")))
    except WrongValue as problem:
        place = name_of(code, problem.leaf)
        raise NotAQuestionnaire(place, f"this answer is not of its kind ({problem.problem})") from problem
