"""«Suis-je visé?» for the public site: the questions, the examples and the answer, with its reason."""

from registry.rules.scope import SCOPE, Scope, ScopeResult, ScopeVerdict, evaluate

__all__ = ["SCOPE", "Scope", "ScopeResult", "evaluate", "verdict_elsewhere"]


def verdict_elsewhere(answers: dict[str, str]) -> ScopeVerdict | None:
    """The result for a body that is under none of the regimes of the rules, when it differs."""
    here, elsewhere = evaluate(answers), evaluate(answers, regimes=())
    return elsewhere.verdict if elsewhere.verdict != here.verdict else None
