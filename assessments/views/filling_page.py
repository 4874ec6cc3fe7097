"""A page of questions: where it stands, what is around it, where it leads, what an autosave tells of it."""

import secrets
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.forms.answers import AnswersForm
from assessments.forms.asked import asked_questions, surroundings
from assessments.models import Assessment
from assessments.questionnaires import Question, Questionnaire, Section
from assessments.scoring.asking import Reading, newly_asked
from assessments.scoring.completeness import Completeness, completeness
from assessments.scoring.leaves import HAS_ROWS, flat_of, new_keys, row_keys
from assessments.serializers.comments import comment_counts
from assessments.services.prefill import offers
from assessments.services.saving import SavedAnswers
from assessments.workflow import SCREENING
from core.pages import added_sentence, elsewhere_sentence, progress_told, removed_sentence
from core.text import reader_language
from organizations.models import User

SEED = string.digits + string.ascii_lowercase


@dataclass(frozen=True)
class Place:
    """Which page: a `section` or a `question` by its code, or `everything`."""

    kind: str
    code: str

    def questions(self, reading: Reading) -> tuple[Question, ...]:
        if self.kind == "section":
            return reading.asked_in(reading.questionnaire.section(self.code))
        if self.kind == "question":
            return (reading.questionnaire.question(self.code),)
        return reading.asked

    def section(self, questionnaire: Questionnaire) -> Section | None:
        if self.kind == "section":
            return questionnaire.section(self.code)
        if self.kind == "question":
            return questionnaire.section(questionnaire.question(self.code).section)
        return None

    def address(self, assessment: Assessment) -> str:
        codes = [self.code] if self.code else []
        return reverse(f"assessments:{self.kind}", args=[assessment.uuid, *codes])

    def after(self, assessment: Assessment, saved: SavedAnswers, sent: Mapping[str, Any]) -> str:
        """Where a form that was saved leads: what its button says, what its answers brought before that."""
        here = self.address(assessment)
        if (code := str(sent.get("files", ""))) in assessment.questionnaire.by_id:
            return reverse("assessments:files", args=[assessment.uuid, code])
        for action in ("accept", "remove_row", "add_row"):
            if named := str(sent.get(action, "")):
                code = named.partition(".")[0]
                if code == "*":
                    return here
                query = f"?{urlencode({'ajouter': code})}" if action == "add_row" else ""
                return f"{here}{query}#q-{code}"
        leaves = sent.get("action") == "leave"
        came = [each for each in newly_asked(saved.before, saved.reading) if each in self._around(saved.reading)]
        if came and not leaves:
            query = urlencode({"new": ",".join(each.id for each in came)}, safe=",")
            return f"{here}?{query}#q-{came[0].id}"
        following = self.following(saved.reading) if sent.get("action") == "next" else None
        if following:
            return following.address(assessment)
        if leaves or sent.get("action") == "next":
            name = "result" if assessment.instrument == SCREENING and not leaves else "assessment"
            return reverse(f"assessments:{name}", args=[assessment.uuid])
        return here

    def _around(self, reading: Reading) -> tuple[Question, ...]:
        return self.questions(reading) if self.kind != "question" else ()

    def following(self, reading: Reading) -> "Place | None":
        """The next section that asks something, or the next question asked."""
        if self.kind == "section":
            codes = [section.code for section in reading.sections]
        else:
            codes = [question.id for question in reading.asked]
        return self._neighbour(codes, +1)

    def previous(self, reading: Reading) -> "Place | None":
        source = reading.sections if self.kind == "section" else ()
        codes = [each.code for each in source] or [question.id for question in reading.asked]
        return self._neighbour(codes, -1)

    def _neighbour(self, codes: list[str], step: int) -> "Place | None":
        if self.kind == "everything" or self.code not in codes:
            return None
        index = codes.index(self.code) + step
        return Place(self.kind, codes[index]) if 0 <= index < len(codes) else None


def sent_questions(questionnaire: Questionnaire, sent: Mapping[str, Any]) -> list[Question]:
    """Those that the page held, and those that an answer was sent to."""
    codes = [*str(sent.get("shown", "")).split(","), *(name.partition(".")[0] for name in sent)]
    return [questionnaire.by_id[code] for code in dict.fromkeys(codes) if code in questionnaire.by_id]


def rows_to_add(reading: Reading, questions: Iterable[Question], asked_for: str) -> dict[str, list[str]]:
    """One empty row for a table that has none, and for the one whose button was pressed. Keys nobody else draws."""
    found = {}
    for question in questions:
        if question.kind in HAS_ROWS:
            flat = flat_of(question, reading.answers.get(question.id))
            is_empty = question.kind == "table" and not row_keys(flat)
            if is_empty or question.id == asked_for:
                found[question.id] = new_keys(flat, 1, seed="".join(secrets.choice(SEED) for _each in range(4)))
    return found


def filling_page(
    assessment: Assessment, form: AnswersForm, place: Place, *, reader: User, new: str = ""
) -> dict[str, Any]:
    """Everything that the page shows."""
    reading, language = form.reading, reader_language()
    found, section = completeness(reading), place.section(reading.questionnaire)
    offered = offers(assessment, reading, form.questions)
    around = surroundings(assessment, form, offered, comment_counts(assessment), reader)
    came = [code for code in new.split(",") if code in {question.id for question in form.questions}]
    return {
        "assessment": assessment,
        "form": form,
        "place": place,
        "asked": asked_questions(form, around),
        "sections": {each.code: each.title[language] for each in reading.questionnaire.sections},
        "section": section,
        "title": section.title[language] if section else _("All the questions"),
        "purpose": section.purpose[language] if section and place.kind == "section" else "",
        "instrument": reading.questionnaire.short_title[language],
        "offered": len(offered),
        "shown": ",".join(question.id for question in form.questions),
        **_new(came),
        **_links(place, assessment, reading),
        **progress_of(found, section),
    }


def _new(came: list[str]) -> dict[str, str]:
    """What is said above the first of the questions that an answer brought."""
    return {"first_new": came[0] if came else "", "said_of_new": added_sentence(len(came)) if came else ""}


def _links(place: Place, assessment: Assessment, reading: Reading) -> dict[str, Any]:
    around = {"following": place.following(reading), "previous": place.previous(reading)}
    leads_to_result = assessment.instrument == SCREENING and place.kind != "question"
    return {
        "leads_to_result": leads_to_result,
        **{name: _link(each, assessment, reading) for name, each in around.items()},
    }


def progress_of(found: Completeness, section: Section | None) -> dict[str, Any]:
    state = found.state(section.code) if section else None
    done, required = (state.done, state.required) if state else (found.done, found.required)
    return {"done": done, "required": required, "state": state, "states": found.sections}


def _link(place: Place | None, assessment: Assessment, reading: Reading) -> dict[str, str] | None:
    if place is None:
        return None
    language = reader_language()
    named = reading.questionnaire.section(place.code).title if place.kind == "section" else None
    title = named or reading.questionnaire.question(place.code).label
    return {"url": place.address(assessment), "label": title[language]}


def told_after(form: AnswersForm, saved: SavedAnswers, place: Place) -> dict[str, Any]:
    """For the script of the page: counters and marks as they are now, questions that came or went. No query."""
    section = place.section(saved.reading.questionnaire)
    progress = progress_of(saved.completeness, section)
    shown = {question.id for question in form.questions}
    missing = {question.id for question in saved.completeness.missing}
    answer = progress_told(progress["done"], progress["required"])
    answer["wanted"] = sorted(shown & missing)
    answer["parts"] = {
        "states": render_to_string(
            "assessments/partials/_section_states.html",
            {"assessment": saved.assessment, **progress, "section": section},
        )
    }
    if told := _came_or_went(form, saved, place):
        answer["asked"] = told
    answer["elsewhere"] = said_of_others(saved, place)
    return answer


def said_of_others(saved: SavedAnswers, place: Place) -> str:
    """What an answer brought where this page does not show it: the questions of another section, of another depth."""
    here = {question.id for question in place.questions(saved.reading)}
    came = sum(question.id not in here for question in newly_asked(saved.before, saved.reading))
    return elsewhere_sentence(came) if came else ""


def _came_or_went(form: AnswersForm, saved: SavedAnswers, place: Place) -> dict[str, str] | None:
    if place.kind == "question":
        return None
    shown = {question.id for question in form.questions}
    now = [question.id for question in place.questions(saved.reading)]
    new, gone = [code for code in now if code not in shown], shown - set(now)
    if not new and not gone:
        return None
    here = place.address(saved.assessment)
    query = urlencode({"new": ",".join(new)}, safe=",")
    causes = [question.id for question in form.questions if question.id in saved.changed]
    names = [name for name, (question, _leaf) in form.owners.items() if question.id in causes[-1:]]
    return {
        "near": names[-1] if names else "",
        "sentence": added_sentence(len(new)) if new else removed_sentence(len(gone)),
        "link": _("Show them") if new else _("Show the page as it is now"),
        "href": f"{here}?{query}#q-{new[0]}" if new else here,
    }
