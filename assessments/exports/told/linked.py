"""What an answer links to, told: by its name of today while the answers are being written, as it was written once they
are frozen.
"""

from dataclasses import dataclass, field

from assessments.exports.told.material import Material
from assessments.exports.told.shapes import Leading, cleaned, typed
from assessments.scoring.links import Link
from assessments.services.linked import Found, links_in, records_of, way_of
from core.text import Localized
from organizations.models import User


@dataclass(frozen=True)
class Linked:
    """`records`: what the texts name; `is_frozen`: they stay as they were written; `has_pages`: whoever reads is signed
    in here, where each record has its page.
    """

    records: Found = field(default_factory=dict)
    is_frozen: bool = True
    has_pages: bool = False

    def told(self, link: Link) -> Localized:
        written, way = typed(link.reference), way_of(link, self.records)
        if way is None:
            return written
        if way.is_outside:
            return Leading(written.text, written.language, way.address)
        named = cleaned(way.title)
        text = written if self.is_frozen else named
        if not self.has_pages:
            return text
        return Leading(text.text, text.language, way.address, "" if text.text == named.text else named.text)


NOTHING_LINKED = Linked()


def linked_in(material: Material, *, is_extract: bool, reader: User | None) -> Linked:
    """An extract may be public, and a document of what is frozen says what it said: nothing is looked up for them.
    `reader`: of a page; a document leads to no page of ours.
    """
    if is_extract or not (material.is_draft or reader):
        return NOTHING_LINKED
    links = links_in(material.reading, material.reading.questionnaire.questions)
    records = records_of(links, material.assessment.organization, reader)
    return Linked(records, is_frozen=not material.is_draft, has_pages=reader is not None)
