"""The phase of a system and what the public reads of it, as programs of staff read and write them."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from core.rest.fields import Code, Day, Strict, Text
from core.text import reader_language
from registry.field_catalogue import Field
from registry.models import AISystem, FieldVisibility
from registry.rules.gates import Certainty, RuleOrigin
from registry.serializers.sheets import phase_label
from registry.services.lifecycle import PossibleMove
from registry.services.visibility import CHOICES, may_be
from registry.workflow import Phase


class GateSerializer(serializers.Serializer[Any]):
    """One thing that stands before a phase."""

    code = serializers.CharField()
    sentence = serializers.CharField(help_text=gettext_lazy("What is missing, in the reader's language."))
    rule = serializers.CharField()
    origin = serializers.ChoiceField([each.value for each in RuleOrigin])
    certainty = serializers.ChoiceField([each.value for each in Certainty])
    who_can_unblock = serializers.CharField()
    may_be_waived = serializers.BooleanField()
    blocks = serializers.BooleanField(help_text=gettext_lazy("False: a person goes on knowing it."))


class MoveSerializer(serializers.Serializer[Any]):
    """A phase that the table permits from here."""

    to = serializers.CharField(source="move.target")
    label = serializers.CharField()  # type: ignore[assignment]  # a member of this name
    explanation = serializers.CharField()
    is_open = serializers.BooleanField(help_text=gettext_lazy("Neither a decision nor a gate keeps it closed."))
    needs_decision = serializers.BooleanField(source="move.by_decision")
    needs_reason = serializers.BooleanField(source="move.with_reason")
    gates = GateSerializer(many=True, source="refusals")


class PhaseSerializer(serializers.Serializer[Any]):
    """Where a system is, and where it may go."""

    phase = serializers.CharField(allow_blank=True, help_text=gettext_lazy("Code; empty while a draft has none."))
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # a member of this name
    version = serializers.IntegerField(help_text=gettext_lazy("Of the system; the ETag repeats it."))
    moves = MoveSerializer(many=True)


def phase_of(system: AISystem, moves: Sequence[PossibleMove]) -> dict[str, Any]:
    told = {"phase": system.phase, "label": phase_label(system), "version": system.version, "moves": moves}
    return dict(PhaseSerializer(told).data)


class PhaseChangeSerializer(Strict):
    """Where the system goes, since when and why."""

    to = Code([each.value for each in Phase])
    on = Day(
        required=False, allow_null=True, help_text=gettext_lazy("The day when it happened; today when nothing is said.")
    )
    reason = Text(
        required=False,
        allow_blank=True,
        max_length=400,
        help_text=gettext_lazy("Needed where the move says so. The history of the system keeps it."),
    )


class FieldVisibilitySerializer(serializers.Serializer[Any]):
    """Who may read one answer of a system."""

    field = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of this name
    visibility = serializers.ChoiceField(CHOICES, help_text=gettext_lazy("What holds: chosen, else proposed."))
    proposed = serializers.ChoiceField(CHOICES)
    proposed_reason = serializers.CharField()
    is_chosen = serializers.BooleanField(help_text=gettext_lazy("The body decided otherwise than proposed."))
    reason = serializers.CharField(allow_blank=True, help_text=gettext_lazy("Of what the body chose."))
    set_at = serializers.DateTimeField(allow_null=True)
    allowed = serializers.ListField(child=serializers.ChoiceField(CHOICES))


class VisibilitySerializer(serializers.Serializer[Any]):
    """Every field of a system, with who may read it."""

    version = serializers.IntegerField(help_text=gettext_lazy("Of the system; the ETag repeats it."))
    results = FieldVisibilitySerializer(many=True)


class VisibilityChoiceSerializer(Strict):
    """Who may read the answer, and why when it is not what is proposed."""

    visibility = Code(CHOICES)
    reason = Text(
        required=False,
        allow_blank=True,
        max_length=400,
        help_text=gettext_lazy("Needed when it is not what is proposed. Kept with the record."),
    )


def field_visibility(field: Field, chosen: FieldVisibility | None) -> dict[str, Any]:
    language = reader_language()
    told = {
        "field": field.code,
        "label": field.label[language],
        "visibility": chosen.visibility if chosen else field.visibility,
        "proposed": field.visibility,
        "proposed_reason": field.visibility_reason[language],
        "is_chosen": chosen is not None,
        "reason": chosen.reason if chosen else "",
        "set_at": chosen.set_at if chosen else None,
        "allowed": [each for each in CHOICES if may_be(field, each)],
    }
    return dict(FieldVisibilitySerializer(told).data)


SUSPEND = OpenApiExample("suspend", value={"to": "suspended", "reason": "Une panne du fournisseur."}, request_only=True)
KEEP_INTERNAL = OpenApiExample(
    "internal", value={"visibility": "internal", "reason": "Une enquête est en cours."}, request_only=True
)
