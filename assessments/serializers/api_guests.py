"""Invited persons, as programs read and invite them."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample, extend_schema_field
from rest_framework import serializers

from assessments.models import Answer, GuestAccess
from assessments.serializers.guests import GUEST_STATES, guest_state
from core import clock
from core.rest.fields import Code, Codes, Day, Strict, Text
from core.rest.paging import PageSerializer

MOST_QUESTIONS = 500


class GuestSerializer(serializers.Serializer[Any]):
    """Somebody without account who answers named questions by a link. The link is not told again."""

    uuid = serializers.UUIDField()
    name = serializers.CharField()
    on_behalf_of = serializers.CharField(help_text=gettext_lazy("The enterprise or body for which they answer."))
    email = serializers.CharField()
    language = serializers.ChoiceField(settings.LANGUAGES)
    questions = serializers.ListField(child=serializers.CharField())
    answered = serializers.SerializerMethodField(
        help_text=gettext_lazy("Those of their questions that hold an answer of theirs.")
    )
    state = serializers.SerializerMethodField()
    ends_on = serializers.DateField(help_text=gettext_lazy("The link opens nothing after this day."))
    given_at = serializers.DateTimeField()
    given_by = serializers.CharField()
    handed_in_at = serializers.DateTimeField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)

    def get_answered(self, guest: GuestAccess) -> list[str]:
        return [code for code in guest.questions if code in self.context["wrote"].get(guest.pk, ())]

    @extend_schema_field(serializers.ChoiceField(list(GUEST_STATES)))
    def get_state(self, guest: GuestAccess) -> str:
        return guest_state(guest, self.context["today"])


class GuestPageSerializer(PageSerializer):
    results = GuestSerializer(many=True)


class InvitedSerializer(GuestSerializer):
    """Who was just invited, with the link."""

    link = serializers.CharField(
        allow_blank=True,
        help_text=gettext_lazy(
            "A secret of the invited person, who receives it by mail too. Answered once: empty when the same request "
            "is sent again."
        ),
    )


def guests_told(guests: Sequence[GuestAccess]) -> list[dict[str, Any]]:
    """One query, however many they are."""
    rows = Answer.objects.filter(guest__in=guests, value__isnull=False).order_by("pk")
    wrote: dict[int | None, set[str]] = {}
    for key, code in rows.values_list("guest", "question"):
        wrote.setdefault(key, set()).add(code)
    context = {"wrote": wrote, "today": clock.civil_date(clock.now())}
    return list(GuestSerializer(guests, many=True, context=context).data)


class InvitationSerializer(Strict):
    """Whom to invite, to answer what, until when."""

    name = Text(max_length=200)
    on_behalf_of = Text(max_length=200, help_text=gettext_lazy("The enterprise or body for which they answer."))
    email = Text(max_length=254)
    language = Code([code for code, _words in settings.LANGUAGES], help_text=gettext_lazy("Of the message."))
    questions = Codes(child=Text(max_length=40), allow_empty=False, max_length=MOST_QUESTIONS)
    ends_on = Day(help_text=gettext_lazy("Within 90 days."))


INVITE = OpenApiExample(
    "invite",
    value={
        "name": "Soutien technique",
        "on_behalf_of": "Fournisseur",
        "email": "soutien@fournisseur.example",
        "language": "fr",
        "questions": ["training_data", "training_reuse"],
        "ends_on": "2026-12-18",
    },
    request_only=True,
)
