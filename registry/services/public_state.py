"""Where a system stands before the public: the version shown, the one that waits, what is not published yet."""

from dataclasses import dataclass

from registry.models import AISystem, Publication, PublicationRequest
from registry.services.documents import frozen_facts, kind_for
from registry.services.publication import says_the_same, waiting_request
from registry.workflow import NOT_SHOWN, PublicationKind


@dataclass(frozen=True)
class PublicState:
    """`latest` may be the trace of a withdrawal or of a ground of the law: nothing is shown then. `has_news`:
    publishing would tell it.
    """

    latest: Publication | None
    waiting: PublicationRequest | None
    has_news: bool

    @property
    def is_shown(self) -> bool:
        return self.latest is not None and self.latest.kind not in NOT_SHOWN

    @property
    def is_sheet(self) -> bool:
        return self.latest is not None and self.latest.kind == PublicationKind.SHEET


def public_state(system: AISystem) -> PublicState:
    """Two queries, whatever the number of versions."""
    latest = system.publications.first()
    waiting = waiting_request(system)
    has_news = latest is None or not says_the_same(latest, frozen_facts(system, kind_for(system)))
    return PublicState(latest, waiting, has_news)
