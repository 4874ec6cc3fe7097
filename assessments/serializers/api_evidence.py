"""Files that support an answer, as programs read and send them."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from assessments.models import Evidence
from core.rest.fields import Strict, Text, Upload
from core.rest.paging import PageSerializer


class EvidenceSerializer(serializers.Serializer[Any]):
    """One file joined to one answer."""

    uuid = serializers.UUIDField()
    question = serializers.CharField()
    name = serializers.CharField(source="file.original_name")
    media_type = serializers.CharField(source="file.media_type")
    size = serializers.IntegerField(source="file.size", help_text=gettext_lazy("In bytes."))
    digest = serializers.CharField(source="file.sha256", help_text=gettext_lazy("SHA-256 of the file."))
    note = serializers.CharField(allow_blank=True)
    added_at = serializers.DateTimeField()
    by = serializers.SerializerMethodField(help_text=gettext_lazy("The person, or who was invited."))

    def get_by(self, evidence: Evidence) -> str:
        return str(evidence.added_by or evidence.guest or "")


class EvidencePageSerializer(PageSerializer):
    results = EvidenceSerializer(many=True)


class EvidenceSentSerializer(Strict):
    """A file to join, in a form."""

    file = Upload(allow_empty_file=True, use_url=False)
    question = Text(max_length=40, help_text=gettext_lazy("Id of the question, of a kind that takes files."))
    note = Text(
        required=False,
        allow_blank=True,
        max_length=300,
        help_text=gettext_lazy("What it shows, such as the page to read."),
    )
