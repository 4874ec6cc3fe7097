"""Reports as programs read them, and what they send to have one made."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from core.rest.fields import Code, Number, Strict
from reports.models import Report
from reports.services import waits_for
from reports.services.requests import LANGUAGES
from reports.workflow import ReportKind, ReportState

LAST_VERSION = 99_999


class ReportSerializer(serializers.Serializer[Any]):
    """One document, asked for and then made."""

    uuid = serializers.UUIDField()
    kind = serializers.ChoiceField(ReportKind.choices)
    title = serializers.CharField()
    language = serializers.ChoiceField(settings.LANGUAGES)
    body = serializers.CharField(source="organization.sigle", help_text=gettext_lazy("Sigle of the body."))
    is_demonstration = serializers.BooleanField(source="organization.is_demonstration")
    system = serializers.UUIDField(
        source="system.uuid", allow_null=True, help_text=gettext_lazy("Of the system that it is about.")
    )
    assessment = serializers.UUIDField(
        source="assessment.uuid", allow_null=True, help_text=gettext_lazy("Of the assessment that it tells, if any.")
    )
    version = serializers.IntegerField(
        source="submission",
        allow_null=True,
        help_text=gettext_lazy("Number of the submission that it reproduces; null: of none, such as a draft."),
    )
    state = serializers.ChoiceField(ReportState.choices)
    detail = serializers.SerializerMethodField(
        help_text=gettext_lazy("While there is no file: why, and what to do. Empty once there is one.")
    )
    requested_at = serializers.DateTimeField()
    made_at = serializers.DateTimeField(allow_null=True)
    digest = serializers.CharField(
        source="content_digest",
        help_text=gettext_lazy("SHA-256 of its content, as it was frozen when it was asked for."),
    )
    file = serializers.SerializerMethodField(help_text=gettext_lazy("Address of the PDF; null until it is made."))
    name = serializers.CharField(
        source="file.original_name", allow_null=True, help_text=gettext_lazy("Of the file, once it is made.")
    )
    size = serializers.IntegerField(source="file.size", allow_null=True, help_text=gettext_lazy("In bytes."))
    sha256 = serializers.CharField(
        source="file.sha256", allow_null=True, help_text=gettext_lazy("SHA-256 of the file: its ETag.")
    )
    pages = serializers.IntegerField(allow_null=True)

    def get_detail(self, report: Report) -> str:
        return waits_for(report)

    def get_file(self, report: Report) -> str | None:
        return reverse("reports_api:file", args=[report.uuid]) if report.file_id else None


class ReportAskedSerializer(Strict):
    """The PDF to make."""

    language = Code(LANGUAGES, help_text=gettext_lazy("Of the document; texts stay as the body wrote them."))
    version = Number(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=LAST_VERSION,
        help_text=gettext_lazy("Number of a submission: what was submitted then. Without it: as it stands."),
    )


ASK = OpenApiExample("ask", value={"language": "fr"}, request_only=True)
