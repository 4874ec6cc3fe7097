"""What an edition without some of its columns leaves unsaid, so that it erases nothing an earlier edition said."""

from collections.abc import Iterator, Mapping

from registry.standards.canada.columns import CODES, NAME, ORGANIZATION, REGISTER, TEXTS, VENDOR, YEAR
from registry.standards.foreign import Place
from registry.standards.words import is_blank

_PLACES: Mapping[str, Place] = {ORGANIZATION: ("organization",), VENDOR: ("vendor",), YEAR: ("status_year",)} | {
    f"{stem}_{language}": place
    for language in REGISTER.languages
    for stem, place in (
        (NAME, ("names", language)),
        *((stem, ("texts", concept, language)) for concept, stem in TEXTS.items()),
    )
}


def unsaid(cells: Mapping[str, str]) -> frozenset[Place]:
    """The places of a record that its columns could not fill. `cells`: by our columns, those the file has."""
    return frozenset((*(place for column, place in _PLACES.items() if column not in cells), *_codes(cells)))


def _codes(cells: Mapping[str, str]) -> Iterator[Place]:
    """A code said by two columns is unsaid when one is absent and the other is blank."""
    for concept, (_, columns) in CODES.items():
        present = [cells[column] for column in columns if column in cells]
        if len(present) < len(columns) and all(map(is_blank, present)):
            yield ("codes", concept)
