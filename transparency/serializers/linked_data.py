"""What a page says, once more in the words of schema.org and DCAT, for programs that read pages.

Nothing is here that the page does not show: what is withheld, withdrawn or not filled in is absent.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from core.text import reader_language
from organizations.public import PublicBodyPage
from registry.public.open_data.files import WholeRegister
from registry.public.sheet import Sheet

Data = dict[str, Any]
CONTEXT = ["https://schema.org", {"dcat": "http://www.w3.org/ns/dcat#"}]
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def absolute(path: str) -> str:
    return settings.PUBLIC_URL + path


def trail(*steps: tuple[str, str]) -> Data:
    """The links above the title of a page: (name, path), the page itself last."""
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": absolute(path)}
        for place, (name, path) in enumerate([(_("Home"), reverse("transparency:home")), *steps], start=1)
    ]
    return {"@context": CONTEXT[0], "@type": "BreadcrumbList", "itemListElement": items}


def register_as_dataset(files: Iterable[WholeRegister]) -> Data:
    """The whole register: a data set, and each of its files."""
    made = list(files)
    url = absolute(reverse("transparency:data"))
    return {
        "@context": CONTEXT,
        "@type": ["Dataset", "dcat:Dataset"],
        "@id": url,
        "url": url,
        "name": _("Public register of artificial intelligence"),
        "description": _(
            "The artificial intelligence systems that public bodies use or are preparing: what each is for, how far it"
            " decides alone, with what data, and whom to reach."
        ),
        "inLanguage": ["fr-CA", "en-CA"],
        "license": LICENCE,
        "isAccessibleForFree": True,
        "distribution": [_distribution(file) for file in made],
    } | ({"dateModified": max(file.made_at for file in made).isoformat()} if made else {})


def _distribution(file: WholeRegister) -> Data:
    url = absolute(reverse("transparency:whole_register", args=[file.name]))
    return {
        "@type": ["DataDownload", "dcat:Distribution"],
        "name": file.label,
        "contentUrl": url,
        "dcat:downloadURL": {"@id": url},
        "encodingFormat": file.media_type.partition(";")[0],
        "contentSize": str(file.size),
        "dcat:byteSize": file.size,
        "sha256": file.sha256,
        "dateModified": file.made_at.isoformat(),
        "license": LICENCE,
    }


def body_as_organization(body: PublicBodyPage) -> list[Data]:
    path = reverse("transparency:body", args=[body.facts.slug])
    steps = [(_("Public bodies"), reverse("transparency:bodies")), (body.name.text, path)]
    return [{"@context": CONTEXT[0], **_organization(body)}, trail(*steps)]


def _organization(body: PublicBodyPage) -> Data:
    facts = body.facts
    told = {
        "telephone": facts.phone,
        "email": facts.email,
        "address": facts.postal_address,
        "sameAs": facts.website,
        "alternateName": [facts.sigle, *(text for language, text in facts.name.items() if text != body.name.text)],
    }
    url = absolute(reverse("transparency:body", args=[facts.slug]))
    return {"@type": "GovernmentOrganization", "@id": url, "url": url, "name": body.name.text} | _filled(told)


def sheet_as_work(sheet: Sheet, body: PublicBodyPage | None) -> list[Data]:
    """The sheet: a page about one piece of software, in one version, that a body answers for."""
    path = reverse("transparency:system", args=[sheet.reference])
    body_path = reverse("transparency:body", args=[sheet.body.slug])
    owner = body.name.text if body else sheet.body.name.text
    steps = trail((_("Public bodies"), reverse("transparency:bodies")), (owner, body_path), (sheet.name.text, path))
    if not sheet.is_shown and not sheet.is_withheld:
        return [steps]
    page = {
        "@context": CONTEXT[0],
        "@type": "WebPage",
        "@id": absolute(path),
        "url": absolute(path),
        "name": sheet.name.text,
        "inLanguage": f"{reader_language()}-CA",
        "version": str(sheet.version.number),
        "dateModified": sheet.version.published_at.isoformat(),
        "license": LICENCE,
        "isPartOf": {"@type": "Dataset", "@id": absolute(reverse("transparency:data"))},
        "publisher": _organization(body) if body else {"@type": "GovernmentOrganization", "name": owner},
    }
    return [page | ({} if sheet.is_withheld else {"mainEntity": _software(sheet, owner)}), steps]


def _software(sheet: Sheet, owner: str) -> Data:
    told = {
        "description": sheet.summary.text,
        "creativeWorkStatus": sheet.phase.label,
        "applicationCategory": _category(sheet),
    }
    return {
        "@type": "SoftwareApplication",
        "name": sheet.name.text,
        "identifier": sheet.reference,
        "maintainer": {"@type": "GovernmentOrganization", "name": owner},
    } | _filled(told)


def _category(sheet: Sheet) -> str:
    answers = [answer for section in sheet.sections for answer in section.answers if answer.code == "category"]
    return next((chosen.label for answer in answers for chosen in answer.chosen), "")


def _filled(told: Data) -> Data:
    return {name: value for name, value in told.items() if value}
