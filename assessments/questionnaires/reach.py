"""Whether anything could ever make a condition hold. What no answer, no fact and no depth can show is a mistake.

Bounded and prudent: it says «never» only of what it has proven, by trying the values that conditions tell apart. Facts
are free, and so is the depth; several codes of one fact or of one multiple choice may be true together.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any

from assessments.questionnaires.shapes import DEPTHS, YES_NO_UNSURE, Condition, Question, Questionnaire, Risk

Truth = bool | None
"""None: not known yet, some answers are still to be tried."""
MOST_TRIES = 3_000
ONE_OF = frozenset({"yes_no_unsure", "single_choice", "choice_with_text"})
MANY_OF = frozenset({"multiple_choice", "date_with_events"})
NOTHING, OTHERWISE = "", "*"
"""Not answered; answered, with nothing that a condition names (a text beside the choice, a number under all)."""


class _OutOfTries(Exception):
    pass


class Reach:
    """One questionnaire. `can_hold` tries values of variables, one by one, and turns back as soon as all is lost."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire
        self._sections = {section.code: section.visible_when for section in questionnaire.sections}
        self._thresholds: dict[str, set[float]] = {}
        self._known: dict[Hashable, Any] = {}
        self._wanted: list[tuple[Hashable, tuple[Any, ...]]] = []
        self._tries = 0

    def can_hold(self, goals: Iterable[Condition | None], *, asked: Iterable[Question] = (), depth: str = "") -> bool:
        """All of `goals` at once, while all of these questions are asked, at this depth at least."""
        wanted, questions = [goal for goal in goals if goal], list(asked)
        self._known, self._tries = {}, 0

        def holds_all() -> Truth:
            parts = [self._deep_enough(depth), *(self._asked(each) for each in questions)]
            return _all([*parts, *(self._holds(goal) for goal in wanted)])

        try:
            return self._search(holds_all)
        except _OutOfTries:
            return True

    def _search(self, goal: Any) -> bool:
        """Tries every value of the first thing that the goal asked about and did not know."""
        self._tries += 1
        if self._tries > MOST_TRIES:
            raise _OutOfTries
        self._wanted = []
        truth = goal()
        if truth is not None:
            return bool(truth)
        name, values = self._wanted[0]
        for value in values:
            self._known[name] = value
            if self._search(goal):
                return True
        del self._known[name]
        return False

    def _value(self, name: Hashable, values: tuple[Any, ...]) -> Any:
        """None while it is not tried."""
        if name not in self._known:
            self._wanted.append((name, values))
        return self._known.get(name)

    def _deep_enough(self, depth: str) -> Truth:
        if depth in {"", DEPTHS[0]}:
            return True
        value = self._value("depth", DEPTHS)
        return None if value is None else DEPTHS.index(value) >= DEPTHS.index(depth)

    def _asked(self, question: Question) -> Truth:
        before = len(self._wanted)
        truth = self._is_asked(question)
        if truth is not None:  # decided: what else it read need not be tried
            del self._wanted[before:]
        return truth

    def _is_asked(self, question: Question) -> Truth:
        parts = [self._deep_enough(question.depth), self._holds(self._sections[question.section])]
        return _all([*parts, self._holds(question.visible_when)])

    def _holds(self, condition: Condition | None) -> Truth:
        if condition is None:
            return True
        before = len(self._wanted)
        truth = self._read(condition)
        if truth is not None:
            del self._wanted[before:]
        return truth

    def _read(self, condition: Condition) -> Truth:
        if "all" in condition:
            return _all(self._holds(each) for each in condition["all"])
        if "any" in condition:
            return _any(self._holds(each) for each in condition["any"])
        if "not" in condition:
            return _not(self._holds(condition["not"]))
        if "fact" in condition:
            return _any(
                self._value(("fact", condition["fact"], _word(each)), (True, False)) for each in condition["in"]
            )
        if "points_of" in condition:
            return self._weighs(condition)
        return self._answer_holds(condition, self.questionnaire.by_id[condition["answer"]])

    def _answer_holds(self, condition: Condition, question: Question) -> Truth:
        if "in" in condition:
            return _any(self._is_chosen(question, str(code)) for code in condition["in"])
        if "at_least" in condition:
            if question.kind != "number":
                return False
            return _all([self._asked(question), self._is_at_least(question, condition["at_least"])])
        given = _all([self._asked(question), self._is_given(question)])
        return given if condition["answered"] else _not(given)

    def _is_given(self, question: Question) -> Truth:
        if question.kind in ONE_OF or question.kind == "number":
            value = self._value(question.id, self._values_of(question))
            return None if value is None else value != NOTHING
        chosen = _any(self._value((question.id, option.code), (True, False)) for option in question.options)
        if chosen and question.kind in MANY_OF:
            return True
        free: Truth = self._value((question.id, "answered"), (True, False))
        return free

    def _is_chosen(self, question: Question, code: str) -> Truth:
        option = next((each for each in question.options if each.code == code), None)
        if question.kind in ONE_OF:
            value = self._value(question.id, self._values_of(question))
            mine: Truth = None if value is None else value == code
        else:
            mine = self._value((question.id, code), (True, False))
        return _all([mine, self._asked(question), self._holds(option.visible_when if option else None)])

    def _is_at_least(self, question: Question, start: float) -> Truth:
        if question.at_most is not None and start > question.at_most:
            return False
        value = self._value(question.id, self._values_of(question))
        return None if value is None else value not in {NOTHING, OTHERWISE} and value >= start

    def _values_of(self, question: Question) -> tuple[Any, ...]:
        if question.kind == "yes_no_unsure":
            return (*YES_NO_UNSURE, NOTHING)
        if question.kind == "number":
            return (*sorted(self._starts(question.id), reverse=True), OTHERWISE, NOTHING)
        codes = tuple(option.code for option in question.options)
        return (*codes, OTHERWISE, NOTHING) if question.kind == "choice_with_text" else (*codes, NOTHING)

    def _starts(self, code: str) -> set[float]:
        """Every number that some condition compares this answer with."""
        if not self._thresholds:
            for leaf in every_leaf(self.questionnaire):
                if "answer" in leaf and "at_least" in leaf:
                    self._thresholds.setdefault(leaf["answer"], set()).add(leaf["at_least"])
        return self._thresholds.get(code, set())

    def _weighs(self, condition: Condition) -> Truth:
        """The least and the most that these questions may still weigh."""
        least = most = 0.0
        for code in condition["points_of"]:
            low, high = self._weight(self.questionnaire.by_id[code])
            least, most = least + low, most + high
        if least >= condition["at_least"]:
            return True
        return False if most < condition["at_least"] else None

    def _weight(self, question: Question) -> tuple[float, float]:
        low = high = 0.0
        free = []
        for option in question.options:
            chosen = self._is_chosen(question, option.code)
            if chosen:
                low, high = low + option.points, high + option.points
            elif chosen is None:
                free.append(option.points)
        if question.kind in ONE_OF:
            return low + min([0, *free]), high + max([0, *free])
        return low + sum(each for each in free if each < 0), high + sum(each for each in free if each > 0)


def never_shown(questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
    """(place, what is out of reach) of all that nothing can ever show, or make hold."""
    reach = Reach(questionnaire)
    for section in questionnaire.sections:
        if not reach.can_hold([section.visible_when]):
            yield section.code, "no answer can ever open this section"
            continue
        for question in section.questions:
            yield from _in_question(reach, f"{section.code}/{question.id}", question)
    yield from _in_catalogues(reach, questionnaire)
    for number, rule in enumerate(questionnaire.depth.rules if questionnaire.depth else ()):
        if not reach.can_hold([rule.when]):
            yield f"depth/rules/{number}", "no answer can ever make this rule hold"
    for outcome in questionnaire.outcomes:
        before: list[Condition] = []
        for number, each in enumerate(outcome.rules):
            if not reach.can_hold([*before, each.when]):
                yield f"outcomes/{outcome.instrument}/{number}", "no answer can ever lead to this rule"
            before += [{"not": each.when}] if each.when else []


def _in_question(reach: Reach, place: str, question: Question) -> Iterator[tuple[str, str]]:
    if not reach.can_hold([], asked=[question]):
        yield place, "no answer can ever show this question"
        return
    for each in (*question.options, *question.lines):
        if each.visible_when and not reach.can_hold([each.visible_when], asked=[question]):
            yield f"{place}/{each.code}", "no answer can ever show this line"


def _in_catalogues(reach: Reach, questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
    holder = {question.kind: question for question in questionnaire.questions}
    pairs: list[tuple[str, Any]] = [("risk_list", questionnaire.risks), ("measures", questionnaire.measures)]
    for kind, rows in pairs:
        asked = [holder[kind]] if kind in holder else []
        for row in rows:
            depth = row.depth if isinstance(row, Risk) else ""
            if not reach.can_hold([row.visible_when], asked=asked, depth=depth):
                yield f"{kind}/{row.code}", "no answer can ever show this line"


def conditions_of(questionnaire: Questionnaire) -> Iterator[tuple[str, Condition]]:
    """(place, condition) of every condition there is."""
    found: list[tuple[str, Condition | None]] = []
    for section in questionnaire.sections:
        found.append((section.code, section.visible_when))
        for question in section.questions:
            place = f"{section.code}/{question.id}"
            found.append((place, question.visible_when))
            found += [(f"{place}/{each.code}", each.visible_when) for each in (*question.options, *question.lines)]
    catalogues: Iterable[Any] = (*questionnaire.risks, *questionnaire.measures)
    found += [(each.code, each.visible_when) for each in catalogues]
    if questionnaire.depth:
        found += [(f"depth/{rule.depth}", rule.when) for rule in questionnaire.depth.rules]
    for outcome in questionnaire.outcomes:
        found += [(f"outcomes/{outcome.instrument}", rule.when) for rule in outcome.rules]
    return ((place, condition) for place, condition in found if condition)


def leaves_of(condition: Condition) -> Iterator[Condition]:
    """The simple conditions that a condition is made of."""
    if "all" in condition or "any" in condition:
        for each in condition.get("all") or condition["any"]:
            yield from leaves_of(each)
    elif "not" in condition:
        yield from leaves_of(condition["not"])
    else:
        yield condition


def every_leaf(questionnaire: Questionnaire) -> Iterator[Mapping[str, Any]]:
    return (leaf for _place, condition in conditions_of(questionnaire) for leaf in leaves_of(condition))


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _all(parts: Iterable[Truth]) -> Truth:
    found = list(parts)
    if any(part is False for part in found):
        return False
    return None if any(part is None for part in found) else True


def _any(parts: Iterable[Truth]) -> Truth:
    return _not(_all([_not(part) for part in parts]))


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth
