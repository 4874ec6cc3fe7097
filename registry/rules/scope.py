"""«Suis-je visé?»: must this tool be declared? Four answers, rules that are data, the first that holds decides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

Text = Mapping[str, str]

SCOPE_FILE = Path(__file__).with_name("scope.yaml")


@dataclass(frozen=True)
class Basis:
    """A rule of law or policy that a result rests on, with its origin and how sure we are of it."""

    code: str
    name: Text
    origin: str
    certainty: str
    in_force_from: date


@dataclass(frozen=True)
class ScopeQuestion:
    code: str
    question: Text
    help: Text


@dataclass(frozen=True)
class ScopeVerdict:
    """`yes`, `no` or `check`, and what to do next."""

    code: str
    label: Text
    next: Text


@dataclass(frozen=True)
class ScopeRule:
    code: str
    when: Mapping[str, frozenset[str]]
    regime: str | None
    verdict: str
    basis: tuple[Basis, ...]
    reason: Text

    def holds(self, answers: Mapping[str, str], regimes: frozenset[str] | None) -> bool:
        if self.regime and regimes is not None and self.regime not in regimes:
            return False
        return all(answers[question] in accepted for question, accepted in self.when.items())


@dataclass(frozen=True)
class ScopeExample:
    """A tool that a public servant knows, with its four answers."""

    code: str
    name: Text
    answers: Mapping[str, str]
    verdict: str


@dataclass(frozen=True)
class ScopeChange:
    """Another answer to one question, and the result it would give."""

    question: ScopeQuestion
    answer: str
    verdict: ScopeVerdict


@dataclass(frozen=True)
class ScopeResult:
    """What «Suis-je visé?» answers; `rule` is the stable code to keep with the four answers."""

    verdict: ScopeVerdict
    rule: str
    reason: Text
    basis: tuple[Basis, ...]
    changes: tuple[ScopeChange, ...]


@dataclass(frozen=True)
class Scope:
    """The data file of the test, in objects that nobody can change."""

    version: str
    questions: tuple[ScopeQuestion, ...]
    answers: Mapping[str, Text]
    verdicts: Mapping[str, ScopeVerdict]
    rules: tuple[ScopeRule, ...]
    examples: tuple[ScopeExample, ...]


def _text(value: Mapping[str, str]) -> Text:
    return MappingProxyType(dict(value))


def _basis(row: Mapping[str, Any]) -> Basis:
    return Basis(row["code"], _text(row["name"]), row["origin"], row["certainty"], row["in_force_from"])


def _rule(row: Mapping[str, Any], basis: Mapping[str, Basis]) -> ScopeRule:
    return ScopeRule(
        code=row["code"],
        when=MappingProxyType({question: frozenset(accepted) for question, accepted in row["when"].items()}),
        regime=row.get("regime"),
        verdict=row["verdict"],
        basis=tuple(basis[code] for code in row["basis"]),
        reason=_text(row["reason"]),
    )


def read_scope(data: Mapping[str, Any]) -> Scope:
    """The parsed data file; a rule that names an unknown basis is a KeyError at start."""
    basis = {row["code"]: _basis(row) for row in data["basis"]}
    return Scope(
        version=data["version"],
        questions=tuple(ScopeQuestion(q["code"], _text(q["question"]), _text(q["help"])) for q in data["questions"]),
        answers=MappingProxyType({row["code"]: _text(row["label"]) for row in data["answers"]}),
        verdicts=MappingProxyType(
            {v["code"]: ScopeVerdict(v["code"], _text(v["label"]), _text(v["next"])) for v in data["verdicts"]}
        ),
        rules=tuple(_rule(row, basis) for row in data["rules"]),
        examples=tuple(
            ScopeExample(row["code"], _text(row["name"]), MappingProxyType(dict(row["answers"])), row["verdict"])
            for row in data["examples"]
        ),
    )


SCOPE = read_scope(yaml.safe_load(SCOPE_FILE.read_text(encoding="utf-8")))


def _first_rule(answers: Mapping[str, str], regimes: frozenset[str] | None) -> ScopeRule:
    return next(rule for rule in SCOPE.rules if rule.holds(answers, regimes))


def _changes(answers: Mapping[str, str], regimes: frozenset[str] | None, verdict: str) -> tuple[ScopeChange, ...]:
    """Every single other answer (yes or no) that gives another result, in the order of the questions."""
    found = []
    for question in SCOPE.questions:
        for answer in ("yes", "no"):
            other = _first_rule({**answers, question.code: answer}, regimes).verdict
            if other != verdict:
                found.append(ScopeChange(question, answer, SCOPE.verdicts[other]))
    return tuple(found)


def evaluate(answers: Mapping[str, str], *, regimes: Iterable[str] | None = None) -> ScopeResult:
    """Must this tool be declared? Four answers `yes`, `no` or `unsure`; ValueError if one is missing or unknown.

    `regimes` are those of the body; without them the body is taken to be under the LGGRI, as most that declare are.
    """
    for question in SCOPE.questions:
        if answers.get(question.code) not in SCOPE.answers:
            raise ValueError(f"no usable answer to {question.code!r}: {answers.get(question.code)!r}")
    known = {question.code: answers[question.code] for question in SCOPE.questions}
    body = None if regimes is None else frozenset(regimes)
    rule = _first_rule(known, body)
    return ScopeResult(
        verdict=SCOPE.verdicts[rule.verdict],
        rule=rule.code,
        reason=rule.reason,
        basis=rule.basis,
        changes=_changes(known, body, rule.verdict),
    )
