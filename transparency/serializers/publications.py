"""Published systems and bodies as programs read them: codes with their words, texts with their language."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.rest.paging import PageSerializer
from core.text import Localized, pick
from registry.public.codes import VERSION_KINDS
from registry.public.coverage import BodyCoverage
from registry.public.search.query import KINDS
from registry.public.sheet import Sheet, Version


class TextSerializer(serializers.Serializer[Any]):
    """A text in the reader's language, else in the other one."""

    text = serializers.CharField(allow_blank=True)
    language = serializers.CharField(help_text=_("Language of the text."))


class CodeSerializer(serializers.Serializer[Any]):
    """A code of the field catalogue and its words."""

    code = serializers.CharField(allow_blank=True)
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # a member of this name


class BodyOfCardSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField(source="body_slug")
    name = TextSerializer(source="body_name")


class CardSerializer(serializers.Serializer[Any]):
    """One published system in a list."""

    reference = serializers.CharField(help_text=_("Public number: it never changes."))
    name = TextSerializer()
    summary = TextSerializer()
    body = BodyOfCardSerializer(source="*")
    phase = CodeSerializer()
    autonomy = CodeSerializer(allow_null=True)
    kind = serializers.ChoiceField(
        [each.value for each in KINDS],
        help_text=_("“sheet”: the whole sheet; “line”: declared, sheet to come; “withheld”: the law keeps it."),
    )
    is_demonstration = serializers.BooleanField(help_text=_("Fictitious data: no body, person or system exists."))
    updated_at = serializers.DateTimeField()
    url = serializers.SerializerMethodField(help_text=_("Where its document is read."))

    def get_url(self, card: Any) -> str:
        return reverse("public_api:publication", args=[card.reference])


class CardPageSerializer(PageSerializer):
    is_demonstration = serializers.BooleanField(help_text=_("Whether a row of this page is fictitious."))
    results = CardSerializer(many=True)


class VersionSerializer(serializers.Serializer[Any]):
    """One line of the history."""

    number = serializers.IntegerField(min_value=1)
    kind = serializers.ChoiceField(VERSION_KINDS)
    is_major = serializers.BooleanField()
    change_note = serializers.CharField(source="note", allow_blank=True)
    digest = serializers.CharField(help_text=_("SHA-256 of the canonical JSON of the document."))
    published_at = serializers.DateTimeField()
    had_second_look = serializers.BooleanField()


class PublicationSerializer(VersionSerializer):
    """One version: its document, byte for byte what the digest was computed from once written in canonical JSON."""

    reference = serializers.CharField()
    is_demonstration = serializers.BooleanField(help_text=_("Fictitious data: no body, person or system exists."))
    document = serializers.DictField(
        help_text=_("As it was published. Its “schema” member names its shape; texts are maps language → text.")
    )


class HistorySerializer(serializers.Serializer[Any]):
    reference = serializers.CharField()
    is_demonstration = serializers.BooleanField()
    results = VersionSerializer(many=True)


class BodySerializer(serializers.Serializer[Any]):
    """One public body."""

    slug = serializers.CharField()
    sigle = serializers.CharField()
    name = TextSerializer()
    kind = CodeSerializer()
    systems = serializers.IntegerField(min_value=0, help_text=_("Published systems, the withdrawn ones apart."))
    coverage = CodeSerializer(
        allow_null=True,
        help_text=_("Where it stands before the register: published, in_progress, none (attested “no AI”), silent."),
    )
    no_ai_attested_on = serializers.DateField(
        allow_null=True,
        help_text=_("Day on which it attested that it uses no AI; it is worth a year."),
    )
    is_demonstration = serializers.BooleanField()
    closed_on = serializers.DateField(allow_null=True)
    url = serializers.CharField()


class OldNameSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = TextSerializer()
    until = serializers.DateField()


class BodyDetailSerializer(BodySerializer):
    regimes = CodeSerializer(many=True)
    email = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    postal_address = serializers.CharField(allow_blank=True)
    website = serializers.CharField(allow_blank=True)
    old_names = OldNameSerializer(many=True)


class BodyPageSerializer(PageSerializer):
    is_demonstration = serializers.BooleanField()
    results = BodySerializer(many=True)


def publication(sheet: Sheet) -> dict[str, Any]:
    """One version, as it will always be answered: nothing of today is in it, so that its digest is its ETag."""
    told: dict[str, Any] = VersionSerializer(sheet.version).data
    return told | {
        "reference": sheet.reference,
        "is_demonstration": sheet.is_demonstration,
        "document": dict(sheet.document),
    }


def history(sheet: Sheet, versions: list[Version]) -> dict[str, Any]:
    rows = VersionSerializer(versions, many=True).data
    return {"reference": sheet.reference, "is_demonstration": sheet.is_demonstration, "results": rows}


def body(row: BodyCoverage) -> dict[str, Any]:
    page = row.body
    return {
        "slug": page.facts.slug,
        "sigle": page.facts.sigle,
        "name": _text(page.name),
        "kind": {"code": page.facts.kind, "label": page.kind_label},
        "systems": row.systems,
        "coverage": {"code": str(row.state), "label": row.label} if row.state else None,
        "no_ai_attested_on": row.no_ai.on if row.no_ai else None,
        "is_demonstration": page.is_demonstration,
        "closed_on": page.closed_on,
        "url": reverse("public_api:body", args=[page.facts.slug]),
    }


def body_detail(row: BodyCoverage) -> dict[str, Any]:
    page = row.body
    facts = page.facts
    old = [{"slug": one.slug, "name": _text(pick(dict(one.name))), "until": one.until} for one in page.old_names]
    regimes = [{"code": code, "label": label} for code, label in zip(facts.regimes, page.regime_labels, strict=True)]
    contacts = {name: getattr(facts, name) for name in ("email", "phone", "postal_address", "website")}
    return body(row) | contacts | {"regimes": regimes, "old_names": old}


def _text(told: Localized) -> dict[str, str]:
    return {"text": told.text, "language": told.language}
