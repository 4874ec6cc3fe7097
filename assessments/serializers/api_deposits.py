"""Assessments made outside Vigie, as programs read and send them."""

from typing import Any

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from assessments.workflow import ResidualLevel
from core.rest.fields import Code, Day, Identifier, Strict, Text, Upload
from core.rest.paging import PageSerializer


class DepositSerializer(serializers.Serializer[Any]):
    """One assessment made outside Vigie, with what it says."""

    uuid = serializers.UUIDField()
    system = serializers.UUIDField(source="system.uuid", help_text=gettext_lazy("Of the system that is assessed."))
    body = serializers.CharField(source="organization.sigle", help_text=gettext_lazy("Sigle of the body."))
    instrument = serializers.CharField()
    version = serializers.IntegerField(help_text=gettext_lazy("Grows by one at each change; the ETag repeats it."))
    name = serializers.CharField(source="file.original_name", help_text=gettext_lazy("Of the file."))
    media_type = serializers.CharField(source="file.media_type")
    size = serializers.IntegerField(source="file.size", help_text=gettext_lazy("In bytes."))
    digest = serializers.CharField(source="file.sha256", help_text=gettext_lazy("SHA-256 of the file."))
    done_on = serializers.DateField()
    approved_by_function = serializers.CharField()
    residual_level = serializers.ChoiceField(ResidualLevel.choices)
    summary_fr = serializers.CharField()
    next_review_on = serializers.DateField(allow_null=True)
    deposited_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdrawn_reason = serializers.CharField(allow_blank=True)


class DepositPageSerializer(PageSerializer):
    results = DepositSerializer(many=True)


class DepositSentSerializer(Strict):
    """An assessment to deposit, in a form with its file."""

    file = Upload(allow_empty_file=True, use_url=False)
    system = Identifier(help_text=gettext_lazy("Of the system that is assessed."))
    instrument = Text(max_length=40, help_text=gettext_lazy("Code of a questionnaire, such as “efvp”."))
    done_on = Day()
    approved_by_function = Text(max_length=200)
    residual_level = Code(ResidualLevel.choices)
    summary_fr = Text(max_length=3000)
    next_review_on = Day(required=False)


class WithdrawSerializer(Strict):
    """Why what was deposited counts no more."""

    reason = Text(max_length=400, help_text=gettext_lazy("It is kept with what was deposited."))


MISTAKE = OpenApiExample("mistake", value={"reason": "Le fichier n'était pas le bon."}, request_only=True)
