"""Why a file is not taken."""

from typing import Any


class UnacceptableFile(ValueError):
    """`problem`: a code that the service puts in words; `told`: figures for the sentence."""

    def __init__(self, problem: str, **told: Any) -> None:
        super().__init__(problem)
        self.problem, self.told = problem, told
