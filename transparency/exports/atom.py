"""The register as Atom feeds. An entry is a version; its identifier is that of the version, so that it is read once."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from core.text import clean_line, clean_text, reader_language
from registry.public.news import News

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
# Of a feed without entries: a date that does not move.
NEVER = datetime(2026, 1, 1, tzinfo=UTC)
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


class RegisterFeed(Atom1Feed):
    """Atom as Django writes it, with a date that stays when nothing came, and summaries that say what was written:
    Django declares them HTML, where «<b>» would be obeyed and line ends lost. Its other texts are declared text.
    """

    def latest_post_date(self) -> datetime:
        dates = [item["updateddate"] for item in self.items]
        return max(dates) if dates else NEVER

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("link", "", {"rel": "license", "href": LICENCE})

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item | {"description": linebreaks(item["description"], autoescape=True)})


def feed_of(*, title: str, about: str, page: str, here: str, news: list[News]) -> bytes:
    """`page`: what the feed follows; `here`: its own address, without the site."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    feed = RegisterFeed(
        title=clean_line(title),
        link=settings.PUBLIC_URL + page,
        description=about,
        subtitle=about,
        language="en-CA" if reader_language() == "en" else "fr-CA",
        feed_url=settings.PUBLIC_URL + here,
        feed_guid=f"tag:{host},2026:{here}",
        author_name="Vigie",
    )
    for each in news:
        feed.add_item(
            title=_title(each),
            link=settings.PUBLIC_URL + reverse("transparency:version", args=[each.reference, each.number]),
            description=_text(each),
            unique_id=each.identifier.urn,
            pubdate=each.published_at,
            updateddate=each.published_at,
            author_name=clean_line(each.body_name.text),
            categories=[each.kind, "major" if each.is_major else "minor"],
        )
    return feed.writeString("utf-8").encode()


def _title(news: News) -> str:
    """«Tri des demandes – version 3 (changement mineur)»."""
    kinds = {
        "line": _("declared, sheet to come"),
        "withdrawn": _("sheet withdrawn"),
        "withheld": _("not disclosed"),
    }
    told = kinds.get(news.kind) or (_size(news) if news.number > 1 else _("first public version"))
    version = _("version %(number)d (%(told)s)") % {"number": news.number, "told": told}
    return clean_line(f"{news.name.text} – {version}")


def _size(news: News) -> str:
    return _("major change") if news.is_major else _("minor change")


def _text(news: News) -> str:
    """What changed, in the words of the body, then what the system does."""
    ground = news.withheld.label.text if news.withheld else ""
    texts = dict.fromkeys([news.note.text, ground, news.summary.text, f"{news.body_name.text} – {news.reference}"])
    return clean_text("\n\n".join(text for text in texts if text))
