"""Systems as programs of staff read and write them: each answer under its code of the field catalogue."""

from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from core.rest.fields import Code, Codes, Day, DecimalNumber, Number, Strict, Text, TrueOrFalse
from core.rest.paging import PageSerializer
from core.text import reader_language
from registry.field_catalogue import CATALOGUE, Choice, Field
from registry.models import AISystem
from registry.services.systems import missing_answers
from registry.standards.values import MOST_INTEGER
from registry.workflow import PublicationKind, Status


def _label_now(named: Field | Choice) -> str:
    return named.label[reader_language()]


# Read when the description is made, in the language of its reader.
_label = lazy(_label_now, str)


def of_kind(field: Field) -> serializers.Field[Any, Any, Any, Any]:
    """By the kind that the catalogue gives; what it does not know yet is a text."""
    told: dict[str, Any] = {"required": False, "help_text": _label(field)}
    if field.kind == "choice":
        return Code(_codes(field), allow_blank=True, **told)
    if field.kind == "choices":
        return Codes(child=Code(_codes(field)), max_length=len(field.choices), **told)
    if field.kind == "date":
        return Day(allow_null=True, **told)
    if field.kind in {"integer", "year"}:
        return Number(allow_null=True, min_value=0, max_value=MOST_INTEGER, **told)
    if field.kind == "decimal":
        return DecimalNumber(allow_null=True, **told)
    # E-mails and addresses are checked by the rules of the form: what is stored already is given as it is.
    return Text(allow_blank=True, max_length=field.max_length, trim_whitespace=False, **told)


def _codes(field: Field) -> list[tuple[str, Any]]:
    return [(choice.code, _label(choice)) for choice in field.choices]


class AnswersSerializer(Strict):
    """The answers of a system. Sent: only those to change, an empty text or list for no answer."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {field.code: of_kind(field) for field in (*CATALOGUE.fields, *CATALOGUE.twins)}

    def unknown_told(self) -> str:
        return _("This is no field of a system. Those that are: %(known)s.")

    def to_representation(self, instance: AISystem) -> dict[str, Any]:
        return {str(code): plain(field, instance.value(str(code))) for code, field in self.fields.items()}


def plain(field: serializers.Field[Any, Any, Any, Any], value: Any) -> Any:
    return None if value is None else field.to_representation(value)


class SystemSerializer(serializers.Serializer[Any]):
    """One system, drafts included, as the body keeps it."""

    uuid = serializers.UUIDField()
    reference = serializers.CharField(allow_null=True, help_text=gettext_lazy("Public number; none for a draft."))
    status = serializers.ChoiceField([each.value for each in Status])
    body = serializers.CharField(source="organization.sigle", help_text=gettext_lazy("Sigle of the body."))
    version = serializers.IntegerField(help_text=gettext_lazy("Grows by one at each change; the ETag repeats it."))
    is_demonstration = serializers.BooleanField(source="organization.is_demonstration")
    updated_at = serializers.DateTimeField()
    declared_at = serializers.DateTimeField(allow_null=True)
    missing = serializers.SerializerMethodField(
        help_text=gettext_lazy("Codes of the answers that the declaration waits for.")
    )
    answers = AnswersSerializer(source="*")

    def get_missing(self, system: AISystem) -> list[str]:
        return [field.code for field in missing_answers(system)]


class SystemPageSerializer(PageSerializer):
    results = SystemSerializer(many=True)


class NewSystemSerializer(Strict):
    """A draft to open: a name is enough."""

    body = Text(max_length=12, help_text=gettext_lazy("Sigle of the body that answers for the system."))
    answers = AnswersSerializer()


class ChangesSerializer(Strict):
    """The answers to change; those that are not there stay as they are."""

    answers = AnswersSerializer()


class DeclareSerializer(Strict):
    """Nothing to say: the answers are there already."""


class PublishSerializer(Strict):
    """What changed since the last public version."""

    change_note = Text(
        required=False,
        allow_blank=True,
        max_length=500,
        help_text=gettext_lazy("One sentence in French, from the second version on. It stays for ever."),
    )
    is_major = TrueOrFalse(required=False, default=True)


class PublishedSerializer(serializers.Serializer[Any]):
    """A version that is public now, or one that waits for a second person."""

    state = serializers.ChoiceField([("public", "public"), ("second_look", "second_look")])
    reference = serializers.CharField()
    kind = serializers.ChoiceField([each.value for each in PublicationKind])
    number = serializers.IntegerField(allow_null=True)
    digest = serializers.CharField(allow_null=True)
    url = serializers.CharField(allow_null=True)


def _sent(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, value=value, request_only=True)


_NAME, _PURPOSE = CATALOGUE.field("name_fr").example["fr"], CATALOGUE.field("summary_fr").example["fr"]
NEW_SYSTEM = _sent("new", {"body": "MSDT", "answers": {"name_fr": _NAME, "phase": "pilot"}})
CHANGES = _sent("change", {"answers": {"summary_fr": _PURPOSE, "affected": ["service_users"]}})
PUBLISH = _sent("publish", {"change_note": "Le système trie aussi les renouvellements.", "is_major": True})
