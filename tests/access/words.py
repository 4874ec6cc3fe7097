"""Words that only some people may ever read, one for each kind of private text of the body in the table."""

from collections.abc import Set
from enum import StrEnum

from organizations.permissions import Permission as P


class Word(StrEnum):
    """Written in every private text of its kind. Letters only, so that no escaping hides it."""

    DRAFT = "qzbrouillonqz"
    DECLARED = "qzdeclareqz"
    ASSESSED = "qzevaluationqz"
    SUPPLIER = "qzfournisseurqz"
    BEFORE = "qzavantqz"
    COMMENT = "qzcommentaireqz"
    CITIZEN = "qzcitoyenqz"
    EXPERT = "qzexpertqz"
    REASON = "qzraisonqz"
    IMPORTED = "qzinventaireqz"
    INVITED = "qzinviteqz"
    ASKING = "qzdemandeqz"
    PEOPLE = "qzpersonneqz"
    JOB = "qztacheqz"
    SOLUTION = "qzsolutionqz"


FILE = {P.READ_DRAFTS, P.READ_AUDIT}
# Any one of these permissions *in the body* opens the word.
IN_THE_BODY: dict[Word, Set[P]] = {
    Word.DRAFT: {P.READ_DRAFTS},
    Word.DECLARED: {P.READ_DECLARED},
    Word.ASSESSED: {P.READ_DRAFTS},
    Word.SUPPLIER: {P.READ_DECLARED},
    Word.BEFORE: FILE,
    Word.COMMENT: FILE,
    Word.CITIZEN: {P.ANSWER_CITIZENS},
    Word.EXPERT: FILE | {P.GRANT_EXCEPTION},
    Word.REASON: {P.GRANT_EXCEPTION},
    Word.IMPORTED: {P.IMPORT_INVENTORY},
    Word.INVITED: {P.MANAGE_MEMBERS},
    Word.ASKING: {P.MANAGE_MEMBERS},
    Word.PEOPLE: set(P),
}
# Any one of these permissions, *wherever it is held*: the people who run the platform and the tree of bodies.
ANYWHERE: dict[Word, Set[P]] = {
    Word.INVITED: {P.OPERATE_PLATFORM},
    Word.ASKING: {P.OPERATE_PLATFORM},
    Word.PEOPLE: {P.CREATE_ORGANIZATION},
    Word.JOB: {P.OPERATE_PLATFORM},
    # What staff write of a shared product is there for every body to use again.
    Word.SOLUTION: {P.READ_DECLARED},
}

# What the link of an invitation shows to whoever holds it: who invites, and which e-mail was invited.
BY_THE_LINK = {"account_invitation": {Word.INVITED, Word.PEOPLE}} | {
    # An invited person: who invites them, for whom they answer, the name of the system; no answer of the body.
    f"guests:{page}": {Word.PEOPLE, Word.SUPPLIER, Word.DECLARED}
    for page in ("answers", "finish", "take_back", "files", "file", "remove_file", "threads")
}


def closed_words(page: str, *, in_the_body: Set[P], anywhere: Set[P]) -> set[Word]:
    """The words that this page may not show to somebody who holds these permissions and no other."""
    return {
        word
        for word in set(Word) - BY_THE_LINK.get(page, set())
        if not IN_THE_BODY.get(word, set()) & in_the_body and not ANYWHERE.get(word, set()) & anywhere
    }
