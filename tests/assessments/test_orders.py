"""No order of answers loses one or brings one back: three people write from versions that they read at any time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import permutations
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.questionnaires import load
from assessments.questionnaires.reading import read_questionnaire
from assessments.scoring.asking import Reading
from assessments.scoring.leaves import flat_of
from assessments.services import saving
from assessments.services.saving import save_answers
from tests.assessments.conftest import DATA

PEOPLE = ("first", "second", "third")
CHOICES: Mapping[str, list[Any]] = {
    "name": ["", "Tri", "Triage"],
    "sensitive": ["", "yes", "no"],
    "people": ["", "few", "many"],
    "uses": [[], ["sorting"], ["sorting", "profiling"], ["profiling"], ["nothing"]],
    "records": ["", 5, 500],
    "law.choice": ["", "permitted", "forbidden"],
    "law.text": ["", "Article 64", "Article 65"],
    "why": ["", "Il le faut", "On le veut"],
    "clauses.audit.state": ["", "yes", "no"],
    "clauses.training.state": ["", "yes", "no"],
    "clauses.training.proof": ["", "Page 3", "Page 4"],
    "data.r0001aaaa.what": ["", "Nom", "Adresse"],
    "data.r0001aaaa.count": ["", 1, 2],
    "data.r0002bbbb.what": ["", "Âge", "Sexe"],
    "measures.erasing.state": ["", "planned", "in_place"],
    "measures.locks.state": ["", "planned", "in_place"],
    "measures.r0001aaaa.label": ["", "Former", "Informer"],
    "ratings_of_risks.tracking.applies": ["", "yes", "no"],
    "ratings_of_risks.tracking.measures": [[], ["locks"], ["locks", "erasing"]],
    "ratings_of_risks.access.applies": ["", "yes", "no"],
}


@cache
def questionnaire():
    return read_questionnaire(load(DATA / "every_kind.yaml"))


def leaves_of_all(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Name of each leaf → its value, over all the answers."""
    return {
        ".".join(filter(None, (code, path))): value
        for code, whole in answers.items()
        for path, value in flat_of(questionnaire().question(code), whole).items()
    }


def same(one: Any, other: Any) -> bool:
    empty = (None, "", [])
    if isinstance(one, list) and isinstance(other, list):
        return set(one) == set(other)
    return (one in empty and other in empty) or one == other


@dataclass
class Paper:
    """What the service does with rows, without rows: every version, by which answers are merged."""

    versions: list[dict[str, Any]] = field(default_factory=lambda: [{}])
    written: dict[str, int] = field(default_factory=dict)

    @property
    def now(self) -> dict[str, Any]:
        return self.versions[-1]

    def save(self, leaves: Mapping[str, Any], version: int, unsettled: tuple[str, ...] = ()) -> list[str]:
        """Names of the leaves in dispute."""
        read = questionnaire()
        typed = saving._by_question(read, leaves, None)
        compared = saving._to_compare(read, self.written, typed)
        bases = {code: self.versions[version].get(code) for code in compared if self.written.get(code, 0) > version}
        seen = saving._as_seen(Reading(read, self.now, {}, depth="full"), bases)
        work = saving._merged(seen, self.now, bases, typed, unsettled)
        if work.values:
            after = self.now | work.values
            self.versions.append({code: value for code, value in after.items() if value is not None})
            self.written |= dict.fromkeys(work.values, len(self.versions) - 1)
        return [".".join(filter(None, (question.id, path))) for question, path, _typed in work.disputed]


@st.composite
def sendings(draw):
    """(who, whether they read again before, the leaves they touch, whether they send their whole page along)."""
    names = draw(st.lists(st.sampled_from(sorted(CHOICES)), min_size=1, max_size=4, unique=True))
    leaves = {name: draw(st.sampled_from(CHOICES[name])) for name in names}
    return draw(st.sampled_from(PEOPLE)), draw(st.booleans()), leaves, draw(st.booleans())


def page_of(reading: Reading, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What a page without JavaScript sends for what nobody touched: all that it shows, as it was read."""
    found, flat = {}, leaves_of_all(answers)
    for name in CHOICES:
        code, _dot, path = name.partition(".")
        question = questionnaire().question(code)
        if not reading.is_asked(question) or path.partition(".")[0] in reading.lines_hidden(question):
            continue
        value = flat.get(name, [] if isinstance(CHOICES[name][0], list) else "")
        hidden = reading.codes_hidden(question)
        found[name] = [each for each in value if each not in hidden] if isinstance(value, list) else value
    return found


@settings(max_examples=300)
@given(st.lists(sendings(), min_size=1, max_size=14))
def test_each_leaf_is_stored_or_told_and_nothing_else_moves(sent):
    paper, read = Paper(), dict.fromkeys(PEOPLE, 0)
    for who, reads_again, leaves, whole_page in sent:
        if reads_again:
            read[who] = len(paper.versions) - 1
        snapshot, before = paper.versions[read[who]], leaves_of_all(paper.now)
        shown = Reading(questionnaire(), snapshot, {}, depth="full")
        page = page_of(shown, snapshot)
        touched = {name: value for name, value in leaves.items() if name in page or not whole_page}
        disputed = paper.save(page | touched if whole_page else touched, read[who])
        after, was = leaves_of_all(paper.now), leaves_of_all(snapshot)
        for name in {*before, *after}:
            if not same(before.get(name), after.get(name)):
                assert name in touched, f"{name} changed and nobody wrote it"
                assert same(was.get(name), before.get(name)), f"{name}: what was replaced had not been read"
        for name, value in touched.items():
            assert is_kept(shown, name, value, after.get(name), was.get(name)) or name in disputed, name


def is_kept(shown: Reading, name: str, typed: Any, stored: Any, was: Any) -> bool:
    """Stored as typed (with what the page could not show), or typed as it had been read, or emptied unseen."""
    code, _dot, path = name.partition(".")
    question = questionnaire().question(code)
    hidden = shown.codes_hidden(question)
    if isinstance(typed, list) and isinstance(was, list):
        alone = {"nothing"} & {*typed, *was}
        wanted = [*typed, *(each for each in was if each in hidden and not alone)]
    else:
        wanted = typed
    is_unseen = path.partition(".")[0] in shown.lines_hidden(question) and typed in ("", [])
    return same(stored, wanted) or same(wanted, was) or is_unseen


@settings(max_examples=200)
@given(st.lists(sendings(), min_size=1, max_size=12))
def test_a_hidden_answer_waits_unchanged(sent):
    """Hiding and showing again gives back what was there, whatever else was written in between."""
    paper = Paper()
    paper.save({"people": "many", "law.choice": "forbidden", "law.text": "Article 64", "sensitive": "yes"}, 0)
    kept = leaves_of_all(paper.now)
    paper.save({"people": "few"}, 1)
    for _who, _again, leaves, _whole in sent:
        paper.save({name: value for name, value in leaves.items() if name not in kept}, len(paper.versions) - 1)
    paper.save({"people": "many"}, len(paper.versions) - 1)
    now = leaves_of_all(paper.now)
    assert {name: now.get(name) for name in kept} == kept
    assert Reading(questionnaire(), paper.now, {}, depth="full").value_of("law") == paper.now["law"]


@settings(max_examples=150)
@given(st.data())
def test_writes_of_different_leaves_end_the_same_in_any_order(data):
    start = Paper()
    beginning = data.draw(st.lists(st.sampled_from(sorted(CHOICES)), max_size=10, unique=True))
    start.save({name: data.draw(st.sampled_from(CHOICES[name])) for name in beginning}, 0)
    version = len(start.versions) - 1
    names = data.draw(st.lists(st.sampled_from(sorted(CHOICES)), min_size=3, max_size=9, unique=True))
    writes = [{name: data.draw(st.sampled_from(CHOICES[name])) for name in names[part::3]} for part in range(3)]
    ends = []
    for order in permutations(writes):
        paper = Paper(list(start.versions), dict(start.written))
        assert not [disputed for leaves in order for disputed in paper.save(leaves, version)]
        ends.append(paper.now)
    assert all(leaves_of_all(end).keys() == leaves_of_all(ends[0]).keys() for end in ends)
    assert all(end == ends[0] for end in ends)


@settings(max_examples=200)
@given(st.lists(sendings(), min_size=2, max_size=12))
def test_what_was_emptied_comes_back_only_by_who_saw_it_empty(sent):
    paper, read = Paper(), dict.fromkeys(PEOPLE, 0)
    emptied: dict[str, int] = {}
    for who, reads_again, leaves, _whole in sent:
        if reads_again:
            read[who] = len(paper.versions) - 1
        before = leaves_of_all(paper.now)
        paper.save(leaves, read[who])
        after = leaves_of_all(paper.now)
        for name in leaves:
            if name in before and name not in after:
                emptied[name] = len(paper.versions) - 1
            elif name in after and name not in before and name in emptied:
                assert same(leaves_of_all(paper.versions[read[who]]).get(name), None), name


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=st.lists(sendings(), min_size=2, max_size=8))
def test_rows_do_what_the_paper_does(assessment_of_three, sent):
    """The same sendings through the service: its history gives the bases that the paper knows by heart."""
    assessment, people = assessment_of_three
    with transaction.atomic():
        paper, read, version = Paper(), dict.fromkeys(PEOPLE, (0, 1)), 1
        for who, reads_again, leaves, _whole in sent:
            if reads_again:
                read[who] = (len(paper.versions) - 1, version)
            paper_version, row_version = read[who]
            disputed = paper.save(leaves, paper_version)
            saved = save_answers(assessment=assessment, leaves=leaves, version=row_version, by=people[who])
            version = saved.version
            assert {difference.field for difference in saved.differences} == set(disputed)
            assert assessment.values() == paper.now
        transaction.set_rollback(True)


@pytest.fixture
def assessment_of_three(assessment, editor, colleague, reviewer):
    assessment.depth = "full"
    assessment.save(update_fields=["depth"])
    return assessment, dict(zip(PEOPLE, (editor, colleague, reviewer), strict=True))
